"""Answers from elsewhere in three steps: the file, what its columns mean, what was read."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext

from materiality.actions.importing import import_answers
from materiality.models import Assessment
from materiality.web.access import member, show_survey, survey_page
from materiality.web.ask.importing_forms import AnswersFileForm, MeaningsForm
from materiality.web.fields import refusals_on
from surveys.actions.answer_tables import check, forget, name_columns, read_table, take_table
from surveys.errors import RuleBroken
from surveys.models import AnswerTable, Survey
from surveys.models.organisations import MAY_EDIT
from surveys.tables.upload import on_disk

AT_ONCE = 2 << 20
"""Bytes of a file that is read while the page waits; longer ones are read in the background."""


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
def answer_tables(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """List the tables of a survey; a POST hands in another."""
    form = AnswersFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on(form, "file"), on_disk(file) as content:
            table = take_table(survey, content, file.name, member(request))
            return redirect("materiality:answer_table", assessment.pk, survey.pk, table.pk)
    tables = survey.answer_tables.select_related("by")
    facts = {"form": form, "tables": tables}
    return show_survey(request, assessment, survey, "answers", **facts)


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
def answer_table(
    request: HttpRequest, assessment: Assessment, survey: Survey, table: int
) -> HttpResponse:
    """Show what was read of a table; a POST says what it means, imports it or drops it."""
    found: AnswerTable = get_object_or_404(survey.answer_tables, pk=table)
    if found.state == AnswerTable.State.IMPORTED:
        return _page(request, assessment, survey, found)
    form = MeaningsForm(request.POST if "check" in request.POST else None, table=found)
    try:
        if request.method == "POST" and (not form.is_bound or form.is_valid()):
            return _done(request, assessment, found, form)
    except RuleBroken as refusal:
        form = MeaningsForm(request.POST, table=found)
        form.full_clean()
        form.add_error(None, str(refusal))
    return _page(request, assessment, survey, found, form)


def _done(
    request: HttpRequest, assessment: Assessment, table: AnswerTable, form: MeaningsForm
) -> HttpResponse:
    if "drop" in request.POST:
        forget(table)
        return redirect("materiality:answer_tables", assessment.pk, table.survey_id)
    if "import" in request.POST:
        moved = import_answers(assessment=assessment, table=table, by=member(request))
        said = ngettext("%d answer is imported.", "%d answers are imported.", moved)
        messages.success(request, said % moved)
        return redirect("materiality:answer_tables", assessment.pk, table.survey_id)
    if form.is_bound:
        name_columns(table, **form.told())
    if table.file.size > AT_ONCE and "now" not in request.POST:
        read_table.enqueue(table.pk)
    else:
        check(table)
    return redirect("materiality:answer_table", assessment.pk, table.survey_id, table.pk)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    survey: Survey,
    table: AnswerTable,
    form: MeaningsForm | None = None,
) -> HttpResponse:
    staged = table.staged.values_list("audience").annotate(rows=Count("pk"))
    fresh = dict(staged) if table.state == AnswerTable.State.CHECKED else {}
    facts: dict[str, Any] = {
        "table": table,
        "form": form,
        "fresh": [(one, fresh[one.pk]) for one in survey.audiences.all() if one.pk in fresh],
        "total": sum(fresh.values()),
    }
    return show_survey(request, assessment, survey, "answer_table", **facts)
