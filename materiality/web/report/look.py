"""How the report looks: colours, wording of the axes, the company's template, moved labels."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from materiality.locking.snapshots import results_to_print
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.figure import svg
from materiality.report.figure.layout import compose
from materiality.report.files import order
from materiality.report.files.word import template
from materiality.selectors.looks import look_of
from materiality.web.access import assessment_page, edits, member, show
from materiality.web.finding import results_or_none
from materiality.web.report.export_forms import ExportForm
from materiality.web.report.look_forms import (
    DocumentForm,
    LabelsForm,
    LookForm,
    SlidesForm,
    TemplateForm,
)
from materiality.web.report.look_preview import preview_of
from surveys.models.organisations import MAY_EDIT


@assessment_page(write=MAY_EDIT)
def look(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Colours of the tiers, and what the axes are called in this report."""
    sent = request.POST if request.method == "POST" else None
    form = LookForm(sent, assessment=assessment, look=look_of(assessment))
    if form.is_bound and form.is_valid():
        form.save(by=request.user)
        return _save(request, assessment)
    return _page(request, assessment, form=form)


@assessment_page(write=MAY_EDIT)
def try_look(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show how colours and titles would look. Nothing is saved."""
    sent = request.POST if request.method == "POST" else None
    return _page(
        request,
        assessment,
        form=LookForm(sent, assessment=assessment, look=look_of(assessment)),
    )


@assessment_page(write=MAY_EDIT)
def word_template(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Take a Word template, or go back to ours."""
    form = TemplateForm(*_sent(request), assessment=assessment)
    return _take_document(request, form) or _page(request, assessment, upload=form)


@assessment_page(write=MAY_EDIT)
def slides_template(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Take a presentation for its layouts, or go back to ours."""
    form = SlidesForm(*_sent(request), assessment=assessment)
    return _take_document(request, form) or _page(request, assessment, slides=form)


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _take_document(request: HttpRequest, form: DocumentForm) -> HttpResponse | None:
    """Keep the document that was sent, or none any more; None where there is none to keep."""
    if "remove" in request.POST:
        form.keep(by=member(request), name="", content=None)
    elif form.is_bound and form.is_valid():
        form.save(by=member(request))
    else:
        return None
    return _save(request, form.assessment)


def _save(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("materiality:look", pk=assessment.pk)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    *,
    form: LookForm | None = None,
    upload: TemplateForm | None = None,
    slides: SlidesForm | None = None,
) -> HttpResponse:
    look_now = look_of(assessment)
    form = form or LookForm(assessment=assessment, look=look_now)
    return show(
        request,
        assessment,
        "look",
        look=look_now,
        form=form,
        preview=preview_of(
            assessment,
            results_or_none(assessment),
            colours=form.entered,
            titles=form.entered_titles,
        ),
        upload=upload or TemplateForm(assessment=assessment),
        slides=slides or SlidesForm(assessment=assessment),
        fields=[f"{{{{ {name} }}}}" for name in _fields_of(assessment)],
        may_change=edits(assessment),
    )


def _fields_of(assessment: Assessment) -> list[str]:
    """Return what a Word template may name and this round can fill."""
    silent = template.OF_ANSWERS if assessment.is_without_survey else ()
    return [name for name in template.KNOWN if name not in silent]


@assessment_page(write=MAY_EDIT)
def labels(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Place labels by hand, for the language and size of the query."""
    look_now = look_of(assessment)
    options = ExportForm(request.GET, look=look_now)
    data, chosen = options.selection(), options.order()
    code, results = data["language"], order.with_titles(results_to_print(assessment), chosen)
    matrix = compose(Edition(results, code, order.look(chosen, code)))
    form = LabelsForm(
        request.POST if request.method == "POST" else None,
        assessment=assessment,
        look=look_now,
        matrix=matrix,
        at=f"{code}:{data['size']}",
    )
    if form.is_bound and ("reset" in request.POST or form.is_valid()):
        (form.reset if "reset" in request.POST else form.save)(by=request.user)
        page = reverse("materiality:labels", args=[assessment.pk])
        return redirect(f"{page}?{options.query()}")
    return show(
        request,
        assessment,
        "labels",
        form=form,
        options=options,
        query=options.query(),
        drawing=mark_safe(svg.element(matrix, order.palette(chosen))),  # noqa: S308, escaped
        codes=" ".join(point.code for point in matrix.points),
        may_change=edits(assessment),
    )
