"""Take a table of answers, say what its columns mean, and read it. Nothing counts before
`surveys.actions.import_answers`."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from surveys.errors import Conflict, Overtaken, RuleBroken, Unusable
from surveys.models import (
    CANNOT_JUDGE,
    AnswerTable,
    Audience,
    Invitation,
    StagedAnswer,
    Survey,
    TableMemory,
)
from surveys.questionnaire.wording import plain
from surveys.secrecy.contents import Contents, decrypted, encrypted
from surveys.tables.columns import ROLES, guess_meanings, questions_by_meaning
from surveys.tables.rows import Reading, Row, reading
from surveys.tables.upload import UnreadableTable, stream_table
from surveys.tables.words import guess_words, unknown_words

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SAMPLE_ROWS = 5000
SAMPLE_VALUES = 30
LONGEST_SAMPLE = 60
AT_ONCE = 1000
MOST_PROBLEMS = 100
State = AnswerTable.State
PROGRESS = ("state", "read", "known", "unfinished", "problems", "problem_count")


def take_table(survey: Survey, file: BinaryIO, name: str, by: "User | None") -> AnswerTable:
    """Keep a file of answers, with a guess of what its columns mean.

    :raises UnreadableTable: it is not a table, or larger than allowed.
    :raises Conflict: the survey is not published, or sealed already.
    """
    require_open_for_tables(survey)
    header, samples = _sampled(file)
    memory = TableMemory.objects.filter(organisation=survey.organisation_id).first()
    meanings = guess_meanings(survey, header, memory.meanings if memory else {})
    table = AnswerTable(
        survey=survey,
        by=by,
        at=timezone.now(),
        name=name[-200:],
        digest=_digest(file),
        header=header,
        samples=samples,
        meanings={str(at): meaning for at, meaning in meanings.items()},
        words=_words(survey, meanings, samples) | (memory.words if memory else {}),
        audiences=memory.audiences if memory else {},
    )
    table.file.save("table", File(file))
    return table


def require_open_for_tables(survey: Survey) -> None:
    if survey.published_at is None:
        raise Conflict(_("Publish the questionnaire before importing answers to it."))
    if survey.is_sealed:
        raise Conflict(_("This survey is sealed already."))


def _sampled(file: BinaryIO) -> tuple[list[str], list[list[str]]]:
    rows = stream_table(file)
    header = next(rows, (0, []))[1]
    if not header:
        raise UnreadableTable(_("The table is empty."))
    found: list[dict[str, None]] = [{} for _heading in header]
    for _number, cells in islice(rows, SAMPLE_ROWS):
        for values, cell in zip(found, cells, strict=True):
            if cell and len(values) < SAMPLE_VALUES:
                values[cell[:LONGEST_SAMPLE]] = None
    rows.close()  # type: ignore[attr-defined]
    return header, [list(values) for values in found]


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest


def _words(survey: Survey, meanings: Mapping[int, str], samples: list[list[str]]) -> dict[str, int]:
    """Return what the words of each prompt's columns mean, taken together."""
    prompts = survey.prompts.all()
    scales = [labels for prompt in prompts for labels in prompt.labels.values()]
    rated: dict[str, set[str]] = {}
    for at, meaning in meanings.items():
        if meaning not in ROLES:
            rated.setdefault(meaning.partition(":")[0], set()).update(samples[at])
    own = {plain(word) for prompt in prompts for word in prompt.cannot_judge.values()}
    apart = own & set(unknown_words(rated.values(), {}))
    return guess_words(rated.values(), scales) | dict.fromkeys(apart, CANNOT_JUDGE)


@transaction.atomic
def name_columns(
    table: AnswerTable,
    *,
    meanings: Mapping[int, str],
    audience: Audience | None = None,
    words: Mapping[str, int] | None = None,
    audiences: Mapping[str, str] | None = None,
) -> None:
    """Say what the columns and words mean, and remember it for the organisation's next table.

    :param meanings: column → a meaning of `surveys.elsewhere.columns`; a column left out is passed.
    :param audience: of everybody in the table; without it a column must tell.
    :raises RuleBroken: a meaning is unknown or given twice, or they do not tell enough.
    """
    _require_meanings(table, meanings)
    table.meanings = {str(at): meaning for at, meaning in meanings.items()}
    table.audience = audience
    table.words |= dict(words or {})
    table.audiences |= dict(audiences or {})
    reading(table)
    table.state, table.read, table.problems, table.problem_count = State.CHECKING, 0, [], 0
    table.save()
    _remember(table)


def _require_meanings(table: AnswerTable, meanings: Mapping[int, str]) -> None:
    rows = AnswerTable.objects.select_for_update()
    if rows.values_list("state", flat=True).get(pk=table.pk) == State.IMPORTED:
        raise Conflict(_("This table is imported already."))
    known = {*questions_by_meaning(table.survey), *ROLES}
    strange = [at for at in meanings if not 0 <= at < len(table.header)]
    if strange or set(meanings.values()) - known:
        raise RuleBroken(_("A column is chosen that the table does not have."))
    for meaning in set(meanings.values()):
        if list(meanings.values()).count(meaning) > 1:
            raise RuleBroken(_("Two columns cannot mean the same. Leave one of them out."))


