"""Files people hand in: checked before they are parsed, parsed in a process that may be killed."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
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

READER = Path(__file__).with_name("sheet_reader.py")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
HEAD = 1 << 16
MACROS = "_VBA_PROJECT".encode("utf-16-le")
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
WORKBOOKS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb"}

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


def limits() -> Limits:
    return Limits(**getattr(settings, "SURVEYS_TABLE_LIMITS", {}))


def look_into(file: BinaryIO, delimiter: str = "", *, is_held: bool = False) -> dict[str, Any]:
    """Return the kind of a file on disk and the first rows of every plausible reading: `texts`
    (encoding, delimiter, rows) of a CSV, `sheets` (sheet, hidden, rows) of a workbook.

    :param delimiter: of a CSV, where somebody said it.
    :param is_held: all rows will be held at once, so a text is limited as a workbook is.
    :raises UnreadableTable: with a sentence that says what to change.
    """
    kind = _checked_kind(file, limits(), is_held=is_held)
    return {"kind": kind, **_only_line(file, "look", {"kind": kind, "delimiter": delimiter})}


def tally_values(file: BinaryIO, source: Mapping[str, Any]) -> dict[str, Any]:
    """Return how many `rows` there are from row `source["first"]` on, how often each value stands
    in each of the `columns` (None: too many different ones), and how long rows are (`lengths`).

    :raises UnreadableTable: with a sentence that says what to change.
    """
    return _only_line(file, "tally", source)


def stream_rows(
    file: BinaryIO, source: Mapping[str, Any], *, is_held: bool = False
) -> NumberedRows:
    """Yield number and cells of each row that holds something, without blank cells at its end.

    Rows are numbered as a spreadsheet counts. Closing the iterator ends the process that reads.

    :param source: `kind`, and `encoding` and `delimiter` of a text or `sheet` of a workbook.
    :param is_held: all rows will be held at once, so a text is limited as a workbook is.
    :raises UnreadableTable: with a sentence that says what to change; perhaps after some rows.
    """
    seconds = limits().seconds if is_held else None
    for some in _lines(file, "rows", source, seconds, is_held=is_held):
        yield from some


def _only_line(file: BinaryIO, task: str, source: Mapping[str, Any]) -> dict[str, Any]:
    [line] = _lines(file, task, source, seconds=limits().seconds)
    return line  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Table:
    """A header and rows as long as it, all text; `first` is the number of the first row."""

    header: list[str]
    rows: list[list[str]]
    first: int = 2


@contextmanager
def on_disk(upload: Any) -> Iterator[BinaryIO]:
    """Give an upload as a file that another process can read; a small one is only in memory."""
    with TemporaryFile() as file:
        file.writelines(upload.chunks())
        file.seek(0)
        yield file


# ---- what a file is ----


def _checked_kind(file: BinaryIO, allowed: Limits, *, is_held: bool) -> str:
    size = file.seek(0, SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise UnreadableTable(_("The table is empty."))
    is_streamed = not (is_held or head.startswith((ZIP, OLE)))
    most = allowed.csv_megabytes if is_streamed else allowed.megabytes
    if size > most << 20:
        raise UnreadableTable(_("The file is larger than %d MB.") % most)
    if head.startswith(ZIP):
        return _kind_of_archive(file, allowed)
    if head.startswith(OLE):
        return _old_workbook(file)
    _refuse_web_page(head)
    return "csv"


def _refuse_web_page(head: bytes) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")):
        raise UnreadableTable(
            _(
                "This is a web page that was named a workbook, not a table. Open it in Excel or "
                "WPS, save it as XLSX, and hand that in."
            )
        )
    if start.startswith(b"%pdf"):
        raise UnreadableTable(_("This is a PDF, not a table. Hand in an XLSX or a CSV file."))


def _old_workbook(file: BinaryIO) -> str:
    if MACROS in file.read():
        raise UnreadableTable(_("The workbook holds macros. Save it as XLSX without them."))
    return "xls"


def _kind_of_archive(file: BinaryIO, allowed: Limits) -> str:
    """Return what a workbook is; refuse what would grow too large or bring macros along, by its
    directory alone."""
    try:
        archive = zipfile.ZipFile(file)
        entries = archive.infolist()
        mime = archive.read("mimetype") if "mimetype" in archive.namelist() else b""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, KeyError) as error:
        raise UnreadableTable(_("The workbook is broken. Save it again as XLSX.")) from error
    names = {entry.filename.lower() for entry in entries}
    kinds = [kind for name, kind in WORKBOOKS.items() if name in names]
    if mime.strip() == OPEN_DOCUMENT:
        kinds.append("ods")
    if not kinds:
        raise UnreadableTable(
            _("This file is no workbook and no text. Hand in an XLSX or a CSV file.")
        )
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadableTable(_("The workbook holds macros. Save it as XLSX without them."))
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    too_large = unpacked > allowed.unpacked_megabytes << 20 or unpacked > allowed.ratio * packed
    if too_large or len(entries) > allowed.entries:
        raise UnreadableTable(_("The workbook unpacks to more than it should. Save it as CSV."))
    return kinds[0]


# ---- the process that reads ----


def _lines(
    file: BinaryIO,
    task: str,
    source: Mapping[str, Any],
    seconds: float | None,
    *,
    is_held: bool = False,
) -> Iterator[Any]:
    """Yield what the reader prints, decoded.

    :param seconds: how long it may take altogether; what it may compute is limited anyway.
    """
    allowed = limits()
    is_endless = source["kind"] == "csv" and not is_held
    most_rows = 0 if is_endless else allowed.rows
    numbers = (most_rows, allowed.columns, allowed.memory_megabytes, ceil(allowed.seconds))
    file.seek(0)
    process = subprocess.Popen(  # noqa: S603 (our own reader)
        [sys.executable, "-I", str(READER), task, *map(str, numbers), json.dumps(source)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    killer = Timer(seconds or TIMEOUT_MAX, process.kill)
    killer.start()
    try:
        for line in process.stdout or ():
            row = _decode(line)
            if row is None:
                break  # killed half-way through a line
            if isinstance(row, dict) and "problem" in row:
                raise UnreadableTable(_sentence(row, source["kind"], allowed))
            yield row
        if process.wait():
            raise UnreadableTable(_sentence({"problem": "killed"}, source["kind"], allowed))
    finally:
        killer.cancel()
        process.kill()
        process.communicate()


def _decode(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _sentence(facts: Mapping[str, Any], kind: str, allowed: Limits) -> str:
    """Say what keeps a file from being read, and what to do, as fits its format."""
    if kind == "csv":
        again = _("Save it as CSV with UTF-8 encoding and try again.")
    else:
        again = _("Open it in Excel or WPS, save it again as XLSX, and try again.")
    sentences = {
        "too large": _("The table has more than %(rows)s rows or %(columns)s columns.")
        % {"rows": allowed.rows, "columns": allowed.columns},
        "encoding": _("In row %(row)s the byte %(byte)s is no letter of the file's encoding."),
        "zero byte": _("In row %(row)s stands a zero byte: the file is damaged, or no text."),
        "quotation mark": _(
            "In row %(row)s a quotation mark opens a text that never ends, or stands within one."
        ),
        "long cell": _("In row %(row)s a cell is longer than 131,072 letters."),
        "formulas": _("Formulas in %(places)s have no stored value: nothing calculated them."),
        "merged": _(
            "The cells %(places)s are merged: nobody can tell which columns the value is for. "
            "Split them."
        ),
        "password": _("The workbook is protected by a password. Save it without one."),
        "broken": _("The workbook is broken."),
        "no sheet": _("There is no sheet “%(sheet)s”."),
        "killed": _("The table cannot be read, or would take too long."),
    }
    message = sentences[facts["problem"]] % {
        "row": "?",
        "byte": "?",
        "sheet": "?",
        "places": "?",
        **facts,
    }
    return f"{message} {again}"
