"""A sign-in link that works once, within a day; so no password is ever made up for anybody."""

from datetime import timedelta

from allauth.account.utils import perform_login
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_decode, urlsafe_base64_encode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

LIFETIME = timedelta(hours=24)


class SignInTokens(PasswordResetTokenGenerator):
    """Tokens that die when they are used, after a day, or with a change of password or address."""

    key_salt = "materiality.web.round.signin.SignInTokens"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        last = user.last_login.isoformat() if user.last_login else ""
        return f"{user.pk}{user.password}{last}{timestamp}{user.email}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        return super().check_token(user, token) and self._age(token or "") <= LIFETIME

    def _age(self, token: str) -> timedelta:
        written = base36_to_int(token.split("-")[0])
        return timedelta(seconds=self._num_seconds(self._now()) - written)


tokens = SignInTokens()


def sign_in_link(user: User) -> str:
    """Return the path of a page on which `user` signs in once, within a day."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("materiality:sign_in", args=[uid, tokens.make_token(user)])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Show a button; signing in takes a POST, so that a mail scanner cannot use the link up."""
    with transaction.atomic():
        user = _user(uid)
        if user is None or not tokens.check_token(user, token):
            return render(request, "materiality/sign_in.html", {"user": None}, status=410)
        if request.method == "POST":
            return perform_login(request, user, email_verification="none")  # type: ignore[no-any-return]
    return render(request, "materiality/sign_in.html", {"person": user})


def _user(uid: str) -> User | None:
    """Return the person, locked: two clicks at once sign in once."""
    try:
        key = int(urlsafe_base64_decode(uid))
    except ValueError:
        return None
    return User.objects.select_for_update().filter(pk=key, is_active=True).first()
