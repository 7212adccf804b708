"""End collecting: all answers become one immutable block, and nobody's can be told apart."""

import secrets
from functools import partial
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from surveys.actions.answer_tables import forget
from surveys.actions.erase import leave_tally_marks
from surveys.encryption import keys
from surveys.errors import Conflict
from surveys.models import (
    ANSWERED,
    NOT_ASKED,
    AnswerTable,
    Comment,
    Criterion,
    Exclusion,
    Intake,
    Invitation,
    Receipt,
    SealedAnswers,
    StagedAnswer,
    Survey,
    receipt_hash,
)
from surveys.people.contacts import without_contacts
from surveys.responses.blocks import counted, digest_of, in_canonical_order, pack, unpack
from surveys.responses.intake import CHUNK, IntakeContents, SealMismatch, collect
from surveys.responses.signs import Sign, with_sign
from surveys.sql.vacuum import vacuum
from surveys.tables.summary import without_answers

RECEIPTS_AT_ONCE = 400  # SQLite takes 999 values a statement


@transaction.atomic
def seal(survey: Survey) -> SealedAnswers:
    """Turn the intake of a closed survey into sealed answers, comments and receipts.

    Drafts count as far as they were answered. Tests never count. The key they were encrypted with
    is destroyed once the sealed block stands; a seal that could not do so is repeated by calling
    this again.

    :raises Conflict: the survey is still open, was never published, or is sealed already.
    :raises KeyNotDestroyed: the key is there still: before the seal, so nothing was changed, or
        after it.
    """
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.is_sealed and keys.exists(locked.key):
        transaction.on_commit(partial(keys.destroy, locked.key))
        return SealedAnswers.without_block.get(survey=locked)
    _require_ended(locked)
    keys.require_destroyable(locked.key)
    intakes = Intake.objects.filter(survey=locked)
    _hold(intakes)
    answers = collect(locked, _that_count(intakes))
    sealed = _store_block(locked, answers)
    _let_open_answers_wait(locked, answers)
    _store_comments(locked, answers)
    _store_receipts(locked, answers.receipts)
    _note_who_took_part(locked, intakes)
    _forget_tables(locked)
    intakes.delete()
    survey.sealed_at = locked.sealed_at = timezone.now()
    survey.open_answers_wait = locked.open_answers_wait
    locked.save(update_fields=["sealed_at", "open_answers_wait"])
    transaction.on_commit(partial(keys.destroy, locked.key))
    transaction.on_commit(partial(vacuum, Intake, StagedAnswer, Invitation))
    return sealed


def destroy_left_keys() -> int:
    """Destroy the keys of sealed surveys whose seal was killed before it could; tell how many."""
    left = [
        key for key in Survey.objects.sealed().values_list("key", flat=True) if keys.exists(key)
    ]
    for key in left:
        keys.destroy(key)
    return len(left)


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


def _that_count(intakes: QuerySet[Intake]) -> QuerySet[Intake]:
    return intakes.filter(ANSWERED).exclude(invitation__source=Invitation.Source.TEST)


def _store_block(survey: Survey, answers: IntakeContents) -> SealedAnswers:
    columns = in_canonical_order(answers.columns)
    digest = digest_of(columns)
    sealed = SealedAnswers.objects.create(
        survey=survey,
        block=pack(columns),
        digest=digest,
        respondents=len(columns["audience"]),
        counts=counted(columns),
        versions=_version_counts(survey, answers.versions),
    )
    sealed.refresh_from_db()
    stored = unpack(bytes(sealed.block), digest)
    ratings = stored["ratings"][stored["ratings"] != NOT_ASKED]
    if int(ratings.sum(dtype=np.int64)) != answers.rating_sum:
        raise SealMismatch("The sum of the sealed ratings is not the sum of those collected.")
    return sealed


