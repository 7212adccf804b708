"""Answers that staff enter, and the entry of the log."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from materiality.actions.log import hold_open, record
from materiality.models import Assessment, Verb
from surveys.actions.enter import enter
from surveys.models import Audience

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def enter_answer(
    *,
    assessment: Assessment,
    audience: Audience,
    submission: UUID,
    ratings: Mapping[str, Any],
    comment: str,
    name: str,
    by: "User",
) -> str:
    """Enter an interview or a paper form; return its receipt. The log tells the group alone."""
    current = hold_open(assessment)
    receipt, is_new = enter(
        audience, submission=submission, ratings=ratings, comment=comment, name=name
    )
    if is_new:
        about = {"group": audience.code}
        record(current, Verb.ENTER, by=by, subject=audience.survey.slug, after=about)
    return receipt
