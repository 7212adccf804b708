"""Facts and consent: /r/<token>/ for a personal link, /s/<slug>/ for an open one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.actions import answer
from surveys.actions.invite import join
from surveys.errors import ConsentMissing, UnknownLink
from surveys.languages import CODES, in_language
from surveys.models import Audience, Survey
from surveys.questionnaire.questionnaires import Questionnaire, questionnaire
from surveys.views.pages import page, page_with_holes
from surveys.views.steps import begins_with_a_page
from surveys.views.visitors import (
    address,
    came_of,
    closed,
    declined,
    go,
    language_of,
    not_open_yet,
    respondent_page,
    speak,
    to_feedback,
    visit_of,
)
from surveys.visit import challenges
from surveys.visit.challenges import Challenge
from surveys.visit.crowds import note_crowd
from surveys.visit.rates import JOINED
from surveys.visit.visits import Draft, Visit


@respondent_page
def landing(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _begin(request, token)
    visit = visit_of(token)
    if visit.draft and visit.draft.submitted:
        return go(request, "done", token)
    if not visit.is_open:
        return came_of(request, visit)
    if visit.draft:
        return _going_on(request, token, visit, visit.draft)
    facts = {"personal": True, "audience": visit.form.audience}
    if begins_with_a_page(visit.form):
        facts |= {"first_page": "1/", "lang": language_of(request)}
    return page_with_holes("landing", visit.form, {}, **facts)


def _begin(request: HttpRequest, token: str) -> HttpResponse:
    if request.POST.get("go") == "decline":
        return declined(answer.decline(token).form.survey)
    try:
        answer.start(token, request.POST.get("consent", ""))
    except ConsentMissing as error:
        form = visit_of(token).form
        return _refuse(form, str(error), personal=True, audience=form.audience)
    return go(request, "page", token, 1)


def _going_on(request: HttpRequest, token: str, visit: Visit, draft: Draft) -> HttpResponse:
    form = visit.form
    return page(
        "landing",
        form.survey,
        form=form,
        personal=True,
        audience=form.audience,
        answered=len(draft.ratings),
        resume=address(request, "page", token, _first_unanswered(visit, draft)),
    )


def _first_unanswered(visit: Visit, draft: Draft) -> int:
    pages = visit.form.pages(visit.token_hash)
    for number, items in enumerate(pages, start=1):
        if any(item.is_blank(draft.ratings) for item in items):
            return number
    return len(pages)


def _refuse(form: Questionnaire, error: str, *, status: int = 400, **facts: Any) -> HttpResponse:
    return page("landing", form.survey, form=form, error=error, status=status, **facts)


@respondent_page
def open_link(request: HttpRequest, slug: str, code: str = "") -> HttpResponse:
    audiences = _open_audiences(slug, code)
    survey = audiences[0].survey
    if now() < survey.opens_at:
        return not_open_yet(survey)
    if not survey.is_open():
        return to_feedback(request, survey, code) or closed(survey)
    if request.method == "POST":
        return _join(request, audiences)
    form = _longest(audiences)
    return page("landing", survey, form=form, **_who(audiences))


def _join(request: HttpRequest, audiences: list[Audience]) -> HttpResponse:
    if request.POST.get("go") == "decline":
        return declined(audiences[0].survey)
    wanted = request.POST.get("audience")
    chosen = [each for each in audiences if each.code == wanted or len(audiences) == 1]
    if not chosen:
        return _refuse(_longest(audiences), _("Choose who you are."), **_who(audiences))
    facts = _who(audiences) | {"wanted": chosen[0].code}
    network = request.META.get("REMOTE_ADDR", "")
    is_within = JOINED.take(network)
    if not is_within and not audiences[0].survey.lets_many_in():
        return _many_at_once(audiences, facts)
    if not is_within and (challenge := _challenge(request)) is not None:
        error = _("Please do the sum to go on.")
        return _refuse(_longest(audiences), error, challenge=challenge, **facts)
    language = get_language() or CODES[0]
    try:
        token = join(chosen[0], consent=request.POST.get("consent", ""), language=language)
    except ConsentMissing as error:
        if is_within:
            JOINED.give_back(network)
        return _refuse(_longest(audiences), str(error), **facts)
    return go(request, "page", token, 1)


def _many_at_once(audiences: list[Audience], facts: dict[str, Any]) -> HttpResponse:
    """Ask to wait, where a network has begun many answers and no reviewer said that it may."""
    survey = audiences[0].survey
    note_crowd(survey.pk)
    error = _(
        "Many people have just begun from your network. Please try again in ten minutes. If many "
        "of you answer in one place, ask the organiser to let you all in: %(contact)s"
    ) % {"contact": in_language(survey.organisation.contact)}
    answer = _refuse(_longest(audiences), error, status=429, **facts)
    answer.headers["Retry-After"] = str(JOINED.window)
    return answer


def _challenge(request: HttpRequest) -> Challenge | None:
    """Return the sum to do first, unless it is done."""
    if challenges.is_solved(request.POST.get("sum_of", ""), request.POST.get("sum", "")):
        return None
    return challenges.new_challenge()


def _open_audiences(slug: str, code: str) -> list[Audience]:
    audiences = Audience.objects.filter(
        survey__slug=slug, survey__published_at__isnull=False, open_link=True
    )
    if code:
        audiences = audiences.filter(code=code)
    if not (audiences_open := list(audiences.select_related("survey__organisation"))):
        raise UnknownLink
    speak(audiences_open[0].survey)
    return audiences_open


def _longest(audiences: list[Audience]) -> Questionnaire:
    """Return the longest questionnaire somebody may get, to promise no less time than it takes."""
    return max(map(questionnaire, audiences), key=lambda form: len(form.questions))


def _who(audiences: list[Audience]) -> dict[str, Any]:
    return {"audience": audiences[0]} if len(audiences) == 1 else {"audiences": audiences}


@respondent_page
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    survey = Survey.objects.filter(slug=slug, published_at__isnull=False).first()
    if survey is None:
        raise UnknownLink
    speak(survey)
    return page("privacy", survey)
