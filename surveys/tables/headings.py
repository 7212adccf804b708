"""Headings: where a table begins, how its heading rows are joined, what names a heading holds."""

import re
from collections.abc import Collection, Iterator, Sequence

from surveys.questionnaire.wording import plain
from surveys.tables.words import squash

JOINER = " | "
"""Between the parts of a heading that stands in several rows."""
MOST_HEADING_ROWS = 3
LONGEST = 2_000
MACHINE = '{"importid"'
"""Begins the cells of the row that Qualtrics writes for itself."""

_NUMBERED = re.compile(r"^(?:q\s?)?\d{1,4}(?:\[\w{1,20}\])?\s?[、..:：)）]\s?", re.IGNORECASE)
_CUT = re.compile(r"—+|--+|[:：|/\t\n\r]| [-–] |(?<=\S)[.?？。]\s|(?<=[?？])")
_TWO_SCRIPTS = re.compile(r"[\u4e00-\u9fff](?=\s?[A-Za-z]{3})|[A-Za-z)](?=\s[\u4e00-\u9fff])")
_PAIRS = {"[": "]", "(": ")", "【": "】", "（": "）", "［": "］", "〔": "〕", "{": "}", "<": ">"}

Row = Sequence[str]


def names_in(heading: str) -> list[str]:
    """Return what a heading may name, squashed, the whole first: without its number, cut at every
    separator, inside and outside of brackets.

    >>> names_in("2、有多重要？—能源（含用电）")[-2:]
    ['能源', '含用电']
    """
    names: dict[str, None] = {}
    for piece in heading[:LONGEST].split(JOINER):
        for text in _pieces(_NUMBERED.sub("", piece.strip())):
            if name := squash(text):
                names[name] = None
    return list(names)


def _pieces(text: str) -> Iterator[str]:
    yield text
    outside, inside = apart(text)
    if inside:
        yield outside
    for part in (outside, *inside):
        for piece in _CUT.split(part):
            yield _NUMBERED.sub("", piece.strip())
    for part in (text, outside):
        for mark in "_-":
            if mark in part:
                yield part.partition(mark)[2]
                yield part.rpartition(mark)[2]
    if cut := _TWO_SCRIPTS.search(outside):  # one name in two languages
        yield outside[: cut.start() + 1]
        yield outside[cut.start() + 1 :]


def apart(text: str) -> tuple[str, list[str]]:
    """Return a text without its brackets, and what stands in each of the outer ones."""
    outside: list[str] = []
    inside: list[str] = []
    closes, begun = "", 0
    for at, letter in enumerate(text):
        if closes:
            if letter == closes:
                inside.append(text[begun:at])
                closes = ""
        elif letter in _PAIRS:
            closes, begun = _PAIRS[letter], at + 1
            outside.append(" ")
        else:
            outside.append(letter)
    if closes:  # a bracket that nobody closed is a letter like others
        outside.append(text[begun:])
    return "".join(outside), inside


def role_names(heading: str) -> list[str]:
    """Return the forms in which a heading may stand in a list of known ones, the whole first."""
    names: dict[str, None] = {}
    for piece in reversed(heading[:LONGEST].split(JOINER)):
        whole = plain(piece).strip("?: *")
        unnumbered = plain(_NUMBERED.sub("", piece.strip())).strip("?: *")
        outside, _inside = apart(unnumbered)
        ends = [cut.strip("?: *") for cut in (unnumbered.rpartition("/")[2],
                                              unnumbered.rpartition(". ")[2])]  # fmt: skip
        begins = unnumbered.partition(". ")[0]
        for name in (whole, unnumbered, outside.strip("?: *"), *ends, begins):
            if name:
                names[name] = None
    return list(names)


def heading_rows(
    rows: Sequence[tuple[int, Row]], known: Collection[str], data: Collection[str]
) -> list[int]:
    """Return the numbers of the rows that look like headings; empty where data begin at once.

    Titles above a table stand alone in their row. A second and third heading row name topics, or
    columns that are known, or were written for a program.

    :param rows: number and cells of the first rows. ``known``: names of topics and columns,
        squashed. ``data``: values, squashed, that no heading is: groups and ratings.
    """
    width = max((filled(row) for _number, row in rows), default=0)
    least = 2 if width > 1 else 1
    wide = [(number, row) for number, row in rows if filled(row) >= least]
    if not wide:
        return []
    named = [
        at
        for at, (_number, row) in enumerate(wide[:12])
        if number_known(row, known) and not holds_data(row, data)
    ]
    first = named[0] if named else 0
    if named and first < MOST_HEADING_ROWS and all(is_text(row, data) for _n, row in wide[:first]):
        first = 0  # the rows above are headings too: the names stand in a lower one
    if not named and holds_data(wide[0][1], data):
        return []
    rows_of_heading = [wide[first][0]]
    for at in range(first + 1, min(len(wide), first + MOST_HEADING_ROWS)):
        number, row = wide[at]
        following = wide[at + 1][1] if at + 1 < len(wide) else ()
        if holds_data(row, data) or not continues(row, following, known, wide[first][1]):
            break
        rows_of_heading.append(number)
    return rows_of_heading


def continues(row: Row, following: Row, known: Collection[str], above: Row) -> bool:
    """Tell whether a row goes on with the headings above it."""
    texts = [cell for cell in row if cell]
    machine = sum(cell.lower().startswith(MACHINE) for cell in texts)
    if machine * 2 > len(texts):
        return True
    if any(cell.lower().startswith(MACHINE) for cell in following):
        return True
    names = number_known(row, known)
    says_much = names >= 2 or (names and 2 * names >= len(texts))
    return bool(says_much) and not has_numbers(row) and row != above


def holds_data(row: Row, data: Collection[str]) -> bool:
    return any(squash(cell) in data for cell in row if cell)


def is_text(row: Row, data: Collection[str]) -> bool:
    return not has_numbers(row) and not holds_data(row, data)


def number_known(row: Row, known: Collection[str]) -> int:
    return sum(bool(known & set(names_in(cell))) for cell in row if cell)  # type: ignore[operator]


def has_numbers(row: Row) -> bool:
    return any(cell.replace(".", "", 1).isdigit() for cell in row)


def filled(row: Row) -> int:
    return sum(bool(cell) for cell in row)


def join(rows: Sequence[Row]) -> list[str]:
    """Return one heading a column of several rows.

    A blank cell of an upper row goes on with the cell left of it, as merged cells do, where a lower
    row says something.
    """
    rows_for_people = [row for row in rows if not is_machine(row)]
    width = max((len(row) for row in rows_for_people), default=0)
    headings = []
    upper = [""] * len(rows_for_people)
    for at in range(width):
        parts: list[str] = []
        for level, row in enumerate(rows_for_people):
            cell = row[at] if at < len(row) else ""
            lower_says = any(
                at < len(lower) and lower[at] for lower in rows_for_people[level + 1 :]
            )
            if cell:
                upper[level] = cell
            elif level + 1 < len(rows_for_people) and lower_says:
                cell = upper[level]
            if cell and cell not in parts:
                parts.append(cell)
        headings.append(JOINER.join(" ".join(part.split("\n")).strip() for part in parts))
    return headings


def is_machine(row: Row) -> bool:
    return any(cell.lower().startswith(MACHINE) for cell in row)
