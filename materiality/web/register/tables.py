"""The register as a spreadsheet, in and out; what became of last round's entries."""

from tempfile import TemporaryFile
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality import actions
from materiality.actions import register_sheets
from materiality.actions.register import Taken, topics_after
from materiality.actions.register_sheets import Plan
from materiality.actions.topic_sheets import XLSX
from materiality.models import Assessment
from materiality.selectors.register import Fate, fates
from materiality.web.access import assessment_page, member, note_download, show
from materiality.web.fields import refusals_on
from materiality.web.register.forms import EndForm, TableForm
from surveys.models.organisations import MAY_EDIT
from surveys.tables.plan import TableOptions
from surveys.tables.whole import find_table, table_at


@assessment_page()
def sheet(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Give the register as a spreadsheet, headed in one language of the round."""
    if code not in assessment.languages:
        raise Http404
    content = register_sheets.workbook(assessment, code)
    name = f"register-{assessment.pk}-{code}.xlsx"
    note_download(request, assessment, name)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@assessment_page(write=MAY_EDIT)
def take_in(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Read a spreadsheet and show what it would do; `take` does it."""
    is_sent = request.method == "POST"
    upload = TableForm(request.POST, request.FILES) if is_sent else TableForm()
    plan = None
    if is_sent and upload.is_valid():
        with refusals_on(upload, "file"):
            plan, taken = _read(request, assessment, upload)
            if plan and taken:
                counts = {"added": len(taken.added), "changed": len(taken.changed)}
                messages.success(request, _("%(added)d added, %(changed)d changed.") % counts)
                if not plan.faults:
                    return redirect("materiality:register", pk=assessment.pk)
                plan.rows, plan.titles = [], []
    carried = upload.keep()  # nothing of no file
    return show(request, assessment, "register_import", upload=upload, plan=plan, carried=carried)


def _read(
    request: HttpRequest, assessment: Assessment, upload: TableForm
) -> tuple[Plan | None, Taken | None]:
    """Return what the file would do, and did if `take` was sent; None where more must be said."""
    reading = upload.cleaned_data["reading"]
    with TemporaryFile() as file:
        file.write(upload.content)
        options = TableOptions(encoding=reading, sheet=reading)
        words = register_sheets.listed_words(assessment)
        places = find_table(file, options, register_sheets.known_headings(), words)
        if places.asks:
            upload.ask(places)
            return None, None
        table = table_at(file, places.place)
    try:
        if "take" in request.POST:
            return register_sheets.take_in_table(
                assessment=assessment, table=table, by=member(request)
            )
        return register_sheets.read_register(table, assessment), None
    except forms.ValidationError as error:
        upload.add_error("file", error)
        return None, None


@assessment_page(write=MAY_EDIT)
def last_round(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show what became of last round's entries; take them over, or say that they do not go on."""
    if request.method == "POST" and {"carry", "resume"} & set(request.POST):
        return _carried(request, assessment)
    rows = fates(assessment, topics_after(assessment))
    waiting = [row.iro.code for row in rows if row.is_open]
    form = EndForm(request.POST or None, assessment=assessment, codes=waiting)
    if form.act(by=request.user):
        messages.success(request, _("Closed, with its reason."))
        return redirect("materiality:register_before", pk=assessment.pk)
    return _show_fates(request, assessment, rows, form)


def _carried(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Take over all that nothing is said of yet, or open again what was said not to go on."""
    if "carry" in request.POST:
        taken = actions.carry_iros(assessment=assessment, by=member(request))
        messages.success(request, _("%(count)d taken over.") % {"count": len(taken)})
    else:
        codes = request.POST.getlist("resume")
        actions.resume_iros(assessment=assessment, codes=codes, by=member(request))
        messages.success(request, _("Saved."))
    return redirect("materiality:register_before", pk=assessment.pk)


def _show_fates(
    request: HttpRequest, assessment: Assessment, rows: list[Fate], form: EndForm
) -> HttpResponse:
    facts: dict[str, Any] = {
        "rows": rows,
        "carried": [row for row in rows if row.is_open and row.topic_goes_on],
        "stuck": [row for row in rows if row.is_open and not row.topic_goes_on],
        "waiting": [row for row in rows if row.is_open],
        "chosen": form.chosen,
    }
    return show(request, assessment, "register_before", status=form.status, form=form, **facts)
