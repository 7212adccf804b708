"""Report: look at the page as it will be printed, then take the files."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from materiality import snapshots
from materiality.bundle import Results, canonical
from materiality.models import Assessment
from materiality.report import note, package, problems, svg, tables
from materiality.report.layout.compose import describe
from materiality.report.words import say
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, show
from materiality.web.finding import results_or_none
from materiality.web.forms import ExportForm
from surveys.models.organisations import MAY_EDIT

KEEP = 60 * 60


@assessment_page()
def export(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    found = results_or_none(assessment)
    form = _form(request, assessment)
    return show(
        request,
        assessment,
        "export",
        results=found,
        form=form,
        sheet=_sheet(found, form) if found else None,
        missing=problems.problems(found, language()) if found else [],
        query=request.GET.urlencode(),
    )


def _form(request: HttpRequest, assessment: Any) -> ExportForm:
    return ExportForm(request.GET, evidence=assessment.role in MAY_EDIT)


def _sheet(results: Results, form: ExportForm) -> dict[str, object]:
    """Return what the previewed page says, in the language chosen for it."""
    code = form.told()["language"]
    changes = [tables.changes(results, code)] if tables.prints_changes(results) else []
    return {
        "language": code,
        "draft": say(code, "draft"),
        "title": note.wording(results, code, "section_title"),
        "describe": describe(results, code),
        "stamp": note.stamp(results, code),
        "tables": [*changes, tables.engagement(results, code)],
    }


@assessment_page()
def figure(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Return the printed matrix with the options of the query."""
    found = snapshots.results_for(assessment)
    form = _form(request, assessment)
    return HttpResponse(_drawn(found, form), content_type="image/svg+xml")


def _drawn(results: Results, form: ExportForm) -> str:
    told = form.told()
    names = ("language", "size", "palette", "labels", "note", "boundaries", "tails")
    key = ":".join(
        ["print", results.digest, str(results.locked_at), *(str(told[name]) for name in names)]
    )
    drawn: str | None = cache.get(key)
    if drawn is None:
        drawn = svg.figure(results, told["language"], form.options(), form.colours())
        cache.set(key, drawn, timeout=KEEP)
    return drawn


@assessment_page()
def files(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Return the chosen files of both languages as one ZIP."""
    found = snapshots.results_for(assessment)
    form = _form(request, assessment)
    evidence = {"bundle.json": canonical(found.document).encode()}
    packed = package.zip_archive(
        found,
        options=form.options(),
        palette=form.colours(),
        names=form.chosen_files(),
        also=evidence if form.takes_evidence() else None,
    )
    name = package.zip_name(found, language())
    disposition = str(content_disposition_header(True, name))
    return HttpResponse(
        packed,
        content_type="application/zip",
        headers={"Content-Disposition": disposition},
    )
