"""Progress: how far each group is, how answers come in, and what to do next."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from materiality.inputs import progress, survey_progress
from materiality.models import Assessment
from materiality.web import curves, steps
from materiality.web.access import show_survey, survey_page
from materiality.web.finding import results_or_none
from surveys.fieldwork.curve import daily, pace
from surveys.models import Survey
from surveys.sealed.bursts import bursts


@survey_page()
def progress_tab(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    days, told = daily(survey), progress(assessment)
    now = steps.State(assessment, told, results_or_none(assessment))
    return show_survey(
        request,
        assessment,
        survey,
        "progress",
        rows=survey_progress(told, survey),
        days=days,
        pace=pace(survey),
        bursts=bursts(survey),
        curve=curves.drawn(days),
        rounded=survey.is_anonymous and not survey.is_sealed,
        next_action=steps.next_action(now),
    )


@survey_page()
def curve(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Return the daily curve for Plotly."""
    return JsonResponse(curves.figure(daily(survey)), safe=False)
