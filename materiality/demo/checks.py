"""Visit every page of the demo as its manager and as a respondent."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from materiality.demo.rounds import MANAGER
from materiality.models import Assessment
from surveys.languages import CODES
from surveys.models import Survey


class PageFails(Exception):
    """A page of the demo does not answer 200."""


def every_page_answers() -> int:
    """Fetch every page in both languages and return how many answered 200.

    :raises PageFails: one did not; the message names it.
    """
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email=MANAGER), "django.contrib.auth.backends.ModelBackend")
    pages = [f"{page}?lang={language}" for page in _pages() for language in CODES]
    for page in pages:
        if (status := client.get(page).status_code) != 200:
            raise PageFails(f"{page} answered {status}")
    return len(pages)


def _pages() -> Iterator[str]:
    yield reverse("materiality:assessments")
    yield reverse("api:schema")
    yield reverse("api:docs")
    for name in _pages_of_a_round():
        for assessment in Assessment.objects.all():
            yield reverse(f"materiality:{name}", args=[assessment.pk])
    for survey in Survey.objects.all():
        yield reverse("surveys:open", args=[survey.slug])


def _pages_of_a_round() -> Iterator[str]:
    """Return the names of the addresses a/<pk>/… that take nothing else and can be read."""
    for pattern in _patterns(get_resolver().url_patterns, ""):
        route, name = pattern
        if route.startswith("a/<int:pk>/") and route.count("<") == 1 and name not in WRITE_ONLY:
            yield name


WRITE_ONLY = {"lock", "weights"}


def _patterns(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, route)
        elif pattern.name:
            yield route, pattern.name
