"""Where the round stands and what to do next."""

from django.http import HttpRequest, HttpResponse

from materiality.inputs import progress
from materiality.models import Assessment
from materiality.selectors.register import tasks_of
from materiality.web import curves, steps
from materiality.web.access import assessment_page, member, show
from materiality.web.finding import results_or_none
from surveys.fieldwork.curve import daily


def _waiting(request: HttpRequest, assessment: Assessment) -> int:
    """Return how many entries of the register this person was asked to score and has not."""
    if assessment.is_locked:
        return 0
    return sum(not task.is_done for task in tasks_of(assessment, member(request)))


@assessment_page()
def overview(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    rows = progress(assessment)
    waiting = _waiting(request, assessment)
    state = steps.State(assessment, rows, results_or_none(assessment), waiting=waiting)
    return show(
        request,
        assessment,
        "overview",
        steps=steps.steps(state),
        next_action=steps.next_action(state),
        state=state,
        waiting=0 if state.waits_for_expert else waiting,
        between=assessment.previous.reassessments.standing() if assessment.previous else [],
        curve=curves.curve(daily(state.open_surveys[0])) if state.open_surveys else None,
    )
