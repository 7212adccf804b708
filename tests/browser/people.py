"""People at a browser: they open links, click and type, and every click, field and page counts."""

import email
import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.utils.translation import gettext, override, pgettext

CLICK_ALL = "labels => labels.forEach(label => document.querySelector(label).click())"


FIELDS = "main :is(input:not([type=hidden], [type=email], [type=url]), textarea), main [aria-label]"
OF_FIELDS = """all => all.map(one => [
    one.matches("textarea, input:not([type=checkbox], [type=radio])") ? one.value : "",
    one.placeholder, one.getAttribute("aria-label")].filter(Boolean).join(" "))"""
ENGLISH = re.compile("[A-Za-z]{2,}")
NO_WORDS = re.compile(
    r"https?://\S+|\S+@\S+"  # addresses
    r"|[\w./-]*\.(?:svg|pdf|png|html|docx|md|tex|pptx|xlsx|csv|zip)\b"  # names of files
    r"|sha256:|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}"  # digests
    r"|\{\{.*?\}\}|manage\.py recompute"  # what is typed as it stands
)
WORLDWIDE = {
    "GRI", "SZSE", "SSE", "BSE", "HKEX", "ESRS", "ISSB", "IFRS", "ISO", "UN", "SDG", "ESG", "CSR",
    "SVG", "PDF", "PNG", "HTML", "DOCX", "MD", "TEX", "PPTX", "XLSX", "CSV", "ZIP", "JSON", "SHA",
    "API", "AHP", "GB", "XLS", "ODS", "QR", "Art", "Ch", "Excel", "Word", "WPS", "MOF", "MB",
    "Jenks", "Kendall", "Satterthwaite",
}  # fmt: skip
"""What is written so in Chinese too: standards, kinds of files, names of statisticians."""
OWN_NAME_OF_A_LANGUAGE = "English"


def english_in(text: str) -> list[str]:
    """Return the English words of a Chinese text, without addresses and what is written so."""
    return [word for word in ENGLISH.findall(NO_WORDS.sub(" ", text)) if word not in WORLDWIDE]


