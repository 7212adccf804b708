"""A draft's two statements. `surveys.actions.answer` says what is in it."""

import time
from typing import Any

from django.db import connection

from surveys.secrecy.contents import Contents, encrypt
from surveys.visit.visits import Draft, Visit


def begin(visit: Visit, consent: str, draw: int | None) -> None:
    """Insert an empty draft, unless another tab just did or the survey was just sealed."""
    survey = visit.form.survey
    # Waits for a seal under way, and then finds the survey sealed.
    share = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    empty = encrypt(survey.key, Contents(draw=draw))
    values: list[Any] = [visit.invitation, consent, empty, int(time.time()), survey.pk]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT % share, values)


def store(draft: Draft) -> bool:
    """Write a draft back, and tell whether nobody had written to it since it was read."""
    submission = draft.submission.hex if draft.submission else None
    values: list[Any] = [encrypt(draft.key, draft), bool(draft.ratings), draft.receipt]
    values += [submission, draft.submitted]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [*values, draft.pk, draft.version])
        return bool(cursor.rowcount == 1)


_INSERT = (
    "INSERT INTO surveys_intake"
    " (invitation_id, survey_id, consent, ciphertext, answered, receipt, submitted,"
    " version, survey_version, begun)"
    " SELECT %%s, id, %%s, %%s, FALSE, '', FALSE, 0, version, %%s"
    " FROM surveys_survey"
    " WHERE id = %%s AND sealed_at IS NULL%s ON CONFLICT (invitation_id) DO NOTHING"
)
_UPDATE = (
    "UPDATE surveys_intake SET ciphertext = %s, answered = %s,"
    " receipt = %s, submission = %s, submitted = %s, version = version + 1"
    " WHERE id = %s AND version = %s"
)
