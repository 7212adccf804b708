"""The way through a questionnaire: rating pages, the top three, best and worst, last words."""

from django.http import HttpRequest, HttpResponse

from surveys.views.visitors import go
from surveys.visit.picks import MOST, SETS_A_PAGE, rated_items
from surveys.visit.visits import Visit

NAMES = ("page", "top", "best", "end")
NUMBERED = ("page", "best")


def sent(request: HttpRequest, letter: str) -> dict[str, str]:
    """Return the fields called by a letter and a number: number → value."""
    return {
        name[1:]: str(value)
        for name, value in request.POST.items()
        if name[:1] == letter and name[1:].isdecimal()
    }


def beside(
    request: HttpRequest, token: str, visit: Visit, name: str, number: int = 1, by: int = 1
) -> HttpResponse:
    """Go to the step after this one, or before it; before the first stands the landing page."""
    here, steps = (NAMES.index(name), number), steps_of(visit)
    if by > 0:
        rank, number = next((step for step in steps if step > here), steps[-1])
    elif before := [step for step in steps if step < here]:
        rank, number = before[-1]
    else:
        return go(request, "landing", token)
    name = NAMES[rank]
    return go(request, name, token, *([number] if name in NUMBERED else []))


def steps_of(visit: Visit) -> list[tuple[int, int]]:
    """Return the steps in order, each as its place in `NAMES` and its number."""
    form, draft = visit.form, visit.draft
    pages = [(0, number) for number in range(1, form.page_count + 1)]
    top = [(1, 1)] if asks_top(visit) else []
    sets = len(form.sets(draft.draw)) if draft else 0
    best = [(2, number) for number in range(1, -(-sets // SETS_A_PAGE) + 1)]
    return [*pages, *top, *best, (3, 1)]


def asks_top(visit: Visit) -> bool:
    """Tell whether there is something to choose: more rated topics than may be tapped."""
    if not visit.form.survey.top_three or visit.draft is None:
        return False
    return len(rated_items(visit.form, visit.draft.ratings)) > MOST
