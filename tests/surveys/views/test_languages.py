"""Respondents see no text in one language only."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils import translation

from surveys.languages import in_language, missing_languages, validate_text

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates/surveys").glob("*.html"))
SOURCES = [
    path for path in sorted((ROOT / "surveys").rglob("*.py")) if "migrations" not in path.parts
]


class Bare(HTMLParser):
    """Collects text and spoken attributes that stand in a page for themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += re.findall(r"[^\W\d_]{2,}", data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("aria-label", "alt", "title", "placeholder"):
                self.handle_data(value or "")


def bare_words(template: str) -> list[str]:
    """Return the words a template shows without translating them."""
    block = r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}"
    page = re.sub(block, "", template, flags=re.S)
    reader = Bare()
    reader.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", page, flags=re.S))
    return reader.found


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_shows_no_untranslated_word(template):
    assert bare_words(template.read_text()) == []


def test_the_control_a_bare_word_is_noticed():
    assert bare_words("<p>Hello {{ name }}</p>") == ["Hello"]
    assert bare_words('<img alt="Logo">{% translate "Hi" %}') == ["Logo"]


def test_code_never_shows_a_sentence_it_does_not_translate():
    """A `raise` with a plain text would reach a respondent in one language only."""
    shown = ("InvalidAnswers", "Conflict", "NotPublishable", "RuleBroken")

    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in shown:
                assert not any(isinstance(each, ast.Constant | ast.JoinedStr) for each in node.args)


# The words of the specification, as they reach the page through all catalogues in force.
WORDS = {
    "Agree and start": "同意并开始",
    "Anything else you want to say? (optional)": "还有想说的吗？（选填）",
    "Please leave out personal details.": "请不要写下个人信息。",
    "Thank you for your answers": "谢谢，已收到您的回答",
    "Not answered yet": "还没有选择",
    "Not saved yet. Will retry when online": "未能保存，联网后自动重试",
    "Answer them now, or continue without them.": "可以补上，也可以直接继续。",
}
WORDS_IN_CONTEXT = {
    "Time": "用时", "Saving": "保存", "Closes": "截止", "Decline": "谢绝参加",
    "Continue": "继续", "Back": "返回", "Submit": "提交", "Saved": "已保存",
}  # fmt: skip


def test_the_words_on_the_page_are_those_of_the_specification():
    with translation.override("zh-hans"):
        assert {word: translation.gettext(word) for word in WORDS} == WORDS
        result = {word: translation.pgettext("survey", word) for word in WORDS_IN_CONTEXT}
        assert result == WORDS_IN_CONTEXT


# ---- texts in both languages ----


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ({"zh-hans": "数据", "en": "Data"}, "en", "Data"),
        ({"zh-hans": "数据", "en": "Data"}, "zh-hans", "数据"),
        ({"zh-hans": "数据"}, "en", "数据"),
        ({"zh-hans": "数据", "en": ""}, "en", "数据"),
        ({}, "en", ""),
        (None, "en", ""),
        ("no object", "en", ""),
        (["en"], "en", ""),
    ],
)
def test_a_text_is_shown_in_the_language_or_else_in_the_other(text, language, shown):
    assert in_language(text, language) == shown


def test_a_missing_language_is_named():
    assert missing_languages({"zh-hans": "数据", "en": " "}) == ["en"]


@pytest.mark.parametrize(
    "value", ["x", None, [], {"fr": "x"}, {"en": 5}, {"en": "a\x00b"}, {"en": "\ud83d"}]
)
def test_what_is_not_a_text_is_refused(value):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_text(value)
