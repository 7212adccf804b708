"""Read a table from standard input and write its rows as JSON, in a process that may be killed.

Run by path, alone: it imports nothing of the product. Standard input is a file; a row is a line.
Arguments: kind, rows at most (0: no limit), columns at most, megabytes, seconds of computing.
"""

import codecs
import csv
import functools
import io
import itertools
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import IO, BinaryIO
from xml.etree import ElementTree

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t"
AT_ONCE = 1 << 20
TOO_LARGE = 3
MOST_COLUMNS = 16_384


def main(kind: str, most_rows: int, most_columns: int, megabytes: int, seconds: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    rows = {"csv": csv_rows, "xlsx": xlsx_rows}[kind](sys.stdin.buffer)
    for number, row in enumerate(rows):
        if len(row) > most_columns or 0 < most_rows < number:
            return TOO_LARGE
        sys.stdout.write(json.dumps([cell.strip() for cell in row]) + "\n")
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


def xlsx_rows(file: BinaryIO) -> Iterator[list[str]]:
    """Yield the rows of the first sheet as they are read, so that none is held but one."""
    with zipfile.ZipFile(file) as archive:
        strings = shared_strings(archive)
        with archive.open(first_sheet(archive)) as sheet:
            blank = 0
            for number, cells in sheet_rows(sheet, strings):
                if any(cells):
                    yield from itertools.repeat([], number - 1 - blank)
                    yield cells
                    blank = number


def first_sheet(archive: zipfile.ZipFile) -> str:
    sheets = (e for e in elements(archive, "xl/workbook.xml") if named(e, "sheet"))
    key = next(value for name, value in next(sheets).items() if name.endswith("}id"))
    rows = elements(archive, "xl/_rels/workbook.xml.rels")
    [target] = [row.get("Target", "") for row in rows if row.get("Id") == key]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    found = []
    for element in elements(archive, "xl/sharedStrings.xml"):
        if named(element, "si"):
            found.append(said(element))
            element.clear()
    return found


def sheet_rows(sheet: IO[bytes], strings: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield number and texts of each row that the sheet holds."""
    number = 0
    for _event, element in parsed(sheet):
        if element.tag.endswith("}row"):
            number = int(element.get("r", number + 1))
            yield number, row_texts(element, strings)
            element.clear()


def row_texts(row: ElementTree.Element, strings: list[str]) -> list[str]:
    texts: list[str] = []
    for cell in row:
        at = column_of(cell.get("r", "")) or len(texts)
        if at > MOST_COLUMNS:
            raise ValueError("columns")
        texts += [""] * (at - len(texts))
        texts.append(cell_text(cell, strings))
    return texts


@functools.cache
def letters_column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


def column_of(place: str) -> int:
    """Return 0 for A1, 27 for AB7."""
    return letters_column(place.rstrip("0123456789")) if place else 0


def cell_text(cell: ElementTree.Element, strings: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{cell.tag[:-1]}v", "")
    if kind == "s":
        return strings[int(value)]
    if kind == "inlineStr":
        return said(cell)
    if kind == "b":
        return str(value == "1")
    if kind != "n" or value.isdigit() or not value:
        return value.strip()
    return text(float(value))


def said(element: ElementTree.Element) -> str:
    """Return the text of a cell without the reading aids of East Asian scripts."""
    aids = {id(part) for aid in element.iter() if named(aid, "rPh") for part in aid.iter()}
    parts = (e.text or "" for e in element.iter() if named(e, "t") and id(e) not in aids)
    return "".join(parts).strip()


def elements(archive: zipfile.ZipFile, name: str) -> Iterator[ElementTree.Element]:
    with archive.open(name) as file:
        for _event, element in parsed(file):
            yield element


def parsed(file: IO[bytes]) -> Iterator[tuple[str, ElementTree.Element]]:
    # Expat bounds what entities may grow to, and this process its memory and time.
    return ElementTree.iterparse(file)  # noqa: S314


def named(element: ElementTree.Element, name: str) -> bool:
    return element.tag.rpartition("}")[2] == name


def text(number: float) -> str:
    """Return a number as it is read by people: 5, not 5.0."""
    return str(int(number)) if number.is_integer() else repr(number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *(int(number) for number in sys.argv[2:])))
