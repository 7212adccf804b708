"""What last round gives this one to start from, and what has changed since."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from materiality.actions import SurveyPlan, ask
from materiality.actions.texts import engagement_of
from materiality.method.engagement import GroupDifference, differences
from materiality.models import Assessment
from surveys.languages import Text
from surveys.models import Survey, new_slug
from surveys.questionnaire.prompts import words_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Asking:
    """What `actions.ask` needs to ask again as last round asked: `ask(..., **vars(asking))`."""

    plan: SurveyPlan
    targets: dict[str, int]
    you_are: dict[str, Text]
    open_links: bool
    words: dict[str, dict[str, Any]]


def asking(assessment: Assessment, dimension: str) -> Asking | None:
    """Return last round's questionnaire on a dimension, moved on by whole years; None if none.

    Only groups that this round still has are named.
    """
    survey = _survey_of(assessment.previous, dimension) if assessment.previous else None
    if survey is None:
        return None
    codes = set(assessment.groups.values_list("code", flat=True))
    audiences = [row for row in survey.audiences.all() if row.code in codes]
    return Asking(
        plan=_moved_on(survey, assessment, dimension),
        targets={row.code: row.target for row in audiences},
        you_are={row.code: row.you_are for row in audiences},
        open_links=any(row.open_link for row in audiences),
        words={row.code: words_of(row) for row in survey.prompts.all()},
    )


@transaction.atomic
def ask_again(*, assessment: Assessment, by: "User | None") -> list[Survey]:
    """Build, not yet publish, last round's questionnaires on the dimensions this one has too."""
    surveys = []
    for dimension in assessment.dimensions.all():
        if dimension.topic_questions.exists():  # asked in the survey of another one
            continue
        code = dimension.code
        if again := asking(assessment, code):
            surveys.append(ask(assessment=assessment, dimension=code, by=by, **vars(again)))
    return surveys


def _survey_of(assessment: Assessment, dimension: str) -> Survey | None:
    surveys = Survey.objects.filter(
        questions__topic_question__dimension__assessment=assessment,
        questions__topic_question__dimension__code=dimension,
    )
    survey: Survey | None = surveys.distinct().order_by("pk").last()
    return survey


def _moved_on(survey: Survey, assessment: Assessment, dimension: str) -> SurveyPlan:
    """Return the plan of a survey, moved on by whole years until it closes in the future."""
    settings = {field.name: getattr(survey, field.name) for field in fields(SurveyPlan)}
    years = 1
    while survey.closes_at + years * YEAR <= timezone.now():
        years += 1
    for name in ("opens_at", "closes_at", "keep_until"):
        settings[name] += years * YEAR
    slug, title = new_slug(), _of_this_year(survey.title, assessment)
    return SurveyPlan(**settings | {"slug": slug, "title": title})


def _of_this_year(title: Text, assessment: Assessment) -> Text:
    old = assessment.previous.year if assessment.previous else ""
    return {
        code: text.replace(old, assessment.year) if old else text for code, text in title.items()
    }


def engagement(assessment: Assessment) -> list[GroupDifference]:
    """Return how the engagement of each group differs from last round's; none without one."""
    if assessment.previous is None:
        return []
    before, after = (
        [{"code": group.code, **engagement_of(group)} for group in round_.groups.all()]
        for round_ in (assessment.previous, assessment)
    )
    return differences(before, after)
