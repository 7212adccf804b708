"""Read a table from standard input and write its rows as JSON, in a process that may be killed.

Run by path, alone: it imports nothing of the product. Standard input is a file; a row is a line.
Arguments: kind, rows at most (0: no limit), columns at most, megabytes, seconds of computing.
"""

import codecs
import csv
import io
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t"
AT_ONCE = 1 << 20
TOO_LARGE = 3


def main(kind: str, most_rows: int, most_columns: int, megabytes: int, seconds: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    rows = {"csv": csv_rows, "xlsx": xlsx_rows}[kind](sys.stdin.buffer)
    for number, row in enumerate(rows):
        if len(row) > most_columns or 0 < most_rows < number:
            return TOO_LARGE
        sys.stdout.write(json.dumps([text(cell) for cell in row]) + "\n")
    return 0


def csv_rows(file: BinaryIO) -> Iterator[list[str]]:
    encoding = encoding_of(file)
    file.seek(0)
    decoded = io.TextIOWrapper(file, encoding=encoding, newline="")
    first = decoded.readline()
    delimiter = max(DELIMITERS, key=first.count)
    decoded.seek(0)
    return iter(csv.reader(decoded, delimiter=delimiter))


def encoding_of(file: BinaryIO) -> str:
    for encoding in ENCODINGS:
        file.seek(0)
        if decodes(file, codecs.getincrementaldecoder(encoding)()):
            return encoding
    raise ValueError("encoding")


def decodes(file: BinaryIO, decoder: codecs.IncrementalDecoder) -> bool:
    try:
        while some := file.read(AT_ONCE):
            if "\x00" in decoder.decode(some):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def xlsx_rows(file: BinaryIO) -> Iterable[list[Any]]:
    from python_calamine import CalamineWorkbook

    file.seek(0)
    content = io.BytesIO(file.read())
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).iter_rows()


def text(cell: Any) -> str:
    """Return a cell as it is read by people: 5, not 5.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell).strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *(int(number) for number in sys.argv[2:])))
