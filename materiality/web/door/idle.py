"""A forgotten browser is signed out: after half an hour without a visit, and after twelve hours."""

import time
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
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
    began = request.session.get(BEGAN, _last_sign_in(request, now))
    seen = request.session.get(SEEN, began)
    if now - seen > settings.SESSION_IDLE or now - began > settings.SESSION_COOKIE_AGE:
        logout(request)
        messages.info(request, _("You were signed out, because nobody was here for a while."))
    elif now - seen > EVERY:
        request.session[BEGAN], request.session[SEEN] = began, now


def _last_sign_in(request: HttpRequest, now: float) -> float:
    """Return when a session began that does not say so itself yet: within its first minute."""
    last = cast(User, request.user).last_login
    return last.timestamp() if last else now
