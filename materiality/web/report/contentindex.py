"""The content index: headings, disclosures, and what does not hold together between them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from materiality.contentindex import Finding, Kind
from materiality.contentindex.indexfile import index_csv, index_xlsx
from materiality.contentindex.reading import findings
from materiality.models import Assessment
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, edits, note_download, show
from materiality.web.finding import results_or_none
from materiality.web.report.contentindex_forms import HeadingsForm, IndexForm, TablesForm
from surveys.models.organisations import MAY_EDIT

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Found:
    """A finding, its sentence, and the place on the page where it is put right."""

    finding: Finding
    sentence: str
    place: str


@assessment_page()
def index(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    suggesting = "suggest" in request.GET
    return _page(request, assessment, rows=IndexForm(assessment=assessment, suggesting=suggesting))


@assessment_page(write=MAY_EDIT)
def headings(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Replace the headings. A report is written after its round is locked, so this is open."""
    form = HeadingsForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("The headings are saved and the index is checked again."))
        return redirect("materiality:content_index", pk=assessment.pk)
    return _page(request, assessment, headings=form)


@assessment_page(write=MAY_EDIT)
def rows(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Replace the rows of the index."""
    suggesting = "suggest" in request.GET
    form = IndexForm(request.POST or None, assessment=assessment, suggesting=suggesting)
    if form.act(by=request.user):
        messages.success(request, _("The index is saved and checked again."))
        return redirect("materiality:content_index", pk=assessment.pk)
    return _page(request, assessment, rows=form)


@assessment_page(write=MAY_EDIT)
def tables(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Look through tables of the report; nothing is kept of them."""
    return _page(request, assessment, tables=TablesForm(request.POST or None))


def _page(
    request: HttpRequest,
    assessment: Any,
    *,
    headings: HeadingsForm | None = None,
    rows: IndexForm | None = None,
    tables: TablesForm | None = None,
) -> HttpResponse:
    headings = headings or HeadingsForm(assessment=assessment)
    rows = rows or IndexForm(assessment=assessment)
    findings = list(_findings(assessment, rows))
    return show(
        request,
        assessment,
        "index",
        status=max(headings.status, rows.status),
        headings=headings,
        rows=rows,
        tables=tables or TablesForm(),
        wrong=[one for one in findings if one.finding.is_wrong],
        look=[one for one in findings if not one.finding.is_wrong],
        may_index=edits(assessment),
        suggesting=rows.suggesting,
    )


def _findings(assessment: Assessment, form: IndexForm) -> Any:
    """Yield each finding with the row it is about; else where it is added."""
    if not assessment.index_rows.exists() and not assessment.headings.exists():
        return
    written = {row.code.initial: row.number for row in form.rows()}
    for one in findings(assessment, language(), results=results_or_none(assessment)):
        elsewhere = "headings-of" if one.kind == Kind.HEADING_NOT_INDEXED else "rw"
        place = f"row-{written[one.about]}" if one.about in written else elsewhere
        yield Found(one, one.sentence(language()), place)


@assessment_page()
def csv(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    return _file(request, assessment, index_csv(assessment), "text/csv; charset=utf-8", "csv")


@assessment_page()
def xlsx(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    content = index_xlsx(assessment, language(), timezone.now())
    return _file(request, assessment, content, XLSX, "xlsx")


def _file(
    request: HttpRequest, assessment: Assessment, content: bytes, kind: str, ending: str
) -> HttpResponse:
    name = f"content-index-{assessment.year}.{ending}"
    note_download(request, assessment, name)
    disposition = str(content_disposition_header(True, name))
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
