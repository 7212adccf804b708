"""Lists of people to invite: which column is what, which rows can be used, and why others not."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from surveys.errors import RuleBroken, Unusable
from surveys.models import Audience, Invitation, PeopleList, Survey
from surveys.people.links import code_page, language_of, personal_link, qr_svg
from surveys.people.person import Person
from surveys.people.tokens import token_of
from surveys.tables.upload import Table

FIELDS = ("email", "name", "audience", "subgroup", "language")
HEADERS: Mapping[str, str] = {
    "email": "email", "e-mail": "email", "mail": "email", "邮箱": "email", "电子邮件": "email",
    "电子邮箱": "email", "邮件": "email", "mail address": "email", "email address": "email",
    "e-mail address": "email", "邮箱地址": "email", "full name": "name", "name": "name",
    "姓名": "name", "名称": "name",
    "stakeholder group": "audience", "利益相关方群体": "audience", "stakeholder": "audience",
    "audience": "audience", "group": "audience", "群体": "audience", "利益相关方": "audience",
    "subgroup": "subgroup", "sub-group": "subgroup", "分组": "subgroup", "部门": "subgroup",
    "language": "language", "语言": "language",
}  # fmt: skip
LANGUAGES = {
    "": "", "zh-hans": "zh-hans", "zh": "zh-hans", "zh-cn": "zh-hans", "中文": "zh-hans",
    "chinese": "zh-hans", "en": "en", "english": "en", "英文": "en", "英语": "en",
}  # fmt: skip
AT_ONCE = 1000
BREAKS = ("Cc", "Cs", "Zl", "Zp")
LONGEST = {"name": 200, "subgroup": 100}
Mapped = Mapping[str, int]


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


def guess_columns(header: list[str]) -> dict[str, int]:
    """Return field → column, as far as the headings tell; the first column that fits wins."""
    found: dict[str, int] = {}
    for at, heading in enumerate(header):
        if name := HEADERS.get(heading.strip().lower()):
            found.setdefault(name, at)
    return found


def check_people(
    survey: Survey,
    table: Table,
    columns: Mapped,
    audience: Audience | None = None,
) -> Checked:
    """Sort the rows of a list into people to add, people known already, and errors.

    :param columns: field (one of `FIELDS`) → column of the table.
    :param audience: of everybody in the list; without it a column must tell.
    :raises RuleBroken: the columns do not tell enough.
    """
    _require_columns(table, columns, audience)
    audiences = _by_name(survey)
    checked, seen = Checked(), set[tuple[int, str]]()
    numbered = enumerate(table.rows, start=2)
    while some := list(islice(numbered, AT_ONCE)):
        found = list(_usable(checked, some, columns, audiences, audience))
        seen |= _already_invited(found)
        _keep_new(checked, found, seen)
    return checked


def check_list(people: PeopleList) -> Checked:
    """Sort the rows of a list that was handed in, as `check_people`."""
    table = Table(people.header, people.rows)
    return check_people(people.survey, table, people.columns, people.audience)


def _usable(
    checked: Checked,
    numbered: Iterable[tuple[int, list[str]]],
    columns: Mapped,
    audiences: Mapping[str, Audience],
    audience: Audience | None,
) -> Iterator[tuple[Audience, Person]]:
    for number, cells in numbered:
        if any(cells):
            row = _named(cells, columns)
            try:
                yield audience or _audience(row, audiences), _person(row)
            except Unusable as error:
                checked.errors.append(RowError(number, *error.args))


def _keep_new(
    checked: Checked, found: Iterable[tuple[Audience, Person]], seen: set[tuple[int, str]]
) -> None:
    for whose, person in found:
        key = (whose.pk, person.email or person.name)
        if key in seen:
            checked.known += 1
        else:
            seen.add(key)
            checked.people.append((whose, person))


def _require_columns(table: Table, columns: Mapped, audience: Audience | None) -> None:
    if set(columns) - set(FIELDS) or any(
        not 0 <= at < len(table.header) for at in columns.values()
    ):
        raise RuleBroken(_("A column is chosen that the table does not have."))
    if "email" not in columns and "name" not in columns:
        raise RuleBroken(_("Choose the column of the mail addresses or of the names."))
    if audience is None and "audience" not in columns:
        raise RuleBroken(_("Choose the group, or the column that names it."))


def _by_name(survey: Survey) -> dict[str, Audience]:
    found = {}
    for audience in survey.audiences.all():
        for name in (audience.code, *audience.name.values()):
            found[name.strip().lower()] = audience
    return found


def _already_invited(people: Collection[tuple[Audience, Person]]) -> set[tuple[int, str]]:
    """Return group and address, or name, of those of them who are invited."""
    invited = Invitation.objects.filter(audience__in={whose.pk for whose, _person in people})
    emails = {person.email for _whose, person in people if person.email}
    names = {person.name for _whose, person in people if not person.email}
    by_email = invited.filter(email__in=emails).exclude(email="")  # as the index says it
    by_name = invited.filter(email="", name__in=names)
    return {*by_email.values_list("audience", "email"), *by_name.values_list("audience", "name")}


def _named(cells: list[str], columns: Mapped) -> dict[str, str]:
    row = {name: unicodedata.normalize("NFC", cells[at]).strip() for name, at in columns.items()}
    return dict.fromkeys(FIELDS, "") | row


def _audience(row: dict[str, str], audiences: Mapping[str, Audience]) -> Audience:
    if found := audiences.get(row["audience"].lower()):
        return found
    raise Unusable(row["audience"], _("There is no such group."))


def _person(row: dict[str, str]) -> Person:
    for name, longest in LONGEST.items():
        _require_line(row[name], longest)
    email = row["email"].lower()
    if email:
        _require_address(email)
    elif not row["name"]:
        raise Unusable("", _("Neither a mail address nor a name is given."))
    language = LANGUAGES.get(row["language"].lower())
    if language is None:
        raise Unusable(row["language"], _("The language is neither Chinese nor English."))
    return Person(row["name"], email, language, row["subgroup"])


def _require_line(value: str, longest: int) -> None:
    if len(value) > longest:
        raise Unusable(value[:50], _("This is longer than %d characters.") % longest)
    if not value.isprintable() and any(unicodedata.category(letter) in BREAKS for letter in value):
        raise Unusable(repr(value)[:50], _("This holds a line break or a control character."))


def _require_address(email: Any) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Unusable(email[:100], _("This is not a mail address.")) from error
    if len(email) > 254:
        raise Unusable(email[:100], _("This is not a mail address."))


@dataclass(frozen=True)
class Link:
    """Somebody's link, to be handed over."""

    person: Invitation
    token: str

    @property
    def address(self) -> str:
        return personal_link(self.token, language_of(self.person))

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
    found = ((one, token_of(one)) for one in rows.order_by("audience__position", "name", "pk"))
    return [Link(one, token) for one, token in found if token]


def columns_by_name(header: list[str], named: Mapping[str, str]) -> dict[str, int]:
    """Return field → column for headings that were mapped before: field → heading."""
    return {field: header.index(name) for field, name in named.items() if name in header}
