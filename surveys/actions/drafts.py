"""A draft's two statements. `surveys.actions.answer` says what is in it."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from surveys.encryption.contents import encrypt
from surveys.visit.visits import Draft, Visit


@dataclass(frozen=True, slots=True)
class Agreement:
    """What begins somebody's answers.

    :param consent: the hash of the text agreed to.
    :param since: Unix time since when the questions were seen; None if all comes by one call.
    :param version: the wording that was seen; None for the newest.
    """

    consent: str
    since: int | None = None
    version: int | None = None


def begin(visit: Visit, consent: str, draft: Draft) -> bool:
    """Insert a draft, and tell whether no other tab just did, nor the survey was just sealed."""
    # Waits for a seal under way, and then finds the survey sealed.
    share = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    values: list[Any] = [visit.invitation, consent, *_columns(draft), draft.survey_version]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT % share, [*values, draft.begun, visit.form.survey.pk])
        return bool(cursor.rowcount == 1)


def store(draft: Draft) -> bool:
    """Write a draft back, and tell whether nobody had written to it since it was read."""
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [*_columns(draft), draft.pk, draft.version])
        return bool(cursor.rowcount == 1)


def _columns(draft: Draft) -> list[Any]:
    """Return what both statements write: ciphertext, answered, receipt, submission, submitted."""
    submission = draft.submission.hex if draft.submission else None
    is_answered = bool(draft.ratings)
    return [encrypt(draft.key, draft), is_answered, draft.receipt, submission, draft.submitted]


_INSERT = (
    "INSERT INTO surveys_intake"
    " (invitation_id, survey_id, consent, ciphertext, answered, receipt, submission, submitted,"
    " version, survey_version, begun)"
    " SELECT %%s, id, %%s, %%s, %%s, %%s, %%s, %%s, 0, %%s, %%s"
    " FROM surveys_survey"
    " WHERE id = %%s AND sealed_at IS NULL%s ON CONFLICT (invitation_id) DO NOTHING"
)
_UPDATE = (
    "UPDATE surveys_intake SET ciphertext = %s, answered = %s,"
    " receipt = %s, submission = %s, submitted = %s, version = version + 1"
    " WHERE id = %s AND version = %s"
)
