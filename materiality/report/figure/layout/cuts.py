"""What the boundaries stand for, in numbers: on an axis where they cross it, else on the line."""

import math
from collections.abc import Iterator
from itertools import pairwise

from materiality.report.figure.layout.shapes import Point, Rect, TextLine
from materiality.report.figure.layout.sheet import Sheet
from materiality.report.figure.layout.zones import Path, lines_of_cuts

ON_AXES = ("either", "both")  # a cut of theirs is one score on either axis
ALONG = (0.94, 0.06, 0.88, 0.12, 0.82, 0.18, 0.74, 0.26, 0.66, 0.34, 0.58, 0.42, 0.5)
MARGIN = 0.25  # around a number, in its size


def axis_cuts(sheet: Sheet) -> tuple[list[float], list[float]]:
    """Return at which scores boundaries cross the horizontal and the vertical axis."""
    rule, axis = sheet.edition.results.rule, sheet.axis
    if not _are_told(sheet):
        return [], []
    if rule.kind == "quadrants":
        across, up = rule.cuts_x, rule.cuts_y
    else:
        across = up = rule.cuts if rule.kind in ON_AXES else ()
    within = [[cut for cut in cuts if axis.low < cut < axis.high] for cuts in (across, up)]
    return within[0], within[1]


def on_lines(sheet: Sheet) -> list[tuple[TextLine, Rect]]:
    """Return the number of each slanting or bent boundary, on it, and the room that it takes.

    It stands as near to an end of the line as signs and earlier numbers let it; where none does,
    the note alone tells the number.
    """
    results = sheet.edition.results
    if not _are_told(sheet) or results.rule.kind in ("quadrants", *ON_AXES):
        return []
    taken = [_around(sheet.at(topic), sheet.size.radius) for topic in sheet.topics]
    numbers: list[tuple[TextLine, Rect]] = []
    for cut, path in lines_of_cuts(results.rule, sheet.axis, points=results.points):
        line = [sheet.project(*point) for point in path]
        one = _first_free(f"{cut:.2f}", line, sheet, taken)
        if one:
            numbers.append(one)
            taken.append(one[1])
    return numbers


def _are_told(sheet: Sheet) -> bool:
    """On a page boundaries move with the weights that are tried; in print they stand."""
    return sheet.options.boundaries and sheet.size.has_note


def _first_free(
    text: str, line: Path, sheet: Sheet, taken: list[Rect]
) -> tuple[TextLine, Rect] | None:
    size = sheet.size.tick
    wide, high = sheet.text_width(text, size) + 2 * MARGIN * size, size * (1 + MARGIN)
    for x, y in _along(line):
        box = Rect(x - wide / 2, y - high / 2, wide, high)
        if _is_within(box, sheet.plot) and not any(_share(box, other) for other in taken):
            return TextLine(text, x, y + size * 0.36, size, "middle", "tick"), box
    return None


def _along(line: Path) -> Iterator[Point]:
    lengths = [math.dist(start, end) for start, end in pairwise(line)]
    for share in ALONG:
        left = share * sum(lengths)
        for (start, end), length in zip(pairwise(line), lengths, strict=True):
            if left <= length and length:
                t = left / length
                yield (start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t)
                break
            left -= length


def _around(at: Point, radius: float) -> Rect:
    room = radius * 1.6
    return Rect(at[0] - room, at[1] - room, 2 * room, 2 * room)


def _is_within(box: Rect, plot: Rect) -> bool:
    inside = plot.x < box.x and box.right < plot.right
    return inside and plot.y < box.y and box.bottom < plot.bottom


def _share(one: Rect, other: Rect) -> bool:
    across = one.x < other.right and other.x < one.right
    return across and one.y < other.bottom and other.y < one.bottom
