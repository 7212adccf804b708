"""Take a table of answers, say how it is to be read, and read it. Nothing counts before
`surveys.actions.import_answers`."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_tasks import task

from surveys.encryption.contents import Contents, encrypt
from surveys.encryption.keys import read_key
from surveys.errors import Conflict, Overtaken, RuleBroken, Unusable
from surveys.models import CANNOT_JUDGE, AnswerTable, PeopleList, StagedAnswer, Survey
from surveys.models.imports import MOST_ATTEMPTS
from surveys.tables.columns import ROLES, SEVERAL
from surveys.tables.identity import Comparison, Earlier, pack, people_of, unpack
from surveys.tables.place import Place
from surveys.tables.plan import REPLACES, SAME, Plan, TableOptions
from surveys.tables.questions import sentence_of
from surveys.tables.reading import places_of, plan_of, source_of
from surveys.tables.rows import Answer, AnswerReader, Cells, Summary
from surveys.tables.summary import Findings, summary_of
from surveys.tables.target import Target, questionnaire_of
from surveys.tables.upload import UnreadableTable, look_into, stream_rows, tally_values

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AT_ONCE = 1000
MOST_PROBLEMS = 100
LONGEST_SAMPLE = 60
State = AnswerTable.State
PROGRESS = ("state", "read", "known", "unfinished", "problems", "problem_count", "lease_until")
LEASE = timedelta(minutes=2)  # of a thousand rows; they take a second


def take_table(
    survey: Survey,
    file: BinaryIO,
    name: str,
    by: "User | None",
    options: TableOptions | None = None,
) -> AnswerTable:
    """Keep a file of answers, with all that is needed to propose how it is read.

    :raises UnreadableTable: it is not a table, or larger than allowed.
    :raises Conflict: the survey is not published, or sealed already.
    """
    require_open_for_tables(survey)
    options = options or TableOptions()
    table = AnswerTable(
        survey=survey,
        by=by,
        at=timezone.now(),
        name=name[-200:],
        digest=_digest(file),
        options=options.as_json(),
    )
    _look_and_tally(table, file, questionnaire_of(survey))
    file.seek(0)
    table.file.save("table", File(file))
    return table


def require_open_for_tables(survey: Survey) -> None:
    if survey.published_at is None:
        raise Conflict(_("Publish the questionnaire before importing answers to it."))
    if survey.is_sealed:
        raise Conflict(_("This survey is sealed already."))


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest


def _look_and_tally(table: AnswerTable, file: BinaryIO, target: Target) -> None:
    """Look into the file where nobody did as is said now, and count the values of the table."""
    options = TableOptions.from_json(table.options)
    if not table.look or table.look.get("delimiter", "") != options.delimiter:
        look = look_into(file, options.delimiter) | {"delimiter": options.delimiter}
        table.see(look, table.tally)
    source = source_of(places_of(table, target).place) | {"skip": list(options.rows_left_out)}
    if table.tally.get("source") != source:
        table.see(table.look, tally_values(file, source) | {"source": source})


@transaction.atomic
def say(table: AnswerTable, options: TableOptions) -> Plan:
    """Keep what somebody says of a table, and propose the rest anew.

    :raises RuleBroken: the table does not have what is chosen.
    :raises Conflict: it is imported already.
    """
    rows = AnswerTable.objects.select_for_update()
    if rows.values_list("state", flat=True).get(pk=table.pk) in AnswerTable.DONE:
        raise Conflict(_("This table is imported already."))
    table.options = options.as_json()
    target = questionnaire_of(table.survey)
    with table.file.open("rb") as file:
        _look_and_tally(table, file, target)  # type: ignore[arg-type]
    _require_columns(places_of(table, target).place, target, options)
    plan = plan_of(table, target)
    _require_meanings(target, plan)
    table.state, table.summary = State.MAPPING, {}
    table.read = table.known = table.unfinished = table.problem_count = 0
    table.problems = []
    table.lease_until, table.attempts = None, 0
    table.staged.all().delete()
    table.save()
    return plan


def _require_columns(place: Place, target: Target, options: TableOptions) -> None:
    """Refuse what no plan could be made of: columns and meanings that are not there."""
    width = len(place.header)
    possible = {*target.by_meaning, *ROLES, ""}
    strange = [at for at in options.columns if not 0 <= int(at) < width]
    if strange or set(options.columns.values()) - possible:
        raise RuleBroken(_("A column is chosen that the table does not have."))


def _require_meanings(target: Target, plan: Plan) -> None:
    most = target.scale.highest
    chosen_ratings = {one for values in plan.options.ratings.values() for one in values.values()}
    if any(most < rating != CANNOT_JUDGE for rating in chosen_ratings):
        raise RuleBroken(_("Ratings of this survey run from 1 to %d.") % most)
    meanings = [meaning for meaning in plan.columns.values() if meaning not in SEVERAL]
    if len(set(meanings)) < len(meanings):
        raise RuleBroken(_("Two columns cannot mean the same. Leave one of them out."))


# ---- reading all rows ----


def check(table: AnswerTable) -> None:
    """Read the whole table and lay out the rows that can be imported. May be repeated.

    A reading ends the one before it; a table that is imported is left alone.

    :raises RuleBroken: something must be said first.
    """
    target = questionnaire_of(table.survey)
    plan = plan_of(table, target)
    if plan.questions:
        raise RuleBroken(sentence_of(plan.questions[0], plan))
    if _begin(table):
        with suppress(Overtaken):
            TableReading(table, plan, target).through()


def read_later(table: AnswerTable) -> None:
    """Have a table checked in the background."""
    waiting = {"state": State.CHECKING, "lease_until": None, "attempts": 0}
    AnswerTable.objects.filter(pk=table.pk).update(**waiting)
    read_table.enqueue(table.pk)


@task()
def read_table(table: int) -> None:
    """Check a table in the background, unless somebody else does or did."""
    mine = _take(table)
    if mine is not None:
        check(mine)


def call_readers_again() -> int:
    """Call a worker for the tables whose reader was killed or never came; return how many."""
    left = list(AnswerTable.objects.unread(timezone.now()).values_list("pk", flat=True))
    for table in left:
        read_table.enqueue(table)
    return len(left)


def _take(table: int) -> AnswerTable | None:
    """Take a table to read it, so that nobody else does; None if it is taken, read, or given up."""
    now = timezone.now()
    free = AnswerTable.objects.unread(now).filter(pk=table)
    why = _("Reading it was begun three times and never ended.")
    free.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.MAPPING,
        lease_until=None,
        problem_count=1,
        problems=[{"row": 0, "value": "", "reason": why}],
    )
    if not free.update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    return AnswerTable.objects.get(pk=table)


@transaction.atomic
def _begin(table: AnswerTable) -> bool:
    table.state, table.problems = State.CHECKING, []
    table.lease_until = timezone.now() + LEASE
    table.read = table.known = table.unfinished = table.problem_count = 0
    open_tables = AnswerTable.objects.filter(pk=table.pk).exclude(state__in=AnswerTable.DONE)
    if not open_tables.update(**_progress(table)):
        return False
    table.staged.all().delete()
    return True


def _progress(table: AnswerTable) -> dict[str, Any]:
    return {name: getattr(table, name) for name in PROGRESS}


def earlier_tables(survey: Survey) -> list[Earlier]:
    """Return the imports of a survey that count now, with the marks of who is in them."""
    return [
        Earlier(
            pk=one.pk,
            program=one.summary.get("program", ""),
            header=one.summary.get("header", []),
            everybody=one.summary.get("everybody", ""),
            is_numbered=one.summary.get("is_numbered", False),
            marks=unpack(bytes(one.marks)),
        )
        for one in AnswerTable.objects.imported().filter(survey=survey)
    ]


class TableReading:
    """One reading of a table, from its first row to its last."""

    def __init__(self, table: AnswerTable, plan: Plan, target: Target) -> None:
        self.table, self.plan, self.target = table, plan, target
        self.rows = AnswerReader(target, plan, _secret_of(table.survey))
        self.audiences = dict(table.survey.audiences.values_list("code", "pk"))
        self.compared = Comparison(
            plan.program,
            plan.header,
            plan.everybody,
            plan.column("row") is not None,
            earlier_tables(table.survey),
        )
        self.fresh = Summary()
        self.met: dict[tuple[int, ...], Summary] = {}
        self.keys: dict[tuple[int, ...], list[tuple[str, bytes]]] = {}
        self.columns = list(plan.topics())

    def through(self) -> None:
        table = self.table
        with table.file.open("rb") as file:
            source = source_of(self.plan.place) | {"width": self.plan.width}
            rows = stream_rows(file, source)  # type: ignore[arg-type]
            data = ((number, cells) for number, cells in rows if number >= self.plan.place.first)
            try:
                while chunk := list(islice(data, AT_ONCE)):
                    self.take(chunk)
            except UnreadableTable as error:
                self.note(table.read + self.plan.place.first, "", str(error))
        self.end()

    def take(self, chunk: Sequence[tuple[int, Cells]]) -> None:
        """Read some rows and lay out those that can be used."""
        answers: dict[tuple[int, ...], list[tuple[Answer, Cells]]] = {}
        staged = []
        for number, cells in chunk:
            try:
                answer = self.rows.read(number, cells)
            except Unusable as error:
                self.note(number, *error.args)
                continue
            if answer is not None:
                held_by = tuple(sorted(self.compared.meet(answer)))
                answers.setdefault(held_by, []).append((answer, cells))
                staged.append(self._stage(answer, held_by))
        for held_by, some in answers.items():
            summary = self.met.setdefault(held_by, Summary()) if held_by else self.fresh
            summary.add([answer for answer, _c in some], (c for _a, c in some), self.columns)
        self.table.read += len(chunk)
        self.table.lease_until = timezone.now() + LEASE
        self.table.unfinished = self.rows.left_out.total()
        with transaction.atomic():
            keep_progress(self.table, self.table.read - len(chunk))
            StagedAnswer.objects.bulk_create(staged)

    def _stage(self, answer: Answer, held_by: tuple[int, ...]) -> StagedAnswer:
        key = salted_hmac("surveys.elsewhere", f"{self.table.pk}:{answer.person.hex()}").hexdigest()
        if held_by:
            self.keys.setdefault(held_by, []).append((key, answer.person))
        contents = Contents(ratings=answer.ratings, comment=answer.comment)
        return StagedAnswer(
            table=self.table,
            audience_id=self.audiences[answer.group],
            key=key,
            ciphertext=encrypt(self.table.survey.key, contents),
        )

    def note(self, number: int, value: str, reason: str) -> None:
        table = self.table
        table.problem_count += 1
        if len(table.problems) < MOST_PROBLEMS:
            short = value[:LONGEST_SAMPLE]
            table.problems.append({"row": number, "value": short, "reason": reason})

    def end(self) -> None:
        """Say who the people are, drop those who came before, and sum up."""
        table, options = self.table, self.plan.options
        people, asks = people_of(self.compared.guess(), options.identity, options.of)
        known = [matches for matches in self.met if any(people[pk] == SAME for pk in matches)]
        for held_by, summary in self.met.items():
            if held_by in known:
                table.known += summary.rows
            else:
                self.fresh.merge(summary)
        for pk, is_what in people.items():
            if is_what == SAME:
                for number in self.compared.changed_rows.get(pk, ()):
                    self.note(number, "", _("This row was imported before with other answers."))
        table.beside = sorted(people)
        table.replaces_id = next((pk for pk, what in people.items() if what == REPLACES), None)
        findings = Findings(self.plan, self.target, self.rows, self.fresh, self.compared, people)
        table.summary = summary_of(findings, asks)
        dropped = [one for held_by in known for one in self.keys.get(held_by, ())]
        for _key, person in dropped:
            del self.compared.marks[person]
        table.marks = pack(self.compared.marks)
        table.state, table.lease_until = State.CHECKED, None
        with transaction.atomic():
            keep_progress(table, table.read)
            keys = [key for key, _person in dropped]
            for start in range(0, len(keys), AT_ONCE // 2):
                table.staged.filter(key__in=keys[start : start + AT_ONCE // 2]).delete()
            ended = ("beside", "replaces_id", "marks", "summary")
            AnswerTable.objects.filter(pk=table.pk).update(
                **{name: getattr(table, name) for name in ended}
            )


def _secret_of(survey: Survey) -> bytes:
    """Return what keys the marks of a survey's rows: it goes with the survey's own key."""
    key = read_key(survey.key)
    return salted_hmac("surveys.tables", str(survey.pk), secret=key, algorithm="sha256").digest()


def keep_progress(table: AnswerTable, read_before: int) -> None:
    """Note how far this reading is.

    :raises Overtaken: another one began meanwhile, or ended and was imported.
    """
    mine = AnswerTable.objects.filter(pk=table.pk, state=State.CHECKING, read=read_before)
    if not mine.update(**_progress(table)):
        raise Overtaken


# ---- the end of a table ----


@transaction.atomic
def forget(table: AnswerTable) -> None:
    """Erase a table with its file. What was imported from it stays."""
    erase_file(table)
    table.delete()


def forget_old_tables() -> None:
    """Erase the tables that nobody went on with for a day."""
    for table in AnswerTable.objects.forgotten(timezone.now()):
        forget(table)


def erase_file(table: AnswerTable | PeopleList) -> None:
    """Erase the file once this transaction stands."""
    storage, name = table.file.storage, table.file.name
    if name:
        transaction.on_commit(partial(storage.delete, name))
