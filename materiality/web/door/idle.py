"""A forgotten browser is signed out: after half an hour without a visit, and after twelve hours."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

BEGAN, SEEN = "door_began", "door_seen"
EVERY = 60.0
"""How exactly the last visit is known, in seconds: a write a minute."""


class IdleEnds:
    """Stands behind the sign-in. Programs with a token have no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _look(request)
        return self.get_response(request)


def _look(request: HttpRequest) -> None:
    now = time.time()
    began = request.session.setdefault(BEGAN, now)
    seen = request.session.setdefault(SEEN, now)
    if now - seen > settings.SESSION_IDLE or now - began > settings.SESSION_COOKIE_AGE:
        logout(request)
        messages.info(request, _("You were signed out, because nobody was here for a while."))
    elif now - seen > EVERY:
        request.session[SEEN] = now
