"""A pretend respondent, who answers through the real pages and sees only what a person sees.

For demonstrations, load tests and checks. Nothing here touches the database.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

Rating = int | str | None
MOST_PAGES = 60
# Tags that say nothing of the form: two thirds of a page, and slow to read one by one.
_UNHEARD = re.compile(r"</?(?:div|label|p|fieldset)(?: [^>]*)?>")


class Response(Protocol):
    status_code: int
    content: bytes
    headers: Mapping[str, str]


class Client(Protocol):
    """What the bot needs of a browser; Django's test client has it."""

    def get(self, path: str) -> Any: ...

    def post(self, path: str, data: Mapping[str, str]) -> Any: ...


@dataclass(frozen=True)
class PageItem:
    """One thing to rate, as the page words it."""

    question: int
    title: str
    prompt: str


@dataclass
class Form:
    """The page's form: what is filled in, and what can be chosen."""

    heading: str = ""
    method: str = "post"
    action: str = ""
    questions: dict[str, PageItem] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    consent: str = ""
    receipt: str = ""


class BotIsStuck(Exception):
    """The page is not one the bot knows how to answer."""


def respond(
    client: Client,
    link: str,
    rate: Callable[[PageItem], Rating],
    *,
    language: str = "",
    audience: str = "",
    comment: str = "",
) -> str:
    """Answer a survey page by page and return the receipt code.

    :param link: path of a personal link (/r/…/) or an open link (/s/…/).
    :param rate: gives 1 to 5, "cannot_judge", or None to leave the item blank.
    :param language: "zh-hans" or "en"; without it the client's own.
    :param audience: who to be on an open link that asks.
    :raises BotIsStuck: a page refused the answers or is not part of a survey.
    """
    path, form = _open(client, f"{link}?lang={language}" if language else link)
    agreement = {"consent": form.consent} | ({"audience": audience} if audience else {})
    path, form = _agree(client, path, form, agreement)
    for _page in range(MOST_PAGES):
        fields = form.values | _ratings(form, rate)
        if "comment" in form.fields:
            fields["comment"] = comment
        path, form = _send(client, path, fields)
        if form.receipt:
            return form.receipt
    raise BotIsStuck(f"{path} still asks after {MOST_PAGES} pages.")


def _agree(client: Client, path: str, form: Form, agreement: Mapping[str, str]) -> tuple[str, Form]:
    """Press the landing page's button, as its form says."""
    if form.method == "post":
        return _send(client, path, agreement)
    query = urlencode({**form.values, **agreement})
    return _open(client, f"{urljoin(path, form.action)}?{query}")


def _ratings(form: Form, rate: Callable[[PageItem], Rating]) -> dict[str, str]:
    ratings = {name: rate(question) for name, question in form.questions.items()}
    return {name: str(rating) for name, rating in ratings.items() if rating is not None}


def _open(client: Client, path: str) -> tuple[str, Form]:
    return _follow(client, path, client.get(path))


def _send(client: Client, path: str, data: Mapping[str, str]) -> tuple[str, Form]:
    return _follow(client, path, client.post(path, data))


def _follow(client: Client, path: str, response: Response) -> tuple[str, Form]:
    while response.status_code == 302:
        path = urljoin(path, response.headers["Location"])
        response = client.get(path)
    form = read_form(response.content.decode())
    if response.status_code != 200:
        raise BotIsStuck(f"{path} answered {response.status_code}: {form.heading}")
    return path, form


def read_form(page: str) -> Form:
    reader = _FormReader()
    reader.feed(_UNHEARD.sub("", page))
    return reader.form


class _FormReader(HTMLParser):
    """Collects the fields of the form, the item titles and the question they stand under."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self._text: list[str] = []
        self._name = ""
        self._title = ""
        self._legend = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ("h1", "h2", "legend", "span", "code"):
            self._text = []
        if tag == "form" and values.get("id") == "f":
            self.form.method = values.get("method", "get")
            self.form.action = values.get("action", "")
        elif tag == "input":
            self._input(values)
        elif tag in ("textarea", "select"):
            self.form.fields.add(values["name"])

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._text).strip()
        if tag == "h1":
            self.form.heading = text
        elif tag == "h2":
            self._title = text
        elif tag == "legend":
            self._legend = text
        elif tag == "code":
            self.form.receipt = text

    def _input(self, values: dict[str, str]) -> None:
        name, value = values.get("name", ""), values.get("value", "")
        self.form.fields.add(name)
        if name == "consent":
            self.form.consent = value
        elif values.get("type") == "hidden" or "checked" in values:
            self.form.values[name] = value
        if values.get("type") == "radio":
            self.form.choices.setdefault(name, []).append(value)
            if name[:1] == "q" and name not in self.form.questions:
                self.form.questions[name] = PageItem(int(name[1:]), self._legend, self.form.heading)


class LiveClient:
    """A client for a running server, for bots outside the process."""

    def __init__(self, site: str) -> None:
        if urlsplit(site).scheme not in ("http", "https"):
            raise ValueError(f"A site starts with http:// or https://, not {site!r}.")
        self.site = site
        self._opener = build_opener(_StayHere)

    def get(self, path: str) -> "LiveResponse":
        return self._fetch(Request(urljoin(self.site, path)))  # noqa: S310 (scheme checked above)

    def post(self, path: str, data: Mapping[str, str]) -> "LiveResponse":
        body = urlencode(data).encode()
        return self._fetch(Request(urljoin(self.site, path), data=body))  # noqa: S310

    def _fetch(self, request: Request) -> "LiveResponse":
        try:
            with self._opener.open(request, timeout=30) as answer:
                return LiveResponse(answer.status, answer.read(), dict(answer.headers))
        except HTTPError as error:
            with error:
                return LiveResponse(error.code, error.read(), dict(error.headers))


@dataclass(frozen=True)
class LiveResponse:
    status_code: int
    content: bytes
    headers: Mapping[str, str]


class _StayHere(HTTPRedirectHandler):
    """Hand redirects back, as Django's test client does."""

    def redirect_request(self, *args: Any, **options: Any) -> None:
        return None
