"""Tables of the report, pasted from a spreadsheet: tabs between cells, lines for rows."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from materiality.contentindex.index import Finding
from materiality.contentindex.tables import Sum, Table, check_sums, check_tables

TOTAL = re.compile(r"\s*(?:(?:total|sum)\b|合计|总计|总数)", re.IGNORECASE)
RUNNING = re.compile(r"\d{1,9}")
NUMBER = re.compile(r"[-−+]?\d{1,15}(?:\.\d{1,9})?")
Row = list[str]


def check_pasted(text: str) -> list[Finding]:
    """Return skipped numbers, copied heads and totals that are not the sum of what is above them.

    An empty line ends a table. A line of one cell before its heads is its title; numbers are run
    in the first column; the last line gives totals if it begins with “Total” or 合计.

    >>> [f.sentence("en") for f in check_pasted("Year\\tTonnes\\nA\\t2\\nB\\t3\\nTotal\\t6")]
    ['1 · Tonnes: the parts add up to 5, the total says 6.']
    """
    blocks = [_title_and_rows(number, rows) for number, rows in enumerate(_blocks(text), start=1)]
    tables = [_table(title, rows) for title, rows in blocks]
    sums = [one for title, rows in blocks for one in _sums(title, rows)]
    return [*check_tables(tables), *check_sums(sums)]


def count(text: str) -> int:
    """Return how many tables there are."""
    return len(list(_blocks(text)))


def _blocks(text: str) -> Iterator[list[Row]]:
    rows: list[Row] = []
    for line in [*text.splitlines(), ""]:
        if line.strip():
            rows.append([cell.strip() for cell in line.split("\t")])
        elif rows:
            yield rows
            rows = []


def _title_and_rows(number: int, rows: list[Row]) -> tuple[str, list[Row]]:
    has_title = len(rows) > 1 and len([cell for cell in rows[0] if cell]) == 1
    return (" ".join(rows[0]).strip(), rows[1:]) if has_title else (str(number), rows)


def _table(title: str, rows: Sequence[Row]) -> Table:
    first = [row[0] for row in rows[1:] if not TOTAL.match(row[0])]
    runs = bool(first) and all(RUNNING.fullmatch(cell) for cell in first)
    return Table(title, tuple(rows[0]), tuple(map(int, first)) if runs else ())


def _sums(title: str, rows: Sequence[Row]) -> Iterator[Sum]:
    """Yield each column whose cells are all numbers, where the last line gives totals."""
    heads, *body = rows
    if not body or not TOTAL.match(body[-1][0]):
        return
    *parts, total = body
    for at, head in enumerate(heads[1:], start=1):
        cells = [_number(row[at]) if at < len(row) else None for row in [*parts, total]]
        numbers = [cell for cell in cells if cell is not None]
        if parts and len(numbers) == len(cells):
            named = {str(line): number for line, number in enumerate(numbers[:-1])}
            yield Sum(f"{title} · {head}", numbers[-1], named)


def _number(cell: str) -> Decimal | None:
    """Return a number as a report prints it, without the commas that part thousands."""
    digits = re.sub(r"[,，\s]", "", cell)
    return Decimal(digits.replace("−", "-")) if NUMBER.fullmatch(digits) else None
