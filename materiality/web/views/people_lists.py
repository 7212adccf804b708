"""A list of people in two steps: the file, then what its columns are, with every row checked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from materiality.actions import invite_people
from materiality.models import Assessment
from materiality.web.access import show_survey, survey_page
from materiality.web.forms.invitations import ColumnsForm, ListFileForm
from materiality.web.views.asking import state_of
from surveys.actions import lists
from surveys.errors import RuleBroken
from surveys.models import PeopleList, Survey
from surveys.models.organisations import MAY_EDIT
from surveys.people import Checked
from surveys.tables import read_table

SHOWN = 10
MOST_ERRORS = 200


@survey_page(write=MAY_EDIT, read=MAY_EDIT)
def people_list(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Take a file; then show what it holds and take what its columns are; then invite."""
    if request.method == "POST" and ("file" in request.FILES or "upload" in request.POST):
        return _uploaded(request, assessment, survey)
    waiting = lists.waiting(survey, request.user)  # type: ignore[arg-type]
    if waiting is None:
        return _page(request, assessment, survey, upload=ListFileForm())
    if "drop" in request.POST:
        lists.empty(waiting)
        return redirect("materiality:people_list", assessment.pk, survey.pk)
    return _mapped(request, assessment, survey, waiting)


def _uploaded(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    form = ListFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            table = read_table(form.cleaned_data["file"].read())
            lists.hand_in(survey, table, request.user)  # type: ignore[arg-type]
            return redirect("materiality:people_list", assessment.pk, survey.pk)
        except RuleBroken as refusal:
            form.add_error("file", str(refusal))
    return _page(request, assessment, survey, upload=form)


def _mapped(
    request: HttpRequest, assessment: Assessment, survey: Survey, waiting: PeopleList
) -> HttpResponse:
    initial: dict[str, Any] = {name: str(at) for name, at in waiting.columns.items()}
    initial["everybody"] = waiting.audience
    form = ColumnsForm(request.POST or None, header=waiting.header, survey=survey, initial=initial)
    if request.method == "POST" and form.is_valid():
        lists.map_columns(waiting, form.columns(), form.cleaned_data["everybody"])
    checked = _checked(form, waiting)
    if checked and "import" in request.POST and form.is_valid():
        return _imported(request, assessment, survey, waiting, checked)
    return _page(
        request,
        assessment,
        survey,
        form=form,
        waiting=waiting,
        checked=checked,
        first=list(enumerate(waiting.rows[:SHOWN], start=2)),
        errors=checked.errors[:MOST_ERRORS] if checked else [],
    )


def _checked(form: ColumnsForm, waiting: PeopleList) -> Checked | None:
    try:
        return lists.checked(waiting)
    except RuleBroken as refusal:
        if form.is_bound:
            form.add_error(None, str(refusal))
        return None


def _imported(
    request: HttpRequest,
    assessment: Assessment,
    survey: Survey,
    waiting: PeopleList,
    checked: Checked,
) -> HttpResponse:
    added = invite_people(
        assessment=assessment,
        survey=survey,
        people=checked.people,
        by=request.user,  # type: ignore[arg-type]
    )
    lists.empty(waiting)
    known = checked.known + len(checked.people) - added
    return _page(
        request,
        assessment,
        survey,
        upload=ListFileForm(),
        said=_said(added, known, len(checked.errors)),
        errors=checked.errors[:MOST_ERRORS],
    )


def _said(added: int, known: int, errors: int) -> list[str]:
    """Say what became of the rows, one sentence each."""
    said = [ngettext("%d person added.", "%d people added.", added) % added]
    if known:
        words = ngettext("%d was on the list already.", "%d were on the list already.", known)
        said.append(words % known)
    if errors:
        said.append(ngettext("%d row was not used.", "%d rows were not used.", errors) % errors)
    return said


def _page(
    request: HttpRequest, assessment: Assessment, survey: Survey, **facts: Any
) -> HttpResponse:
    state = state_of(survey)
    return show_survey(request, assessment, survey, "people_list", state=state, **facts)
