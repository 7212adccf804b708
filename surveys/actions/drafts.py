"""A draft's two statements. `surveys.actions.answer` says what is in it."""

import json
import time
from typing import Any

from django.db import connection

from surveys.visit.visits import Draft, Visit


def begin(visit: Visit, consent: str, draw: int | None) -> None:
    """Insert an empty draft, unless another tab just did or the survey was just sealed."""
    survey = visit.form.survey.pk
    # Waits for a seal under way, and then finds the survey sealed.
    share = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT % share, [visit.invitation, consent, int(time.time()), draw, survey])


def store(draft: Draft) -> bool:
    """Write a draft back, and tell whether nobody had written to it since it was read."""
    said = [json.dumps(part) for part in (draft.ratings, draft.picks, draft.remarks)]
    submission = draft.submission.hex if draft.submission else None
    values: list[Any] = [*said, draft.comment, draft.receipt, submission, draft.submitted]
    values += [draft.seconds, draft.trapped]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [*values, draft.pk, draft.version])
        return bool(cursor.rowcount == 1)


_INSERT = (
    "INSERT INTO surveys_intake"
    " (invitation_id, survey_id, consent, ratings, picks, remarks, comment, receipt, submitted,"
    " version, survey_version, begun, trapped, draw)"
    " SELECT %%s, id, %%s, '{}', '{}', '{}', '', '', FALSE, 0, version, %%s, FALSE, %%s"
    " FROM surveys_survey"
    " WHERE id = %%s AND sealed_at IS NULL%s ON CONFLICT (invitation_id) DO NOTHING"
)
_UPDATE = (
    "UPDATE surveys_intake SET ratings = %s, picks = %s, remarks = %s, comment = %s,"
    " receipt = %s, submission = %s, submitted = %s, seconds = %s, trapped = %s,"
    " version = version + 1"
    " WHERE id = %s AND version = %s"
)
