"""Parts that several forms share: both languages of a text, the version that was seen."""

from collections.abc import Mapping
from typing import Any

from django import forms

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


def version_field() -> forms.IntegerField:
    """The round's version when the page was made: somebody else's changes since are noticed."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False)


def both_languages(cleaned: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return the text entered in the fields `name:zh-hans` and `name:en`."""
    return {language: cleaned[f"{name}:{language}"].strip() for language, _label in LANGUAGES}
