"""Answers that staff enter, and answers by open link that wait: each verb, and its log entry."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.errors import RoundLocked
from materiality.models import Assessment, Verb
from surveys.actions import exclude as exclusions
from surveys.actions.enter import enter
from surveys.models import Audience, Criterion, Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def enter_answer(
    *,
    assessment: Assessment,
    audience: Audience,
    submission: UUID,
    ratings: Mapping[str, Any],
    comment: str,
    name: str,
    by: "User",
) -> str:
    """Enter an interview or a paper form; return its receipt. The log tells the group alone."""
    current = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if current.is_locked:
        raise RoundLocked
    receipt, is_new = enter(
        audience, submission=submission, ratings=ratings, comment=comment, name=name
    )
    if is_new:
        about = {"group": audience.code}
        record(current, Verb.ENTER, by=by, subject=audience.survey.slug, after=about)
    return receipt


@transaction.atomic
def decide_open_answers(
    *, assessment: Assessment, survey: Survey, accept: bool, reason: str, by: "User"
) -> None:
    """Take in, or refuse, the answers by open link that waited, with a reason."""
    current = expect(assessment, None)
    exclusions.decide_open_answers(survey, accept, reason, by)
    about = {"criterion": Criterion.OPEN_LINK.value}
    verb = Verb.INCLUDE if accept else Verb.EXCLUDE
    record(current, verb, by=by, subject=survey.slug, after=about, reason=reason)
