"""A list of people in three steps: hand in the table, say what its columns are, add the people.

The last one may take a while, so a worker does it, a thousand rows a transaction.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from surveys.actions.invite import add_people
from surveys.errors import Conflict, Overtaken, RuleBroken
from surveys.models import Audience, Organisation, PeopleList, Survey
from surveys.people.columns import columns_by_name, guess_columns
from surveys.people.rows import check_list, check_people
from surveys.tables.upload import Table

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

AT_ONCE = 1000
LEASE = timedelta(minutes=1)
MOST_PROBLEMS = 200
State = PeopleList.State
ENDED: Mapping[str, Any] = {"state": State.ADDED, "rows": [], "lease_until": None}


def hand_in(survey: Survey, table: Table, by: "User") -> PeopleList:
    """Keep a table until its columns are confirmed; one a person and survey, the last one.

    :raises Conflict: the one before is still being added.
    """
    forget_old_lists()
    before = columns_by_name(table.header, PeopleList.objects.headings_of_last(survey))
    columns = guess_columns(table.header, table.rows) | before
    people_list = PeopleList(
        survey=survey,
        by=by,
        at=timezone.now(),
        header=table.header,
        rows=table.rows,
        first=table.first,
        columns=columns,
    )
    _replace(people_list)
    return people_list


@transaction.atomic
def _replace(made: PeopleList) -> None:
    before = PeopleList.objects.filter(survey=made.survey, by=made.by).select_for_update()
    if before.filter(state=State.ADDING).exists():
        raise Conflict(_("The list before is still being added. Wait until it is."))
    before.delete()
    made.save()


def map_columns(
    people: PeopleList,
    columns: Mapping[str, int],
    audience: Audience | None,
    said: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Say what the columns are, and what their values mean; of a list that is being added they
    stay what they were."""
    people.columns, people.audience = dict(columns), audience
    for part, values in (said or {}).items():
        people.said[part] = {**people.said.get(part, {}), **values}
    _mapping(people).update(columns=people.columns, audience=audience, said=people.said)


def _mapping(people: PeopleList) -> "QuerySet[PeopleList]":
    return PeopleList.objects.filter(pk=people.pk, state=State.MAPPING)


def begin(people: PeopleList) -> int:
    """Have a checked list added; return how many people that will be.

    :raises RuleBroken: the columns do not tell enough, or it is being added already.
    """
    checked_people = check_list(people)
    now_adding = {
        "state": State.ADDING,
        "at": timezone.now(),
        "total": len(people.rows),
        "problems": [asdict(error) for error in checked_people.errors[:MOST_PROBLEMS]],
        "problem_count": len(checked_people.errors),
    }
    if not _mapping(people).update(**now_adding):
        raise Conflict(_("This list is being added already."))
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
        found = check_people(survey, table, people.columns, people.audience, people.said)
    except RuleBroken:  # the group they were to be in is gone
        _keep(people, ENDED)
        return
    done = {
        "read": people.read + len(rows),
        "added": people.added + add_people(found.people),
        "known": people.known + found.known,
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
    _mapping(people).update(rows=[])


def forget_old_lists() -> int:
    """Empty the lists nobody went on with for a day; return how many that were."""
    return PeopleList.objects.forgotten(timezone.now()).update(rows=[], problems=[])


def take_out_of_lists(organisation: Organisation, email: str) -> None:
    """Take a person's rows out of the lists that wait to be imported, or are being imported.

    A blank row stays, so that the others keep their numbers; who is adding the list begins anew
    with what it is now.
    """
    address = email.strip().lower()
    lists = PeopleList.objects.filter(survey__organisation=organisation)
    for people in lists.exclude(rows=[], problems=[]).select_for_update():
        PeopleList.objects.filter(pk=people.pk).update(
            rows=[[""] * len(row) if _holds(row, address) else row for row in people.rows],
            problems=[one for one in people.problems if not _holds([one["value"]], address)],
            lease_until=None,
        )


def _holds(cells: Iterable[str], address: str) -> bool:
    return address in (cell.strip().lower() for cell in cells)
