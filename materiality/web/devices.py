"""Browsers somebody has signed in from before: guesses made elsewhere do not shut them out.

A count of wrong guesses for an account stops whoever guesses, and with it the person, wherever
the guesses came from. So a browser that once signed in gets a signed cookie, and its guesses are
counted apart (OWASP: device cookies).
"""

import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "__Host-known" if settings.PRODUCTION else "known"
SALT = "materiality.web.devices"
FOR = 365 * 24 * 60 * 60
FEW = {"login_failed": "10/15m/key"}
"""What a known browser may guess wrongly, in the words of allauth's limits."""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser be known as one of this person's."""
    value = signing.dumps([user.pk, secrets.token_hex(8)], salt=SALT)
    response.set_cookie(
        COOKIE, value, max_age=FOR, secure=request.is_secure(), httponly=True, samesite="Lax"
    )


def known_device(request: HttpRequest, email: str) -> str:
    """Return the name of a browser that this person has signed in from; "" if it is none."""
    try:
        pk, name = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    is_theirs = User.objects.filter(pk=pk, email__iexact=email).exists()
    return f"device {name}" if is_theirs else ""
