"""Which column of a list of people is what, and where the list stands in its file."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from surveys.tables.headings import names_in
from surveys.tables.place import Places, find_place
from surveys.tables.plan import TableOptions
from surveys.tables.questions import ENCODINGS
from surveys.tables.upload import Table, UnreadableTable, look_into
from surveys.tables.whole import table_at
from surveys.tables.words import squash

FIELDS = ("email", "name", "audience", "subgroup", "language")
"""What a person is told by."""
COLUMNS = ("email", "name", "first_name", "last_name", "audience", "subgroup", "language", "state")
"""What a column may hold."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "email": (
        "email", "e-mail", "mail", "邮箱", "电子邮件", "電子郵件", "电子邮箱", "邮件", "邮箱地址",
        "email address", "e-mail address", "mail address", "企业邮箱", "工作邮箱", "work email",
        "primary email", "business email", "courriel", "个人邮箱", "personal email",
    ),
    "name": ("name", "full name", "姓名", "名称", "名字", "display name", "显示名称", "联系人",
             "nom"),
    "first_name": ("first name", "firstname", "given name", "名", "prénom"),
    "last_name": ("last name", "lastname", "surname", "family name", "姓", "nom de famille"),
    "audience": (
        "audience", "group", "stakeholder group", "stakeholder", "群体", "群體", "组别", "組別",
        "利益相关方", "利益相关方群体", "groupe",
    ),
    "subgroup": ("subgroup", "sub-group", "分组", "部门", "department", "division"),
    "language": ("language", "语言", "語言", "langue", "preferred language"),
    "state": (
        "emailstatus", "email status", "mail status", "邮件状态", "opt out", "opted out",
        "unsubscribed", "退订", "是否退订", "do not email",
    ),
}  # fmt: skip
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def guess_columns(header: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, int]:
    """Return field → column: the heading that is listed first wins; without one, addresses tell
    themselves."""
    columns: dict[str, int] = {}
    names = [set(names_in(heading)) for heading in header]
    for field, headings in HEADINGS.items():
        for heading in map(squash, headings):
            fits = [at for at, forms in enumerate(names) if heading in forms]
            free = [at for at in fits if at not in columns.values()]
            if free:
                columns[field] = free[0]
                break
    if "first_name" not in columns or "last_name" not in columns:
        columns.pop("first_name", None)
        columns.pop("last_name", None)
    if "name" in columns and "first_name" in columns:
        del columns["name"]
    if "email" not in columns and (at := _column_of_addresses(header, rows)) is not None:
        columns["email"] = at
    return columns


def _column_of_addresses(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    for at in range(len(header)):
        cells = [row[at] for row in rows[:50] if at < len(row) and row[at]]
        if cells and all("@" in cell for cell in cells):
            return at
    return None


def columns_by_name(header: list[str], named: Mapping[str, str]) -> dict[str, int]:
    """Return field → column for headings that were mapped before: field → heading."""
    return {field: header.index(name) for field, name in named.items() if name and name in header}


def read_list(file: BinaryIO, options: TableOptions, groups: Collection[str] = ()) -> Table:
    """Return the list in a file: its sheet, encoding and headings as said, else as is likely.

    :param groups: names of the survey's groups, squashed: they tell the right encoding.
    :raises UnreadableTable: with a sentence that says what to change, or what to say.
    """
    places = find_list(file, options, groups)
    _require_certain(places)
    return table_at(file, places.place)


def find_list(file: BinaryIO, options: TableOptions, groups: Collection[str] = ()) -> Places:
    """Return where the list stands in a file, and what of it must be said: “encoding”, “sheet”.

    :raises UnreadableTable: it is no table.
    """
    look = look_into(file, options.delimiter, is_held=True)
    known = frozenset(squash(name) for names in HEADINGS.values() for name in names)
    places = find_place(look, options, known, groups)
    if options.headings is None and _begins_at_once(places):
        places = find_place(look, replace(options, headings=()), known, groups)
    return places


def _begins_at_once(places: Places) -> bool:
    """Tell whether what would be the headings is a person: it holds a mail address."""
    headings = set(places.place.headings)
    cells = [cell for number, row in places.top if number in headings for cell in row]
    return any(_ADDRESS.fullmatch(cell) for cell in cells)


def _require_certain(places: Places) -> None:
    if "encoding" in places.asks:
        sentence = _("The file does not tell its encoding. Choose the one that reads right: %s")
        examples = (
            f"{ENCODINGS.get(name, name)}: {' · '.join(cells)}"
            for name, cells in places.examples.items()
        )
        raise UnreadableTable(sentence % "; ".join(examples))
    if "sheet" in places.asks:
        sentence = _("More than one sheet may hold the list. Write which: %s")
        raise UnreadableTable(sentence % ", ".join(places.choices))


def plain_fields(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a row with every field that a column may hold, blank where it has none."""
    return dict.fromkeys(COLUMNS, "") | dict(row)
