"""Progress: how far each group is, how answers come in, and what to do next."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse

from materiality.inputs import Progress, progress, survey_progress
from materiality.models import Assessment
from materiality.web import curves, steps
from materiality.web.access import show_survey, survey_page
from materiality.web.finding import results_or_none
from surveys.fieldwork.curve import daily, pace
from surveys.models import Survey
from surveys.responses.bursts import bursts


@survey_page()
def progress_tab(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    days, rows = daily(survey), progress(assessment)
    state = _state(assessment, survey, rows)
    return show_survey(
        request,
        assessment,
        survey,
        "progress",
        rows=survey_progress(rows, survey),
        days=days,
        pace=pace(survey),
        bursts=bursts(survey),
        curve=curves.curve(days),
        rounded=survey.is_anonymous and not survey.is_sealed,
        next_action=steps.next_action(state),
    )


def _state(assessment: Assessment, survey: Survey, rows: Sequence[Progress]) -> steps.State:
    """Return where this survey stands; once it is sealed, where the round does."""
    results = results_or_none(assessment)
    if survey.is_sealed:
        return steps.State(assessment, rows, results)
    own = [row for row in rows if row.group.audience.survey_id == survey.pk]  # type: ignore[union-attr]
    return steps.State(assessment, own, results, only=survey)


@survey_page()
def curve(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Return the daily curve for Plotly."""
    return JsonResponse(curves.figure(daily(survey)), safe=False)
