"""A broken rule becomes a 409 page, or a 409 of the API, in one place."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from surveys.errors import InvalidAnswers, RuleBroken


def status_of(error: RuleBroken) -> int:
    return 400 if isinstance(error, InvalidAnswers) else 409


class RuleBrokenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RuleBroken):
            return None
        return render(request, "rule_broken.html", {"error": error}, status=status_of(error))


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, RuleBroken):
        return Response({"code": error.code, "detail": str(error)}, status=status_of(error))
    if isinstance(error, RecursionError):
        error = ParseError(_("This JSON is nested too deeply. Send it flat, as documented."))
    return exception_handler(error, context)
