"""The way through a questionnaire: rating pages, the other kinds, last words."""

from django.http import HttpRequest, HttpResponse

from surveys.kinds import KINDS, kinds_of
from surveys.questionnaire.questionnaires import Questionnaire
from surveys.views.visitors import go
from surveys.visit.visits import Visit

Step = tuple[str, int]
"""The name of a page's address, and its number."""

ORDER = ("page", *(kind.step for kind in KINDS), "end")


def fields_of(request: HttpRequest, letter: str) -> dict[str, str]:
    """Return the fields called by a letter and a number: number → value."""
    return {
        name[1:]: str(value)
        for name, value in request.POST.items()
        if name[:1] == letter and name[1:].isdecimal()
    }


def begins_with_a_page(form: Questionnaire) -> bool:
    """Tell whether the first page is shown before anything is stored; its answers then begin.

    Where a box has to be ticked, or a part is drawn, the landing page's button stores that.
    """
    return form.survey.is_anonymous and form.topics == len(form.items)


def beside(
    request: HttpRequest, token: str, visit: Visit, name: str, number: int = 1, by: int = 1
) -> HttpResponse:
    """Go to the step after this one, or before it; before the first stands the landing page."""
    step = step_beside(visit, name, number, by)
    if step is None:
        return go(request, "landing", token)
    return go(request, step[0], token, *numbers(step))


def numbers(step: Step) -> list[int]:
    """Return what the address of a step holds besides the token."""
    name, number = step
    return [] if name == "end" else [number]


def step_beside(visit: Visit, name: str, number: int, by: int) -> Step | None:
    """Return the step after this one, or the one before it; None before the first."""
    here, steps = _place((name, number)), steps_of(visit)
    if by > 0:
        return next((step for step in steps if _place(step) > here), steps[-1])
    before = [step for step in steps if _place(step) < here]
    return before[-1] if before else None


def _place(step: Step) -> tuple[int, int]:
    name, number = step
    return ORDER.index(name), number


def steps_of(visit: Visit) -> list[Step]:
    """Return the steps of one person in order."""
    form, draft = visit.form, visit.draft
    steps = [("page", number) for number in range(1, form.page_count + 1)]
    if draft is None:
        return [*steps, ("end", 1)]
    for kind in kinds_of(form.survey):
        steps += [(kind.step, number) for number in range(1, kind.pages(form, draft) + 1)]
    return [*steps, ("end", 1)]


def is_last_page(form: Questionnaire, number: int) -> bool:
    """Tell whether a rating page is the last of all: then it asks for last words and is submitted.

    Where other kinds follow, last words have a page of their own after them.
    """
    return number == form.page_count and not form.survey.kinds
