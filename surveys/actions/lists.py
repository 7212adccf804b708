"""A list of people in two steps: hand in the table, say what its columns are, then invite."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils import timezone

from surveys.models import Audience, Organisation, PeopleList, Survey
from surveys.people import Checked, check_people, columns_by_name, guess_columns
from surveys.tables import Table

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def hand_in(survey: Survey, table: Table, by: "User") -> PeopleList:
    """Keep a table until its columns are confirmed; one a person and survey, the last one."""
    forget_old_lists()
    columns = guess_columns(table.header) | columns_by_name(table.header, remembered(survey))
    made, _new = PeopleList.objects.update_or_create(
        survey=survey,
        by=by,
        defaults={
            "header": table.header,
            "rows": table.rows,
            "columns": columns,
            "audience": None,
            "at": timezone.now(),
        },
    )
    return made


def remembered(survey: Survey) -> dict[str, str]:
    """Return field → heading as the organisation's last list was mapped."""
    lists = PeopleList.objects.filter(survey__organisation=survey.organisation_id)
    last = lists.exclude(columns={}).order_by("-at").values_list("header", "columns").first()
    return {field: last[0][at] for field, at in last[1].items()} if last else {}


def waiting(survey: Survey, by: "User") -> PeopleList | None:
    """Return the list this person has handed in and not imported yet."""
    found: PeopleList | None = PeopleList.objects.filter(survey=survey, by=by).first()
    return found if found and found.rows else None


def map_columns(people: PeopleList, columns: Mapping[str, int], audience: Audience | None) -> None:
    people.columns, people.audience = dict(columns), audience
    people.save(update_fields=["columns", "audience"])


def checked(people: PeopleList) -> Checked:
    """Sort the rows into people to add, people known already, and errors."""
    table = Table(people.header, people.rows)
    return check_people(people.survey, table, people.columns, people.audience)


def empty(people: PeopleList) -> None:
    """Forget the rows; what the columns meant is remembered."""
    people.rows = []
    people.save(update_fields=["rows"])


def forget_old_lists() -> int:
    """Empty the lists nobody went on with for a day; return how many that were."""
    return PeopleList.objects.forgotten(timezone.now()).update(rows=[])


def take_out_of_lists(organisation: Organisation, email: str) -> None:
    """Take a person's rows out of the lists that wait to be imported."""
    address = email.strip().lower()
    for people in PeopleList.objects.filter(survey__organisation=organisation).exclude(rows=[]):
        stay = [row for row in people.rows if address not in (cell.strip().lower() for cell in row)]
        PeopleList.objects.filter(pk=people.pk).update(rows=stay)
