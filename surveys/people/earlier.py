"""The people of an earlier survey: to be asked again, and what a new list changes beside them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.models import Invitation, Survey
from surveys.people.person import Person
from surveys.people.rows import Checked
from surveys.tables.upload import Table

TAKEN_OVER = ("name", "email", "audience", "subgroup", "language", "state")
"""What is taken over of a person: fields of a list, in the order of its columns."""
MOST_NAMED = 50
"""People of each kind that are named; the others are counted."""

Known = tuple[str, str]


@dataclass(frozen=True)
class Moved:
    """Somebody whose group, sub-group or language is another now."""

    who: str
    before: str
    after: str


@dataclass
class Changes:
    """A list beside the one of an earlier survey. Of each kind the first are named."""

    new: int = 0
    same: int = 0
    moved: list[Moved] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    moved_count: int = 0
    gone_count: int = 0


def listed_people(survey: Survey) -> Any:
    """Return who was asked by name or mail and is not removed."""
    people = Invitation.objects.on_list_of(survey).exclude(name="", email="")
    return people.select_related("audience").order_by("audience__position", "name", "pk")


def people_as_table(survey: Survey) -> Table:
    """Return the people of a survey as a list that could be handed in."""
    header = [
        pgettext("person", "Name"), _("Mail address"), _("Group"), _("Sub-group"), _("Language"),
        _("Wants no mail, or mail came back"),
    ]  # fmt: skip
    rows = [
        [one.name, one.email, one.audience.code, one.subgroup, one.language, one.reach]
        for one in listed_people(survey)
    ]
    return Table(header, rows)


def changes_since(before: Survey, checked: Checked, invited: Iterable[Invitation]) -> Changes:
    """Compare a checked list, and those who are on the list already, with an earlier survey.

    People are known again by their mail address; without one, by name and sub-group together.
    """
    earlier_people = {_key(one): one for one in listed_people(before)}
    now: dict[Known, tuple[str, str]] = {
        _key(person): (audience.code, person.subgroup) for audience, person in checked.people
    }
    for one in invited:
        now.setdefault(_key(one), (one.audience.code, one.subgroup))
    changes = Changes()
    for key, (code, subgroup) in now.items():
        earlier = earlier_people.pop(key, None)
        if earlier is None:
            changes.new += 1
        elif (earlier.audience.code, earlier.subgroup) == (code, subgroup):
            changes.same += 1
        else:
            _note_move(changes, earlier, code, subgroup)
    changes.gone_count = len(earlier_people)
    changes.gone = [_named(one) for one in list(earlier_people.values())[:MOST_NAMED]]
    return changes


def _note_move(changes: Changes, earlier: Invitation, code: str, subgroup: str) -> None:
    changes.moved_count += 1
    if len(changes.moved) < MOST_NAMED:
        before = _place(earlier.audience.code, earlier.subgroup)
        changes.moved.append(Moved(_named(earlier), before, _place(code, subgroup)))


def _key(person: Invitation | Person) -> Known:
    return (person.email, "") if person.email else (person.name, person.subgroup)


def _named(person: Invitation) -> str:
    return person.name or person.email


def _place(code: str, subgroup: str) -> str:
    return f"{code} · {subgroup}" if subgroup else code
