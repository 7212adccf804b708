"""How far a round is, and of which kind."""

from materiality.models import Assessment
from surveys.models import Intake


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
