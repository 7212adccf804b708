"""The address book: surveys for respondents, the workspace, the API."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

import surveys.api


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("surveys.urls")),
    path("", include("materiality.web.urls")),
    path("api/v1/", include((surveys.api.urlpatterns, "respond"))),
    path("api/v1/", include("materiality.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
