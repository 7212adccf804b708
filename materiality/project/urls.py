"""The address book: surveys for respondents, the workspace, the API."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

import surveys.api.respond


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def no_page(request: HttpRequest) -> HttpResponse:
    """An address is confirmed by the link that was sent to it: nobody changes it alone."""
    raise Http404


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("surveys.urls")),
    path("", include("materiality.web.urls")),
    path("api/v1/", include((surveys.api.respond.urlpatterns, "respond"))),
    path("api/v1/", include("materiality.api.urls")),
    path("accounts/email/", no_page, name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
