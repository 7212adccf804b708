"""The questions, page by page: /r/<token>/<page>/."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from surveys.actions import answer
from surveys.errors import Conflict, ConsentMissing, InvalidAnswers
from surveys.languages import CODES
from surveys.questionnaire.checks import LONGEST_COMMENT
from surveys.questionnaire.questionnaires import Page
from surveys.views.pages import heading, item_html, page_with_holes, shown_again
from surveys.views.pages import page as plain_page
from surveys.views.steps import beside, fields_of, is_last_page
from surveys.views.thanks import submission, thanks
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
        return _ask_again(visit, items, number, visit.draft.ratings)
    return _ask(visit, items, number, visit.draft.ratings)


def _save(request: HttpRequest, token: str, number: int) -> HttpResponse:
    page = Sent(fields_of(request, "q"), fields_of(request, "r"), request.POST.get("comment"))
    try:
        if _is_handed_in(request, token, number, page.answers):
            facts = {"answers": page.answers, "remarks": page.remarks, **submission(request)}
            visit, draft = answer.hand_in(token, comment=page.comment or "", **facts)
            return thanks(request, token, visit, draft)
        visit = answer.save(token, page.answers, page.comment, remarks=page.remarks)
    except ConsentMissing:
        return go(request, "landing", token)
    except (InvalidAnswers, Conflict) as error:
        return _refuse(token, number, page, error)
    if "autosave" in request.POST:
        return HttpResponse(status=204)
    return _onwards(request, token, number, visit)


@dataclass(frozen=True)
class Sent:
    """What one page sent: ratings and remarks by question, and the last words if it asks them."""

    answers: Mapping[str, str]
    remarks: Mapping[str, str]
    comment: str | None


def _is_handed_in(
    request: HttpRequest, token: str, number: int, answers: Mapping[str, str]
) -> bool:
    """Tell whether the last page was submitted, and nobody has to be asked for what is blank."""
    buttons = {"autosave", "lang", "go"} & set(request.POST)
    if "submission" not in request.POST or buttons:
        return False
    if "warned" in request.POST or request.POST.get("of") == str(len(answers)):
        return True
    return not _left_blank(visit_of(token), number, answers)


def _onwards(request: HttpRequest, token: str, number: int, visit: Visit) -> HttpResponse:
    """Go where the pressed button leads; once a page, ask for what was left blank."""
    if request.POST.get("lang") in CODES:
        return go(request, "page", token, number)
    if request.POST.get("go") == "back":
        return beside(request, token, visit, "page", number, by=-1)
    if "warned" not in request.POST and _left_blank(visit, number):
        return go(request, "page", token, number, unanswered="1")
    return beside(request, token, visit, "page", number)


def _left_blank(
    visit: Visit, number: int, answers: Mapping[str, str] = MappingProxyType({})
) -> bool:
    ratings = visit.draft.ratings if visit.draft else {}
    pages = visit.form.pages(visit.token_hash)
    if not 1 <= number <= len(pages):
        return False
    again = shown_again(answers, visit.form.survey.points)
    return bool(_blanks(pages[number - 1], {**ratings, **again}))


def _refuse(token: str, number: int, page: Sent, error: InvalidAnswers | Conflict) -> HttpResponse:
    """Show the page again with what was chosen and written, and say what was wrong."""
    visit = visit_of(token)
    pages = visit.form.pages(visit.token_hash)
    number = min(max(number, 1), len(pages))
    again = shown_again(page.answers, visit.form.survey.points)
    ratings = (visit.draft.ratings if visit.draft else {}) | again
    return _ask_again(visit, pages[number - 1], number, ratings, page, error)


def _ask(visit: Visit, items: Page, number: int, ratings: Mapping[str, int]) -> HttpResponse:
    said = _remarks(visit)
    html = [item_html(item, ratings, remarks=said) for item in items]
    is_last = is_last_page(visit.form, number)
    of = sum(len(item.questions) for item in items)
    return page_with_holes(
        "page",
        visit.form,
        {
            "answered": len(ratings),
            "asked": len(visit.form.asked),
            "key": visit.token_hash[:16],
            "items": mark_safe("".join(html)),  # noqa: S308 (rendered by templates)
            **(_last_words(visit) if is_last else {}),
        },
        number=number,
        last=is_last,
        of=of,
        longest=LONGEST_COMMENT,
        anything=bool(ratings),
        **heading(items, visit.form.survey),
    )


def _last_words(visit: Visit, page: Sent | None = None) -> dict[str, str]:
    """Return the comment, as it was just written or as it is kept, and the name of a submission."""
    comment = visit.draft.comment if visit.draft else ""
    if page and page.comment is not None:
        comment = page.comment
    return {"comment": comment, "submission": str(uuid4())}


def _ask_again(
    visit: Visit,
    items: Page,
    number: int,
    ratings: Mapping[str, int],
    page: Sent | None = None,
    error: InvalidAnswers | Conflict | None = None,
) -> HttpResponse:
    said = _remarks(visit)
    if said is not None and page:
        said = {**said, **page.remarks}
    html = [item_html(item, ratings, warn=error is None, remarks=said) for item in items]
    return plain_page(
        "page",
        visit.form.survey,
        status=_status(error),
        form=visit.form,
        error=error,
        number=number,
        last=is_last_page(visit.form, number),
        longest=LONGEST_COMMENT,
        answered=len(ratings),
        asked=len(visit.form.asked),
        blanks=[] if error else _blanks(items, ratings),
        items=mark_safe("".join(html)),  # noqa: S308 (rendered by templates)
        key=visit.token_hash[:16],
        anything=bool(ratings),
        **_last_words(visit, page),
        **heading(items, visit.form.survey),
    )


def _status(error: InvalidAnswers | Conflict | None) -> int:
    if error is None:
        return 200
    return 409 if isinstance(error, Conflict) else 400


def _remarks(visit: Visit) -> Mapping[str, str] | None:
    """Return what was remarked so far, or None where no remarks are asked for."""
    if not visit.form.survey.topic_comments:
        return None
    return visit.draft.remarks if visit.draft else {}


def _blanks(items: Page, ratings: Mapping[str, int]) -> Page:
    return [item for item in items if item.is_blank(ratings)]
