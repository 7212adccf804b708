"""The questions, page by page: /r/<token>/<page>/."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from surveys.actions import answer
from surveys.errors import ConsentMissing, InvalidAnswers
from surveys.languages import CODES
from surveys.pages import heading, item_html, page_with_holes, shown_again
from surveys.pages import page as plain_page
from surveys.questionnaires import Page
from surveys.views.visitors import go, not_open, respondent_page, visit_of
from surveys.visits import Visit


@respondent_page
def page(request: HttpRequest, token: str, number: int) -> HttpResponse:
    if request.method == "POST":
        return _save(request, token, number)
    visit = visit_of(token)
    if not visit.is_open:
        return not_open(visit)
    if visit.draft is None:
        return go(request, "landing", token)
    pages = visit.form.pages(visit.token_hash)
    if not 1 <= number <= len(pages):
        return go(request, "page", token, 1)
    items = pages[number - 1]
    if "unanswered" in request.GET and _blanks(items, visit.draft.ratings):
        return _asked_again(visit, items, number, visit.draft.ratings)
    return _asked(visit, items, number, visit.draft.ratings)


def _save(request: HttpRequest, token: str, number: int) -> HttpResponse:
    answers = {name[1:]: value for name, value in request.POST.items() if _is_question(name)}
    try:
        visit = answer.save(token, answers, request.POST.get("comment"))
    except ConsentMissing:
        return go(request, "landing", token)
    except InvalidAnswers as error:
        return _refused(token, number, answers, error)
    if "autosave" in request.POST:
        return HttpResponse(status=204)
    return _onwards(request, token, number, visit)


def _is_question(name: str) -> bool:
    return name[:1] == "q" and name[1:].isdecimal()


def _onwards(request: HttpRequest, token: str, number: int, visit: Visit) -> HttpResponse:
    """Go where the pressed button leads; once a page, ask for what was left blank."""
    if request.POST.get("lang") in CODES:
        return go(request, "page", token, number)
    if request.POST.get("go") == "back":
        return _to(request, token, number - 1, visit)
    if "warned" not in request.POST and _left_blank(visit, number):
        return go(request, "page", token, number, unanswered="1")
    return _to(request, token, number + 1, visit)


def _to(request: HttpRequest, token: str, number: int, visit: Visit) -> HttpResponse:
    if number < 1:
        return go(request, "landing", token)
    if number > visit.form.page_count:
        return go(request, "end", token)
    return go(request, "page", token, number)


def _left_blank(visit: Visit, number: int) -> bool:
    ratings = visit.draft.ratings if visit.draft else {}
    pages = visit.form.pages(visit.token_hash)
    return 1 <= number <= len(pages) and bool(_blanks(pages[number - 1], ratings))


def _refused(
    token: str, number: int, answers: Mapping[str, Any], error: InvalidAnswers
) -> HttpResponse:
    """Show the page again with what was chosen, and say what was wrong."""
    visit = visit_of(token)
    pages = visit.form.pages(visit.token_hash)
    number = min(max(number, 1), len(pages))
    ratings = (visit.draft.ratings if visit.draft else {}) | shown_again(answers)
    return _asked_again(visit, pages[number - 1], number, ratings, error)


def _asked(visit: Visit, items: Page, number: int, ratings: Mapping[str, int]) -> HttpResponse:
    return page_with_holes(
        "page",
        visit.form,
        {
            "answered": len(ratings),
            "key": visit.token_hash[:16],
            "items": mark_safe("".join([item_html(item, ratings) for item in items])),  # noqa: S308
        },
        number=number,
        anything=bool(ratings),
        **heading(items, visit.form.survey),
    )


def _asked_again(
    visit: Visit,
    items: Page,
    number: int,
    ratings: Mapping[str, int],
    error: InvalidAnswers | None = None,
) -> HttpResponse:
    html = [item_html(item, ratings, warn=error is None) for item in items]
    return plain_page(
        "page",
        visit.form.survey,
        status=400 if error else 200,
        form=visit.form,
        error=error,
        number=number,
        answered=len(ratings),
        blanks=[] if error else _blanks(items, ratings),
        items=mark_safe("".join(html)),  # noqa: S308 (rendered by templates)
        key=visit.token_hash[:16],
        anything=bool(ratings),
        **heading(items, visit.form.survey),
    )


def _blanks(items: Page, ratings: Mapping[str, int]) -> Page:
    return [item for item in items if item.is_blank(ratings)]
