"""Tables people hand in, CSV or XLSX: checked before they are parsed, parsed where it may fail."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.errors import RuleBroken

READER = Path(__file__).with_name("sheet_reader.py")


class UnreadableTable(RuleBroken):
    """The file is too large, of another kind, or broken. Nothing of it was used."""

    code = "unreadable_table"


@dataclass(frozen=True)
class Limits:
    """What a file may be; `SURVEYS_TABLE_LIMITS` in the settings replaces any of it."""

    megabytes: int = 20
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
    if len(content) > allowed.megabytes << 20:
        raise UnreadableTable(_("The file is larger than %d MB.") % allowed.megabytes)
    kind = _kind(content)
    if kind == "xlsx":
        _check_archive(content, allowed)
    rows = _parsed(kind, content, allowed)
    return _table(rows, allowed)


def _kind(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableTable(_("This is an old or encrypted workbook. Save it as XLSX or CSV."))
    if b"\x00" in content:
        raise UnreadableTable(_("This is not a table. Save it as XLSX or CSV."))
    return "csv"


def _check_archive(content: bytes, allowed: Limits) -> None:
    """Refuse what would grow too large or bring macros along, by its directory alone."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
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


def _parsed(kind: str, content: bytes, allowed: Limits) -> list[list[str]]:
    command = [sys.executable, "-I", str(READER), kind]
    command += [str(allowed.rows), str(allowed.memory_megabytes)]
    try:
        done = subprocess.run(  # noqa: S603 (our own reader)
            command, input=content, capture_output=True, timeout=allowed.seconds, check=True
        )
        return json.loads(done.stdout)  # type: ignore[no-any-return]
    except (subprocess.SubprocessError, ValueError) as error:
        raise UnreadableTable(_("The table cannot be read. Save it again as CSV.")) from error


def _table(rows: list[list[str]], allowed: Limits) -> Table:
    filled = [row for row in rows if any(row)]
    if not filled:
        raise UnreadableTable(_("The table is empty."))
    if len(rows) > allowed.rows + 1 or len(filled[0]) > allowed.columns:
        raise UnreadableTable(
            _("The table has more than %(rows)s rows or %(columns)s columns.")
            % {"rows": allowed.rows, "columns": allowed.columns}
        )
    header, width = filled[0], len(filled[0])
    start = rows.index(header) + 1
    body = [(row + [""] * width)[:width] for row in rows[start:]]
    while body and not any(body[-1]):
        body.pop()
    return Table(header, body)
