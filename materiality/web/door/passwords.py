"""Passwords that others would guess: common ones; leaked ones, where a service is set."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_pwned import api
from zxcvbn import zxcvbn

logger = logging.getLogger("materiality.door")

ENOUGH = 8.0
"""Powers of ten of guesses: a hundred a quarter of an hour would take some three thousand years."""
LOOKED_AT = 72
"""Characters of it that are weighed; a longer one is only safer."""


class GuessablePasswordValidator:
    """Refuse what is on lists of common passwords, a name, or a row of keys, also varied."""

    def validate(self, password: str, user: Any = None) -> None:
        own = [getattr(user, name, "") or "" for name in ("first_name", "last_name", "email")]
        weighed = zxcvbn(password[:LOOKED_AT], user_inputs=[*filter(None, own), "materiality"])
        if weighed["guesses_log10"] < ENOUGH:
            raise ValidationError(
                _("This password is easily guessed. Take four words that do not belong together."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Four words that do not belong together are a good password.")


class BreachedPasswordValidator:
    """Refuse what has leaked elsewhere. Only the first five signs of its hash are sent."""

    def validate(self, password: str, user: Any = None) -> None:
        try:
            count = api.get_pwned_count(password, request_timeout=1.5)
        except api.PwnedRequestError:
            logger.warning("The service of breached passwords does not answer; not asked.")
            return
        if count:
            raise ValidationError(
                _("This password is on a list of passwords that have leaked. Take another."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return ""
