"""Where the round stands and what to do next."""

from django.http import HttpRequest, HttpResponse

from materiality.inputs import progress
from materiality.models import Assessment
from materiality.web import curves, steps
from materiality.web.access import assessment_page, show
from materiality.web.finding import results_or_none
from surveys.fieldwork.curve import daily


@assessment_page()
def overview(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    rows = progress(assessment)
    state = steps.State(assessment, rows, results_or_none(assessment))
    return show(
        request,
        assessment,
        "overview",
        steps=steps.steps(state),
        next_action=steps.next_action(state),
        state=state,
        between=assessment.previous.reassessments.standing() if assessment.previous else [],
        curve=curves.curve(daily(state.open_surveys[0])) if state.open_surveys else None,
    )
