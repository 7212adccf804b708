"""What became of last year's topics, and how the report will say it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.models import Assessment
from materiality.results import ChangeRow, Results
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, show
from materiality.web.decide import longform
from materiality.web.decide.changes_forms import ChangesForm, MethodForm
from materiality.web.decide.last_year_forms import BeforeForm, LastListForm
from materiality.web.finding import results_or_none
from surveys.models.organisations import MAY_EDIT


@assessment_page(write=MAY_EDIT)
def changes(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    if assessment.previous is None:
        return _first(request, assessment)
    form = ChangesForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user, use=request.POST.get("use", "")):
        messages.success(request, _("Saved."))
        return redirect("materiality:changes", pk=assessment.pk)
    return _page(request, assessment, form=form)


@assessment_page(write=MAY_EDIT)
def method(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Say why the method differs from last year's."""
    form = MethodForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:changes", pk=assessment.pk)
    if assessment.previous is None:
        return _first(request, assessment)
    return _page(request, assessment, method=form)


@assessment_page(write=MAY_EDIT)
def follow(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Name the round that this one succeeds."""
    form = BeforeForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:changes", pk=assessment.pk)
    return _first(request, assessment, before=form)


@assessment_page(write=MAY_EDIT)
def last_list(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Enter the list of a year that was not assessed here."""
    form = LastListForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:changes", pk=assessment.pk)
    return _first(request, assessment, listed=form)


def _first(
    request: HttpRequest,
    assessment: Assessment,
    *,
    before: BeforeForm | None = None,
    listed: LastListForm | None = None,
) -> HttpResponse:
    before = before or BeforeForm(assessment=assessment)
    listed = listed or LastListForm(assessment=assessment)
    status = max(before.status, listed.status)
    return show(request, assessment, "no_changes", status=status, before=before, listed=listed)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    *,
    form: ChangesForm | None = None,
    method: MethodForm | None = None,
) -> HttpResponse:
    form = form or ChangesForm(assessment=assessment)
    method = method or MethodForm(assessment=assessment)
    results = results_or_none(assessment)
    return show(
        request,
        assessment,
        "changes",
        status=max(form.status, method.status),
        form=form,
        method=method,
        results=results,
        printed=_rows(results, form),
        **_longer(results),
    )


def _longer(results: Results | None) -> dict[str, Any]:
    rows = longform.rows(results) if results else []
    return {"longer": rows, "method_rows": [row for row in rows if row.change.aspect]}


def _rows(results: Results | None, form: ChangesForm) -> list[tuple[str, str, str]]:
    """Return the rows of the table exactly as they are exported."""
    rows: Sequence[ChangeRow] = results.changes if results else _before_scoring(form)
    return [row.columns(language()) for row in rows]


def _before_scoring(form: ChangesForm) -> list[ChangeRow]:
    rows = []
    for move in form.changes:
        rows.append(
            ChangeRow(
                move.kind,
                tuple(form.before[code] for code in move.before if code in form.before),
                tuple(form.after[code] for code in move.after if code in form.after),
                move.reason,
            )
        )
    return rows
