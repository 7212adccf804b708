"""What stands around the points: axis titles, ticks, list or legend, note."""

from collections.abc import Iterable

from materiality.report.figure.layout.cuts import axis_cuts
from materiality.report.figure.layout.listing import Block
from materiality.report.figure.layout.shapes import Point, Segment, TextLine
from materiality.report.figure.layout.sheet import NOTE_LEADING, TITLE_LEADING, Sheet
from materiality.report.words import say


def axis_titles(sheet: Sheet) -> list[TextLine]:
    """Both horizontal: the vertical axis' title above it at left, the other below at right."""
    size, plot = sheet.size.title, sheet.plot
    first = plot.y - size * 0.95 - size * TITLE_LEADING * (len(sheet.y_title) - 1)
    above = _lines(sheet.y_title, sheet.left, first, size, TITLE_LEADING)
    base = plot.bottom + sheet.size.tick * 1.4 + size * 1.55
    return [*above, *_lines(sheet.x_title, plot.right, base, size, TITLE_LEADING, "end")]


def _lines(
    texts: Iterable[str], x: float, y: float, size: float, leading: float, anchor: str = "start"
) -> list[TextLine]:
    return [
        TextLine(text, x, y + size * leading * at, size, anchor, "title")
        for at, text in enumerate(texts)
    ]


def tick_labels(sheet: Sheet) -> list[TextLine]:
    """The numbers of both axes; where a boundary crosses one, its score stands instead of those
    that have no room beside it.
    """
    size, plot = sheet.size.tick, sheet.plot
    across, up = axis_cuts(sheet)
    reach = sheet.text_width("0.00", size) * 1.05
    lines = []
    for value in sheet.axis.ticks:
        x, y = sheet.project(value, value)
        if all(abs(sheet.project(cut, cut)[0] - x) > reach for cut in across):
            lines.append(_below(f"{value:.1f}", x, plot.bottom, size, "tick"))
        if all(abs(sheet.project(cut, cut)[1] - y) > size * 1.1 for cut in up):
            lines.append(_beside(f"{value:.1f}", plot.x, y, size, "tick"))
    for cut in across:
        lines.append(_below(f"{cut:.2f}", sheet.project(cut, cut)[0], plot.bottom, size, "title"))
    for cut in up:
        lines.append(_beside(f"{cut:.2f}", plot.x, sheet.project(cut, cut)[1], size, "title"))
    return lines


def _below(text: str, x: float, bottom: float, size: float, role: str) -> TextLine:
    return TextLine(text, x, bottom + size * 1.45, size, "middle", role)


def _beside(text: str, left: float, y: float, size: float, role: str) -> TextLine:
    return TextLine(text, left - size * 0.6, y + size * 0.36, size, "end", role)


def tick_marks(sheet: Sheet) -> list[Segment]:
    length, plot = sheet.size.tick * 0.38, sheet.plot
    segments = []
    for value in sheet.axis.ticks:
        x, y = sheet.project(value, value)
        segments += [
            Segment(x, plot.bottom, x, plot.bottom + length),
            Segment(plot.x, y, plot.x - length, y),
        ]
    return segments


def _below_axis(sheet: Sheet) -> float:
    return sheet.plot.bottom + sheet.under_axis


def key(sheet: Sheet) -> Block:
    """The list or the legend in its place."""
    size = sheet.size
    if size.list_at == "right":
        return sheet.key.moved(size.width - size.list_width, sheet.plot.y + size.list * 0.1)
    return sheet.key.moved(sheet.left, _below_axis(sheet) + sheet.changes_key + 3.0 * sheet.unit)


def tail_sample(sheet: Sheet) -> Segment:
    """Where the key shows what a tail means."""
    y = _below_axis(sheet) + 3.0 * sheet.unit
    return Segment(sheet.plot.x, y, sheet.plot.x + 6 * sheet.unit, y)


def ring_sample(sheet: Sheet) -> Point:
    """Where the key shows what a ring means."""
    return (changes_key(sheet)[1].x - 3 * sheet.unit, tail_sample(sheet).y0)


def changes_key(sheet: Sheet) -> list[TextLine]:
    """The words beside the two samples."""
    tail, size = tail_sample(sheet), sheet.size.tick * 1.07
    about = sheet.edition.results.about
    moved = say(
        sheet.edition.language, "key_tail", before=about.get("previous_year"), year=about["year"]
    )
    first = TextLine(moved, tail.x1 + 2.4 * sheet.unit, tail.y0 + size * 0.36, size, role="row")
    x = first.x + sheet.text_width(moved, size) + 9.5 * sheet.unit
    return [first, TextLine(say(sheet.edition.language, "key_new"), x, first.y, size, role="row")]


def note_lines(sheet: Sheet) -> list[TextLine]:
    size = sheet.size.note
    last = sheet.height - 0.9 * sheet.unit - size * 0.25
    first = last - size * NOTE_LEADING * (len(sheet.note_lines) - 1)
    return [
        TextLine(text, sheet.left, first + size * NOTE_LEADING * at, size, role="note")
        for at, text in enumerate(sheet.note_lines)
    ]
