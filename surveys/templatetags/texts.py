"""Show texts that exist in both languages."""

from django import template
from django.utils.translation import get_language

from surveys.languages import CODES, Text, in_language
from surveys.models import Survey
from surveys.questionnaire.consent import consent_hash

register = template.Library()
register.filter("in_language", in_language)


@register.filter
def lines(text: Text) -> list[str]:
    return [line for line in in_language(text).splitlines() if line.strip()]


@register.filter
def steps(text: Text) -> list[tuple[str, str]]:
    """Return “April: results” as ("April", "results"), line by line."""
    parts = [line.replace("：", ":", 1).partition(":") for line in lines(text)]
    return [(when.strip(), what.strip()) for when, _colon, what in parts]


@register.filter
def consent(survey: Survey) -> str:
    """Return the hash of the consent text in the page's language."""
    return consent_hash(survey.consent, get_language() or CODES[0])
