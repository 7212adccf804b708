"""The baseline: a minimal Django project that shows a form and stores one answer durably."""

from django.conf import settings

from tests.bench.minimal_names import RATINGS

if not settings.configured:
    import environ

    settings.configure(
        SECRET_KEY="baseline",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={
            "default": environ.Env().db("DATABASE_URL") | {"OPTIONS": {"pool": {"min_size": 1}}}
        },
        INSTALLED_APPS=[],
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.locmem.Loader",
                            {
                                "form.html": (
                                    "<!doctype html><title>Survey</title><form method='post'>{% csrf_token %}"
                                    "{% for name in ratings %}<fieldset><legend>{{ name }}</legend>"
                                    "{% for value in scale %}<label><input type='radio' name='{{ name }}' "
                                    "value='{{ value }}'>{{ value }}</label>{% endfor %}</fieldset>{% endfor %}"
                                    "<textarea name='comment'></textarea><button>Send</button></form>"
                                )
                            },
                        )
                    ]
                },
            }
        ],
    )
    import django

    django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path


def form(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "form.html", {"ratings": RATINGS, "scale": range(1, 6)})
    ratings = [int(request.POST[name]) for name in RATINGS]
    if not all(1 <= rating <= 5 for rating in ratings):
        return HttpResponse(status=400)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO answer (ratings, comment) VALUES (%s, %s)",
            [ratings, request.POST["comment"]],
        )
    return HttpResponseRedirect("/thanks")


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Thank you")


urlpatterns = [path("", form), path("thanks", nothing)]

application = get_wsgi_application()
