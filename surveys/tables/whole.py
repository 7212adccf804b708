"""A table small enough to be held whole: a list of people, or of topics."""

from collections.abc import Collection
from typing import BinaryIO

from django.utils.translation import gettext as _

from surveys.tables.place import Place, Places, find_place
from surveys.tables.plan import TableOptions
from surveys.tables.upload import Table, UnreadableTable, look_into, stream_rows

MOST_BLANK_ROWS = 100_000


def find_table(
    file: BinaryIO, options: TableOptions, known: Collection[str], data: Collection[str]
) -> Places:
    """Return where a table stands in a file, and what of it must be said: “encoding”, “sheet”.

    :param known: headings of such tables, ``data``: what stands under them, both squashed: a
        reading in which they turn up is the right one, and no heading row holds data.
    :raises UnreadableTable: it is no table.
    """
    look = look_into(file, options.delimiter, is_held=True)
    return find_place(look, options, known, data)


def table_at(file: BinaryIO, place: Place) -> Table:
    """Return the list that stands there, every row as long as the longest.

    :raises UnreadableTable: with a sentence that says what to change.
    """
    rows: list[list[str]] = []
    for number, cells in stream_rows(file, place.source, is_held=True):
        if number < place.first:
            continue
        missing = number - place.first - len(rows)
        if missing > MOST_BLANK_ROWS:
            raise UnreadableTable(_("Too many blank rows stand between the rows of the list."))
        rows += [[] for _blank in range(missing)]
        rows.append(cells)
    if not rows and not any(place.header):
        raise UnreadableTable(_("The table is empty."))
    header = list(place.header)
    width = max([len(header), *(len(row) for row in rows)])
    header += [""] * (width - len(header))
    return Table(header, [row + [""] * (width - len(row)) for row in rows], place.first)
