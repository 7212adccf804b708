"""The address book: surveys for respondents, the workspace, the API."""

from allauth.account.decorators import secure_admin_login
from allauth.socialaccount.models import SocialApp, SocialToken
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

import surveys.api.respond
from materiality.project.health import healthz, readyz
from materiality.project.metrics import metrics

handler404 = "materiality.project.errors.not_found"
handler500 = "materiality.project.errors.server_error"


def no_page(request: HttpRequest) -> HttpResponse:
    """An address is confirmed by the link that was sent to it: nobody changes it alone."""
    raise Http404


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("surveys.urls")),
    path("", include("materiality.web.urls")),
    path("api/v1/", include((surveys.api.respond.urlpatterns, "respond"))),
    path("api/v1/", include("materiality.api.urls")),
    path("accounts/email/", no_page, name="account_email"),
    path("accounts/", include("allauth.urls")),
]
if settings.ADMIN:
    # By the one door: mail and password with their limits, and the second factor.
    # What holds secrets of the company's sign-in is not shown there.
    admin.site.unregister([SocialApp, SocialToken])
    admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
    urlpatterns.append(path("admin/", admin.site.urls))
