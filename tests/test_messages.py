"""Every text exists in Chinese, and the compiled catalogues are the written ones."""

import re

import pytest
from django.utils.translation import gettext, ngettext, override, pgettext, trans_real

from tests.messages import HALVES, SURVEYS, WORKSPACE, singular, texts_in

each_half = pytest.mark.parametrize("half", HALVES, ids=lambda half: half.name)


def test_the_extraction_finds_texts_of_templates_and_of_code():
    assert {(None, "Results and tiers"), ("change", "Reason")} <= set(WORKSPACE.said())  # templates
    assert {(None, "Highly material"), (None, "Locked on %(day)s.")} <= set(WORKSPACE.said())
    assert {(None, "Agree and start"), ("survey", "Submit")} <= set(SURVEYS.said())


def test_the_control_a_new_text_is_noticed():
    result = texts_in("{% translate 'Not in the catalogue' %}", page="new.html")

    assert set(result) - set(WORKSPACE.translations()) == {(None, "Not in the catalogue")}


@each_half
def test_every_text_has_a_chinese_translation(half):
    written = {key for key, translation in half.translations().items() if translation}

    assert set(half.said()) - written == set()


@each_half
def test_the_catalogue_holds_no_text_that_is_gone_and_nothing_doubtful(half):
    assert set(half.translations()) - set(half.said()) == set()
    assert not [message.id for message in half.written() if message.id and message.fuzzy]


@each_half
def test_a_translation_keeps_the_values_and_the_marks_of_the_text(half):
    def holes(text):
        return sorted(set(re.findall(r"%\(\w+\)|</?\w+[^>]*>", text)))

    translations = half.translations().items()
    assert [text for (_, text), said in translations if holes(text) != holes(said)] == []


@each_half
def test_readers_get_what_the_catalogue_says(half):
    """The compiled file may lag; another application's word for the same text would come first."""
    trans_real._translations.clear()
    expected = half.translations()
    with override("zh-hans"):
        shown = {
            (message.context, singular(message.id)): _translated(message)
            for message in half.written()
            if message.id
        }

    assert {key: text for key, text in shown.items() if text != expected[key]} == {}


def _translated(message) -> str:
    if message.context:
        return pgettext(message.context, singular(message.id))
    if isinstance(message.id, str):
        return gettext(message.id)
    return ngettext(*message.id, 2)
