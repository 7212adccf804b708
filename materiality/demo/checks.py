"""Follow the links of the demo, as its manager and as a respondent, in both languages."""

import logging
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit, urlunsplit

from django.contrib.auth.models import User
from django.test import Client
from django.urls import resolve, reverse

from materiality.actions.access import logger as accesses
from materiality.demo.rounds import MANAGER
from surveys.languages import CODES
from surveys.models import Survey

MOST_ALIKE = 20
"""Pages of one kind that are looked at; a list of people has hundreds."""


class PageFails(Exception):
    """A page of the demo does not answer 200."""


class _Links(HTMLParser):
    """Collects the addresses that a page links to or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src") and value and tag != "use":
                self.hrefs.append(value)


def every_page_answers() -> int:
    """Walk from the list of rounds, the surveys and the API; return how many pages answered 200.

    :raises PageFails: one did not; the message names it and the page that links to it.
    """
    client = Client(SERVER_NAME="127.0.0.1")
    manager = User.objects.get(email=MANAGER)
    client.force_login(manager, "django.contrib.auth.backends.ModelBackend")
    with _without_accesses():
        return sum(_walk(client, language) for language in CODES)


@contextmanager
def _without_accesses() -> Iterator[None]:
    """Keep out of the terminal that each file was taken: nobody did, the demo looks at itself."""
    level = accesses.level
    accesses.setLevel(logging.WARNING)
    try:
        yield
    finally:
        accesses.setLevel(level)


def _walk(client: Client, language: str) -> int:
    waiting = deque((address, "the start") for address in _doors())
    seen = {address for address, _from in waiting}
    visits: Counter[str] = Counter()
    while waiting:
        address, linked_from = waiting.popleft()
        kind = resolve(urlsplit(address).path).view_name
        if visits[kind] == MOST_ALIKE:
            continue
        visits[kind] += 1
        links = set(_links(client, address, language, linked_from)) - seen
        seen |= links
        waiting.extend((link, address) for link in sorted(links))
    return visits.total()


def _doors() -> list[str]:
    rows = Survey.objects.filter(audiences__open_link=True).distinct()
    surveys = [reverse("surveys:open", args=[survey.slug]) for survey in rows]
    names = ("materiality:assessments", "api:schema", "api:docs")
    return [*(reverse(name) for name in names), *surveys]


def _links(client: Client, address: str, language: str, linked_from: str) -> list[str]:
    response = client.get(address, headers={"accept-language": language}, follow=True)
    if response.status_code != 200:
        raise PageFails(f"{address}, linked from {linked_from}, answered {response.status_code}")
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    reader = _Links()
    reader.feed(response.content.decode())
    return [link for href in reader.hrefs if (link := _own(address, href))]


def _own(page: str, link: str) -> str | None:
    """Return the path of a link within this site; None for others, anchors and language choices."""
    parts = urlsplit(urljoin(page, link))
    if parts.scheme or parts.netloc or "lang=" in parts.query or parts.path.startswith("/static/"):
        return None
    if parts.path.startswith(("/admin/", "/accounts/")):
        return None
    return urlunsplit(("", "", parts.path, parts.query, ""))
