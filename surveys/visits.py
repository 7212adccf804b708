"""Who opened a link, how far they are, and whether their survey is open: one row."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from surveys.models import Intake, Invitation, token_hash
from surveys.prepared import Prepared
from surveys.questionnaires import Questionnaire, current


@dataclass(slots=True)
class Draft:
    """The answers so far."""

    pk: int
    ratings: dict[str, int]
    comment: str
    receipt: str
    submission: UUID | None
    submitted: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One person at their link."""

    invitation: int
    token_hash: str
    state: str
    form: Questionnaire
    draft: Draft | None
    sealed_at: datetime | None

    @property
    def is_open(self) -> bool:
        survey = self.form.survey
        return self.sealed_at is None and survey.opens_at <= timezone.now() < survey.closes_at


def find(token: str) -> Visit | None:
    """Return the visit, or None if the link is unknown, revoked, or of an unpublished survey."""
    return _visit(_READ.one(token_hash(token)))


def lock_draft(token: str) -> Visit | None:
    """As `find`, with the draft locked; None also if nothing was begun."""
    return _visit(_LOCK_DRAFT.one(token_hash(token)))


def lock_invitation(token: str) -> Visit | None:
    """As `find`, with the invitation locked."""
    return _visit(_LOCK_INVITATION.one(token_hash(token)))


def begin(visit: Visit, consent: str) -> None:
    """Insert an empty draft, unless another tab just did."""
    with connection.cursor() as cursor:
        survey = visit.form.survey.pk
        cursor.execute(_INSERT, [visit.invitation, survey, consent])


def store(draft: Draft) -> None:
    """Write a draft back."""
    ratings = json.dumps(draft.ratings)
    submission = draft.submission.hex if draft.submission else None
    values = [ratings, draft.comment, draft.receipt, submission, draft.submitted, draft.pk]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, values)


def _visit(row: tuple[Any, ...] | None) -> Visit | None:
    if row is None:
        return None
    invitation, hashed, state, audience, published_at, opens_at, closes_at, sealed_at, *draft = row
    if published_at is None:
        return None
    form = current(audience, published_at, opens_at, closes_at)
    return Visit(invitation, hashed, state, form, Draft(*draft) if draft[0] else None, sealed_at)


def _columns(invitation: str, intake: str) -> list[str]:
    """Return the columns of `_visit`, given the paths to both tables."""
    survey = [f"audience__survey__{at}_at" for at in ("published", "opens", "closes", "sealed")]
    whose = ["pk", "token_hash", "state", "audience_id", *survey]
    answers = ["pk", "ratings", "comment", "receipt", "submission", "submitted"]
    return [f"{invitation}{name}" for name in whose] + [f"{intake}{name}" for name in answers]


_REVOKED = Invitation.State.REVOKED
_READ = Prepared(
    lambda hashed: (
        Invitation.objects.filter(token_hash=hashed)
        .exclude(state=_REVOKED)
        .values_list(*_columns(invitation="", intake="intake__"))
    )
)
# Sharing the survey's row, first, keeps a seal waiting and makes who comes after it see it.
# The draft itself is locked: PostgreSQL rereads only locked rows after waiting for another tab.
_LOCK_DRAFT = Prepared(
    lambda hashed: (
        Intake.objects.filter(invitation__token_hash=hashed)
        .exclude(invitation__state=_REVOKED)
        .values_list(*_columns(invitation="invitation__", intake=""))
    ),
    lock="FOR KEY SHARE OF surveys_survey FOR UPDATE OF surveys_intake",
)
_LOCK_INVITATION = Prepared(
    lambda hashed: (
        Invitation.objects.filter(token_hash=hashed)
        .exclude(state=_REVOKED)
        .values_list(*_columns(invitation="", intake="intake__"))
    ),
    lock="FOR KEY SHARE OF surveys_survey FOR UPDATE OF surveys_invitation",
)
_INSERT = (
    "INSERT INTO surveys_intake"
    " (invitation_id, survey_id, consent, ratings, comment, receipt, submitted)"
    " VALUES (%s, %s, %s, '{}', '', '', FALSE) ON CONFLICT (invitation_id) DO NOTHING"
)
_UPDATE = (
    "UPDATE surveys_intake"
    " SET ratings = %s, comment = %s, receipt = %s, submission = %s, submitted = %s WHERE id = %s"
)
