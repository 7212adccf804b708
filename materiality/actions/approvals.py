"""Approve: a second person looks at the results and stands for them."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality import inputs as results
from materiality.actions.log import hold_open, name_of, record
from materiality.actions.settings import expect
from materiality.errors import ChangeNeedsReason, CommentNeeded, FourEyes
from materiality.models import Approval, Assessment, Decision, Verb, Verdict
from surveys.errors import Conflict
from surveys.models.organisations import MAY_DECIDE

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NO_CHANGE = (
    Verb.APPROVE,
    Verb.REQUEST_CHANGES,
    Verb.REMARK,
    Verb.REDACT,
    Verb.ASK_APPROVAL,
    Verb.ARCHIVE,
    Verb.UNARCHIVE,
)


@transaction.atomic
def approve(
    *,
    assessment: Assessment,
    by: "User",
    verdict: str = Verdict.APPROVED,
    comment: str = "",
    digest: str | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Approval:
    """Record a verdict on the round's results as they are now.

    :param digest: of the results this person looked at. :param at: when, if that lies in the past.

    :raises NoResultsYet: there is nothing to look at.
    :raises Conflict: the results are no longer those that were looked at.
    :raises FourEyes: this person made the last change, or decided a tier.
    :raises CommentNeeded: changes are asked for without saying which.
    """
    current = expect(assessment, expected_version)
    digest_now = results.live(current).digest
    if digest is not None and digest != digest_now:
        raise Conflict(_("The results have changed since you looked at them. Look again."))
    if verdict == Verdict.APPROVED and by in makers(current):
        raise FourEyes
    if verdict == Verdict.CHANGES_REQUESTED and not comment.strip():
        raise CommentNeeded
    row = Approval.objects.create(
        assessment=current,
        digest=digest_now,
        verdict=verdict,
        comment=comment.strip(),
        by=by,
        at=at or timezone.now(),
    )
    verb = Verb.APPROVE if verdict == Verdict.APPROVED else Verb.REQUEST_CHANGES
    record(current, verb, by=by, after={"digest": digest_now}, reason=row.comment)
    return row


def makers(assessment: Assessment) -> set["User"]:
    """Return who may not approve: who made the last change, and who decided a tier."""
    last = assessment.events.exclude(verb__in=NO_CHANGE).select_related("by").last()
    decisions = Decision.objects.filter(topic__assessment=assessment).select_related("decided_by")
    people = {decision.decided_by for decision in decisions} | {last.by if last else None}
    return {person for person in people if person is not None}


def standing_approval(assessment: Assessment) -> Approval | None:
    """Return the approval that holds for the results as they are, or None.

    The last verdict counts; it holds no longer once the results have another digest.
    """
    last: Approval | None = assessment.approvals.select_related("by").last()
    if last is None or last.verdict != Verdict.APPROVED:
        return None
    locked = assessment.snapshot.digest if assessment.is_locked else None
    return last if last.digest == (locked or results.digest_of(assessment)) else None


@transaction.atomic
def require_approval(
    *,
    assessment: Assessment,
    required: bool,
    by: "User | None",
    reason: str = "",
    expected_version: int | None = None,
) -> None:
    """Set whether a second person must approve before the lock.

    :raises ChangeNeedsReason: it is no longer required, and nobody says why.
    """
    current = expect(assessment, expected_version)
    if current.four_eyes == required:
        return
    if not required and not reason.strip():
        raise ChangeNeedsReason
    current.four_eyes = required
    current.save(update_fields=["four_eyes"])
    record(
        current, Verb.REQUIRE_APPROVAL, by=by, before=not required, after=required, reason=reason
    )


def approvers(assessment: Assessment) -> list["User"]:
    """Return who of the organisation may approve the results as they are."""
    memberships = assessment.organisation.memberships.filter(
        role__in=MAY_DECIDE, user__is_active=True
    )
    made = makers(assessment)
    rows = memberships.select_related("user").order_by("pk")
    return [row.user for row in rows if row.user not in made]


@transaction.atomic
def ask_approval(*, assessment: Assessment, approver: "User", by: "User") -> None:
    """Note in the log that somebody was asked to approve.

    :raises NoResultsYet: there is nothing to look at. :raises FourEyes: this person may not.
    """
    current = hold_open(assessment)
    digest_now = results.live(current).digest
    if approver not in approvers(current):
        raise FourEyes
    after = {"digest": digest_now}
    record(current, Verb.ASK_APPROVAL, by=by, subject=name_of(approver), after=after)
