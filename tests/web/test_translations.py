"""Every text of the workspace exists in Chinese, and the compiled catalogue is the written one."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import override, pgettext, trans_real
from django.utils.translation.template import templatize

PO = settings.ROOT / "materiality/locale/zh_Hans/LC_MESSAGES/django.po"
# The collecting half and its letters have a catalogue of their own.
ELSEWHERE = ("surveys", "email")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sources() -> list[Path]:
    code = [
        path
        for path in (settings.ROOT / "materiality").rglob("*.py")
        if "migrations" not in path.parts
    ]
    templates = settings.ROOT / "templates"
    pages = [
        path
        for path in templates.rglob("*.html")
        if path.relative_to(templates).parts[0] not in ELSEWHERE
    ]
    return sorted(code + pages)


def messages(path: Path) -> set[tuple[str | None, str]]:
    """Return (context, text) of everything in a file that is shown to people."""
    source = path.read_text()
    if path.suffix == ".html":
        source = templatize(source, origin=str(path))
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    return {
        (context, said if isinstance(said, str) else said[0])
        for _line, said, _comments, context in found
        if said
    }


@pytest.fixture(scope="module")
def said() -> set[tuple[str | None, str]]:
    return set().union(*map(messages, sources()))


@pytest.fixture(scope="module")
def catalogue():
    return read_po(io.BytesIO(PO.read_bytes()), locale="zh_Hans")


def singular(text) -> str:
    return text if isinstance(text, str) else text[0]


def test_the_extraction_finds_texts_of_templates_and_of_code(said):
    assert {(None, "Results and tiers"), ("change", "Reason")} <= said  # templates
    assert {(None, "Highly material"), (None, "Locked on %(day)s.")} <= said  # code


def test_every_text_has_a_chinese_translation(said, catalogue):
    written = {
        (message.context, singular(message.id)) for message in catalogue if singular(message.string)
    }

    assert said - written == set()


def test_the_catalogue_holds_no_text_that_is_gone_and_nothing_doubtful(said, catalogue):
    listed = {(message.context, singular(message.id)) for message in catalogue if message.id}

    assert listed - said == set()
    assert not [message.id for message in catalogue if message.id and message.fuzzy]


def test_a_translation_keeps_the_places_of_the_values(catalogue):
    def places(text):
        return set(re.findall(r"%\((\w+)\)", text))

    wrong = [
        message.id
        for message in catalogue
        if message.id and places(singular(message.id)) != places(singular(message.string))
    ]
    assert wrong == []


def test_readers_get_what_the_catalogue_says(catalogue):
    """The compiled file may lag; another application's word for the same text would come first."""
    trans_real._translations.clear()
    with override("zh-hans"):
        shown = {
            (message.context, singular(message.id)): _translated(message)
            for message in catalogue
            if message.id
        }

    expected = {
        (message.context, singular(message.id)): singular(message.string)
        for message in catalogue
        if message.id
    }
    assert {key: text for key, text in shown.items() if text != expected[key]} == {}


def _translated(message) -> str:
    from django.utils.translation import gettext, ngettext

    if message.context:
        return pgettext(message.context, singular(message.id))
    if isinstance(message.id, str):
        return gettext(message.id)
    return ngettext(*message.id, 2)
