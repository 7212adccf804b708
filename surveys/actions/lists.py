"""A list of people in three steps: hand in the table, say what its columns are, add the people.

The last one may take a while, so a worker does it, a thousand rows a transaction.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from surveys.actions.answer_tables import erase_file
from surveys.actions.invite import add_people
from surveys.errors import Conflict, Overtaken, RuleBroken
from surveys.languages import in_language
from surveys.models import Audience, Organisation, PeopleList, Survey
from surveys.people.columns import columns_by_name, find_list, guess_columns
from surveys.people.earlier import TAKEN_OVER, people_as_table
from surveys.people.rows import check_list, check_people
from surveys.tables.place import Places
from surveys.tables.plan import TableOptions
from surveys.tables.target import questionnaire_of
from surveys.tables.upload import Table
from surveys.tables.whole import table_at

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

AT_ONCE = 1000
LEASE = timedelta(minutes=1)
MOST_PROBLEMS = 200
State = PeopleList.State
ENDED: Mapping[str, Any] = {"state": State.ADDED, "rows": [], "lease_until": None}


def hand_in(
    survey: Survey, table: Table, by: "User", before: Survey | None = None, name: str = ""
) -> PeopleList:
    """Keep a table until its columns are confirmed; one a person and survey, the last one.

    :param before: the survey of last round whose people the list is compared with.
    :raises Conflict: the one before is still being added.
    """
    forget_old_lists()
    made = PeopleList(survey=survey, by=by, at=timezone.now(), before=before, name=name[-200:])
    _fill(made, table)
    _replace(made)
    return made


def take_file(
    survey: Survey, file: BinaryIO, name: str, by: "User", before: Survey | None = None
) -> PeopleList:
    """Keep a file of people and read it, if nothing of it must be said first: `PeopleList.waits`.

    :raises UnreadableTable: it is no table. :raises Conflict: as of `hand_in`.
    """
    forget_old_lists()
    made = PeopleList(survey=survey, by=by, at=timezone.now(), before=before, name=name[-200:])
    _read(made, file, TableOptions())
    _replace(made)
    file.seek(0)
    made.file.save("people", File(file))
    return made


def read_again(people: PeopleList, options: TableOptions) -> None:
    """Read the file of a list as somebody says: its encoding, sheet or headings.

    :raises UnreadableTable: it cannot be read so; everything stays as it was.
    """
    with people.file.open("rb") as file:
        _read(people, file, options)  # type: ignore[arg-type]
    fields = ("reading", "header", "rows", "first", "columns", "meanings")
    _mapping(people).update(**{part: getattr(people, part) for part in fields})


def places_of(people: PeopleList) -> Places:
    """Return where a list that was handed in stands in its file, and what must be said of that."""
    with people.file.open("rb") as file:
        return find_list(
            file,  # type: ignore[arg-type]
            TableOptions.from_json(people.reading),
            questionnaire_of(people.survey).group_of,
        )


def _read(people: PeopleList, file: BinaryIO, options: TableOptions) -> None:
    places = find_list(file, options, questionnaire_of(people.survey).group_of)
    people.reading = {
        "encoding": options.encoding, "sheet": options.sheet, "headings": options.headings,
    }  # fmt: skip
    people.header, people.rows, people.columns, people.meanings = [], [], {}, {}
    if not places.asks:
        _fill(people, table_at(file, places.place))


def _fill(people: PeopleList, table: Table) -> None:
    before = columns_by_name(table.header, PeopleList.objects.headings_of_last(people.survey))
    people.header, people.rows, people.first = table.header, table.rows, table.first
    people.columns = guess_columns(table.header, table.rows) | before


def take_over(survey: Survey, before: Survey, by: "User") -> PeopleList:
    """Hand in the people of an earlier survey: with their groups, languages, and wishes for no
    mail. Whoever was removed, or erased, is not among them.

    :raises Conflict: as of `hand_in`. :raises RuleBroken: nobody is on that list any more.
    """
    table = people_as_table(before)
    if not table.rows:
        raise RuleBroken(_("Nobody is on that list any more."))
    made = hand_in(survey, table, by, before, name=in_language(before.title))
    made.columns = {field: at for at, field in enumerate(TAKEN_OVER)}
    _mapping(made).update(columns=made.columns)
    return made


@transaction.atomic
def _replace(made: PeopleList) -> None:
    before = PeopleList.objects.filter(survey=made.survey, by=made.by).select_for_update()
    if before.filter(state=State.ADDING).exists():
        raise Conflict(_("The list before is still being added. Wait until it is."))
    for one in before:
        erase_file(one)
    before.delete()
    made.save()


def map_columns(
    people: PeopleList,
    columns: Mapping[str, int],
    audience: Audience | None,
    meanings: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Say what the columns are, and what their values mean; of a list that is being added they
    stay what they were."""
    people.columns, people.audience = dict(columns), audience
    for part, values in (meanings or {}).items():
        people.meanings[part] = {**people.meanings.get(part, {}), **values}
    _mapping(people).update(columns=people.columns, audience=audience, meanings=people.meanings)


