"""Every wording of the report, in both languages. A report is written outside any request, so the
language is an argument and these are not gettext messages."""

from collections.abc import Mapping

from materiality.report.words import en, register_en, register_zh, zh

LANGUAGES = ("zh-hans", "en")
WORDS: Mapping[str, Mapping[str, str]] = {
    "zh-hans": zh.WORDS | register_zh.WORDS,
    "en": en.WORDS | register_en.WORDS,
}


def say(language: str, key: str, **fields: object) -> str:
    """Return one wording with its fields filled in."""
    return WORDS[language][key].format(**fields)
