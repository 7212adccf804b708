"""How far a round is, and of which kind."""

from django.db.models import QuerySet

from materiality.models import Assessment
from surveys.models import Intake, Survey


def is_asked(assessment: Assessment) -> bool:
    """Tell whether a questionnaire is published, so that the list of topics stands."""
    return assessment.surveys.filter(published_at__isnull=False).exists()


def is_answered(assessment: Assessment) -> bool:
    """Tell whether somebody has answered a survey of the round."""
    surveys = assessment.surveys.order_by("pk")
    return (
        surveys.filter(sealed_at__isnull=False).exists()
        or Intake.objects.filter(survey__in=surveys).exists()
    )


def preset_of(assessment: Assessment) -> str:
    """Return which preset the dimensions of a round are."""
    return "double" if assessment.dimensions.filter(code="financial").exists() else "classic"


def unsucceeded(organisation: int) -> QuerySet[Assessment]:
    """Return the rounds of an organisation that none follows yet, the latest year first."""
    rounds = Assessment.objects.filter(organisation=organisation, next=None, deleted_at=None)
    return rounds.select_related("organisation")


def may_precede(assessment: Assessment) -> QuerySet[Assessment]:
    """Return those that a round can follow: none of a later year, and not itself."""
    others = unsucceeded(assessment.organisation_id).exclude(pk=assessment.pk)
    return others.exclude(pk__in=[row.pk for row in others if row.is_after(assessment.year)])


def survey_before(assessment: Assessment, survey: Survey) -> Survey | None:
    """Return the survey of the previous round that asks about the same dimension, if there is."""
    if assessment.previous is None:
        return None
    dimensions = assessment.dimensions.filter(topic_questions__question__survey=survey)
    codes = list(dimensions.values_list("code", flat=True).distinct())
    same = Survey.objects.filter(
        assessments=assessment.previous,
        questions__topic_question__dimension__code__in=codes,
    )
    return same.order_by("pk").first()
