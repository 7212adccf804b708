"""What respondents are told and agree to, generated from the survey's real settings."""

import hashlib

from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from surveys.languages import CODES, Text
from surveys.models import Survey


def consent_text(survey: Survey) -> dict[str, str]:
    """Return the text in both languages, one statement a line."""
    texts = {}
    for code in CODES:
        with translation.override(code):
            texts[code] = "\n".join(_statements(survey))
    return texts


def consent_hash(text: Text, language: str) -> str:
    """Return what is stored with an answer of the text agreed to: its SHA-256."""
    return hashlib.sha256(text[language].encode()).hexdigest()


def is_consent(survey: Survey, digest: str) -> bool:
    return digest in {consent_hash(survey.consent, code) for code in survey.consent}


def _statements(survey: Survey) -> list[str]:
    facts = {
        "minimum": survey.minimum_group,
        "date": format_date(survey.keep_until, _("j F Y")),
    }
    lines = _anonymous(survey) if survey.is_anonymous else _names(survey)
    return [line % facts for line in lines]


def _anonymous(survey: Survey) -> list[str]:
    return [
        _(
            "Only for this assessment, added up by group. "
            "Groups under %(minimum)s are never shown alone."
        ),
        _(
            "We keep group, ratings, choices and comments; times only until closing; no name, "
            "phone, WeChat ID. At closing they are cut off from your link."
        )
        if survey.kinds
        else _(
            "We keep group, ratings and comment; times only until closing; no name, phone, "
            "WeChat ID. At closing they are cut off from your link."
        ),
        _(
            "You can withdraw until it closes. Names and addresses of those invited are deleted "
            "after %(date)s; ratings stay as evidence, with no link to you."
        ),
    ]


def _names(survey: Survey) -> list[str]:
    return [
        _(
            "Only for this assessment. Reviewers see who rated what; published results are added "
            "up by group, and in a small group a single rating can be recognised."
        ),
        _("We record your name, group, ratings, choices and comments; times only until closing.")
        if survey.kinds
        else _("We record your name, group, ratings and comment; times only until closing."),
        _("Your name is deleted after %(date)s. You can withdraw until the survey closes."),
    ]
