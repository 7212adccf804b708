"""Comments that are read before they leave, and the log's entry: counts, never a text."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from materiality.actions.log import hold, record
from materiality.errors import RoundLocked
from materiality.models import Assessment, Verb
from surveys.actions.redact import CommentReading, Redacted, redact
from surveys.models import Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def redact_comments(
    *, assessment: Assessment, survey: Survey, readings: Mapping[UUID, CommentReading], by: "User"
) -> Redacted:
    """Say what of each comment may leave the product.

    :raises RoundLocked: a round with this survey is locked, so what was released stands.
    """
    current = hold(assessment)
    if survey.assessments.filter(snapshot__isnull=False).exists():
        raise RoundLocked
    done = redact(survey, readings)
    if done.read:
        record(current, Verb.REDACT, by=by, subject=survey.slug, after=asdict(done))
    return done
