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
from materiality.models import Approval, Assessment, Verb, Verdict
from materiality.selectors.approvals import approvers, makers
from surveys.errors import Conflict
from surveys.languages import Text, by_language, in_language

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def approve(
    *,
    assessment: Assessment,
    by: "User",
    verdict: str = Verdict.APPROVED,
    comment: "str | Text" = "",
    digest: str | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Approval:
    """Record a verdict on the round's results as they are now.

    :param comment: a text in each language of the round, or in its first one.
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
    texts = by_language(comment, current.languages)
    if verdict == Verdict.CHANGES_REQUESTED and not texts:
        raise CommentNeeded
    comments = texts if len(current.languages) > 1 else {}
    row = Approval.objects.create(
        assessment=current,
        digest=digest_now,
        verdict=verdict,
        comment=in_language(texts, current.languages[0]),
        comments=comments,
        by=by,
        at=at or timezone.now(),
    )
    verb = Verb.APPROVE if verdict == Verdict.APPROVED else Verb.REQUEST_CHANGES
    after = {"digest": digest_now, **({"comments": comments} if comments else {})}
    record(current, verb, by=by, after=after, reason=row.comment)
    return row


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
