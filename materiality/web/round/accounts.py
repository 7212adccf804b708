"""Accounts are made by an owner or on the console; nobody signs up alone."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.models import User
from django.contrib.sites.shortcuts import get_current_site
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from materiality.actions import end_tokens_of, note_access
from materiality.actions.members import note_language
from materiality.models import Access
from materiality.web.devices import FEW, known_device, remember
from materiality.web.letters import send_soon
from surveys.languages import chosen_language
from surveys.models import Offer

JOINING = "materiality.web.round.accounts.join"
WITHIN = timedelta(days=1)


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether one may be sent there after signing in: to a path of this site alone."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def set_password(self, user: User, password: str) -> None:
        """Whoever knew the old password may have made tokens: they end with it."""
        super().set_password(user, password)
        end_tokens_of(user=user)

    def post_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse:
        note_access(kind=Access.Kind.SIGN_IN, by=user)
        note_language(user=user, language=chosen_language(request))
        response: HttpResponse = super().post_login(request, user, **about)
        remember(request, response, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count guesses: of a browser known to this person apart from those of everybody else."""
        device = known_device(request, credentials.get("email") or "")
        if not device:
            super().pre_authenticate(request, **credentials)
            return
        usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed", config=FEW, key=device
        )
        self._login_failed_rl_usage = usage
        if not usage:
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note whose account was tried; never an address that nobody here has."""
        address = credentials.get("email") or credentials.get("username") or ""
        person = User.objects.filter(email__iexact=address).first() if address else None
        note_access(kind=Access.Kind.SIGN_IN_FAILED, by=person)
        super().authentication_failed(request, **credentials)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Greet and sign in our own words: a host and a port are no sender."""
        words = {
            "hello": _("Hello,"),
            "sender": _(
                "This mail came from the materiality assessment of your company, because somebody "
                "asked for it there. Nobody reads answers to it."
            ),
        }
        about = {"email": email, "current_site": get_current_site(self.request)}
        send_soon(self.render_mail(template_prefix, email, about | context | words))


class CompanyAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The company's own sign-in opens accounts that are there, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Take a first sign-in for the person whose address it confirms."""
        if sociallogin.is_existing:
            return
        confirmed = [row.email for row in sociallogin.email_addresses if row.verified]
        for address in confirmed:
            person = User.objects.filter(email__iexact=address, is_active=True).first()
            if person is not None:
                sociallogin.connect(request, person)
                return


def joining_token(offer: Offer) -> str:
    """Return a token with which whoever was offered this role takes it once, within a day."""
    return signing.dumps(offer.pk, salt=JOINING)


def offer_of(token: str) -> Offer | None:
    """Return what a token of `joining_token` offers; None if it is forged, too old or void."""
    try:
        key = signing.loads(token, salt=JOINING, max_age=WITHIN)
    except signing.BadSignature:
        return None
    offers = Offer.objects.select_related("organisation", "user")
    return offers.filter(pk=key, user__is_active=True).first()
