"""Score and decide: matrix, weights, tiers; then lock."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from materiality.errors import NoResultsYet
from materiality.inputs import favourites
from materiality.locking import snapshots
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.figure import plotly_figure
from materiality.selectors.decisions import last_decision
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, confirmed, show
from materiality.web.finding import results_or_none
from materiality.web.score.firmness import Firmness
from materiality.web.score.method_forms import ComparableForm
from materiality.web.score.page import ResultsPage
from materiality.web.score.results_forms import DecisionsForm, UndoForm, WeightsForm
from materiality.web.score.review import Review
from materiality.web.score.script import payload
from materiality.web.score.set_topics_forms import SetTopicsForm
from materiality.web.score.trial_weights import seen_as
from surveys.models.organisations import MAY_DECIDE

SIZES = ("screen", "phone")


@assessment_page(write=MAY_DECIDE)
def results(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show the results; a POST saves the decisions."""
    try:
        results_now = snapshots.results_for(assessment)
    except NoResultsYet as reason:
        return show(request, assessment, "no_results", reason=reason)
    form = DecisionsForm(request.POST or None, assessment=assessment, results=results_now)
    if form.act(by=request.user):
        messages.success(request, _("The draft is saved."))
        return redirect(_next(request, assessment))
    return _show(request, assessment, ResultsPage(assessment, results_now, request.GET), form)


def _show(
    request: HttpRequest,
    assessment: Assessment,
    page: ResultsPage,
    form: DecisionsForm,
    undo: UndoForm | None = None,
) -> HttpResponse:
    return show(
        request,
        assessment,
        "results",
        status=max(form.status, page.weights.status, undo.status if undo else 200),
        undo=undo,
        last_decision=last_decision(assessment),
        results=page,
        form=form,
        picks=favourites(assessment),
        rows=page.rows(form),
        payload=payload(page.saved, assessment),
        figures={size: page.figure(size) for size in SIZES},
    )


def _next(request: HttpRequest, assessment: Assessment) -> str:
    """Return where a saved decision leads: to the lock, or back with the weights being tried."""
    if "lock" in request.POST:
        return reverse("materiality:lock", args=[assessment.pk])
    return f"{reverse('materiality:results', args=[assessment.pk])}?{request.GET.urlencode()}"


@assessment_page(write=MAY_DECIDE)
def undo(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Take back the last decision."""
    current = snapshots.results_for(assessment)
    form = UndoForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("The decision is taken back. The log tells of both."))
        return redirect("materiality:results", pk=assessment.pk)
    page = ResultsPage(assessment, current, request.GET)
    decisions = DecisionsForm(assessment=assessment, results=current)
    return _show(request, assessment, page, decisions, undo=form)


@assessment_page(write=MAY_DECIDE)
@confirmed
def weights(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Save the weights. Trying them needs no saving: the results page takes them as a query."""
    results = snapshots.results_for(assessment)
    results_in_view = seen_as(results, request.GET.get("matrix", ""))
    form = WeightsForm(request.POST or None, assessment=assessment, results=results_in_view)
    if form.act(by=request.user):
        messages.success(request, _("The weights are saved."))
        return redirect("materiality:results", pk=assessment.pk)
    page = ResultsPage(assessment, results, request.GET, weights=form)
    decisions = DecisionsForm(assessment=assessment, results=results)
    return _show(request, assessment, page, decisions)


@assessment_page(write=MAY_DECIDE)
def review(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Say what stands behind the results; a POST says which topics compare with last year's."""
    form = ComparableForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("What can be compared is saved."))
        return redirect("materiality:review", pk=assessment.pk)
    results = results_or_none(assessment)
    has_answers = results is not None and not results.is_without_survey
    behind = Review(results) if results and has_answers else None
    return show(
        request,
        assessment,
        "review",
        status=form.status,
        results=results,
        review=behind,
        firm=Firmness(results) if results and has_answers else None,
        comparable=form,
    )


@assessment_page(write=MAY_DECIDE)
def set_topics(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show the result of each topic that a standard sets; a POST saves why some are none."""
    results = results_or_none(assessment)
    if results is None or "double" not in results.views:
        return show(request, assessment, "set_topics", form=None)
    form = SetTopicsForm(request.POST or None, assessment=assessment, results=results)
    if form.act(by=request.user):
        messages.success(request, _("The reasons are saved."))
        return redirect("materiality:set_topics", pk=assessment.pk)
    return show(request, assessment, "set_topics", status=form.status, form=form)


@assessment_page()
def matrix(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Return only the matrix under the weights of the query, for the page's script."""
    page = ResultsPage(assessment, snapshots.results_for(assessment), request.GET)
    size = "phone" if request.GET.get("size") == "phone" else "screen"
    return HttpResponse(page.figure(size))


@assessment_page()
def explore(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Return the matrix under the weights of the query as a Plotly figure."""
    page = ResultsPage(assessment, snapshots.results_for(assessment), request.GET)
    data, layout, config = plotly_figure.figure(Edition(page.shown, language()))
    return JsonResponse({"data": data, "layout": layout, "config": config})
