"""The short way to a respondent page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from surveys.languages import LanguageMiddleware

Answer = Callable[[HttpRequest], HttpResponse]
PREFIXES = ("/r/", "/s/")


class RespondentMiddleware:
    """Answer respondent pages without sessions, sign-in, messages and CSRF cookies.

    They use none of these, and set their security headers themselves: a third of the work of such
    a page would be done for nothing. Stands right after SecurityMiddleware.
    """

    def __init__(self, get_response: Answer) -> None:
        self.the_long_way = get_response
        self.the_short_way = LanguageMiddleware(_view)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIXES):
            try:
                request.resolver_match = resolve(request.path_info, "surveys.urls")
            except Resolver404:
                return self.the_long_way(request)
            return self.the_short_way(request)
        return self.the_long_way(request)


def _view(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    assert match is not None
    return match.func(request, *match.args, **match.kwargs)  # type: ignore[no-any-return]
