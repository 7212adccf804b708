"""The questions, page by page: /r/<token>/<page>/."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from surveys.actions import answer
from surveys.actions.drafts import Agreement
from surveys.errors import Conflict, ConsentMissing, InvalidAnswers
from surveys.languages import CODES
from surveys.questionnaire.checks import LONGEST_COMMENT
from surveys.questionnaire.consent import is_consent
from surveys.questionnaire.questionnaires import Page
from surveys.views.pages import heading, item_html, page_with_holes, shown_again
from surveys.views.pages import page as plain_page
from surveys.views.steps import begins_with_a_page, beside, fields_of, is_last_page, step_beside
from surveys.views.thanks import submission, thanks
from surveys.views.visitors import address, go, not_open, respondent_page, turned_to, visit_of
from surveys.visit.visits import Visit

LONGEST_SEEN = 24 * 60 * 60  # seconds
_SEEN = re.compile(r"(?P<version>\d{1,4})-(?P<since>\d{1,12})", re.ASCII)


@respondent_page
def page(request: HttpRequest, token: str, number: int) -> HttpResponse:
    if request.method == "POST":
        return _save(request, token, number)
    visit = visit_of(token)
    if not visit.is_open:
        return not_open(visit)
    if visit.draft is None:
        return _first(request, token, visit, number)
    pages = visit.form.pages(visit.token_hash)
    if not 1 <= number <= len(pages):
        return go(request, "page", token, 1)
    items = pages[number - 1]
    if "unanswered" in request.GET and _blanks(items, visit.draft.ratings):
        return _ask_again(visit, items, number, visit.draft.ratings)
    return _ask(visit, number)


def _first(request: HttpRequest, token: str, visit: Visit, number: int) -> HttpResponse:
    """Show the first page to who has agreed. Nothing is stored before its answers come."""
    is_agreed = is_consent(visit.form.survey, request.GET.get("consent", ""))
    if number != 1 or not is_agreed or not begins_with_a_page(visit.form):
        return go(request, "landing", token)
    return _ask(visit, number, seen=f"{visit.version}-{int(time.time())}")


def _agreement(consent: str | None, seen: str) -> Agreement | None:
    """Return what begins the answers of a first page; None of any other page."""
    parts = _SEEN.fullmatch(seen)
    if parts is None or consent is None:
        return None
    now = int(time.time())
    since = min(max(int(parts["since"]), now - LONGEST_SEEN), now)
    return Agreement(consent, since=since, version=int(parts["version"]))


def _save(request: HttpRequest, token: str, number: int) -> HttpResponse:
    comment, seen = request.POST.get("comment"), request.POST.get("seen", "")
    page = Sent(fields_of(request, "q"), fields_of(request, "r"), comment, seen)
    agreement = _agreement(request.GET.get("consent"), seen)
    try:
        if _is_handed_in(request, token, number, page.answers):
            facts = {"answers": page.answers, "remarks": page.remarks, **submission(request)}
            facts |= {"comment": page.comment or "", "agreement": agreement}
            visit, draft = answer.hand_in(token, **facts)
            return thanks(request, token, visit, draft)
        visit = answer.save(
            token, page.answers, page.comment, remarks=page.remarks, agreement=agreement
        )
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
    seen: str
    """Of a first page whose answers begin: the wording, and the time it was shown."""


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
    by = -1 if request.POST.get("go") == "back" else 1
    if by > 0 and "warned" not in request.POST and _left_blank(visit, number):
        return go(request, "page", token, number, unanswered="1")
    step = step_beside(visit, "page", number, by)
    if "script" in request.POST and step and step[0] == "page":
        return turned_to(_ask(visit, step[1]), address(request, "page", token, step[1]))
    return beside(request, token, visit, "page", number, by)


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


def _ask(visit: Visit, number: int, seen: str = "") -> HttpResponse:
    """Return a page of questions. `seen`: as in `Sent`."""
    items = visit.form.pages(visit.token_hash)[number - 1]
    ratings = visit.draft.ratings if visit.draft else {}
    remarks = _remarks(visit)
    html = [item_html(item, ratings, remarks=remarks) for item in items]
    is_last = is_last_page(visit.form, number)
    of = sum(len(item.questions) for item in items)
    return page_with_holes(
        "page",
        visit.form,
        {
            "answered": len(ratings),
            "asked": len(visit.form.questions),
            "key": visit.token_hash[:16],
            "items": mark_safe("".join(html)),  # noqa: S308 (rendered by templates)
            **(_last_words(visit) if is_last else {}),
            **({"seen": seen} if seen else {}),
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
    remarks = _remarks(visit)
    if remarks is not None and page:
        remarks = {**remarks, **page.remarks}
    html = [item_html(item, ratings, warn=error is None, remarks=remarks) for item in items]
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
        asked=len(visit.form.questions),
        blanks=[] if error else _blanks(items, ratings),
        items=mark_safe("".join(html)),  # noqa: S308 (rendered by templates)
        key=visit.token_hash[:16],
        anything=bool(ratings),
        seen=page.seen if page and visit.draft is None else "",
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
