"""A broken rule becomes a 409 page, or a 409 of the API; what is away for now, a 503."""

import logging
import sys
from collections.abc import Callable
from typing import Any, cast

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from surveys.errors import InvalidAnswers, RuleBroken, Unavailable

UNNAMED = ("detail", "non_field_errors")


RETRY_AFTER = "10"  # seconds
AWAY = (OperationalError, InterfaceError, Unavailable)
"""The database is gone, restarts, is locked or has no disk; a key is not on this host."""

READ_ONLY = "25006"
"""Of PostgreSQL: a host that was the primary a moment ago, or is not yet."""

logger = logging.getLogger("materiality.errors")


def is_away(error: BaseException | None) -> bool:
    """Tell whether something is gone for now, rather than wrong."""
    state = getattr(getattr(error, "__cause__", None), "sqlstate", None)
    return isinstance(error, AWAY) or state == READ_ONLY


def status_of(error: RuleBroken) -> int:
    if isinstance(error, Unavailable):
        return 503
    return 400 if isinstance(error, InvalidAnswers) else 409


class RuleBrokenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RuleBroken):
            return None
        if isinstance(error, Unavailable):
            logger.error("%s: %s", type(error).__name__, error.code, extra={"request": request})
            return unavailable(request, error)
        return render(request, "rule_broken.html", {"error": error}, status=status_of(error))


class ErrorsAreNotKept:
    """No cache keeps an error: what is forbidden or away now may be there in a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
            response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a program as programs are answered, a person with the page."""
    if not request.path_info.startswith("/api/"):
        return cast(HttpResponse, page_not_found(request, exception))
    return JsonResponse({"code": "not_found", "detail": _("There is nothing here.")}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's last resort, wherever it went wrong; it is in the log by now.

    Where something is away for now it says 503 and when to try again, so that a proxy, a browser's
    script and a person know that nothing is broken.
    """
    error = sys.exc_info()[1]
    if error is not None and is_away(error):
        return unavailable(request, error)
    return HttpResponse(get_template("500.html").render(), status=500)


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    response: HttpResponse
    if request.path_info.startswith("/api/"):
        response = JsonResponse(_away(), status=503)
    elif isinstance(error, Unavailable):
        context = {"sentence": str(error)}
        response = HttpResponse(get_template("503.html").render(context), status=503)
    else:
        response = HttpResponse(get_template("503.html").render(), status=503)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _away() -> dict[str, str]:
    return {"code": Unavailable.code, "detail": _("The site cannot answer just now. Try again.")}


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal as `{"code", "detail"}`; of a field that cannot be used, with its name."""
    if is_away(error) and not isinstance(error, Unavailable):
        set_rollback()
        logger.error("The database is away", exc_info=error)
        return Response(_away(), status=503, headers={"Retry-After": RETRY_AFTER})
    if isinstance(error, RuleBroken):
        status = status_of(error)
        refusal = _refusal(error.code, str(error), status)
        if status == 503:
            refusal.headers["Retry-After"] = RETRY_AFTER
        return refusal
    if isinstance(error, RecursionError):
        error = ParseError(_("This JSON is nested too deeply. Send it flat, as documented."))
    response = exception_handler(error, context)
    if response is not None:
        code, detail = _first(response.data)
        refusal = _refusal(code, detail, response.status_code)
        response.data = refusal.data
    return response


def _refusal(code: str, detail: str, status: int) -> Response:
    """Return a refusal that can be sent, whatever it cites: half a character is no UTF-8."""
    text = detail.encode("utf-8", "backslashreplace").decode()
    return Response({"code": code, "detail": text}, status=status)


def _first(data: Any, path: str = "") -> tuple[str, str]:
    """Return code and sentence of the first problem, the sentence with where it is."""
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if value}
        name = next(iter(data))
        inner = path if name in UNNAMED else f"{path}.{name}".lstrip(".")
        return _first(data[name], inner)
    if isinstance(data, list):
        at = next(place for place, value in enumerate(data) if value)
        return _first(data[at], path if isinstance(data[at], str) else f"{path}[{at}]")
    code = getattr(data, "code", "invalid")
    return code, f"{path}: {data}" if path else str(data)
