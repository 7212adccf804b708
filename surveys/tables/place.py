"""Where the table stands in a file: its encoding and separator, or its sheet, and its headings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.tables.headings import heading_rows, join, names_in

SURE_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@dataclass(frozen=True)
class Place:
    """`headings` are the numbers of the heading rows, `first` that of the first row of data."""

    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    headings: tuple[int, ...] = ()
    first: int = 1
    header: tuple[str, ...] = ()
    is_merged: bool = False

    @property
    def source(self) -> dict[str, Any]:
        """What `surveys.tables.upload` needs to read it."""
        source: dict[str, Any] = {"kind": self.kind, "first": self.first}
        if self.kind == "csv":
            return source | {"encoding": self.encoding, "delimiter": self.delimiter}
        return source | {"sheet": self.sheet}


@dataclass
class Places:
    """A place, and what of it somebody must say: “encoding”, “sheet” or “headings”."""

    place: Place
    asks: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    """Encodings, or sheets, that are possible."""
    examples: dict[str, list[str]] = field(default_factory=dict)
    """Choice → some cells as they read then."""
    top: list[tuple[int, list[str]]] = field(default_factory=list)
    """Number and cells of the first rows."""
    notes: list[str] = field(default_factory=list)
    """What stands above the headings, and pairs like “1 = very important” of other sheets."""


def find_place(
    look: Mapping[str, Any], options: Any, known: Collection[str], data: Collection[str]
) -> Places:
    """Choose where the table stands.

    :param look: of `upload.look_into`. ``options``: a `plan.TableOptions`. ``known``: names of
        topics and columns, ``data``: of groups and ratings, squashed: a reading in which they turn
        up is the right one.
    """
    reading, asks, choices = _reading(look, options, {*known, *data})
    rows = [(number, list(cells)) for number, cells in reading["rows"]]
    if options.headings is None:
        headings = tuple(heading_rows(rows, known, data))
    else:
        headings = tuple(sorted(options.headings))
    by_number = dict(rows)
    header = join([by_number[number] for number in headings if number in by_number])
    numbers = [number for number, _cells in rows]
    first = headings[-1] + 1 if headings else min(numbers, default=1)
    if not header:
        width = max((len(cells) for _number, cells in rows), default=0)
        header = [""] * width
    place = Place(
        kind=look["kind"],
        encoding=reading.get("encoding", ""),
        delimiter=reading.get("delimiter", ""),
        sheet=reading.get("sheet", ""),
        headings=headings,
        first=first,
        header=tuple(header),
        is_merged=bool(reading.get("merged")),
    )
    examples = {}
    if "encoding" in asks:
        examples = {one["encoding"]: _foreign_cells(one["rows"])[:3] for one in look["texts"]}
    return Places(place, asks, choices, examples, rows, notes_beside(look, place, rows))


def notes_beside(
    look: Mapping[str, Any], place: Place, rows: Sequence[tuple[int, Sequence[str]]]
) -> list[str]:
    """Return the texts that may explain the table: titles above it, and code lists elsewhere."""
    top = min(place.headings, default=place.first)
    notes = [cell for number, cells in rows if number < top for cell in cells if cell]
    for sheet in look.get("sheets", ()):
        if sheet["sheet"] != place.sheet:
            notes += _code_list(sheet["rows"])
    return notes


def _code_list(rows: Sequence[tuple[int, Sequence[str]]]) -> list[str]:
    """Return “1 = word” for each row of a number and a word; a single line, so that ends show."""
    pairs = []
    for _number, cells in rows:
        filled = [cell for cell in cells if cell]
        if len(filled) == 2 and filled[0].isdigit() and not filled[1].isdigit():
            pairs.append(f"{filled[0]} = {filled[1]}")
    return ["; ".join(pairs)] if pairs else []


def _reading(
    look: Mapping[str, Any], options: Any, known: Collection[str]
) -> tuple[Mapping[str, Any], list[str], list[str]]:
    """Return the reading of the file, what has to be asked, and what may be chosen."""
    if look["kind"] == "csv":
        return _encoding(look["texts"], options.encoding, known)
    return _sheet(look["sheets"], options.sheet, known)


def _encoding(
    texts: Sequence[Mapping[str, Any]], encoding: str, known: Collection[str]
) -> tuple[Mapping[str, Any], list[str], list[str]]:
    choices = [text["encoding"] for text in texts]
    for text in texts:
        if text["encoding"] == encoding:
            return text, [], choices
    if len(texts) == 1 and choices[0] in SURE_ENCODINGS:
        return texts[0], [], choices
    scores = [_evidence(text["rows"], known) for text in texts]
    best = max(range(len(texts)), key=lambda at: scores[at])
    is_sure = scores[best] > 0 and scores.count(0) == len(scores) - 1
    return texts[best], [] if is_sure else ["encoding"], choices


def _evidence(rows: Sequence[tuple[int, Sequence[str]]], known: Collection[str]) -> int:
    """Return how many of the cells that depend on the encoding are known names."""
    return sum(bool(set(names_in(cell)) & set(known)) for cell in set(_foreign_cells(rows)))


def _foreign_cells(rows: Sequence[tuple[int, Sequence[str]]]) -> list[str]:
    cells = [cell for _number, row in rows for cell in row if cell and not cell.isascii()]
    return list(dict.fromkeys(cells))


def _sheet(
    sheets: Sequence[Mapping[str, Any]], name: str, known: Collection[str]
) -> tuple[Mapping[str, Any], list[str], list[str]]:
    filled = [sheet for sheet in sheets if sheet["rows"]]
    choices = [sheet["sheet"] for sheet in filled]
    for sheet in filled:
        if sheet["sheet"] == name:
            return sheet, [], choices
    visible = [sheet for sheet in filled if not sheet["hidden"]] or filled
    if not visible:
        return {"rows": [], "sheet": ""}, [], choices
    named = [sheet for sheet in visible if _known_cells(sheet["rows"], known) > 1]
    best = (named or visible)[0]
    is_sure = len(visible) == 1 or len(named) == 1
    is_sure = is_sure and not best["hidden"]
    return best, [] if is_sure else ["sheet"], choices


def _known_cells(rows: Sequence[tuple[int, Sequence[str]]], known: Collection[str]) -> int:
    return sum(bool(set(names_in(cell)) & set(known)) for _n, row in rows[:10] for cell in row)
