"""Every text of the workspace exists in Chinese, and the compiled catalogue is the written one."""

import re

import pytest
from django.utils.translation import gettext, ngettext, override, pgettext, trans_real

from tests.web import messages
from tests.web.messages import singular


@pytest.fixture(scope="module")
def said() -> set[tuple[str | None, str]]:
    return set(messages.said())


@pytest.fixture(scope="module")
def catalogue():
    return messages.written()


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
    if message.context:
        return pgettext(message.context, singular(message.id))
    if isinstance(message.id, str):
        return gettext(message.id)
    return ngettext(*message.id, 2)
