"""Owners and editors have a second factor: until they do, they see the page that sets one up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from surveys.models.organisations import MAY_EDIT

WORKSPACE, API = "/a/", "/api/"


class FactorRequired:
    """Stands behind the sign-in. Programs with a token of their own have no factor to show."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.FACTOR_REQUIRED or not request.path_info.startswith((WORKSPACE, API)):
            return self.get_response(request)
        if not _lacks_factor(request.user):
            return self.get_response(request)
        sentence = _("Owners and editors need a second factor. Set one up here, then go on.")
        if request.path_info.startswith(API):
            return JsonResponse({"code": "factor_required", "detail": sentence}, status=403)
        messages.warning(request, sentence)
        return redirect("mfa_index")


def _lacks_factor(user: User | AnonymousUser) -> bool:
    if isinstance(user, AnonymousUser) or not user.is_authenticated:
        return False
    return user.memberships.filter(role__in=MAY_EDIT).exists() and not is_mfa_enabled(user)
