"""The words of a questionnaire: all of them with their digest, and how two are compared."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from surveys.models import PROMPT_TEXTS, QUESTION_TEXTS, Survey

_OPTION_LETTER = re.compile(r"^[a-h]\s?[.、:)]\s?")
_UNSEEN = ("Cf", "Cc")


def plain(text: str) -> str:
    """Return a word as it is compared: full-width forms, case, spaces, quotes and letters nobody
    sees do not count."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    if not folded.isprintable():
        folded = "".join(
            letter
            for letter in folded
            if letter.isspace() or unicodedata.category(letter) not in _UNSEEN
        )
    return _OPTION_LETTER.sub("", " ".join(folded.split()), count=1)


def digest_of(texts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a questionnaire's words."""
    written = json.dumps(texts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def texts_of(survey: Survey, *, until: datetime | None = None) -> dict[str, Any]:
    """Return every word of a questionnaire, with what tells which question it belongs to.

    :param until: without the audiences that were added to the running survey after this moment.
    """
    audiences = survey.audiences.all()
    if until is not None:
        audiences = audiences.exclude(asked_from__gt=until)
    facing = ("title", "headline", "lead", "after", "consent")
    prompt = (*PROMPT_TEXTS, "labels", "cannot_judge", "position")
    question = (*QUESTION_TEXTS, "item", "block", "position", "prompt__code")
    return {
        "survey": {name: getattr(survey, name) for name in facing},
        "audiences": {row.code: row.name for row in audiences},
        "prompts": {row.pop("code"): row for row in survey.prompts.values("code", *prompt)},
        "questions": {str(row.pop("pk")): row for row in survey.questions.values("pk", *question)},
    }
