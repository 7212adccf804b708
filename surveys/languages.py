"""The languages: texts that carry several, and which one a visitor reads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import translation


@dataclass(frozen=True)
class Language:
    """A language that companies may ask and report in.

    :param name: as its readers call it. :param html: what pages say of a text in it.
    """

    code: str
    html: str
    name: str


LANGUAGES = (
    Language("zh-hans", "zh-Hans", "中文"),
    Language("en", "en", "English"),
)
"""All of them. One more is a line here, its catalogue of texts, and its words of the report."""

CODES = tuple(language.code for language in LANGUAGES)
LANGUAGE_NAMES = {language.code: language.name for language in LANGUAGES}
Text = Mapping[str, str]


def in_language(text: Text | None, language: str | None = None) -> str:
    """Return `text` in `language` (default: the active one), or else in the other."""
    if not isinstance(text, Mapping):
        return ""
    wanted = language or translation.get_language() or CODES[0]
    return text.get(wanted) or next((text[code] for code in CODES if text.get(code)), "")


def all_codes() -> list[str]:
    """Return what a company that names none asks in."""
    return list(CODES)


def in_order(codes: Iterable[str]) -> list[str]:
    """Return these languages in the order they are listed in, each once."""
    chosen = set(codes)
    return [code for code in CODES if code in chosen]


def validate_languages(value: Any) -> None:
    if not isinstance(value, list) or not value:
        raise ValidationError("Name at least one language.")
    if value != in_order(value):
        raise ValidationError(f"Name languages of {CODES}, each once, in this order.")


class LanguagesField(models.JSONField):
    """The languages of a company, a round or a survey: codes, one or more."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", all_codes)
        super().__init__(**options)
        self.validators = [*self.validators, validate_languages]


def by_language(spoken: "str | Text", languages: Sequence[str]) -> dict[str, str]:
    """Return what was said by language, without the languages it is not written in.

    :param languages: a text that names no language is in the first of them.
    """
    texts = {languages[0]: spoken} if isinstance(spoken, str) else spoken
    return {code: text.strip() for code, text in texts.items() if text.strip()}


def missing_languages(text: Text | None, languages: tuple[str, ...] = CODES) -> list[str]:
    return [code for code in languages if not (text or {}).get(code, "").strip()]


def validate_text(value: Any) -> None:
    if not isinstance(value, dict) or not all(isinstance(part, str) for part in value.values()):
        raise ValidationError("A text is an object from language code to string.")
    if unknown := set(value) - set(CODES):
        raise ValidationError(f"Unknown language {sorted(unknown)[0]!r}; use one of {CODES}.")
    if any(map(cannot_be_kept, value.values())):
        raise ValidationError("A text holds NUL or half a character; remove it.")


def cannot_be_kept(text: str) -> bool:
    """Tell whether a text holds what no database keeps: NUL, or half of a surrogate pair."""
    return "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


class TextField(models.JSONField):
    """A text in each language: {"zh-hans": "…", "en": "…"}."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", dict)
        options.setdefault("blank", True)
        super().__init__(**options)
        self.validators = [*self.validators, validate_text]


def chosen_language(request: HttpRequest) -> str:
    """Return the language from the link, then the saved choice, then the browser."""
    for wish in (request.GET.get("lang"), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        if wish in CODES:
            return str(wish)
    return _preference(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=1024)
def _preference(accepted: str) -> str:
    """Return what a browser prefers of our languages; many people send the same few headers."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return translation.get_language_from_request(request)


class LanguageMiddleware:
    """Activate the visitor's language; `?lang=` is remembered in a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.LANGUAGE_CODE = language = chosen_language(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if request.GET.get("lang") == language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=365 * 86400,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response