class Person:
    """Somebody at a browser of their own. `count`: clicks, fields and pages by phase.

    :param language: what they read; buttons and labels are named in English all the same.
    :ivar english: English words that somebody who reads Chinese has met, with their page.
    """

    def __init__(self, browser: Any, site: str, language: str = "en", **options: Any) -> None:
        self.language = language
        self.english: list[str] = []
        self.context = browser.new_context(base_url=site, locale="en-GB", **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.count: dict[str, Counter[str]] = {}
        self.seconds: Counter[str] = Counter()
        self.phase = ""
        self.broken: list[str] = []
        self.chinese: list[str] = []
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))

    def word(self, text: str) -> str:
        """Return what stands on the page for an English text of ours."""
        if not text or text == OWN_NAME_OF_A_LANGUAGE:
            return text
        with override(self.language):
            found = gettext(text)
            if found != text:
                return found
            # Words that mean several things have a context each.
            told = (pgettext(context, text) for context in ("person", "mail"))
            return next((words for words in told if words != text), text)

    @contextmanager
    def doing(self, phase: str) -> Iterator[None]:
        """Count what is done meanwhile under a phase."""
        self.phase = phase
        self.count.setdefault(phase, Counter())
        begun = time.monotonic()
        yield
        self.seconds[phase] += time.monotonic() - begun
        self.phase = ""

    def _add(self, what: str) -> None:
        if self.phase:
            self.count[self.phase][what] += 1

    def open(self, address: str) -> None:
        """Follow a link that came by mail or that the server printed."""
        self._add("pages")
        answer = self.page.goto(address)
        assert answer.status < 400, (address, answer.status, self.page.inner_text("main")[:500])

    def press(self, name: str, *, within: str = "body", nth: int = 0, exact: bool = False) -> None:
        """Click a button or link by its words, and wait for the page it leads to."""
        self._add("clicks")
        place = self.page.locator(within)
        name = self.word(name)
        words = re.compile(f"^{re.escape(name)}$" if exact else re.escape(name))
        button = place.get_by_role("button", name=words)
        link = place.get_by_role("link", name=words)
        result = button.or_(link).nth(nth)
        before = self.page.url
        with self.page.expect_response(
            lambda answer: answer.request.resource_type == "document"
        ) as answered:
            result.click()
        assert answered.value.status < 400, (name, before, self.text()[:800])
        self.page.wait_for_load_state()
        self._add("pages")
        self.look_for_another_language()

    def look_for_another_language(self) -> None:
        """Note fields in Chinese, which a company that reports in English meets none of.

        And, for one that reports in Chinese, every English word of the page but its own name for
        the language.
        """
        if self.language != "en":
            written = self.page.eval_on_selector_all(FIELDS, OF_FIELDS)
            met = set(english_in(" ".join([self.text(), *written]))) - {OWN_NAME_OF_A_LANGUAGE}
            self.english += [f"{self.page.url}: {word}" for word in sorted(met)]
            return
        labels = self.page.eval_on_selector_all(
            "main label, main legend, main input, main textarea",
            "all => all.map(one => (one.value || '') + ' ' + one.textContent)",
        )
        self.chinese += [label for label in labels if re.search("[\u4e00-\u9fff]", label)]

    def tap(self, selector: str) -> None:
        """Click something that leads nowhere: a summary, a tick."""
        self._add("clicks")
        self.page.locator(selector).first.click()

    def type(self, label: str, text: str, *, within: str = "body", nth: int = 0) -> None:
        """Write into a field, found by its label."""
        self._add("fields")
        self.page.locator(within).get_by_label(self.word(label)).nth(nth).fill(text)

    def choose(self, label: str, option: str, *, within: str = "body") -> None:
        self._add("fields")
        field = self.page.locator(within).get_by_label(self.word(label), exact=True).first
        field.select_option(label=self.word(option))

    def tick(self, label: str, on: bool = True, *, within: str = "body") -> None:
        self._add("clicks")
        box = self.page.locator(within).get_by_label(self.word(label), exact=True).first
        box.set_checked(on)

    def attach(self, label: str, name: str, content: bytes) -> None:
        self._add("fields")
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        self.page.get_by_label(self.word(label)).first.set_input_files(file)

    def text(self) -> str:
        return str(self.page.inner_text("main"))

    def sees(self, words: str) -> None:
        """Look for words; for who reads Chinese, only for whole sentences without a number."""
        if self.language != "en" and self.word(words) == words:
            return
        words = self.word(words)
        assert words in self.text(), f"“{words}” is not on {self.page.url}:\n{self.text()[:2000]}"

    def leave(self) -> None:
        self.context.close()
        assert self.broken == []


class Post(MessageHandler):
    """A mail server that keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def prepare_message(self, session: Any, envelope: Any) -> Any:
        made = email.message_from_bytes(envelope.content, policy=default)
        made["X-RcptTo"] = ", ".join(envelope.rcpt_tos)
        return made

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)

    def to(self, address: str) -> list[Any]:
        return [mail for mail in self.mails if mail["X-RcptTo"].lower() == address.lower()]

    def link_for(self, address: str) -> str:
        """Return the link in the last mail to an address."""
        body = self.to(address)[-1].get_body(("plain",)).get_content()
        match = re.search(r"https?://\S+/(?:r|join|signin)/\S+", body)
        assert match, body
        return match[0]


@contextmanager
def post_office() -> Iterator[tuple[Post, int]]:
    """Run a mail server on a free port of this machine."""
    post = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post, port
    finally:
        controller.stop()


def answer_survey(person: Person, link: str, ratings: Any, *, by_hand: bool = True) -> None:
    """Open a personal link, agree, rate every topic and hand in; `ratings` gives the next one.

    :param by_hand: each rating is a move and a press of the mouse; else the labels of a page are
        clicked by one script, which costs a tenth.
    """
    page = person.page
    person.open(link)
    person.look_for_another_language()
    consent = page.locator("#consent")
    if consent.count():
        consent.check()
    page.get_by_role("button", name=re.compile("Agree and start|同意并开始")).click()
    while "/done/" not in page.url:
        page.wait_for_selector("form#f")
        person.look_for_another_language()
        names = page.eval_on_selector_all(
            "fieldset input[type=radio]", "all => [...new Set(all.map(one => one.name))]"
        )
        labels = [f'label[for="{name}-{next(ratings)}"]' for name in names]
        if by_hand:
            for label in labels:
                page.locator(label).click()
        else:
            page.evaluate(CLICK_ALL, labels)
        here = page.url
        page.locator("form#f button.btn[type=submit]").click()
        page.wait_for_url(lambda url, here=here: url != here)
