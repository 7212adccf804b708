"""What the intake of a survey holds, read once, as the columns that are to be sealed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import Min, QuerySet
from numpy.typing import NDArray

from surveys.encryption.contents import decrypt
from surveys.kinds import sealed_choices
from surveys.models import NOT_ASKED, Intake, Message, Survey
from surveys.questionnaire.questionnaires import Questionnaire, questionnaire
from surveys.responses.blocks import Columns
from surveys.responses.bursts import in_bursts
from surveys.responses.signs import ORIGINS, Circumstances, RowMask, Sign, signs_of

CHUNK = 2000


class SealMismatch(Exception):
    """What was read and what would be sealed differ, so nothing was sealed."""


@dataclass
class IntakeContents:
    """What the intake held, read once."""

    columns: Columns
    how: Circumstances
    draws: NDArray[np.int64]
    versions: NDArray[np.uint16]
    picked: dict[int, tuple[dict[str, Any], dict[str, int]]] = field(default_factory=dict)
    comments: list[tuple[int, int | None, str]] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    rating_sum: int = 0


def collect(survey: Survey, intakes: QuerySet[Intake]) -> IntakeContents:
    """Read these answers of a survey, with their signs, what was not asked, and the picks.

    :raises SealMismatch: other answers were read than were counted.
    """
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
    if survey.kinds:
        keys = {question.item or str(question.pk) for question in survey.questions.all()}
        columns["items"] = np.array(sorted(keys), dtype=str)
        columns["picks"] = np.zeros((count, len(keys)), np.uint8)
    versions = np.ones(count, np.uint16)
    if not survey.is_anonymous and survey.version > 1:
        columns["versions"] = versions
    draws = np.full(count, -1, np.int64)
    contents = IntakeContents(columns, Circumstances.of(count), draws, versions)
    read = _fill(contents, intakes, {pk: at for at, (pk, _code) in enumerate(audiences)})
    if read != count:
        raise SealMismatch(f"{count} answers were counted, {read} were read.")
    _look_for_signs(survey, contents)
    _note_parts_and_picks(survey, contents)
    return contents


def _note_parts_and_picks(survey: Survey, contents: IntakeContents) -> None:
    """Tell “not asked” from “left blank”, and fill in the picks. The draws end here."""
    columns = contents.columns
    for at, audience in enumerate(survey.audiences.order_by("code")):
        form = questionnaire(audience)
        rows = np.flatnonzero(columns["audience"] == at).tolist()
        if form.topics < len(form.items):
            _mark_not_asked(form, rows, contents)
        for row in rows if "picks" in columns else ():
            if row in contents.picked:
                picks, ratings = contents.picked[row]
                draw = _draw(contents, row)
                choices = sealed_choices(form.part(draw), draw, picks, ratings)
                items = np.searchsorted(columns["items"], list(choices))
                columns["picks"][row, items] = list(choices.values())


def _mark_not_asked(form: Questionnaire, rows: list[int], contents: IntakeContents) -> None:
    column_of = {str(key): at for at, key in enumerate(contents.columns["questions"].tolist())}
    for row in rows:
        part = form.part(_draw(contents, row))
        others = [column_of[key] for key in form.questions if key not in part.questions]
        contents.columns["ratings"][row, others] = NOT_ASKED


def _draw(contents: IntakeContents, row: int) -> int | None:
    number = int(contents.draws[row])
    return None if number < 0 else number


def _look_for_signs(survey: Survey, contents: IntakeContents) -> None:
    """Set the flags, from the ratings and from what is forgotten with the intake."""
    columns, questions = contents.columns, contents.columns["questions"].tolist()
    for at, audience in enumerate(survey.audiences.order_by("code")):
        rows = columns["audience"] == at
        if rows.any():
            columns["flags"][rows] = signs_of(
                questionnaire(audience), questions, columns["ratings"][rows], contents.how[rows]
            )
    if not survey.simulated:
        opened = np.flatnonzero(contents.how.came_by(Sign.OPEN_LINK))
        columns["flags"][opened[in_bursts(contents.how.begun[opened])]] |= np.uint16(Sign.BURST)
        columns["flags"][_late(survey, contents)] |= np.uint16(Sign.LATE)


def _late(survey: Survey, contents: IntakeContents) -> RowMask:
    """Return who began after the first reminder to them had gone out, on a personal link.

    A reminder to others says nothing of somebody who was asked only after it. Of named surveys
    only: in an anonymous one, how late an answer came would tell whose it is.
    """
    begun, personal = contents.how.begun, contents.how.origin == 0
    late: RowMask = np.zeros(len(begun), dtype=bool)
    if survey.is_anonymous:
        return late
    reminders = survey.messages.exclude(kind=Message.Kind.INVITATION).exclude(sent_at=None)
    firsts = reminders.order_by().values_list("invitation_id").annotate(first=Min("sent_at"))
    reminded = {person: int(first.timestamp()) for person, first in firsts}
    for row in np.flatnonzero(personal).tolist():
        first = reminded.get(int(contents.columns["invitations"][row]))
        late[row] = first is not None and begun[row] > first
    return late


def _fill(contents: IntakeContents, intakes: QuerySet[Intake], audience_at: dict[int, int]) -> int:
    filled, rows = 0, _rows(intakes)
    while chunk := list(islice(rows, CHUNK)):
        _fill_rows(contents, slice(filled, filled + len(chunk)), chunk, audience_at)
        filled += len(chunk)
    return filled


def _rows(intakes: QuerySet[Intake]) -> Iterator[tuple[Any, ...]]:
    fields = ("invitation__audience_id", "invitation_id", "ciphertext", "receipt")
    how = ("survey_version", "invitation__source", "invitation__token_hash", "begun")
    return intakes.values_list(*fields, *how).iterator(chunk_size=CHUNK)


def _fill_rows(
    contents: IntakeContents, at: slice, rows: list[tuple[Any, ...]], audience_at: dict[int, int]
) -> None:
    audiences, invitations, stored, receipts, versions, *how = zip(*rows, strict=True)
    answers = [decrypt(each) for each in stored]
    ratings = [each.ratings for each in answers]
    columns = contents.columns
    columns["audience"][at] = [audience_at[audience] for audience in audiences]
    contents.rating_sum += _fill_ratings(columns["ratings"][at], columns["questions"], ratings)
    if "invitations" in columns:
        columns["invitations"][at] = invitations
    contents.versions[at] = versions
    contents.draws[at] = [-1 if each.draw is None else each.draw for each in answers]
    for row, (audience, each) in enumerate(zip(audiences, answers, strict=True), at.start):
        if each.picks:
            contents.picked[row] = (each.picks, each.ratings)
        if each.comment:
            contents.comments.append((audience, None, each.comment))
        remarks = [(int(item), text) for item, text in each.remarks.items() if text]
        contents.comments += [(audience, item, text) for item, text in remarks]
    contents.receipts += filter(None, receipts)
    seconds = [each.seconds for each in answers]
    contents.how.seconds[at] = np.array(seconds, np.float64)  # None becomes NaN
    contents.how.trapped[at] = [each.trapped for each in answers]
    _note_how(contents.how, at, *how)


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
    sources: Sequence[str],
    token_hashes: Sequence[str],
    begun: Sequence[int],
) -> None:
    how.origin[at] = [ORIGINS.get(source, 0) for source in sources]  # type: ignore[call-overload]
    how.token_hash[at] = token_hashes
    how.begun[at] = begun
