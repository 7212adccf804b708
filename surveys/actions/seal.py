"""End collecting: all answers become one immutable block, and nobody's can be told apart."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from surveys.actions.answer_tables import forget
from surveys.actions.erase import leave_tally_marks
from surveys.blocks import Columns, counted, digest_of, in_canonical_order, pack, unpack
from surveys.bursts import in_bursts
from surveys.contacts import without_contacts
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
from surveys.picks import sealed_picks
from surveys.questionnaires import Questionnaire, questionnaire
from surveys.signs import ORIGINS, Circumstances, Sign, signs_of, with_sign
from surveys.vacuum import vacuum

CHUNK = 2000
RECEIPTS_AT_ONCE = 400  # SQLite takes 999 values a statement


class SealMismatch(Exception):
    """What was read and what would be sealed differ, so nothing was sealed."""


@dataclass
class Collected:
    """What the intake held, read once."""

    columns: Columns
    how: Circumstances
    draws: NDArray[np.int64]
    versions: NDArray[np.uint16]
    picked: dict[int, tuple[dict[str, Any], dict[str, int]]] = field(default_factory=dict)
    comments: list[tuple[int, int | None, str]] = field(default_factory=list)
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
    _let_open_answers_wait(locked, collected)
    _store_comments(locked, collected)
    _store_receipts(locked, collected.receipts)
    _note_who_took_part(locked, intakes)
    _forget_tables(locked)
    intakes.delete()
    survey.sealed_at = locked.sealed_at = timezone.now()
    survey.open_answers_wait = locked.open_answers_wait
    locked.save(update_fields=["sealed_at", "open_answers_wait"])
    transaction.on_commit(partial(vacuum, Intake, StagedAnswer, Invitation))
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
    return intakes.filter(ANSWERED).exclude(invitation__source=Invitation.Source.TEST)


def _collect(survey: Survey, intakes: QuerySet[Intake]) -> Collected:
    audiences = list(survey.audiences.order_by("code").values_list("pk", "code"))
    questions = list(survey.questions.order_by("pk").values_list("pk", flat=True))
    count = intakes.count()
    columns: Columns = {
        "audiences": np.array([code for _pk, code in audiences], dtype=str),
        "questions": np.array(questions, dtype=np.int64),
        "audience": np.zeros(count, np.uint16),
        "flags": np.zeros(count, np.uint16),
        "ratings": np.zeros((count, len(questions)), np.uint8),
    }
    if not survey.is_anonymous:
        columns["invitations"] = np.zeros(count, np.int64)
    if survey.top_three or survey.best_worst:
        keys = {question.item or str(question.pk) for question in survey.questions.all()}
        columns["items"] = np.array(sorted(keys), dtype=str)
        columns["picks"] = np.zeros((count, len(keys)), np.uint8)
    versions = np.ones(count, np.uint16)
    if not survey.is_anonymous and survey.version > 1:
        columns["versions"] = versions
    draws = np.full(count, -1, np.int64)
    collected = Collected(columns, Circumstances.of(count), draws, versions)
    read = _fill(collected, intakes, {pk: at for at, (pk, _code) in enumerate(audiences)})
    if read != count:
        raise SealMismatch(f"{count} answers were counted, {read} were read.")
    _look_for_signs(survey, collected)
    _note_parts_and_picks(survey, collected)
    return collected


def _note_parts_and_picks(survey: Survey, collected: Collected) -> None:
    """Tell “not asked” from “left blank”, and fill in the picks. The draws end here."""
    columns = collected.columns
    for at, audience in enumerate(survey.audiences.order_by("code")):
        form = questionnaire(audience)
        rows = np.flatnonzero(columns["audience"] == at).tolist()
        if form.topics < len(form.items):
            _mark_not_asked(form, rows, collected)
        for row in rows if "picks" in columns else ():
            if row in collected.picked:
                picks, ratings = collected.picked[row]
                draw = _draw(collected, row)
                found = sealed_picks(form.part(draw), draw, picks, ratings)
                items = np.searchsorted(columns["items"], list(found))
                columns["picks"][row, items] = list(found.values())


def _mark_not_asked(form: Questionnaire, rows: list[int], collected: Collected) -> None:
    column_of = {str(key): at for at, key in enumerate(collected.columns["questions"].tolist())}
    for row in rows:
        part = form.part(_draw(collected, row))
        others = [column_of[key] for key in form.asked if key not in part.asked]
        collected.columns["ratings"][row, others] = NOT_ASKED


def _draw(collected: Collected, row: int) -> int | None:
    found = int(collected.draws[row])
    return None if found < 0 else found


def _look_for_signs(survey: Survey, collected: Collected) -> None:
    """Set the flags, from the ratings and from what is forgotten with the intake."""
    columns, questions = collected.columns, collected.columns["questions"].tolist()
    for at, audience in enumerate(survey.audiences.order_by("code")):
        rows = columns["audience"] == at
        if rows.any():
            columns["flags"][rows] = signs_of(
                questionnaire(audience), questions, columns["ratings"][rows], collected.how[rows]
            )
    if not survey.simulated:
        opened = np.flatnonzero(collected.how.came_by(Sign.OPEN_LINK))
        columns["flags"][opened[in_bursts(collected.how.begun[opened])]] |= np.uint16(Sign.BURST)


def _fill(collected: Collected, intakes: QuerySet[Intake], audience_at: dict[int, int]) -> int:
    filled, rows = 0, _rows(intakes)
    while chunk := list(islice(rows, CHUNK)):
        _fill_rows(collected, slice(filled, filled + len(chunk)), chunk, audience_at)
        filled += len(chunk)
    return filled


def _rows(intakes: QuerySet[Intake]) -> Iterator[tuple[Any, ...]]:
    fields = ("invitation__audience_id", "invitation_id", "ratings", "comment", "receipt")
    beyond = ("draw", "survey_version", "picks", "remarks")
    how = ("seconds", "trapped", "invitation__source", "invitation__token_hash", "begun")
    return intakes.values_list(*fields, *beyond, *how).iterator(chunk_size=CHUNK)


def _fill_rows(
    collected: Collected, at: slice, rows: list[tuple[Any, ...]], audience_at: dict[int, int]
) -> None:
    audiences, invitations, ratings, comments, receipts, *more = zip(*rows, strict=True)
    draws, versions, picks, remarks, *how = more
    columns = collected.columns
    columns["audience"][at] = [audience_at[audience] for audience in audiences]
    collected.rating_sum += _fill_ratings(columns["ratings"][at], columns["questions"], ratings)
    if "invitations" in columns:
        columns["invitations"][at] = invitations
    collected.versions[at] = versions
    collected.draws[at] = [-1 if draw is None else draw for draw in draws]
    given = zip(picks, ratings, strict=True)
    collected.picked |= {row: pair for row, pair in enumerate(given, at.start) if pair[0]}
    for audience, comment, by_item in zip(audiences, comments, remarks, strict=True):
        said = [(None, comment), *((int(item), text) for item, text in by_item.items())]
        collected.comments += [(audience, item, text) for item, text in said if text]
    collected.receipts += filter(None, receipts)
    _note_how(collected.how, at, *how)


def _fill_ratings(
    cells: NDArray[np.uint8], questions: NDArray[np.int64], ratings: Sequence[dict[str, int]]
) -> int:
    """Fill in a row a person; return the sum of what they gave."""
    column_of = {str(question): column for column, question in enumerate(questions.tolist())}
    row = np.repeat(np.arange(len(ratings)), [len(given) for given in ratings])
    column = [column_of[question] for given in ratings for question in given]
    values = [rating for given in ratings for rating in given.values()]
    cells[row, column] = values
    return sum(values)


def _note_how(
    how: Circumstances,
    at: slice,
    seconds: Sequence[int | None],
    trapped: Sequence[bool],
    sources: Sequence[str],
    token_hashes: Sequence[str],
    begun: Sequence[int],
) -> None:
    how.seconds[at] = np.array(seconds, np.float64)  # None becomes NaN
    how.trapped[at] = trapped
    how.origin[at] = [ORIGINS.get(source, 0) for source in sources]  # type: ignore[call-overload]
    how.token_hash[at] = token_hashes
    how.begun[at] = begun


def _store_block(survey: Survey, collected: Collected) -> SealedAnswers:
    columns = in_canonical_order(collected.columns)
    digest = digest_of(columns)
    sealed = SealedAnswers.objects.create(
        survey=survey,
        block=pack(columns),
        digest=digest,
        respondents=len(columns["audience"]),
        counts=counted(columns),
        versions=_version_counts(survey, collected.versions),
    )
    sealed.refresh_from_db()
    stored = unpack(bytes(sealed.block), digest)
    given = stored["ratings"][stored["ratings"] != NOT_ASKED]
    if int(given.sum(dtype=np.int64)) != collected.rating_sum:
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


def _let_open_answers_wait(survey: Survey, collected: Collected) -> None:
    """Leave answers by open link out until a reviewer takes them in, where the survey says so.

    Where they came in a burst, they wait whatever it says.
    """
    flags = collected.columns["flags"]
    burst = bool(with_sign(flags, Sign.BURST).any())
    survey.open_answers_wait = survey.open_answers_wait or burst
    if survey.open_answers_wait and with_sign(flags, Sign.OPEN_LINK).any():
        reason = _("Many came within ten minutes: all wait for a reviewer.")
        reason = reason if burst else _("They wait for a reviewer.")
        Exclusion.objects.create(survey=survey, criterion=Criterion.OPEN_LINK, reason=reason)


def _store_comments(survey: Survey, collected: Collected) -> None:
    """Keep comments apart from ratings; with their group only where it is large enough.

    In an anonymous survey, contacts in them are blacked out.
    """
    pks = dict(survey.audiences.values_list("code", "pk"))
    sizes = counted(collected.columns)
    large = {pks[code] for code, size in sizes.items() if size >= survey.minimum_group}
    kept = without_contacts if survey.is_anonymous else str
    secrets.SystemRandom().shuffle(collected.comments)
    Comment.objects.bulk_create(
        [
            Comment(
                survey=survey,
                audience_id=pk if pk in large else None,
                question_id=question,
                text=kept(text),
            )
            for pk, question, text in collected.comments
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
    leave_tally_marks(people.filter(source=Invitation.Source.IMPORTED))
    if survey.is_anonymous:
        survey.messages.all().delete()  # a reminder tells who had not answered


def _forget_tables(survey: Survey) -> None:
    """Erase tables that were taken and not imported, with their files."""
    for table in survey.answer_tables.exclude(state=AnswerTable.State.IMPORTED):
        forget(table)
