"""The pages a respondent sees. The token in the address is the secret: no cookie, no session.

GET and HEAD never change anything, because mail scanners open every link; a button does.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.timezone import localtime, now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys.actions import answer
from surveys.actions.invite import join
from surveys.consent import consent_hash
from surveys.errors import (
    Conflict,
    ConsentMissing,
    InvalidAnswers,
    RuleBroken,
    SurveyClosed,
    UnknownLink,
)
from surveys.languages import CODES, in_language
from surveys.models import CANNOT_JUDGE, Audience, Intake, Invitation, Survey
from surveys.pages import item_html, render_page, wire_ratings
from surveys.questionnaires import Page, Questionnaire, questionnaire

View = Callable[..., HttpResponse]


def respondent_page(view: View) -> View:
    """A page behind a secret link: never cached, never named to other sites, no CSRF cookie.

    A forged request would need the token, which is all the power there is.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer_request(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except UnknownLink as error:
            response = render_page(
                request,
                "notice",
                None,
                status=404,
                heading=_("Survey not found"),
                sentence=str(error),
            )
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        return response

    return answer_request


# ---- /r/<token>/ and /s/<slug>/: facts and consent ----


@respondent_page
def landing(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _begin(request, token)
    invitation = _find(token)
    if invitation.draft and invitation.draft.submitted:
        return _go(request, "done", token)
    return _not_open(request, invitation.survey, invitation.draft) or _landing(
        request, invitation, token
    )


def _begin(request: HttpRequest, token: str) -> HttpResponse:
    try:
        if request.POST.get("go") == "decline":
            return _declined(request, answer.decline(token).survey)
        answer.start(token, request.POST.get("consent", ""))
    except ConsentMissing as error:
        return _landing(request, _find(token), token, error=error)
    except SurveyClosed:
        return _closed_meanwhile(request, token)
    return _go(request, "page", token, 1)


def _landing(
    request: HttpRequest, invitation: Invitation, token: str, error: RuleBroken | None = None
) -> HttpResponse:
    audience, draft = invitation.audience, invitation.draft
    form = questionnaire(audience.survey, audience.pk)
    facts = _landing_facts(audience.survey, form) | {"token": token, "audience": audience}
    if draft is not None:
        facts["answered"] = len(draft.ratings)
        facts["asked"] = len(form.asked)
        facts["resume"] = _address(request, "page", token, _first_unanswered(form, invitation))
    return render_page(
        request, "landing", audience.survey, error=error, status=400 if error else 200, **facts
    )


def _landing_facts(survey: Survey, form: Questionnaire) -> dict[str, Any]:
    language = get_language() or CODES[0]
    return {
        "minutes": form.minutes,
        "items": len(form.items),
        "consent": consent_hash(survey.consent, language),
        "consent_lines": survey.consent[language].splitlines(),
        "answered": None,
    }


def _first_unanswered(form: Questionnaire, invitation: Invitation) -> int:
    ratings = invitation.draft.ratings if invitation.draft else {}
    for number, page in enumerate(form.pages(invitation.token_hash), start=1):
        if _blanks(page, ratings):
            return number
    return form.page_count


@respondent_page
def open_link(request: HttpRequest, slug: str, code: str = "") -> HttpResponse:
    audiences = _open_audiences(slug, code)
    survey = audiences[0].survey
    if notice := _not_open(request, survey, None):
        return notice
    if request.method != "POST":
        return _open_landing(request, audiences)
    if request.POST.get("go") == "decline":
        return _declined(request, survey)
    chosen = [each for each in audiences if each.code == request.POST.get("audience", code)]
    if not chosen:
        return _open_landing(request, audiences, error=_("Choose who you are."))
    return _join(request, audiences, chosen[0])


def _join(request: HttpRequest, audiences: list[Audience], chosen: Audience) -> HttpResponse:
    consent = request.POST.get("consent", "")
    try:
        token = join(chosen, consent=consent, language=get_language() or CODES[0])
    except ConsentMissing as error:
        return _open_landing(request, audiences, error=str(error))
    return _go(request, "page", token, 1)


def _open_audiences(slug: str, code: str) -> list[Audience]:
    audiences = Audience.objects.filter(
        survey__slug=slug, survey__published_at__isnull=False, open_link=True
    )
    if code:
        audiences = audiences.filter(code=code)
    if not (found := list(audiences.select_related("survey__organisation"))):
        raise UnknownLink
    return found


def _open_landing(request: HttpRequest, audiences: list[Audience], error: str = "") -> HttpResponse:
    survey = audiences[0].survey
    forms = [questionnaire(survey, audience.pk) for audience in audiences]
    longest = max(forms, key=lambda form: len(form.asked))
    facts = _landing_facts(survey, longest) | {
        "audience": audiences[0] if len(audiences) == 1 else None,
        "audiences": audiences,
    }
    return render_page(
        request, "landing", survey, error=error, status=400 if error else 200, **facts
    )


# ---- /r/<token>/<page>/: questions ----


@respondent_page
def page(request: HttpRequest, token: str, number: int) -> HttpResponse:
    if request.method == "POST":
        return _save(request, token, number)
    invitation = _find(token)
    if notice := _not_open(request, invitation.survey, invitation.draft):
        return notice
    form = questionnaire(invitation.survey, invitation.audience_id)
    if invitation.draft is None:
        return _go(request, "landing", token)
    if not 1 <= number <= form.page_count:
        return _go(request, "page", token, 1)
    return _questions(request, invitation, form, number, invitation.draft.ratings)


def _save(request: HttpRequest, token: str, number: int) -> HttpResponse:
    answers = {name[1:]: value for name, value in request.POST.items() if _is_question(name)}
    try:
        intake = answer.save(token, answers)
    except ConsentMissing:
        return _go(request, "landing", token)
    except SurveyClosed:
        return _closed_meanwhile(request, token)
    except InvalidAnswers as error:
        return _refused(request, token, number, answers, error)
    if "autosave" in request.POST:
        return HttpResponse(status=204)
    return _after_saving(request, token, number, intake)


def _is_question(name: str) -> bool:
    return name[:1] == "q" and name[1:].isdecimal()


def _after_saving(request: HttpRequest, token: str, number: int, intake: Intake) -> HttpResponse:
    if request.POST.get("lang") in CODES:
        return _go(request, "page", token, number)
    if request.POST.get("go") == "back":
        return (
            _go(request, "page", token, number - 1)
            if number > 1
            else _go(request, "landing", token)
        )
    form = questionnaire(intake.invitation.survey, intake.invitation.audience_id)
    pages = form.pages(intake.invitation.token_hash)
    asked_again = "warned" in request.POST or not 1 <= number <= len(pages)
    if not asked_again and _blanks(pages[number - 1], intake.ratings):
        return _go(request, "page", token, number, unanswered="1")
    return (
        _go(request, "page", token, number + 1)
        if number < len(pages)
        else _go(request, "end", token)
    )


def _refused(
    request: HttpRequest, token: str, number: int, answers: dict[str, Any], error: RuleBroken
) -> HttpResponse:
    """Show the page again with what was chosen, and say what was wrong."""
    invitation = _find(token)
    form = questionnaire(invitation.survey, invitation.audience_id)
    ratings = (invitation.draft.ratings if invitation.draft else {}) | wire_ratings(answers)
    number = min(max(number, 1), form.page_count)
    return _questions(request, invitation, form, number, ratings, error=error)


def _questions(
    request: HttpRequest,
    invitation: Invitation,
    form: Questionnaire,
    number: int,
    ratings: dict[str, int],
    error: RuleBroken | None = None,
) -> HttpResponse:
    items = form.pages(invitation.token_hash)[number - 1]
    warn = "unanswered" in request.GET
    return render_page(
        request,
        "page",
        invitation.survey,
        status=400 if error else 200,
        error=error,
        number=number,
        pages=form.page_count,
        answered=sum(key in ratings for key in form.asked),
        asked=len(form.asked),
        blanks=_blanks(items, ratings) if warn else [],
        items=[item_html(item, ratings, warn=warn) for item in items],
        key=invitation.token_hash[:16],
        **_heading(items, invitation.survey),
    )


def _heading(items: Page, survey: Survey) -> dict[str, str]:
    prompts = {question.prompt_id: question.prompt for item in items for question in item.questions}
    if len(prompts) == 1:
        [prompt] = prompts.values()
        return {"heading": in_language(prompt.text), "lead": in_language(prompt.hint)}
    most = max(len(item.questions) for item in items)
    lead = ngettext(
        "There is %(most)s question on each topic.",
        "There are %(most)s questions on each topic.",
        most,
    )
    return {"heading": in_language(survey.headline), "lead": lead % {"most": most}}


def _blanks(items: Page, ratings: dict[str, int]) -> list[Any]:
    return [
        item
        for item in items
        if not all(str(question.pk) in ratings for question in item.questions)
    ]


# ---- /r/<token>/end/ and /done/: last words, thanks ----


@respondent_page
def end(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _finish(request, token)
    invitation = _find(token)
    if notice := _not_open(request, invitation.survey, invitation.draft):
        return notice
    if invitation.draft is None:
        return _go(request, "landing", token)
    return _last_words(request, invitation, invitation.draft.comment)


def _finish(request: HttpRequest, token: str) -> HttpResponse:
    comment = request.POST.get("comment", "")
    try:
        if "lang" in request.POST or request.POST.get("go") == "back":
            return _leave_end(request, token, answer.save(token, {}, comment))
        answer.submit(token, submission=_submission(request), comment=comment)
    except ConsentMissing:
        return _go(request, "landing", token)
    except SurveyClosed:
        return _closed_meanwhile(request, token)
    except (InvalidAnswers, Conflict) as error:
        return _last_words(request, _find(token), comment, error=error)
    return _go(request, "done", token)


def _leave_end(request: HttpRequest, token: str, intake: Intake) -> HttpResponse:
    if request.POST.get("lang") in CODES:
        return _go(request, "end", token)
    form = questionnaire(intake.invitation.survey, intake.invitation.audience_id)
    return _go(request, "page", token, form.page_count)


def _submission(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("submission", ""))
    except ValueError:
        return uuid4()


def _last_words(
    request: HttpRequest, invitation: Invitation, comment: str, error: RuleBroken | None = None
) -> HttpResponse:
    form = questionnaire(invitation.survey, invitation.audience_id)
    ratings = invitation.draft.ratings if invitation.draft else {}
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 400
    return render_page(
        request,
        "end",
        invitation.survey,
        status=status,
        error=error,
        answered=len(ratings),
        asked=len(form.asked),
        comment=comment,
        longest=answer.LONGEST_COMMENT,
        submission=uuid4(),
        key=invitation.token_hash[:16],
    )


@respondent_page
def done(request: HttpRequest, token: str) -> HttpResponse:
    invitation = _find(token)
    draft, survey = invitation.draft, invitation.survey
    if draft is None or not draft.submitted:
        return _not_open(request, survey, draft) or _go(request, "landing", token)
    form = questionnaire(survey, invitation.audience_id)
    return render_page(
        request,
        "done",
        survey,
        receipt=draft.receipt,
        steps=_steps(survey),
        open=survey.is_open(),
        first_page=_address(request, "page", token, 1),
        withdraw=_address(request, "withdraw", token),
        **_rated(form, draft.ratings),
    )


def _rated(form: Questionnaire, ratings: dict[str, int]) -> dict[str, int]:
    given = [[ratings.get(str(q.pk)) for q in item.questions] for item in form.items]
    rated = sum(any(rating and rating != CANNOT_JUDGE for rating in item) for item in given)
    skipped = sum(
        CANNOT_JUDGE in item for item in given if not any(r and r != CANNOT_JUDGE for r in item)
    )
    return {"rated": rated, "skipped": skipped}


def _steps(survey: Survey) -> list[tuple[str, str]]:
    """Return “April: results” as ("April", "results")."""
    lines = in_language(survey.after).replace("：", ":").splitlines()
    parts = [line.partition(":") for line in lines if line.strip()]
    return [(when.strip(), what.strip()) for when, _colon, what in parts]


@respondent_page
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _withdrawn(request, token)
    invitation = _find(token)
    if notice := _not_open(request, invitation.survey, invitation.draft):
        return notice
    if invitation.draft is None:
        return _go(request, "landing", token)
    return render_page(
        request, "withdraw", invitation.survey, keep=_address(request, "landing", token)
    )


def _withdrawn(request: HttpRequest, token: str) -> HttpResponse:
    try:
        survey = answer.withdraw(token).survey
    except SurveyClosed:
        return _closed_meanwhile(request, token)
    sentence = _("Your answers are deleted. Open the link if you change your mind.")
    return render_page(request, "notice", survey, heading=_("Answers withdrawn"), sentence=sentence)


# ---- what every page needs ----


def _find(token: str) -> Invitation:
    found = Invitation.objects.with_survey().select_related("intake").by_token(token).first()
    if found is None or found.survey.published_at is None:
        raise UnknownLink
    return found  # type: ignore[no-any-return]


def _address(request: HttpRequest, name: str, *args: Any, **query: str) -> str:
    """Return a page's address. A language from the link or the switch goes along."""
    language = request.POST.get("lang") or request.GET.get("lang")
    if language in CODES:
        query["lang"] = language
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"surveys:{name}", args=args) + (f"?{words}" if words else "")


def _go(request: HttpRequest, name: str, *args: Any, **query: str) -> HttpResponse:
    return HttpResponseRedirect(_address(request, name, *args, **query))


def _not_open(
    request: HttpRequest, survey: Survey, draft: Intake | None, status: int = 200
) -> HttpResponse | None:
    if survey.is_open():
        return None
    if now() < survey.opens_at:
        return render_page(
            request,
            "notice",
            survey,
            heading=_("Not open yet"),
            sentence=_("This survey opens on %(date)s.") % {"date": _date(survey.opens_at)},
        )
    return render_page(
        request,
        "notice",
        survey,
        status=status,
        heading=_("This survey has closed"),
        sentence=_closed_sentence(survey, len(draft.ratings) if draft else 0),
        steps=_steps(survey),
    )


def _closed_meanwhile(request: HttpRequest, token: str) -> HttpResponse:
    invitation = _find(token)
    notice = _not_open(request, invitation.survey, invitation.draft, status=409)
    return notice or _go(request, "landing", token)


def _closed_sentence(survey: Survey, saved: int) -> str:
    facts = {"date": _date(survey.closes_at), "saved": saved}
    if not saved:
        return _("It closed on %(date)s. Thank you.") % facts
    return (
        ngettext(
            "It closed on %(date)s. The %(saved)s rating you saved has been counted. Thank you.",
            "It closed on %(date)s. The %(saved)s ratings you saved have been counted. Thank you.",
            saved,
        )
        % facts
    )


def _date(moment: Any) -> str:
    return format_date(localtime(moment), _("j F Y"))


def _declined(request: HttpRequest, survey: Survey) -> HttpResponse:
    sentence = _("Noted. We will not remind you again. Open the link if you change your mind.")
    return render_page(request, "notice", survey, heading=_("You declined"), sentence=sentence)


# ---- /s/<slug>/privacy/ ----


@respondent_page
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    survey = Survey.objects.filter(slug=slug, published_at__isnull=False).first()
    if survey is None:
        raise UnknownLink
    facts = _privacy_facts(survey)
    return render_page(request, "privacy", survey, **facts)


def _privacy_facts(survey: Survey) -> dict[str, Any]:
    language = get_language() or CODES[0]
    return {
        "consent": consent_hash(survey.consent, language),
        "consent_lines": survey.consent[language].splitlines(),
    }
