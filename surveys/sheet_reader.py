"""Read a table from standard input and write its rows as JSON, in a process that may be killed.

Run by path, alone: it imports nothing of the product. Arguments: kind, rows at most, megabytes.
"""

import csv
import io
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t"


def main(kind: str, most_rows: int, megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    rows = {"csv": csv_rows, "xlsx": xlsx_rows}[kind](sys.stdin.buffer.read())
    found = list(islice(rows, most_rows + 2))
    json.dump([[text(cell) for cell in row] for row in found], sys.stdout, ensure_ascii=True)


def csv_rows(content: bytes) -> Iterator[list[str]]:
    decoded = decode(content)
    first = decoded.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    return iter(csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter))


def decode(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("encoding")


def xlsx_rows(content: bytes) -> Iterable[list[Any]]:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).iter_rows()


def text(cell: Any) -> str:
    """Return a cell as it is read by people: 5, not 5.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell).strip()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
