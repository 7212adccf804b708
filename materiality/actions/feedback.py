"""Tell those who answered what came of it, after the lock; or no longer."""

import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from materiality.actions.log import hold, record
from materiality.errors import NobodyAnswered, NotLocked
from materiality.models import Assessment, Feedback, Verb
from surveys.actions.feedback import give_feedback as lead_links
from surveys.actions.feedback import take_feedback_back
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def give_feedback(
    *, assessment: Assessment, next_steps: Text, report: str = "", by: "User | None"
) -> Feedback:
    """Lead the links of all who answered to the result, and mail whoever asked for it.

    Said once more, the words change and the address stays.

    :param next_steps: what the company will do, one step a line. :param report: its address.
    :raises NobodyAnswered: no survey was held. :raises NotLocked: what is still decided is told
        nobody.
    """
    current = hold(assessment)
    if current.is_without_survey:
        raise NobodyAnswered
    if not current.is_locked:
        raise NotLocked
    before = Feedback.objects.filter(snapshot=current.snapshot).first()
    feedback: Feedback
    feedback, _is_new = Feedback.objects.update_or_create(
        snapshot=current.snapshot,
        defaults={"next_steps": dict(next_steps), "report": report},
        create_defaults={
            "token": secrets.token_urlsafe(24),
            "next_steps": dict(next_steps),
            "report": report,
            "given_by": by,
            "given_at": timezone.now(),
        },
    )
    old, new = (_words(one) if one else None for one in (before, feedback))
    if old != new:
        record(current, Verb.GIVE_FEEDBACK, by=by, before=old, after=new)
    path = reverse("materiality:feedback", args=[feedback.token])
    for survey in current.surveys.all():
        lead_links(survey, path)
    return feedback


@transaction.atomic
def withdraw_feedback(*, assessment: Assessment, by: "User | None") -> None:
    """End what `give_feedback` began: links say again that the survey has closed."""
    current = hold(assessment)
    gone, _each = Feedback.objects.filter(snapshot__assessment=current).delete()
    if gone:
        record(current, Verb.WITHDRAW_FEEDBACK, by=by)
    for survey in current.surveys.all():
        take_feedback_back(survey)


def _words(feedback: Feedback) -> dict[str, Any]:
    return {"next_steps": feedback.next_steps, "report": feedback.report}