def _mapping(people: PeopleList) -> "QuerySet[PeopleList]":
    return PeopleList.objects.filter(pk=people.pk, state=State.MAPPING)


def begin(people: PeopleList) -> int:
    """Have a checked list added; return how many people that will be.

    :raises RuleBroken: the columns do not tell enough, or it is being added already.
    """
    checked_people = check_list(people)
    now_adding = {
        "state": State.ADDING,
        "file": "",
        "at": timezone.now(),
        "total": len(people.rows),
        "problems": [asdict(error) for error in checked_people.errors[:MOST_PROBLEMS]],
        "problem_count": len(checked_people.errors),
    }
    if not _mapping(people).update(**now_adding):
        raise Conflict(_("This list is being added already."))
    erase_file(people)
    return len(checked_people.people)


def add(people: int) -> None:
    """Add the people of a list that is to be added, some at a time.

    May be repeated and killed at any time: who begins anew goes on where the rows end that stand.
    """
    while mine := _take(people):
        with suppress(Overtaken):
            while mine.state == State.ADDING:
                _add_some(mine)


@task()
def add_list(people: int) -> None:
    """Add in the background."""
    add(people)


def add_left() -> int:
    """Go on with the lists whose worker was killed or never came; return how many."""
    left = list(PeopleList.objects.free(timezone.now()).values_list("pk", flat=True))
    for people in left:
        add(people)
    return len(left)


def _take(people: int) -> PeopleList | None:
    """Take a list to add it, so that nobody else does."""
    now = timezone.now()
    free = PeopleList.objects.free(now).filter(pk=people)
    if not free.update(lease_until=now + LEASE):
        return None
    lists = PeopleList.objects.select_related("survey", "audience")
    return lists.get(pk=people)  # type: ignore[no-any-return]


@transaction.atomic
def _add_some(people: PeopleList) -> None:
    """Add the next rows, and note in the same transaction that they are read.

    :raises Overtaken: somebody else has the list by now, or a person was taken out of it.
    """
    survey = Survey.objects.select_for_update(no_key=True).get(pk=people.survey_id)
    rows = people.rows[people.read : people.read + AT_ONCE]
    if survey.is_sealed or not rows:
        _keep(people, ENDED)
        return
    table = Table(people.header, rows)
    try:
        checked = check_people(survey, table, people.columns, people.audience, people.meanings)
    except RuleBroken:  # the group they were to be in is gone
        _keep(people, ENDED)
        return
    done = {
        "read": people.read + len(rows),
        "added": people.added + add_people(checked.people),
        "known": people.known + checked.known,
    }
    is_last = done["read"] >= people.total
    _keep(people, done | (dict(ENDED) if is_last else {"lease_until": timezone.now() + LEASE}))


def _keep(people: PeopleList, done: Mapping[str, Any]) -> None:
    mine = PeopleList.objects.filter(pk=people.pk, lease_until=people.lease_until)
    if not mine.update(**done):
        raise Overtaken
    for name, value in done.items():
        setattr(people, name, value)


def empty(people: PeopleList) -> None:
    """Forget the rows, if they are not being added; what the columns meant is remembered."""
    if _mapping(people).update(rows=[], file=""):
        erase_file(people)


def forget_old_lists() -> int:
    """Empty the lists nobody went on with for a day; return how many that were."""
    forgotten = PeopleList.objects.forgotten(timezone.now())
    for people in forgotten.exclude(file="").defer("rows"):
        erase_file(people)
    return forgotten.update(rows=[], problems=[], file="")


def take_out_of_lists(organisation: Organisation, email: str) -> None:
    """Take a person's rows out of the lists that wait to be imported, or are being imported.

    A blank row stays, so that the others keep their numbers; who is adding the list begins anew
    with what it is now.
    """
    address = email.strip().lower()
    lists = PeopleList.objects.filter(survey__organisation=organisation)
    for people in lists.exclude(rows=[], problems=[], file="").select_for_update():
        erase_file(people)
        PeopleList.objects.filter(pk=people.pk).update(
            file="",
            rows=[[""] * len(row) if _holds(row, address) else row for row in people.rows],
            problems=[one for one in people.problems if not _holds([one["value"]], address)],
            lease_until=None,
        )


def _holds(cells: Iterable[str], address: str) -> bool:
    return address in (cell.strip().lower() for cell in cells)
