"""End collecting: all answers become one immutable block, and nobody's can be told apart."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.blocks import Columns, digest_of, in_canonical_order, pack, unpack
from surveys.errors import Conflict
from surveys.models import (
    Comment,
    Intake,
    Invitation,
    Receipt,
    SealedAnswers,
    Survey,
    receipt_hash,
)
from surveys.questionnaires import questionnaire
from surveys.signs import Circumstances, signs_of
from surveys.vacuum import vacuum

CHUNK = 2000


class SealMismatch(Exception):
    """What was read and what would be sealed differ, so nothing was sealed."""


@dataclass
class Collected:
    """What the intake held, read once."""

    columns: Columns
    how: Circumstances
    comments: list[tuple[int, str]] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    rating_sum: int = 0


@transaction.atomic
def seal(survey: Survey) -> SealedAnswers:
    """Turn the intake of a closed survey into sealed answers, comments and receipts.

    Drafts count as far as they were answered. Tests never count.

    :raises Conflict: the survey is still open, was never published, or is sealed already.
    """
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    _require_ended(locked)
    intakes = Intake.objects.filter(survey=locked)
    _hold(intakes)
    collected = _collect(locked, _counted(intakes))
    sealed = _store_block(locked, collected)
    _store_comments(locked, collected)
    _store_receipts(locked, collected.receipts)
    _note_who_took_part(locked, intakes)
    intakes.delete()
    survey.sealed_at = locked.sealed_at = timezone.now()
    locked.save(update_fields=["sealed_at"])
    transaction.on_commit(partial(vacuum, Intake))
    return sealed


def _require_ended(survey: Survey) -> None:
    if survey.is_sealed:
        raise Conflict(_("This survey is sealed already."))
    if survey.published_at is None:
        raise Conflict(_("This survey was never published, so there is nothing to seal."))
    if survey.closes_at > timezone.now():
        raise Conflict(_("This survey is still open. Close it before sealing."))


def _hold(intakes: QuerySet[Intake]) -> None:
    """Wait for every answer being stored right now, and keep others from being stored."""
    for _row in intakes.select_for_update().values_list("pk").iterator(chunk_size=CHUNK):
        pass


def _counted(intakes: QuerySet[Intake]) -> QuerySet[Intake]:
    answered = Q(submitted=True) | ~Q(ratings={})
    return intakes.filter(answered).exclude(invitation__source=Invitation.Source.TEST)


def _collect(survey: Survey, intakes: QuerySet[Intake]) -> Collected:
    audiences = list(survey.audiences.order_by("code").values_list("pk", "code"))
    questions = list(survey.questions.order_by("pk").values_list("pk", flat=True))
    count = intakes.count()
    columns: Columns = {
        "audiences": np.array([code for _pk, code in audiences], dtype=str),
        "questions": np.array(questions, dtype=np.int64),
        "audience": np.zeros(count, np.uint16),
        "flags": np.zeros(count, np.uint8),
        "ratings": np.zeros((count, len(questions)), np.uint8),
    }
    if not survey.is_anonymous:
        columns["invitations"] = np.zeros(count, np.int64)
    collected = Collected(columns, Circumstances.of(count))
    read = _fill(collected, intakes, {pk: at for at, (pk, _code) in enumerate(audiences)})
    if read != count:
        raise SealMismatch(f"{count} answers were counted, {read} were read.")
    _look_for_signs(survey, collected)
    return collected


def _look_for_signs(survey: Survey, collected: Collected) -> None:
    """Set the flags, from the ratings and from what is forgotten with the intake."""
    columns, questions = collected.columns, collected.columns["questions"].tolist()
    for at, audience in enumerate(survey.audiences.order_by("code")):
        rows = columns["audience"] == at
        if rows.any():
            columns["flags"][rows] = signs_of(
                questionnaire(audience), questions, columns["ratings"][rows], collected.how[rows]
            )


def _fill(collected: Collected, intakes: QuerySet[Intake], audience_at: dict[int, int]) -> int:
    columns = collected.columns
    column_of = {str(question): at for at, question in enumerate(columns["questions"].tolist())}
    cells = columns["ratings"].reshape(-1).data
    row = -1
    for row, intake in enumerate(_rows(intakes)):
        audience, invitation, ratings, comment, receipt, *how = intake
        _note_how(collected.how, row, *how)
        columns["audience"][row] = audience_at[audience]
        for question, rating in ratings.items():
            cells[row * len(column_of) + column_of[question]] = rating
        collected.rating_sum += sum(ratings.values())
        if "invitations" in columns:
            columns["invitations"][row] = invitation
        if comment:
            collected.comments.append((audience, comment))
        if receipt:
            collected.receipts.append(receipt)
    return row + 1


def _rows(intakes: QuerySet[Intake]) -> Iterator[tuple[Any, ...]]:
    fields = ("invitation__audience_id", "invitation_id", "ratings", "comment", "receipt")
    how = ("seconds", "trapped", "invitation__source", "invitation__token_hash")
    return intakes.values_list(*fields, *how).iterator(chunk_size=CHUNK)


def _note_how(
    how: Circumstances, row: int, seconds: int | None, trapped: bool, source: str, token_hash: str
) -> None:
    how.seconds[row] = np.nan if seconds is None else seconds
    how.trapped[row], how.open_link[row] = trapped, source == Invitation.Source.OPEN
    how.token_hash[row] = token_hash


def _store_block(survey: Survey, collected: Collected) -> SealedAnswers:
    columns = in_canonical_order(collected.columns)
    digest = digest_of(columns)
    sealed = SealedAnswers.objects.create(
        survey=survey, block=pack(columns), digest=digest, respondents=len(columns["audience"])
    )
    sealed.refresh_from_db()
    stored = unpack(bytes(sealed.block), digest)
    if int(stored["ratings"].sum(dtype=np.int64)) != collected.rating_sum:
        raise SealMismatch("The sum of the sealed ratings is not the sum of those collected.")
    return sealed


def _store_comments(survey: Survey, collected: Collected) -> None:
    """Keep comments apart from ratings; with their group only where it is large enough."""
    codes = collected.columns["audiences"].tolist()
    sizes = np.bincount(collected.columns["audience"], minlength=len(codes))
    pks = dict(survey.audiences.values_list("code", "pk"))
    large = {
        pks[code] for code, size in zip(codes, sizes, strict=True) if size >= survey.minimum_group
    }
    secrets.SystemRandom().shuffle(collected.comments)
    Comment.objects.bulk_create(
        [
            Comment(survey=survey, audience_id=pk if pk in large else None, text=text)
            for pk, text in collected.comments
        ],
        batch_size=CHUNK,
    )


def _store_receipts(survey: Survey, receipts: list[str]) -> None:
    secrets.SystemRandom().shuffle(receipts)
    rows = (Receipt(survey=survey, digest=receipt_hash(survey, code)) for code in receipts)
    while chunk := list(islice(rows, CHUNK)):
        # Two of a million people may hold the same code; one row answers both.
        Receipt.objects.bulk_create(chunk, ignore_conflicts=True)


def _note_who_took_part(survey: Survey, intakes: QuerySet[Intake]) -> None:
    """Keep, of the intake, who had started and who had submitted; all rows change together."""
    for submitted, state in ((False, Invitation.State.STARTED), (True, Invitation.State.SUBMITTED)):
        whose = intakes.filter(submitted=submitted).values("invitation")
        Invitation.objects.filter(pk__in=whose).update(state=state)
    Invitation.objects.filter(audience__survey=survey).exclude(seed="").update(seed="")
    if survey.is_anonymous:
        survey.messages.all().delete()  # a reminder tells who had not answered
