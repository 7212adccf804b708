"""Identify: the sources that the assessment rests on, their passages, and who coded them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from materiality import actions
from materiality.archive.sources import workbook
from materiality.inputs import printable_comments
from materiality.models import Assessment, Coding, Passage, SourceRecord
from materiality.selectors.sources import SourceList, sources_seen
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, may, member, note_download, show
from materiality.web.identify.sources_forms import (
    CodingForm,
    CommentsForm,
    PassageForm,
    SourceForm,
)
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@assessment_page(write=MAY_EDIT)
def sources(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """List the sources and what rests on one alone; a POST takes comments in to be coded."""
    form = CommentsForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Taken in, to be coded."))
        return redirect("materiality:sources", pk=assessment.pk)
    return show(
        request,
        assessment,
        "sources",
        status=form.status,
        list=SourceList(assessment),
        form=form,
        reads=_reads(assessment),
    )


@assessment_page(write=MAY_EDIT, read=MAY_DECIDE)
def add(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Record a source."""
    form = SourceForm(request.POST or None, request.FILES or None, assessment=assessment)
    if form.act(by=request.user) and form.source:
        messages.success(request, _("%(code)s is added.") % {"code": form.source.code})
        return redirect("materiality:source", pk=assessment.pk, code=form.source.code)
    return show(request, assessment, "source_new", status=form.status, form=form)


@assessment_page(write=MAY_EDIT, read=MAY_DECIDE)
def source(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Show a source with its passages; a POST changes it, or takes it out."""
    row = _source(assessment, code)
    if "remove" in request.POST:
        reason = request.POST.get("reason", "")
        actions.remove_source(source=row, reason=reason, by=member(request))
        messages.success(request, _("Removed."))
        return redirect("materiality:sources", pk=assessment.pk)
    form = SourceForm(
        request.POST or None, request.FILES or None, assessment=assessment, source=row
    )
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:source", pk=assessment.pk, code=row.code)
    return _page(request, assessment, row, form=form)


@assessment_page(write=MAY_EDIT, read=MAY_DECIDE)
def add_passage(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Mark a passage of a source."""
    row = _source(assessment, code)
    form = PassageForm(request.POST or None, source=row)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:source", pk=assessment.pk, code=row.code)
    return _page(request, assessment, row, adding=form)


@assessment_page(write=MAY_DECIDE, read=MAY_DECIDE)
def passage(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Show a passage; a POST says what it is about, as this person sees it."""
    row = _passage(assessment, code)
    form = CodingForm(request.POST or None, passage=row, coder=member(request))
    if not form.is_search and form.act(by=request.user):
        messages.success(request, _("Your coding is saved."))
        if row.source:
            return redirect("materiality:source", pk=assessment.pk, code=row.source.code)
        return redirect("materiality:sources", pk=assessment.pk)
    facts: dict[str, Any] = {"form": form, "passage": row, "text": _text(assessment, row)}
    return show(request, assessment, "passage", status=form.status, **facts)


@assessment_page(write=MAY_EDIT, read=MAY_DECIDE)
def change_passage(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Change a passage of a source, or take it out; a comment can only be taken out."""
    row = _passage(assessment, code)
    if "remove" in request.POST or row.source is None:
        return _removed(request, assessment, row)
    form = PassageForm(request.POST or None, source=row.source, passage=row)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:source", pk=assessment.pk, code=row.source.code)
    return _page(request, assessment, row.source, adding=form)


def _removed(request: HttpRequest, assessment: Assessment, row: Passage) -> HttpResponse:
    if "remove" in request.POST:
        actions.remove_passage(passage=row, by=member(request))
        messages.success(request, _("Removed."))
    if row.source:
        return redirect("materiality:source", pk=assessment.pk, code=row.source.code)
    return redirect("materiality:sources", pk=assessment.pk)


@assessment_page()
def sheet(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Give the sources as a spreadsheet: what of them may leave."""
    content = workbook(sources_seen(assessment, member(request)), language())
    note_download(request, assessment, "sources.xlsx")
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="sources-{assessment.pk}.xlsx"'
    return answer


def _source(assessment: Assessment, code: str) -> SourceRecord:
    rows = assessment.source_records.select_related("file")
    row: SourceRecord = get_object_or_404(rows, code=code)
    row.assessment = assessment
    return row


def _passage(assessment: Assessment, code: str) -> Passage:
    rows = assessment.passages.select_related("source__file", "comment")
    row: Passage = get_object_or_404(rows, code=code)
    row.assessment = assessment
    if row.source:
        row.source.assessment = assessment
    return row


def _text(assessment: Assessment, row: Passage) -> str:
    """Return a passage as those who code it read it; of a comment, what was let out."""
    if row.source is None:
        quotes = {one.key: one.quote.text for one in printable_comments(assessment)}
        return quotes.get(str(row.comment_id), "")
    return row.text


def _reads(assessment: Any) -> bool:
    """Tell whether this person reads what is confidential: who may code it."""
    return assessment.role in MAY_DECIDE


def _told_codings(passage: Passage, coder: User) -> list[Coding]:
    """Return who coded a passage to what, once this person has: nobody copies another."""
    codings = list(passage.codings.all())
    return codings if any(row.coder_id == coder.pk for row in codings) else []


def _page(
    request: HttpRequest,
    assessment: Assessment,
    row: SourceRecord,
    *,
    form: SourceForm | None = None,
    adding: PassageForm | None = None,
) -> HttpResponse:
    form = form or SourceForm(assessment=assessment, source=row)
    if not may(assessment).edit:
        form.disable()
    adding = adding or PassageForm(source=row)
    rows = row.passages.prefetch_related("codings__coder", "codings__topic", "codings__iro")
    passages = [(one, _told_codings(one, member(request))) for one in rows]
    return show(
        request,
        assessment,
        "source",
        status=max(form.status, adding.status),
        source=row,
        form=form,
        adding=adding,
        passages=passages,
    )