def _version_counts(survey: Survey, answered: NDArray[np.uint16]) -> list[dict[str, Any]]:
    """Return how many answered each version; in an anonymous survey, fewer than the minimum only
    together with others, the smallest first."""
    sizes = np.bincount(answered, minlength=survey.version + 1).tolist()
    figures = sorted((size, [number]) for number, size in enumerate(sizes) if number)
    while survey.is_anonymous and len(figures) > 1 and figures[0][0] < survey.minimum_group:
        (few, some), (more, others), *rest = figures
        figures = sorted([(few + more, sorted(some + others)), *rest])
    figures.sort(key=lambda figure: figure[1])
    return [{"versions": numbers, "answers": size} for size, numbers in figures]


def _let_open_answers_wait(survey: Survey, answers: IntakeContents) -> None:
    """Leave answers by open link out until a reviewer takes them in, where the survey says so.

    Where they came in a burst, they wait whatever it says.
    """
    flags = answers.columns["flags"]
    burst = bool(with_sign(flags, Sign.BURST).any())
    survey.open_answers_wait = survey.open_answers_wait or burst
    if survey.open_answers_wait and with_sign(flags, Sign.OPEN_LINK).any():
        reason = _("Many came within ten minutes: all wait for a reviewer.")
        reason = reason if burst else _("They wait for a reviewer.")
        Exclusion.objects.create(survey=survey, criterion=Criterion.OPEN_LINK, reason=reason)


def _store_comments(survey: Survey, answers: IntakeContents) -> None:
    """Keep comments apart from ratings; with their group only where it is large enough.

    In an anonymous survey, contacts in them are blacked out.
    """
    pks = dict(survey.audiences.values_list("code", "pk"))
    sizes = counted(answers.columns)
    large = {pks[code] for code, size in sizes.items() if size >= survey.smallest_shown}
    clean = without_contacts if survey.is_anonymous else str
    secrets.SystemRandom().shuffle(answers.comments)
    Comment.objects.bulk_create(
        [
            Comment(
                survey=survey,
                audience_id=pk if pk in large else None,
                question_id=question,
                text=clean(text),
            )
            for pk, question, text in answers.comments
        ],
        batch_size=CHUNK,
    )


def _store_receipts(survey: Survey, codes: list[str]) -> None:
    """Keep the hashes, in their own order. Of two people with the same code, one row tells."""
    hashes = sorted({receipt_hash(survey, code) for code in codes})
    with connection.cursor() as cursor:
        for start in range(0, len(hashes), RECEIPTS_AT_ONCE):
            some = hashes[start : start + RECEIPTS_AT_ONCE]
            values = ", ".join(["(%s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO {Receipt._meta.db_table} (digest, survey_id) VALUES {values}",  # noqa: S608
                [value for digest in some for value in (digest, survey.pk)],
            )


def _note_who_took_part(survey: Survey, intakes: QuerySet[Intake]) -> None:
    """Keep, of the intake, who had started and who had submitted; all rows change together."""
    for submitted, state in ((False, Invitation.State.STARTED), (True, Invitation.State.SUBMITTED)):
        whose = intakes.filter(submitted=submitted).values("invitation")
        Invitation.objects.filter(pk__in=whose).update(state=state)
    people = Invitation.objects.filter(audience__survey=survey)
    people.exclude(seed="").update(seed="")
    people.exclude(table=None).update(table=None)
    leave_tally_marks(people.filter(source=Invitation.Source.IMPORTED))
    if survey.is_anonymous:
        survey.messages.all().delete()  # a reminder tells who had not answered


def _forget_tables(survey: Survey) -> None:
    """Erase tables that were taken and not imported, with their files; and of those imported, who
    was in them."""
    for table in survey.answer_tables.exclude(state__in=AnswerTable.DONE):
        forget(table)
    for table in survey.answer_tables.all():
        table.summary = without_answers(table.summary)
        table.marks, table.beside, table.options = b"", [], {}
        table.save(update_fields=["summary", "marks", "beside", "options"])
