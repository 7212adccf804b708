"""The questions, page by page: /r/<token>/<page>/."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from surveys.actions import answer
from surveys.errors import ConsentMissing, InvalidAnswers
from surveys.languages import CODES
from surveys.questionnaire.questionnaires import Page
from surveys.views.pages import heading, item_html, page_with_holes, shown_again
from surveys.views.pages import page as plain_page
from surveys.views.steps import beside, sent
from surveys.views.visitors import go, not_open, respondent_page, visit_of
from surveys.visit.visits import Visit


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
    answers, remarks = sent(request, "q"), sent(request, "r")
    try:
        visit = answer.save(token, answers, request.POST.get("comment"), remarks=remarks)
    except ConsentMissing:
        return go(request, "landing", token)
    except InvalidAnswers as error:
        return _refused(token, number, answers, remarks, error)
    if "autosave" in request.POST:
        return HttpResponse(status=204)
    return _onwards(request, token, number, visit)


def _onwards(request: HttpRequest, token: str, number: int, visit: Visit) -> HttpResponse:
    """Go where the pressed button leads; once a page, ask for what was left blank."""
    if request.POST.get("lang") in CODES:
        return go(request, "page", token, number)
    if request.POST.get("go") == "back":
        return beside(request, token, visit, "page", number, by=-1)
    if "warned" not in request.POST and _left_blank(visit, number):
        return go(request, "page", token, number, unanswered="1")
    return beside(request, token, visit, "page", number)


def _left_blank(visit: Visit, number: int) -> bool:
    ratings = visit.draft.ratings if visit.draft else {}
    pages = visit.form.pages(visit.token_hash)
    return 1 <= number <= len(pages) and bool(_blanks(pages[number - 1], ratings))


def _refused(
    token: str,
    number: int,
    answers: Mapping[str, Any],
    remarks: Mapping[str, str],
    error: InvalidAnswers,
) -> HttpResponse:
    """Show the page again with what was chosen and written, and say what was wrong."""
    visit = visit_of(token)
    pages = visit.form.pages(visit.token_hash)
    number = min(max(number, 1), len(pages))
    ratings = (visit.draft.ratings if visit.draft else {}) | shown_again(answers)
    return _asked_again(visit, pages[number - 1], number, ratings, remarks, error)


def _asked(visit: Visit, items: Page, number: int, ratings: Mapping[str, int]) -> HttpResponse:
    said = _said(visit)
    html = [item_html(item, ratings, remarks=said) for item in items]
    return page_with_holes(
        "page",
        visit.form,
        {
            "answered": len(ratings),
            "asked": len(visit.form.asked),
            "key": visit.token_hash[:16],
            "items": mark_safe("".join(html)),  # noqa: S308 (rendered by templates)
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
    remarks: Mapping[str, str] = MappingProxyType({}),
    error: InvalidAnswers | None = None,
) -> HttpResponse:
    said = None if (before := _said(visit)) is None else {**before, **remarks}
    html = [item_html(item, ratings, warn=error is None, remarks=said) for item in items]
    return plain_page(
        "page",
        visit.form.survey,
        status=400 if error else 200,
        form=visit.form,
        error=error,
        number=number,
        answered=len(ratings),
        asked=len(visit.form.asked),
        blanks=[] if error else _blanks(items, ratings),
        items=mark_safe("".join(html)),  # noqa: S308 (rendered by templates)
        key=visit.token_hash[:16],
        anything=bool(ratings),
        **heading(items, visit.form.survey),
    )


def _said(visit: Visit) -> Mapping[str, str] | None:
    """Return what was remarked so far, or None where no remarks are asked for."""
    if not visit.form.survey.topic_comments:
        return None
    return visit.draft.remarks if visit.draft else {}


def _blanks(items: Page, ratings: Mapping[str, int]) -> Page:
    return [item for item in items if item.is_blank(ratings)]
