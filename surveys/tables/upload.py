"""Tables people hand in, CSV or XLSX: checked before they are parsed, parsed where it may fail."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from os import SEEK_END
from pathlib import Path
from tempfile import TemporaryFile
from threading import TIMEOUT_MAX, Timer
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.errors import RuleBroken
from surveys.tables.sheet_reader import TOO_LARGE

READER = Path(__file__).with_name("sheet_reader.py")
ZIP = b"PK\x03\x04"
HEAD = 1 << 16

NumberedRows = Iterator[tuple[int, list[str]]]


class UnreadableTable(RuleBroken):
    """The file is too large, of another kind, or broken. Nothing of it was used."""

    code = "unreadable_table"


@dataclass(frozen=True)
class Limits:
    """What a file may be; `SURVEYS_TABLE_LIMITS` in the settings replaces any of it."""

    megabytes: int = 20
    csv_megabytes: int = 500
    unpacked_megabytes: int = 300
    entries: int = 200
    ratio: int = 100
    rows: int = 100_000
    columns: int = 500
    seconds: int = 60
    memory_megabytes: int = 2_000


@dataclass(frozen=True)
class Table:
    """The first sheet: a header and rows as long as it, all text."""

    header: list[str]
    rows: list[list[str]]


def limits() -> Limits:
    return Limits(**getattr(settings, "SURVEYS_TABLE_LIMITS", {}))


def read_table(content: bytes) -> Table:
    """Return the table in a file; the kind is told by its content, never by its name.

    :raises UnreadableTable: with a sentence that says what to change.
    """
    allowed = limits()
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        kind = _checked_kind(file, allowed, allowed.megabytes)
        rows = [row for _number, row in _parsed(kind, file, allowed, allowed.rows, allowed.seconds)]
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise UnreadableTable(_("The table is empty."))
    return Table(rows[0], rows[1:])


def stream_table(file: BinaryIO) -> NumberedRows:
    """Yield number and cells of each row, header first; a CSV may have any number of rows.

    Rows are numbered as a spreadsheet counts, and as long as the header. Closing the iterator ends
    the process that reads.

    :param file: a file on disk.
    :raises UnreadableTable: with a sentence that says what to change; perhaps after some rows.
    """
    allowed = limits()
    is_csv = not file.read(4).startswith(ZIP)
    file.seek(0)
    most = allowed.csv_megabytes if is_csv else allowed.megabytes
    kind = _checked_kind(file, allowed, most)
    return _parsed(kind, file, allowed, 0 if kind == "csv" else allowed.rows)


@contextmanager
def on_disk(upload: Any) -> Iterator[BinaryIO]:
    """Give an upload as a file that another process can read; a small one is only in memory."""
    with TemporaryFile() as file:
        file.writelines(upload.chunks())
        file.seek(0)
        yield file


def _checked_kind(file: BinaryIO, allowed: Limits, megabytes: int) -> str:
    if file.seek(0, SEEK_END) > megabytes << 20:
        raise UnreadableTable(_("The file is larger than %d MB.") % megabytes)
    file.seek(0)
    kind = _kind(file.read(HEAD))
    if kind == "xlsx":
        _check_archive(file, allowed)
    return kind


def _kind(content: bytes) -> str:
    """Return what a file is, by its first bytes."""
    if content.startswith(ZIP):
        return "xlsx"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableTable(_("This is an old or encrypted workbook. Save it as XLSX or CSV."))
    if b"\x00" in content:
        raise UnreadableTable(_("This is not a table. Save it as XLSX or CSV."))
    return "csv"


def _check_archive(file: BinaryIO, allowed: Limits) -> None:
    """Refuse what would grow too large or bring macros along, by its directory alone."""
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableTable(_("The workbook is broken. Save it again as XLSX.")) from error
    names = {entry.filename.lower() for entry in entries}
    if "xl/workbook.xml" not in names:
        raise UnreadableTable(_("This is not a table. Save it as XLSX or CSV."))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadableTable(_("The workbook holds macros. Save it as XLSX without them."))
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    too_large = unpacked > allowed.unpacked_megabytes << 20 or unpacked > allowed.ratio * packed
    if too_large or len(entries) > allowed.entries:
        raise UnreadableTable(_("The workbook unpacks to more than it should. Save it as CSV."))


def _parsed(
    kind: str, file: BinaryIO, allowed: Limits, most_rows: int, seconds: float | None = None
) -> NumberedRows:
    """Yield the rows from the header on, numbered, as a process of its own reads them.

    :param seconds: how long it may take altogether; what it may compute is limited anyway.
    """
    numbers = (most_rows, allowed.columns, allowed.memory_megabytes, ceil(allowed.seconds))
    process = subprocess.Popen(  # noqa: S603 (our own reader)
        [sys.executable, "-I", str(READER), kind, *map(str, numbers)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    killer = Timer(seconds or TIMEOUT_MAX, process.kill)
    killer.start()
    try:
        yield from _lines(process)
        _require_whole(process.wait(), allowed)
    finally:
        killer.cancel()
        process.kill()
        process.communicate()


def _lines(process: subprocess.Popen[bytes]) -> NumberedRows:
    width = 0
    for number, line in enumerate(process.stdout or (), start=1):
        try:
            cells = json.loads(line)
        except ValueError:
            return  # killed half-way through a line
        if width := width or (len(cells) if any(cells) else 0):
            yield number, (cells + [""] * width)[:width]


def _require_whole(code: int, allowed: Limits) -> None:
    if code == TOO_LARGE:
        raise UnreadableTable(
            _("The table has more than %(rows)s rows or %(columns)s columns.")
            % {"rows": allowed.rows, "columns": allowed.columns}
        )
    if code:
        raise UnreadableTable(_("The table cannot be read. Save it again as CSV."))
