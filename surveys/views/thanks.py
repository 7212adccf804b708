"""Last words, thanks, withdrawal: /r/<token>/end/, /done/, /withdraw/."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.actions import answer
from surveys.actions.feedback import ask_for_feedback
from surveys.errors import Conflict, ConsentMissing, InvalidAnswers, RuleBroken
from surveys.languages import CODES
from surveys.models import CANNOT_JUDGE
from surveys.questionnaire import checks
from surveys.questionnaire.questionnaires import Questionnaire
from surveys.views.pages import page, page_with_holes
from surveys.views.steps import beside
from surveys.views.visitors import (
    address,
    came_of,
    go,
    not_open,
    respondent_page,
    turned_to,
    visit_of,
    withdrawn,
)
from surveys.visit.rates import FEEDBACK
from surveys.visit.visits import Draft, Visit


@respondent_page
def end(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _finish(request, token)
    visit = visit_of(token)
    if not visit.is_open:
        return not_open(visit)
    if visit.draft is None:
        return go(request, "landing", token)
    holes = _last_words(visit, visit.draft.comment)
    return page_with_holes("end", visit.form, holes, longest=checks.LONGEST_COMMENT)


def _finish(request: HttpRequest, token: str) -> HttpResponse:
    comment = request.POST.get("comment", "")
    try:
        if "lang" in request.POST or request.POST.get("go") == "back":
            return _leave_end(request, token, answer.save(token, {}, comment))
        visit, draft = answer.hand_in(token, comment=comment, **submission(request))
    except ConsentMissing:
        return go(request, "landing", token)
    except (InvalidAnswers, Conflict) as error:
        return _refuse(token, comment, error)
    return thanks(request, token, visit, draft)


def submission(request: HttpRequest) -> dict[str, Any]:
    """Return what tells a repeated sending, and what came in the field that people do not see."""
    return {"submission": _submission(request), "trap": request.POST.get("website", "")}


def thanks(request: HttpRequest, token: str, visit: Visit, draft: Draft) -> HttpResponse:
    """Thank at once: loaded again, the same submission is the same."""
    return turned_to(_thanks(visit, draft), address(request, "done", token))


def _leave_end(request: HttpRequest, token: str, visit: Visit) -> HttpResponse:
    if request.POST.get("lang") in CODES:
        return go(request, "end", token)
    return beside(request, token, visit, "end", by=-1)


def _submission(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("submission", ""))
    except ValueError:
        return uuid4()


def _refuse(token: str, comment: str, error: RuleBroken) -> HttpResponse:
    visit = visit_of(token)
    return page(
        "end",
        visit.form.survey,
        status=409 if isinstance(error, Conflict) else 400,
        form=visit.form,
        error=error,
        longest=checks.LONGEST_COMMENT,
        **_last_words(visit, comment),
    )


def _last_words(visit: Visit, comment: str) -> dict[str, str]:
    return {
        "answered": str(len(visit.draft.ratings) if visit.draft else 0),
        "asked": str(len(visit.form.questions)),
        "comment": comment,
        "submission": str(uuid4()),
        "key": visit.token_hash[:16],
    }


@respondent_page
def done(request: HttpRequest, token: str) -> HttpResponse:
    visit = visit_of(token)
    if visit.draft and visit.draft.submitted:
        if request.method == "POST":
            return _note_wish(request, visit, visit.draft)
        return _thanks(visit, visit.draft)
    return go(request, "landing", token) if visit.is_open else came_of(request, visit)


def _thanks(visit: Visit, draft: Draft, **wish: str) -> HttpResponse:
    """Thank for the answers.

    :param wish: whether a mail with the result is `noted`, or the `error` and the `email` entered.
    """
    facts = _count_ratings(visit.form, draft.ratings)
    holes = {"receipt": draft.receipt, "email": wish.pop("email", "")}
    return page_with_holes("done", visit.form, holes, open=visit.is_open, **facts, **wish)


def _note_wish(request: HttpRequest, visit: Visit, draft: Draft) -> HttpResponse:
    """Note where a mail with the result is to go."""
    email = request.POST.get("email", "")
    network = request.META.get("REMOTE_ADDR", "")
    if FEEDBACK.is_used_up(network):
        refusal = _("Too many addresses came from your network. Try again in ten minutes.")
        return _with_status(_thanks(visit, draft, error=refusal, email=email), 429)
    FEEDBACK.count(network)
    try:
        ask_for_feedback(visit, email, language=get_language() or CODES[0])
    except RuleBroken as refusal:
        return _with_status(_thanks(visit, draft, error=str(refusal), email=email), 400)
    return _thanks(visit, draft, noted="yes")


def _with_status(response: HttpResponse, status: int) -> HttpResponse:
    response.status_code = status
    return response


def _count_ratings(form: Questionnaire, ratings: Mapping[str, int]) -> dict[str, int]:
    """Return how many items were rated, and on how many nothing but “cannot judge” was said."""
    values = [
        {ratings[str(question.pk)] for question in item.questions if str(question.pk) in ratings}
        for item in form.items
    ]
    skipped = sum(ratings == {CANNOT_JUDGE} for ratings in values)
    return {"rated": sum(map(bool, values)) - skipped, "skipped": skipped}


@respondent_page
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return withdrawn(answer.withdraw(token).form.survey)
    visit = visit_of(token)
    if not visit.is_open:
        return not_open(visit)
    if visit.draft is None:
        return go(request, "landing", token)
    return page("withdraw", visit.form.survey)
