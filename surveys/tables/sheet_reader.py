"""Read a table from standard input in a process that may be killed; print JSON, a line at a time.

Run by path, alone: it imports nothing of the product. Standard input is a file. Arguments: what to
do, rows at most (0: no limit), columns at most, megabytes, seconds of computing, and JSON that says
what the file is ("kind") and, once it is known, which "encoding", "delimiter" or "sheet" to read.

`look` prints the first rows of every reading that is plausible. `tally` prints how often each value
stands in each column from the row "first" on. `rows` prints lists of [number, cells].
A file that cannot be read ends in a line {"problem": …} and exit code 4.

What only workbooks need is imported where one is read: half the time a text takes is the start.
"""

import codecs
import csv
import datetime
import io
import json
import re
import resource
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element
    from zipfile import ZipFile

TOO_LARGE, UNREADABLE = 3, 4
AT_ONCE = 1 << 20
HEAD = 1 << 18
"""Bytes from which the first rows of a text are shown."""
SHOWN_ROWS = 40
ROWS_A_LINE = 500
MOST_VALUES = 500
"""Different values of a column that are counted; a column with more holds no ratings."""
LONGEST_VALUE = 200
MOST_NOTES = 20
DELIMITERS = ",;\t|"
BY_MARK = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
           (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
OTHERS = ("gb18030", "big5hkscs", "cp1252")
MOST_PLACES = 5
ERRORS = re.compile(rb"""\bt=["']e["']|<(\w+:)?f[\s>/]""")

HIDDEN = re.compile(rb"""<(\w+:)?row\s[^<]*\bhidden=["'](1|true)["']""")
NUMBER = re.compile(rb"""<(?:\w+:)?row\s[^<]*\br=["'](\d+)["']""")

Row = list[str]


class Problem(Exception):
    """Why the file cannot be read: `facts` are printed."""

    def __init__(self, problem: str, **facts: Any) -> None:
        self.facts = {"problem": problem, **facts}


def main(
    task: str,
    most_rows: int,
    most_columns: int,
    megabytes: int,
    seconds: int,
    *,
    source: dict[str, Any],
) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    file = sys.stdin.buffer
    try:
        if task == "look":
            show(look(file, source["kind"], source.get("delimiter", "")))
            return 0
        skipped = set(source.get("skip", ()))
        every = (one for one in rows_of(file, source) if one[0] not in skipped)
        rows = limit(every, most_rows, most_columns)
        if task == "tally":
            counted = tally(rows, source["first"], frozenset(source.get("totals", ())))
            show(counted | {"hidden": hidden_rows(file, source)})
        else:
            for some in in_chunks(as_wide(rows, source.get("width", 0))):
                show(some)
    except Problem as problem:
        show(problem.facts)
        return TOO_LARGE if problem.facts["problem"] == "too large" else UNREADABLE
    return 0


def show(facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")


def limit(
    rows: Iterable[tuple[int, Row]], most_rows: int, most_columns: int
) -> Iterator[tuple[int, Row]]:
    """Pass the rows on that hold something: only data count."""
    count = 0
    for number, row in rows:
        if length := filled(row):
            count += 1
            if length > most_columns or 0 < most_rows < count - 1:
                raise Problem("too large")
            yield number, row


def filled(row: Row) -> int:
    """Return how long a row is without the blank cells at its end."""
    length = len(row)
    while length and not row[length - 1]:
        length -= 1
    return length


def as_wide(rows: Iterable[tuple[int, Row]], width: int) -> Iterator[tuple[int, Row]]:
    """Pass rows on without the blank cells at their end; but one that was cut into more cells than
    `width` keeps one too many, so that it is told (0: any number of blank ones may follow)."""
    for number, row in rows:
        length = filled(row)
        if 0 < width < len(row):
            length = max(length, width + 1)
        yield number, row[:length]


def in_chunks(rows: Iterable[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == ROWS_A_LINE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def rows_of(file: BinaryIO, source: dict[str, Any]) -> Iterator[tuple[int, Row]]:
    """Yield number, as a spreadsheet counts, and cells of every row."""
    if source["kind"] == "csv":
        return text_rows(file, source["encoding"], source["delimiter"])
    return sheet_rows(file, source["kind"], source["sheet"], source.get("first", 1))


# ---- what is there ----


def look(file: BinaryIO, kind: str, delimiter: str) -> dict[str, Any]:
    if kind == "csv":
        return {"texts": [look_at_text(file, one, delimiter) for one in plausible(file)]}
    book = workbook(file)
    return {"sheets": [look_at_sheet(file, kind, book, sheet) for sheet in book.sheets_metadata]}


def look_at_text(file: BinaryIO, encoding: str, wanted: str) -> dict[str, Any]:
    file.seek(0)
    head = file.read(HEAD)
    is_whole = len(head) < HEAD
    text = codecs.getincrementaldecoder(encoding)().decode(head, final=is_whole)
    if not is_whole:
        text = text[: text.rfind("\n") + 1] or text
    confidence, delimiter = separator(text)
    delimiter = wanted or delimiter
    rows = list(first_rows(text.splitlines(keepends=True)[confidence:], delimiter))
    return {"encoding": encoding, "delimiter": delimiter, "rows": rows_from(rows, 1 + confidence)}


def rows_from(rows: list[Row], first: int) -> list[tuple[int, Row]]:
    return [(number, row) for number, row in enumerate(rows, start=first) if any(row)]


def look_at_sheet(file: BinaryIO, kind: str, book: Any, sheet: Any) -> dict[str, Any]:
    is_visible, is_table = (str(one).rpartition(".")[2] for one in (sheet.visible, sheet.typ))
    look = {"sheet": sheet.name, "hidden": is_visible != "Visible"}
    if is_table != "WorkSheet":
        return look | {"rows": [], "hidden": True}
    wanted = book.get_sheet_by_name(sheet.name)
    rows = []
    for number, row in number_rows(wanted, merged_above(wanted)):
        if length := filled(row):
            rows.append((number, row[:length]))
        if len(rows) == SHOWN_ROWS:
            break
    return look | {"rows": rows, "merged": bool(merged_above(wanted))}


def tally(rows: Iterable[tuple[int, Row]], first: int, totals: frozenset[str]) -> dict[str, Any]:
    """Count the values of each column, the blank ones as "", and how long the rows are, without
    and with the blank cells at their end; but for rows that begin with one of `totals`."""
    columns: list[Counter[str] | None] = []
    lengths: Counter[tuple[int, int]] = Counter()
    examples: dict[tuple[int, int], list[int]] = {}
    total = 0
    notes: list[str] = []
    data = ((number, row) for number, row in rows if number >= first)
    for some in in_chunks(one for one in data if not totals.intersection(begins(one[1]))):
        keep_notes(notes, some)
        widest = max(filled(row) for _number, row in some)
        while len(columns) < widest:
            columns.append(Counter({"": total} if total else {}))
        total += len(some)
        for number, row in some:
            length = (filled(row), len(row))
            lengths[length] += 1
            examples.setdefault(length, [])
            if len(examples[length]) < MOST_PLACES:
                examples[length].append(number)
            row += [""] * (len(columns) - len(row))
            del row[len(columns) :]
        for at, values in enumerate(zip(*(row for _number, row in some), strict=True)):
            counts = columns[at]
            if counts is not None:
                counts.update(values)
                if len(counts) > MOST_VALUES:
                    counts.clear()
                    columns[at] = None
    return {
        "rows": total,
        "columns": [None if one is None else shortened(one) for one in columns],
        "lengths": [[*length, count, examples[length]] for length, count in lengths.items()],
        "notes": notes,
    }


def keep_notes(notes: list[str], rows: list[tuple[int, Row]]) -> None:
    """Keep the texts that stand alone in a row: a note on the table, and nobody's answers."""
    for _number, row in rows:
        if len(notes) < MOST_NOTES and row.count("") == len(row) - 1:
            text = max(row, key=len)
            if not text.isdigit():
                notes.append(text[:LONGEST_VALUE])


def begins(row: Row) -> Row:
    """Return the first cells as words of totals are compared."""
    words = []
    for cell in row[:3]:
        word = re.split(r"[(（]", cell.casefold(), maxsplit=1)[0].rstrip(" :：")
        words += [word, word.replace(" ", "")]
    return words


def shortened(counts: Counter[str]) -> dict[str, int]:
    cells: dict[str, int] = {}
    for value, count in counts.items():
        cells[value[:LONGEST_VALUE]] = cells.get(value[:LONGEST_VALUE], 0) + count
    return cells


# ---- text ----


def plausible(file: BinaryIO) -> list[str]:
    """Return the encodings the file may be in; a single one if nothing else is possible."""
    file.seek(0)
    head = file.read(HEAD)
    for mark, encoding in BY_MARK:
        if head.startswith(mark):
            return [readable(file, encoding)]
    if b"\x00" in head[:4096]:
        return [readable(file, two_byte_encoding(head))]
    good, bad = "utf-8", decoding_error(file, "utf-8")
    if bad is None:
        return [good]
    encodings = [encoding for encoding in OTHERS if decoding_error(file, encoding) is None]
    if not encodings:
        raise Problem("encoding", **bad)
    return encodings


def readable(file: BinaryIO, encoding: str) -> str:
    """Return an encoding of which there is no doubt, if the whole file can be read by it."""
    if bad := decoding_error(file, encoding):
        raise Problem("encoding", **bad)
    return encoding


def two_byte_encoding(head: bytes) -> str:
    """Tell UTF-16 without a mark by where its zeros stand; anything else is no text."""
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    if max(even, odd) < 0.2 * len(head[:4096]) / 2 or min(even, odd) > 0.1 * max(even, odd):
        raise Problem("zero byte", row=1 + head[: head.index(0)].count(b"\n"))
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = head[: len(head) // 2 * 2].decode(encoding, "replace")
    if any(letter < " " and letter not in "\t\r\n" for letter in text):
        raise Problem("zero byte", row=1)
    return encoding


def decoding_error(file: BinaryIO, encoding: str) -> dict[str, Any] | None:
    """Return None, or the row and the byte where the decoder stops."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row, file_at = 1, 0
    file.seek(0)
    try:
        while some := file.read(AT_ONCE):
            if "\x00" in (text := decoder.decode(some)):
                raise Problem("zero byte", row=row + text[: text.index("\x00")].count("\n"))
            row += text.count("\n")
            file_at += len(some)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        broken = error.object[error.start : error.start + 1].hex().upper()
        return {"row": row + error.object[: error.start].count(b"\n"), "byte": broken}
    return None


def separator(text: str) -> tuple[int, str]:
    """Return how many lines say what the separator is (1 for `sep=;`, else 0), and the separator:
    the one that cuts most rows into the same number of cells."""
    first = text.split("\n", 1)[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        return 1, first[4]
    lines = text.splitlines(keepends=True)
    return 0, max(DELIMITERS, key=lambda one: evenness(lines, one))


def evenness(lines: list[str], delimiter: str) -> float:
    """Return how many cells rows have, times the share of the rows with just as many."""
    lengths = Counter(len(row) for row in first_rows(lines, delimiter) if any(row))
    several = {length: count for length, count in lengths.items() if length > 1}
    if not several:
        return 0
    length = max(several, key=lambda one: several[one])
    share = lengths[length] / lengths.total()
    return share * (1 + min(length, 50) / 100)


def first_rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(iter(lines), delimiter=delimiter)
    try:
        for number, row in enumerate(reader):
            if number == SHOWN_ROWS:
                return
            yield [cell.strip() for cell in row]
    except csv.Error:
        return


def text_rows(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, Row]]:
    file.seek(0)
    decoded = io.TextIOWrapper(file, encoding=encoding, newline="")
    first = decoded.readline().lstrip("\ufeff").strip().lower()
    says_separator = first.startswith("sep=") and len(first) == 5
    if not says_separator:
        decoded.seek(0)
    number = 1 if says_separator else 0
    reader = csv.reader(decoded, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            number += 1
            yield number, [cell.strip() for cell in row]
    except csv.Error as error:
        too_long = "larger than field limit" in str(error)
        raise Problem("long cell" if too_long else "quotation mark", row=number + 1) from error
    except UnicodeDecodeError as error:
        byte = error.object[error.start : error.start + 1].hex().upper()
        raise Problem("encoding", row=number + 1, byte=byte) from error


# ---- workbooks ----


def workbook(file: BinaryIO) -> Any:
    import python_calamine as calamine

    file.seek(0)
    try:
        return calamine.load_workbook(io.BytesIO(file.read()))
    except calamine.PasswordError as error:
        raise Problem("password") from error
    except calamine.CalamineError as error:
        raise Problem("broken") from error


def sheet_rows(file: BinaryIO, kind: str, name: str, first: int = 1) -> Iterator[tuple[int, Row]]:
    book = workbook(file)
    if name not in book.sheet_names:
        raise Problem("no sheet", sheet=name)
    sheet = book.get_sheet_by_name(name)
    above = merged_above(sheet)
    across = merged_across(sheet)
    errors = cells_without_value(file, name) if kind == "xlsx" else {}
    require_values(errors)
    for number, row in number_rows(sheet, above):
        for at, text in errors.get(number, {}).items():
            row += [""] * (at + 1 - len(row))
            row[at] = text
        if number >= first and number in across:
            require_alone(number, row, *across[number])
        yield number, row[: filled(row)]


def number_rows(sheet: Any, above: dict[int, set[int]]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a sheet as text; a cell merged with the one above it holds the same."""
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]
    last: Row = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = left + [text_of(cell) for cell in cells]
        for at in above.get(number, ()):
            if at < len(last):
                row += [""] * (at + 1 - len(row))
                row[at] = last[at]
        last = row
        yield number, list(row)


def merged_above(sheet: Any) -> dict[int, set[int]]:
    """Return row → columns that are merged with the cell above."""
    values: dict[int, set[int]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right:
            for row in range(top + 2, min(bottom + 2, top + 100_000)):
                values.setdefault(row, set()).add(left)
    return values


def merged_across(sheet: Any) -> dict[int, tuple[int, int]]:
    """Return row → first and last column of cells that are merged sidewards."""
    spans: dict[int, tuple[int, int]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left < right:
            for row in range(top + 1, min(bottom + 2, top + 100_000)):
                spans[row] = (left, right)
    return spans


def require_alone(number: int, row: Row, left: int, right: int) -> None:
    """Refuse one value that stands for several columns beside others; a note may stretch."""
    if any(row[:left]) or any(row[right + 1 :]):
        place = f"{letters_of(left)}{number}:{letters_of(right)}{number}"
        raise Problem("merged", places=place)


def text_of(value: Any) -> str:
    """Return a cell as people read it: 5, not 5.0."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds")
    return str(value)


def cells_without_value(file: BinaryIO, name: str) -> dict[int, dict[int, str]]:
    """Return row → column → text of the cells that hold an error, or a formula never calculated.

    The reader gives both as blank; but neither is.
    """
    from zipfile import ZipFile

    file.seek(0)
    with ZipFile(file) as archive:
        path = path_of_sheet(archive, name)
        if path is None or not has_formulas(archive, path):
            return {}
        cells: dict[int, dict[int, str]] = {}
        with archive.open(path) as sheet:
            for _event, element in parsed(sheet):
                if named(element, "row"):
                    for row, at, text in spots(element):
                        cells.setdefault(row, {})[at] = text
                    element.clear()
    return cells


def require_values(cells: dict[int, dict[int, str]]) -> None:
    places = [
        f"{letters_of(at)}{row}"
        for row, texts in sorted(cells.items())
        for at, text in sorted(texts.items())
        if text.startswith("=")
    ]
    if places:
        more = ["…"] if len(places) > MOST_PLACES else []
        raise Problem("formulas", places=", ".join(places[:MOST_PLACES] + more))


def hidden_rows(file: BinaryIO, source: dict[str, Any]) -> list[int]:
    """Return the numbers of the data rows that an XLSX does not show: a filter hides them."""
    from zipfile import ZipFile

    if source["kind"] != "xlsx":
        return []
    file.seek(0)
    numbers: list[int] = []
    with ZipFile(file) as archive:
        path = path_of_sheet(archive, source["sheet"])
        if path is None:
            return []
        with archive.open(path) as sheet:
            tail = b""
            while some := sheet.read(AT_ONCE):
                *whole, tail = (tail + some).split(b">")
                for row in filter(HIDDEN.search, whole):
                    if (number := NUMBER.search(row)) and b"<c" not in row:
                        numbers.append(int(number[1]))
    return [number for number in numbers if number >= source["first"]]


def spots(row: "Element") -> Iterator[tuple[int, int, str]]:
    for cell in row:
        value = next((child.text for child in cell if named(child, "v")), None)
        formula = next((child for child in cell if named(child, "f")), None)
        place = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", ""))
        if place is None:
            continue
        at = column_of(place[1])
        if cell.get("t") == "e":
            yield int(place[2]), at, value or "#N/A"
        elif formula is not None and not value and cell.get("t") not in ("str", "inlineStr"):
            yield int(place[2]), at, f"={formula.text or ''}"


def has_formulas(archive: "ZipFile", path: str) -> bool:
    with archive.open(path) as sheet:
        tail = b""
        while some := sheet.read(AT_ONCE):
            if ERRORS.search(tail + some):
                return True
            tail = some[-16:]
    return False


def path_of_sheet(archive: "ZipFile", name: str) -> str | None:
    keys = {}
    for element in elements(archive, "xl/workbook.xml"):
        if named(element, "sheet"):
            ids = [value for key, value in element.items() if key.endswith("}id")]
            keys[element.get("name")] = ids[0] if ids else ""
    for row in elements(archive, "xl/_rels/workbook.xml.rels"):
        if row.get("Id") == keys.get(name):
            target = row.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def column_of(letters: str) -> int:
    """Return 0 for A, 27 for AB."""
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


def letters_of(column: int) -> str:
    """Return A for 0, AB for 27."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def elements(archive: "ZipFile", name: str) -> Iterator["Element"]:
    with archive.open(name) as file:
        for _event, element in parsed(file):
            yield element


def parsed(file: Any) -> Iterator[tuple[str, "Element"]]:
    from xml.etree import ElementTree

    # Expat bounds what entities may grow to, and this process its memory and time.
    return ElementTree.iterparse(file)  # noqa: S314


def named(element: "Element", name: str) -> bool:
    return element.tag.rpartition("}")[2] == name


if __name__ == "__main__":
    NUMBERS = [int(number) for number in sys.argv[2:6]]
    sys.exit(main(sys.argv[1], *NUMBERS, source=json.loads(sys.argv[6])))