def _remember(table: AnswerTable) -> None:
    memory, _new = TableMemory.objects.get_or_create(organisation=table.survey.organisation)
    memory.meanings |= {
        plain(table.header[int(at)]): meaning for at, meaning in table.meanings.items()
    }
    memory.words |= table.words
    memory.audiences |= table.audiences
    memory.save()


def check(table: AnswerTable) -> None:
    """Read the whole table and lay out the rows that can be imported. May be repeated.

    A reading ends the one before it; a table that is imported is left alone.
    """
    how = reading(table)
    if _begun(table):
        with suppress(Overtaken):
            _read_through(table, how)


@task()
def read_table(table: int) -> None:
    """Check in the background."""
    check(AnswerTable.objects.get(pk=table))


@transaction.atomic
def _begun(table: AnswerTable) -> bool:
    table.state, table.problems = State.CHECKING, []
    table.read = table.known = table.unfinished = table.problem_count = 0
    unimported = AnswerTable.objects.filter(pk=table.pk).exclude(state=State.IMPORTED)
    if not unimported.update(**_progress(table)):
        return False
    table.staged.all().delete()
    return True


def _progress(table: AnswerTable) -> dict[str, Any]:
    return {name: getattr(table, name) for name in PROGRESS}


def _keep_progress(table: AnswerTable, read_before: int) -> None:
    """Note how far this reading is.

    :raises Overtaken: another one began meanwhile, or ended and was imported.
    """
    mine = AnswerTable.objects.filter(pk=table.pk, state=State.CHECKING, read=read_before)
    if not mine.update(**_progress(table)):
        raise Overtaken


def _read_through(table: AnswerTable, how: Reading) -> None:
    with table.file.open("rb") as file:
        rows = stream_table(file)  # type: ignore[arg-type]
        try:
            next(rows, None)
            while chunk := list(islice(rows, AT_ONCE)):
                _check_chunk(table, how, chunk)
        except UnreadableTable as error:
            _note(table, table.read + 2, "", str(error))
    table.state = State.CHECKED
    _keep_progress(table, table.read)


def _check_chunk(table: AnswerTable, how: Reading, chunk: list[tuple[int, list[str]]]) -> None:
    found = dict(_usable(table, how, chunk))
    known = _imported_before([row.key for row in found.values()])
    fresh = []
    for number, row in found.items():
        if row.key not in known:
            fresh.append(row)
        elif known[row.key] == _contents(row):
            table.known += 1
        else:
            _note(table, number, "", _("This row was imported before with other answers."))
    table.read += len(chunk)
    with transaction.atomic():
        _keep_progress(table, table.read - len(chunk))
        StagedAnswer.objects.bulk_create(_staged(table, row) for row in fresh)


def _usable(
    table: AnswerTable, how: Reading, chunk: list[tuple[int, list[str]]]
) -> Iterator[tuple[int, Row]]:
    for number, cells in chunk:
        try:
            row = how.row(cells)
        except Unusable as error:
            _note(table, number, *error.args)
            continue
        if row is None:
            table.unfinished += any(cells)
        else:
            yield number, row


def _note(table: AnswerTable, number: int, value: str, reason: str) -> None:
    table.problem_count += 1
    if len(table.problems) < MOST_PROBLEMS:
        table.problems.append({"row": number, "value": value[:LONGEST_SAMPLE], "reason": reason})


def _imported_before(keys: list[str]) -> dict[str, Contents]:
    rows = Invitation.objects.filter(token_hash__in=keys, intake__isnull=False)
    return {
        key: decrypted(stored)
        for key, stored in rows.values_list("token_hash", "intake__ciphertext")
    }


def _staged(table: AnswerTable, row: Row) -> StagedAnswer:
    return StagedAnswer(
        table=table,
        audience_id=row.audience,
        key=row.key,
        ciphertext=encrypted(table.survey.key, _contents(row)),
    )


def _contents(row: Row) -> Contents:
    return Contents(ratings=row.ratings, comment=row.comment)


@transaction.atomic
def forget(table: AnswerTable) -> None:
    """Erase a table with its file. What was imported from it stays."""
    erase_file(table)
    table.delete()


def forget_old_tables() -> None:
    """Erase the tables that nobody went on with for a day."""
    for table in AnswerTable.objects.forgotten(timezone.now()):
        forget(table)


def erase_file(table: AnswerTable) -> None:
    """Erase the file once this transaction stands."""
    storage, name = table.file.storage, table.file.name
    if name:
        transaction.on_commit(partial(storage.delete, name))
