"""Progress: how far each group is, how answers come in, and what to do next."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from materiality.models import Assessment
from materiality.results import progress
from materiality.web import curves, steps
from materiality.web.access import show_survey, survey_page
from materiality.web.finding import results_or_none
from materiality.web.views.asking import state_of
from surveys.bursts import bursts
from surveys.curve import daily, pace
from surveys.models import Survey
from surveys.progress import Progress
from surveys.progress import progress as counted


@dataclass(frozen=True)
class Row:
    """One group; what would give a small group's count away is left out."""

    told: Any
    exact: Progress

    @property
    def hidden(self) -> bool:
        return bool(self.told.is_hidden)

    @property
    def response_rate(self) -> float | None:
        return None if self.hidden else self.exact.response_rate

    @property
    def started(self) -> int | None:
        return None if self.hidden else self.exact.started

    @property
    def declined(self) -> int | None:
        return None if self.hidden else self.exact.declined


@survey_page()
def progress_tab(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    days, told = daily(survey), progress(assessment)
    now = steps.State(assessment, told, results_or_none(assessment))
    return show_survey(
        request,
        assessment,
        survey,
        "progress",
        rows=_rows(told, survey),
        days=days,
        pace=pace(survey),
        bursts=bursts(survey),
        curve=curves.drawn(days),
        rounded=survey.is_anonymous and not survey.is_sealed,
        next_action=steps.next_action(now),
        state=state_of(survey),
    )


def _rows(told: list[Any], survey: Survey) -> list[Row]:
    exact = {row.audience.pk: row for row in counted(survey)}
    return [
        Row(row, exact[row.group.audience_id]) for row in told if row.group.audience_id in exact
    ]


@survey_page()
def curve(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Return the daily curve for Plotly."""
    return JsonResponse(curves.figure(daily(survey)), safe=False)
