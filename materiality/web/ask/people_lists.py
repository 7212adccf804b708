"""A list of people in three steps: the file, what its columns are, and adding row by row."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.actions import invite_list, take_over_list
from materiality.models import Assessment
from materiality.selectors.rounds import survey_before
from materiality.web.access import member, show_survey, survey_page
from materiality.web.ask.invitations_forms import ColumnsForm, ListFileForm, ListReadingForm
from materiality.web.fields import refusals_on
from surveys.actions import lists
from surveys.errors import Conflict, RuleBroken
from surveys.models import PeopleList, Survey
from surveys.models.organisations import MAY_EDIT
from surveys.people.earlier import Changes, changes_since, listed_people
from surveys.people.rows import Checked, check_list
from surveys.tables.plan import TableOptions
from surveys.tables.upload import on_disk

SHOWN = 10
MOST_ERRORS = 200
AT_ONCE = 2000
"""Rows that are added while the page waits; longer lists are added in the background."""


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
def people_list(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Take a file; show what it holds and take what its columns are; show how far adding is."""
    if request.method == "POST" and ("file" in request.FILES or "upload" in request.POST):
        return _uploaded(request, assessment, survey)
    if "take_over" in request.POST:
        return _taken_over(request, assessment, survey)
    people = PeopleList.objects.last_of(survey, member(request))
    if people is None or people.state != PeopleList.State.MAPPING:
        return _state(request, assessment, survey, people)
    if not (people.rows or people.waits):
        return _empty(request, assessment, survey, ListFileForm())
    if "drop" in request.POST:
        lists.empty(people)
        return redirect("materiality:people_list", assessment.pk, survey.pk)
    if "look" in request.POST or people.waits:
        return _read(request, assessment, survey, people)
    return _mapping(request, assessment, survey, people)


def _empty(
    request: HttpRequest, assessment: Assessment, survey: Survey, form: ListFileForm, **facts: Any
) -> HttpResponse:
    """Show the page before anything is handed in, with last round's list if there is one."""
    before = survey_before(assessment, survey)
    count = listed_people(before).count() if before and not survey.is_sealed else 0
    facts |= {"upload": form, "last_list": before, "last_count": count}
    return show_survey(request, assessment, survey, "people_list", **facts)


def _uploaded(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    form = ListFileForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_on(form, "file"):
            file = form.cleaned_data["file"]
            before = survey_before(assessment, survey)
            with on_disk(file) as content:
                lists.take_file(survey, content, file.name, member(request), before)
            return redirect("materiality:people_list", assessment.pk, survey.pk)
    return _empty(request, assessment, survey, form)


def _taken_over(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    try:
        take_over_list(assessment=assessment, survey=survey, by=member(request))
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return redirect("materiality:people_list", assessment.pk, survey.pk)


def _read(
    request: HttpRequest, assessment: Assessment, survey: Survey, people: PeopleList
) -> HttpResponse:
    """Take how the file is to be read; show what must be said of it until that is done."""
    form = _reading(people, request.POST if "look" in request.POST else None)
    if form.is_valid():
        with refusals_on(form):
            lists.read_again(people, form.chosen_options())
            return redirect("materiality:people_list", assessment.pk, survey.pk)
    return show_survey(request, assessment, survey, "people_list", reading=form, waiting=people)


def _reading(people: PeopleList, sent: Any = None) -> ListReadingForm:
    return ListReadingForm(
        sent, places=lists.places_of(people), before=TableOptions.from_json(people.reading)
    )


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
        meanings=waiting.meanings,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        everybody = form.cleaned_data["everybody"]
        lists.map_columns(waiting, form.columns(), everybody, form.meanings())
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
        changes=_changes(waiting, checked),
        reading=_reading(waiting) if waiting.file else None,
        unreachable=sum(not one.email for _audience, one in checked.people) if checked else 0,
    )


def _changes(waiting: PeopleList, checked: Checked | None) -> Changes | None:
    if waiting.before is None or checked is None:
        return None
    return changes_since(waiting.before, checked, listed_people(waiting.survey))


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
    facts: dict[str, Any] = {}
    if people:
        facts = {"said": _sentences(people), "of": people.at, "errors": people.problems}
    return _empty(request, assessment, survey, ListFileForm(), **facts)


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
