"""How points are labelled: by name, by number, or the top tier by both; the first way that fits."""

from collections.abc import Sequence

from materiality.report.figure.layout.candidates import Anchor, Surroundings, Wording
from materiality.report.figure.layout.placement import Placement, place
from materiality.report.figure.layout.shapes import Rect, Segment
from materiality.report.figure.layout.sheet import Sheet
from materiality.report.figure.layout.sizes import MANY_TOPICS, MOST_LISTED
from materiality.report.figure.layout.type import halves
from materiality.report.signs import DIAMOND, TRIANGLE
from materiality.results import TopicResult

LINE_HEIGHT, SINGLE_HEIGHT = 1.22, 1.08
SIGN_ROOM = {DIAMOND: 1.41, TRIANGLE: 1.41}  # half width of a sign with its margin, in radii
USUAL_ROOM = 1.1
RING_ROOM = 2.15


def labelled(
    sheet: Sheet, boundaries: Sequence[Segment], taken: Sequence[Rect] = ()
) -> tuple[str, Placement]:
    """Return how the points are labelled and where; the last way is taken even with faults."""
    surroundings = _surroundings(sheet, boundaries, taken)
    mode, placement, anchors = "names", Placement((), 0), list[Anchor]()
    modes = _modes(sheet)
    for mode in modes:
        anchors = [_anchor(sheet, topic, mode) for topic in sheet.topics]
        placement = place(anchors, surroundings, is_trial=mode != modes[-1])
        if not placement.faults:
            return mode, placement
    if placement.is_hopeless:
        return mode, placement
    return mode, place(anchors, surroundings, thorough=True) if anchors else placement


def _modes(sheet: Sheet) -> Sequence[str]:
    if (
        sheet.size.only_numbers
        or sheet.options.labels == "numbers"
        or len(sheet.topics) > MOST_LISTED
    ):
        return ("numbers",)
    if sheet.options.labels == "mixed" or len(sheet.topics) > MANY_TOPICS:
        return ("mixed", "numbers")
    return ("names", "mixed", "numbers")


def _surroundings(
    sheet: Sheet, boundaries: Sequence[Segment], taken: Sequence[Rect]
) -> Surroundings:
    plot, size = sheet.plot, sheet.size.label
    edge = size * 0.2
    bounds = Rect(plot.x + edge, plot.y - edge, plot.w - edge, plot.h - edge / 2)
    return Surroundings(size, bounds, tuple(boundaries), tuple(taken))


def _anchor(sheet: Sheet, topic: TopicResult, mode: str) -> Anchor:
    x, y = sheet.at(topic)
    tail = sheet.tail(topic)
    has_ring = sheet.has_tails and topic.is_new
    room = SIGN_ROOM.get(sheet.shape(topic.tier), USUAL_ROOM)
    return Anchor(
        x,
        y,
        sheet.size.radius * (RING_ROOM if has_ring else room),
        _wordings(sheet, topic, mode),
        Segment(*tail, x, y) if tail else None,
        sheet.options.moved.get(topic.code),
    )


def _wordings(sheet: Sheet, topic: TopicResult, mode: str) -> tuple[Wording, ...]:
    """Return the ways to write this label: on one line, on two."""
    star = "\u00a0*" if topic.overridden else ""
    number = sheet.numbers[topic.code]
    if mode == "numbers" or (mode == "mixed" and topic.tier != 1):
        return (_measured(sheet, (f"{number}{star}",)),)
    text = sheet.printed_name(topic)
    if mode == "mixed":
        text = f"{number} {text}"
    two = halves(text)
    return (_measured(sheet, (text,)), *([_measured(sheet, two)] if two else []))


def _measured(sheet: Sheet, lines: tuple[str, ...]) -> Wording:
    size = sheet.size.label
    widest = max(sheet.text_width(line, size) for line in lines)
    height = size * (SINGLE_HEIGHT if len(lines) == 1 else LINE_HEIGHT * len(lines))
    return Wording(lines, widest, height)
