"""A broken rule becomes a 409 page, or a 409 of the API, in one place."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from surveys.errors import InvalidAnswers, RuleBroken, Unavailable

UNNAMED = ("detail", "non_field_errors")


RETRY_AFTER = "30"  # seconds


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
        status = status_of(error)
        response = render(request, "rule_broken.html", {"error": error}, status=status)
        if status == 503:
            response.headers["Retry-After"] = RETRY_AFTER
        return response


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal as `{"code", "detail"}`; of a field that cannot be used, with its name."""
    if isinstance(error, RuleBroken):
        return _refusal(error.code, str(error), status_of(error))
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
    kept = detail.encode("utf-8", "backslashreplace").decode()
    return Response({"code": code, "detail": kept}, status=status)


def _first(data: Any, path: str = "") -> tuple[str, str]:
    """Return code and sentence of the first problem, the sentence with where it is."""
    if isinstance(data, dict):
        data = {name: told for name, told in data.items() if told}
        name = next(iter(data))
        inner = path if name in UNNAMED else f"{path}.{name}".lstrip(".")
        return _first(data[name], inner)
    if isinstance(data, list):
        at = next(place for place, told in enumerate(data) if told)
        return _first(data[at], path if isinstance(data[at], str) else f"{path}[{at}]")
    code = getattr(data, "code", "invalid")
    return code, f"{path}: {data}" if path else str(data)
