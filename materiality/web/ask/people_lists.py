"""A list of people in three steps: the file, what its columns are, and adding row by row."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.actions import invite_list
from materiality.models import Assessment
from materiality.web.access import member, show_survey, survey_page
from materiality.web.ask.invitations_forms import ColumnsForm, ListFileForm
from materiality.web.fields import refusals_on
from surveys.actions import lists
from surveys.errors import Conflict, RuleBroken
from surveys.models import PeopleList, Survey
from surveys.models.organisations import MAY_EDIT
from surveys.people.columns import read_list
from surveys.people.rows import Checked, check_list
from surveys.tables.target import questionnaire_of
from surveys.tables.upload import on_disk

SHOWN = 10
MOST_ERRORS = 200
AT_ONCE = 2000
"""Rows that are added while the page waits; longer lists are added in the background."""


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
def people_list(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Take a file; show what it holds and take what its columns are; show how far adding is."""
    if request.method == "POST" and ("file" in request.FILES or "upload" in request.POST):
        return _upload(request, assessment, survey)
    people = PeopleList.objects.last_of(survey, member(request))
    if people is None or people.state != PeopleList.State.MAPPING:
        return _state(request, assessment, survey, people)
    if not people.rows:
        return show_survey(request, assessment, survey, "people_list", upload=ListFileForm())
    if "drop" in request.POST:
        lists.empty(people)
        return redirect("materiality:people_list", assessment.pk, survey.pk)
    return _mapping(request, assessment, survey, people)


def _upload(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    form = ListFileForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_on(form, "file"):
            with on_disk(form.cleaned_data["file"]) as content:
                table = read_list(content, form.said(), questionnaire_of(survey).group_of)
            lists.hand_in(survey, table, member(request))
            return redirect("materiality:people_list", assessment.pk, survey.pk)
    return show_survey(request, assessment, survey, "people_list", upload=form)


def _mapping(
    request: HttpRequest, assessment: Assessment, survey: Survey, waiting: PeopleList
) -> HttpResponse:
    initial: dict[str, Any] = {name: str(at) for name, at in waiting.columns.items()}
    initial["everybody"] = waiting.audience
    before = _check(None, waiting)
    form = ColumnsForm(
        request.POST or None,
        header=waiting.header,
        survey=survey,
        unknown=before.unknown if before else {},
        said=waiting.said,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        everybody = form.cleaned_data["everybody"]
        lists.map_columns(waiting, form.columns(), everybody, form.said())
        if "import" in request.POST:
            with refusals_on(form):
                _begin(request, assessment, waiting)
                return redirect("materiality:people_list", assessment.pk, survey.pk)
        if "check" in request.POST and _has_new_questions(before, waiting):
            return redirect("materiality:people_list", assessment.pk, survey.pk)
    checked = _check(form, waiting)
    return show_survey(
        request,
        assessment,
        survey,
        "people_list",
        form=form,
        waiting=waiting,
        checked=checked,
        first=list(enumerate(waiting.rows[:SHOWN], start=waiting.first)),
        silent=sum(one.reach != "open" for _audience, one in checked.people) if checked else 0,
        errors=checked.errors[:MOST_ERRORS] if checked else [],
        unreachable=sum(not one.email for _audience, one in checked.people) if checked else 0,
    )


def _begin(request: HttpRequest, assessment: Assessment, waiting: PeopleList) -> None:
    try:
        invite_list(assessment=assessment, people=waiting, by=member(request))
    except Conflict:  # it was pressed twice: the page shows how far it is
        return
    if len(waiting.rows) > AT_ONCE:
        lists.add_list.enqueue(waiting.pk)
    else:
        lists.add(waiting.pk)


def _has_new_questions(before: Checked | None, waiting: PeopleList) -> bool:
    """Tell whether a page made anew would ask something else than the form that was sent."""
    after = _check(None, waiting)
    return after is not None and (before is None or after.unknown != before.unknown)


def _check(form: ColumnsForm | None, waiting: PeopleList) -> Checked | None:
    try:
        return check_list(waiting)
    except RuleBroken as refusal:
        if form is not None and form.is_bound and not form.errors:
            form.add_error(None, str(refusal))
        return None


def _state(
    request: HttpRequest, assessment: Assessment, survey: Survey, people: PeopleList | None
) -> HttpResponse:
    """Show how far a list is, then what became of its rows; a POST of `now` adds the rest."""
    if people and people.state == PeopleList.State.ADDING:
        if "now" in request.POST:
            lists.add(people.pk)
            return redirect("materiality:people_list", assessment.pk, survey.pk)
        share = 100 * people.read // people.total
        return show_survey(request, assessment, survey, "people_list", adding=people, share=share)
    facts: dict[str, Any] = {"upload": ListFileForm()}
    if people:
        facts |= {"said": _sentences(people), "of": people.at, "errors": people.problems}
    return show_survey(request, assessment, survey, "people_list", **facts)


def _sentences(people: PeopleList) -> list[str]:
    """Say what became of the rows, one sentence each."""
    messages = [ngettext("%d person added.", "%d people added.", people.added) % people.added]
    if known := people.known:
        words = ngettext("%d was on the list already.", "%d were on the list already.", known)
        messages.append(words % known)
    if errors := people.problem_count:
        messages.append(ngettext("%d row was not used.", "%d rows were not used.", errors) % errors)
    if left := people.total - people.read:
        words = _(
            "%d rows were not read: the survey was sealed, or their group removed, meanwhile."
        )
        messages.append(words % left)
    return messages
