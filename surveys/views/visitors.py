"""What every respondent page needs: the visit behind a link, the way to the next page, notices."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surveys.errors import SurveyClosed, UnknownLink
from surveys.languages import CODES
from surveys.models import Survey
from surveys.views.pages import page
from surveys.visit.rates import UNKNOWN
from surveys.visit.visits import Visit, find, unknown

View = Callable[..., HttpResponse]
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def respondent_page(view: View) -> View:
    """A page behind a secret link: never cached, never named to other sites, no CSRF cookie.

    A forged request would need the token, and the token is all the power there is.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer_request(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except UnknownLink:
            response = _not_found(request)
        except SurveyClosed:
            response = not_open(visit_of(kwargs["token"]), status=409)
        if "script" in request.POST and response.status_code == 302:
            # Not a page of this questionnaire, or in another language: the script goes there.
            response = HttpResponse(response.headers["Location"], content_type="text/plain")
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Language"] = translation.get_language() or ""
        return response

    return answer_request


def _not_found(request: HttpRequest) -> HttpResponse:
    refusal = unknown(request.META.get("REMOTE_ADDR", ""))
    status = 404 if isinstance(refusal, UnknownLink) else 429
    response = notice(None, _("Survey not found"), str(refusal), status=status)
    if status == 429:
        response.headers["Retry-After"] = str(UNKNOWN.window)
    return response


def visit_of(token: str) -> Visit:
    """Return the visit behind a link.

    :raises UnknownLink: there is none, or it was revoked; nobody may tell which.
    """
    if (visit := find(token)) is None:
        raise UnknownLink
    speak(visit.form.survey)
    return visit


def speak(survey: Survey) -> None:
    """Go on in the survey's only language, if it has but one."""
    if len(survey.codes) == 1:
        translation.activate(survey.codes[0])


def language_of(request: HttpRequest) -> str:
    """Return the language that goes along in addresses, from the switch or the link; "" if none."""
    language = request.POST.get("lang") or request.GET.get("lang")
    return language if language in CODES else ""


def address(request: HttpRequest, name: str, *args: Any, **query: str) -> str:
    """Return a page's address. A language from the link or the switch goes along."""
    if language := language_of(request):
        query["lang"] = language
    words = "&".join([f"{key}={value}" for key, value in query.items()])
    return reverse(f"surveys:{name}", args=args) + (f"?{words}" if words else "")


def go(request: HttpRequest, name: str, *args: Any, **query: str) -> HttpResponse:
    return HttpResponseRedirect(address(request, name, *args, **query))


def turned_to(page: HttpResponse, address: str) -> HttpResponse:
    """Return the next page as the answer to one that was sent: a script shows it as that address.

    Without script a page is gone to instead, so that the browser's Back can show it again.
    """
    page.headers["Content-Location"] = address
    return page


def notice(
    survey: Survey | None, heading: str, sentence: str, *, status: int = 200, after: bool = False
) -> HttpResponse:
    return page("notice", survey, status=status, heading=heading, sentence=sentence, after=after)


def not_open(visit: Visit, *, status: int = 200) -> HttpResponse:
    """Say that the survey is not open yet, or that it has closed."""
    survey = visit.form.survey
    if now() < survey.opens_at:
        return not_open_yet(survey)
    saved = len(visit.draft.ratings) if visit.draft else 0
    return closed(survey, saved, status=status)


def came_of(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Lead to what came of the answers where that is told, else say when the survey is open."""
    audience = visit.form.audience
    return to_feedback(request, audience.survey, audience.code) or not_open(visit)


def to_feedback(request: HttpRequest, survey: Survey, group: str) -> HttpResponse | None:
    """Return the way to what came of the answers; None where that is not told.

    The questionnaire in memory may be older than the result, so the row is asked.
    """
    paths = Survey.objects.sealed().filter(pk=survey.pk).values_list("feedback_path", flat=True)
    path = paths.first()
    if not path:
        return None
    query = QueryDict(mutable=True)
    query["lang"] = translation.get_language() or CODES[0]
    if group:
        query["group"] = group
    return HttpResponseRedirect(f"{path}?{query.urlencode()}")


def not_open_yet(survey: Survey) -> HttpResponse:
    sentence = _("This survey opens on %(date)s. The same link opens it then.") % {
        "date": _date(survey.opens_at)
    }
    return notice(survey, _("Not open yet"), sentence)


def closed(survey: Survey, saved: int = 0, *, status: int = 200) -> HttpResponse:
    sentence = _("It closed on %(date)s. Thank you.")
    if saved:
        sentence = ngettext(
            "It closed on %(date)s. The %(saved)s rating you saved has been counted. Thank you.",
            "It closed on %(date)s. The %(saved)s ratings you saved have been counted. Thank you.",
            saved,
        )
    facts = {"date": _date(survey.closes_at), "saved": saved}
    heading = _("This survey has closed")
    return notice(survey, heading, sentence % facts, status=status, after=True)


def declined(survey: Survey) -> HttpResponse:
    sentence = _("Noted. We will not remind you again. Open the link if you change your mind.")
    return notice(survey, _("You declined"), sentence)


def withdrawn(survey: Survey) -> HttpResponse:
    sentence = _("Your answers are deleted. Open the link if you change your mind.")
    return notice(survey, _("Answers withdrawn"), sentence)


def _date(moment: datetime) -> str:
    return format_date(localtime(moment), _("j F Y"))
