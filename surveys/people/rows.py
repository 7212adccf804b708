"""Lists of people to invite: which column is what, which rows can be used, and why others not."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from surveys.errors import RuleBroken, Unusable
from surveys.models import Audience, Invitation, PeopleList, Survey
from surveys.people.columns import COLUMNS, plain_fields
from surveys.people.links import code_page, personal_link, qr_svg
from surveys.people.links import language_of as language_of_link
from surveys.people.person import Person
from surveys.people.tokens import token_of
from surveys.people.values import address_in, full_name, language_of, reach_of, without_unseen
from surveys.questionnaire.wording import plain
from surveys.tables.plan import group_named
from surveys.tables.target import questionnaire_of
from surveys.tables.upload import Table

AT_ONCE = 1000
BREAKS = ("Cc", "Cs", "Zl", "Zp")
LONGEST = {"name": 200, "subgroup": 100}
Mapped = Mapping[str, int]
Key = tuple[int, str, str]


@dataclass(frozen=True)
class RowError:
    """A row that cannot be used. `row` as a spreadsheet counts: the header is row 1."""

    row: int
    value: str
    reason: str


@dataclass
class Checked:
    """A list before anybody is added."""

    people: list[tuple[Audience, Person]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    known: int = 0
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    """“groups”, “languages”, “states”: value that must be explained → how often it stands."""


def check_people(
    survey: Survey,
    table: Table,
    columns: Mapped,
    audience: Audience | None = None,
    meanings: Mapping[str, Mapping[str, str]] | None = None,
) -> Checked:
    """Sort the rows of a list into people to add, people known already, and errors.

    :param columns: field (one of `COLUMNS`) → column of the table.
    :param audience: of everybody in the list; without it a column must tell.
    :param meanings: “groups”, “languages” and “states”: value → what somebody said it means.
    :raises RuleBroken: the columns do not tell enough.
    """
    _require_columns(table, columns, audience)
    reader = PersonReader(survey, columns, audience, meanings or {})
    checked, keys = Checked(), set[Key]()
    numbered = enumerate(table.rows, start=table.first)
    while some := list(islice(numbered, AT_ONCE)):
        people = list(_usable(checked, some, reader))
        keys |= _already_invited(people)
        _keep_new(checked, people, keys)
    checked.unknown = reader.unknown
    return checked


def check_list(people: PeopleList) -> Checked:
    """Sort the rows of a list that was handed in, as `check_people`."""
    table = Table(people.header, people.rows, people.first)
    return check_people(people.survey, table, people.columns, people.audience, people.meanings)


class PersonReader:
    """Reads the rows of one list; `unknown` gathers the values that somebody must explain."""

    def __init__(
        self,
        survey: Survey,
        columns: Mapped,
        everybody: Audience | None,
        meanings: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.columns, self.everybody, self.meanings = columns, everybody, meanings
        self.target = questionnaire_of(survey)
        self.spoken = survey.codes
        self.audiences = {one.code: one for one in survey.audiences.all()}
        self.unknown: dict[str, dict[str, int]] = {}

    def read(self, cells: list[str]) -> tuple[Audience, Person]:
        """Return somebody with their group.

        :raises Unusable: a value means nothing here.
        """
        values = {field: _nfc(cells[at]) for field, at in self.columns.items() if at < len(cells)}
        row = plain_fields(values)
        return self.everybody or self._audience(row["audience"]), self._person(row)

    def _audience(self, value: str) -> Audience:
        code = self._meaning("groups", value) or group_named(self.target, plain(value))
        if code in self.audiences:
            return self.audiences[code]
        names = ", ".join(str(one) for one in self.audiences.values())
        self._ask("groups", value)
        raise Unusable(value, _("There is no such group. The groups are: %s.") % names)

    def _person(self, row: dict[str, str]) -> Person:
        name = row["name"] or full_name(row["first_name"], row["last_name"])
        email, beside = address_in(row["email"])
        name = without_unseen(name or beside)
        subgroup = without_unseen(row["subgroup"])
        _require_line(name, LONGEST["name"])
        _require_line(subgroup, LONGEST["subgroup"])
        if not (email or name):
            raise Unusable("", _("Neither a mail address nor a name is given."))
        return Person(name, email, self._language(row), subgroup, self._reach(row["state"]))

    def _language(self, row: dict[str, str]) -> str:
        value = row["language"]
        spoken = plain(value) if plain(value) in self.spoken else language_of(value)
        language = self._meaning("languages", value) or spoken
        if language is None:
            self._ask("languages", value)
            raise Unusable(value, _("Say which language this is."))
        return language

    def _reach(self, value: str) -> str:
        reach = self._meaning("states", value) or reach_of(value)
        if reach is None:
            self._ask("states", value)
            raise Unusable(value, _("Say whether people with this value may be written to."))
        return reach

    def _meaning(self, part: str, value: str) -> str | None:
        return self.meanings.get(part, {}).get(plain(value))

    def _ask(self, part: str, value: str) -> None:
        words = self.unknown.setdefault(part, {})
        words[plain(value)] = words.get(plain(value), 0) + 1


def _usable(
    checked: Checked, numbered: Iterable[tuple[int, list[str]]], reader: PersonReader
) -> Iterator[tuple[Audience, Person]]:
    for number, cells in numbered:
        if any(cells):
            try:
                yield reader.read(cells)
            except Unusable as error:
                checked.errors.append(RowError(number, *error.args))


def _key(audience: int, name: str, email: str, subgroup: str) -> Key:
    """Return what tells a person: the address; without one, name and sub-group together."""
    return (audience, email, "") if email else (audience, name, subgroup)


def _keep_new(checked: Checked, people: Iterable[tuple[Audience, Person]], seen: set[Key]) -> None:
    for whose, person in people:
        key = _key(whose.pk, person.name, person.email, person.subgroup)
        if key in seen:
            checked.known += 1
        else:
            seen.add(key)
            checked.people.append((whose, person))


def _require_columns(table: Table, columns: Mapped, audience: Audience | None) -> None:
    if set(columns) - set(COLUMNS) or any(
        not 0 <= at < len(table.header) for at in columns.values()
    ):
        raise RuleBroken(_("A column is chosen that the table does not have."))
    if not {"email", "name", "first_name", "last_name"} & set(columns):
        raise RuleBroken(_("Choose the column of the mail addresses or of the names."))
    if audience is None and "audience" not in columns:
        raise RuleBroken(_("Choose the group, or the column that names it."))


def _already_invited(people: Collection[tuple[Audience, Person]]) -> set[Key]:
    """Return the keys of those of them who are invited."""
    invited = Invitation.objects.filter(audience__in={whose.pk for whose, _person in people})
    emails = {person.email for _whose, person in people if person.email}
    names = {person.name for _whose, person in people if not person.email}
    by_email = invited.filter(email__in=emails).exclude(email="")  # as the index says it
    by_name = invited.filter(email="", name__in=names)
    rows = [*by_email, *by_name]
    return {_key(row.audience_id, row.name, row.email, row.subgroup) for row in rows}


def _nfc(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()


def _require_line(value: str, longest: int) -> None:
    if len(value) > longest:
        raise Unusable(value[:50], _("This is longer than %d characters.") % longest)
    if not value.isprintable() and any(unicodedata.category(letter) in BREAKS for letter in value):
        raise Unusable(repr(value)[:50], _("This holds a line break or a control character."))


@dataclass(frozen=True)
class Link:
    """Somebody's link, to be handed over."""

    person: Invitation
    token: str

    @property
    def address(self) -> str:
        return personal_link(self.token, language_of_link(self.person))

    @property
    def code(self) -> str:
        """Return the end of the address in fours, easier to type."""
        return " ".join(self.token[at : at + 4] for at in range(0, len(self.token), 4))

    @property
    def typed_at(self) -> str:
        return code_page()

    @property
    def qr(self) -> str:
        return qr_svg(self.address)


def links_to_hand_out(survey: Survey, audience: Audience | None = None) -> list[Link]:
    """Return the links of people who are handed theirs, by group.

    Whoever sees a link can open it, and what is answered there. So in an anonymous survey links
    that go out by mail are shown to nobody, only those of people without an address.
    """
    people = Invitation.objects.filter(
        audience__survey=survey, source=Invitation.Source.PERSONAL
    ).exclude(state=Invitation.State.REVOKED)
    if audience is not None:
        people = people.filter(audience=audience)
    if survey.is_anonymous:
        people = people.filter(email="")
    rows = people.exclude(seed="").select_related("audience__survey__organisation")
    pairs = ((one, token_of(one)) for one in rows.order_by("audience__position", "name", "pk"))
    return [Link(one, token) for one, token in pairs if token]
