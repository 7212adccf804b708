"""Hand in for somebody who was interviewed, or answered on paper."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from surveys.actions.answer import submit
from surveys.actions.invite import invite
from surveys.models import Audience, Intake, Invitation, Survey
from surveys.people.person import Person
from surveys.questionnaire.consent import consent_hash


@transaction.atomic
def enter(
    audience: Audience,
    *,
    submission: UUID,
    ratings: Mapping[str, Any],
    comment: str = "",
    name: str = "",
    language: str = "",
) -> tuple[str, bool]:
    """Enter an answer for somebody; return its receipt, and whether it is new.

    The same form sent twice enters one answer. It is marked as entered by staff, and counted
    apart. The link it hangs on is given to nobody and remembered nowhere.

    :param ratings: every question of the audience, as `checked_response` takes them.
    :param name: whose answer it is; kept in a named survey only.
    :raises SurveyClosed: the survey is not open. :raises InvalidAnswers: a rating is none.
    """
    survey = Survey.objects.select_for_update().get(pk=audience.survey_id)
    before = Intake.objects.filter(survey=survey, submission=submission).first()
    if before is not None:
        return before.receipt, False
    person = Person(name="" if survey.is_anonymous else name, language=language)
    [(_invitation, token)] = invite(audience, [person], source=Invitation.Source.STAFF)
    code = language if language in survey.consent else next(iter(survey.consent))
    receipt = submit(
        token,
        submission=submission,
        ratings=ratings,
        comment=comment,
        consent=consent_hash(survey.consent, code),
    )
    return receipt, True
