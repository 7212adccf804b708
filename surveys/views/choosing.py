"""After the ratings: the three that matter most, and the best and worst of small sets."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from surveys.actions import answer
from surveys.errors import ConsentMissing, InvalidAnswers
from surveys.languages import CODES
from surveys.questionnaire.questionnaires import Item
from surveys.views.pages import page
from surveys.views.steps import asks_top, beside, sent, steps_of
from surveys.views.visitors import go, not_open, respondent_page, visit_of
from surveys.visit.picks import MOST, SETS_A_PAGE, rated_items
from surveys.visit.visits import Visit

Chosen = Mapping[str, str]


@respondent_page
def top(request: HttpRequest, token: str) -> HttpResponse:
    """Tap up to three of the topics one has rated."""
    if request.method == "POST":
        return _keep(request, token, "top", 1, _tapped(request, token))
    return _shown(request, token, "top", 1)


@respondent_page
def best(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Choose the best and the worst of a few sets."""
    if request.method == "POST":
        ends = {f"{end}{key}": value for end in "bw" for key, value in sent(request, end).items()}
        return _keep(request, token, "best", number, ends)
    return _shown(request, token, "best", number)


def _tapped(request: HttpRequest, token: str) -> dict[str, str]:
    """Return every box of the page: browsers do not send those that are empty."""
    taps = {f"t{key}": value for key, value in sent(request, "t").items()}
    visit = visit_of(token)
    if "autosave" in request.POST or visit.draft is None:
        return taps
    boxes = {f"t{item.first}": "" for item in rated_items(visit.form, visit.draft.ratings)}
    return boxes | taps


def _keep(request: HttpRequest, token: str, name: str, number: int, chosen: Chosen) -> HttpResponse:
    try:
        visit = answer.save(token, {}, chosen=chosen)
    except ConsentMissing:
        return go(request, "landing", token)
    except InvalidAnswers as error:
        return _page(visit_of(token), name, number, chosen, error)
    if "autosave" in request.POST:
        return HttpResponse(status=204)
    if request.POST.get("lang") in CODES:
        return go(request, name, token, *([number] if name == "best" else []))
    by = -1 if request.POST.get("go") == "back" else 1
    return beside(request, token, visit, name, number, by)


def _shown(request: HttpRequest, token: str, name: str, number: int) -> HttpResponse:
    visit = visit_of(token)
    if not visit.is_open:
        return not_open(visit)
    if visit.draft is None:
        return go(request, "landing", token)
    if name == "top" and not asks_top(visit):
        return beside(request, token, visit, "top")
    if name == "best" and (2, number) not in steps_of(visit):
        return beside(request, token, visit, "best")
    return _page(visit, name, number, _chosen(visit))


def _chosen(visit: Visit) -> Chosen:
    """Return the draft's picks as the form names them."""
    picks = visit.draft.picks if visit.draft else {}
    taps = {f"t{item}": "1" for item in picks.get("top", [])}
    ends = {
        f"{end[0]}{number}": str(item)
        for end in ("best", "worst")
        for number, item in picks.get(end, {}).items()
    }
    return taps | ends


def _page(
    visit: Visit, name: str, number: int, chosen: Chosen, error: InvalidAnswers | None = None
) -> HttpResponse:
    facts = _boxes(visit, chosen) if name == "top" else _sets(visit, number, chosen)
    return page(
        name,
        visit.form.survey,
        status=400 if error else 200,
        form=visit.form,
        error=error,
        key=visit.token_hash[:16],
        **facts,
    )


def _boxes(visit: Visit, chosen: Chosen) -> dict[str, Any]:
    rated = rated_items(visit.form, visit.draft.ratings) if visit.draft else []
    return {"most": MOST, "boxes": [(item, bool(chosen.get(f"t{item.first}"))) for item in rated]}


def _sets(visit: Visit, number: int, chosen: Chosen) -> dict[str, Any]:
    sets = list(enumerate(visit.form.sets(visit.draft.draw if visit.draft else None)))
    return {
        "of": len(sets),
        "sets": [
            (at, [_ends(item, at, chosen) for item in items])
            for at, items in sets[(number - 1) * SETS_A_PAGE :][:SETS_A_PAGE]
        ],
    }


def _ends(item: Item, at: int, chosen: Chosen) -> tuple[Item, bool, bool]:
    value = str(item.first)
    return item, chosen.get(f"b{at}") == value, chosen.get(f"w{at}") == value
