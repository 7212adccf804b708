"""Who may approve, and which verdict holds."""

from typing import TYPE_CHECKING

from materiality import inputs as results
from materiality.models import Approval, Assessment, Decision, Verb, Verdict
from materiality.models.events import OF_THE_REGISTER
from surveys.models.organisations import MAY_DECIDE

if TYPE_CHECKING:
    from django.contrib.auth.models import User


NO_CHANGE = (
    Verb.APPROVE,
    Verb.REQUEST_CHANGES,
    Verb.REMARK,
    Verb.REDACT,
    Verb.ASK_APPROVAL,
    Verb.STAMP_PLAN,
    Verb.ARCHIVE,
    Verb.UNARCHIVE,
    *OF_THE_REGISTER,
)
"""Acts that change no result: who did one last may approve, and hides nobody who changed some."""


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


def approvers(assessment: Assessment) -> list["User"]:
    """Return who of the organisation may approve the results as they are."""
    memberships = assessment.organisation.memberships.filter(
        role__in=MAY_DECIDE, user__is_active=True
    )
    made = makers(assessment)
    rows = memberships.select_related("user").order_by("pk")
    return [row.user for row in rows if row.user not in made]
