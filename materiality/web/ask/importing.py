"""Answers from elsewhere, step by step: the file, how it is read, what an import does."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.actions.importing import import_answers, take_back_answers
from materiality.models import Assessment
from materiality.web.access import member, show_survey, survey_page
from materiality.web.ask.importing_forms import AnswersFileForm, TableReadingForm
from materiality.web.ask.importing_summary import shown_summary
from materiality.web.fields import refusals_on
from surveys.actions.answer_tables import check, forget, read_later, say, take_table
from surveys.errors import RuleBroken
from surveys.models import AnswerTable, Survey
from surveys.models.organisations import MAY_EDIT
from surveys.tables.questions import sentence_of
from surveys.tables.reading import plan_of
from surveys.tables.upload import on_disk

AT_ONCE = 2 << 20
"""Bytes of a file that is read while the page waits; longer ones are read in the background."""


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
def answer_tables(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """List the imports of a survey; a POST hands in another table."""
    form = AnswersFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on(form, "file"), on_disk(file) as content:
            table = take_table(survey, content, file.name, member(request))
            _read_on(table)
            return redirect("materiality:answer_table", assessment.pk, survey.pk, table.pk)
    tables = survey.answer_tables.select_related("by", "replaces")
    facts = {"form": form, "tables": tables}
    return show_survey(request, assessment, survey, "answers", **facts)


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
def answer_table(
    request: HttpRequest, assessment: Assessment, survey: Survey, table: int
) -> HttpResponse:
    """Show how a table is read; a POST says otherwise, imports it, drops it or takes it back."""
    upload: AnswerTable = get_object_or_404(survey.answer_tables, pk=table)
    if upload.state in AnswerTable.DONE:
        return _receipt(request, assessment, survey, upload)
    if request.method == "POST" and "look" not in request.POST:
        return _end(request, assessment, upload)
    form = _form(request, upload)
    if request.method == "POST" and form.is_valid():
        try:
            say(upload, form.chosen_options())
            _read_on(upload)
            return redirect("materiality:answer_table", assessment.pk, survey.pk, upload.pk)
        except RuleBroken as refusal:
            upload.refresh_from_db()
            form = _form(request, upload)
            form.full_clean()
            form.add_error(None, str(refusal))
    return _page(request, assessment, survey, upload, form)


def _form(request: HttpRequest, table: AnswerTable) -> TableReadingForm:
    return TableReadingForm(request.POST or None, table=table, plan=plan_of(table))


def _read_on(table: AnswerTable) -> None:
    """Read all rows as soon as nothing is left to be said."""
    if plan_of(table).questions:
        return
    if table.file.size > AT_ONCE:
        read_later(table)
    else:
        check(table)


def _end(request: HttpRequest, assessment: Assessment, table: AnswerTable) -> HttpResponse:
    """Import a table, drop it, or read it now instead of in the background."""
    if "drop" in request.POST:
        forget(table)
        return redirect("materiality:answer_tables", assessment.pk, table.survey_id)
    try:
        if "import" in request.POST:
            moved = import_answers(assessment=assessment, table=table, by=member(request))
            message = ngettext("%d answer is imported.", "%d answers are imported.", moved)
            messages.success(request, message % moved)
            return redirect("materiality:answer_tables", assessment.pk, table.survey_id)
        if "now" in request.POST:
            check(table)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return redirect("materiality:answer_table", assessment.pk, table.survey_id, table.pk)


def _receipt(
    request: HttpRequest, assessment: Assessment, survey: Survey, table: AnswerTable
) -> HttpResponse:
    """Show what an import did; a POST takes it back."""
    if request.method == "POST" and "take_back" in request.POST:
        try:
            count = take_back_answers(assessment=assessment, table=table, by=member(request))
            message = ngettext("%d answer is taken back.", "%d answers are taken back.", count)
            messages.success(request, message % count)
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
        return redirect("materiality:answer_tables", assessment.pk, survey.pk)
    facts = {"table": table, "summary": shown_summary(table)}
    return show_survey(request, assessment, survey, "answer_table", **facts)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    survey: Survey,
    table: AnswerTable,
    form: TableReadingForm,
) -> HttpResponse:
    plan = form.plan
    facts: dict[str, Any] = {
        "table": table,
        "form": form,
        "asks": [(one, sentence_of(one, plan)) for one in plan.questions],
        "steps": {one.step for one in plan.questions},
        "remembers": any(one.is_remembered for one in plan.questions),
        "summary": shown_summary(table) if table.summary else None,
    }
    if table.state == AnswerTable.State.CHECKED and table.summary.get("asks"):
        facts["asks_who"] = _("Say whether these are the people of an earlier import.")
    return show_survey(request, assessment, survey, "answer_table", **facts)
