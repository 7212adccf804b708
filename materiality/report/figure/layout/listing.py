"""The list of topics by tier: beside the plot, or below it in three columns."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from materiality.report.figure.layout.shapes import Marker, Segment, TextLine
from materiality.report.figure.layout.type import POINT, width, wrap
from materiality.report.signs import shape

SMALLEST = 6.5 * POINT
NUMBER_ROOM, TEXT_INDENT = 4.2, 5.6
PITCH, LEADING, HEADING_PITCH, TIER_GAP = 1.62, 1.25, 1.95, 0.75
HEADING_ROWS = 2  # what a heading takes, in rows
LEGEND_PITCH = 1.7


@dataclass(frozen=True, slots=True)
class ListingRow:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class TierGroup:
    tier: int
    shape: str
    heading: str
    rows: tuple[ListingRow, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A list, set: what to draw and how tall it is."""

    markers: tuple[Marker, ...]
    lines: tuple[TextLine, ...]
    rules: tuple[Segment, ...]
    height: float

    def moved(self, x: float, y: float) -> "Block":
        return Block(
            tuple(replace(mark, x=mark.x + x, y=mark.y + y) for mark in self.markers),
            tuple(replace(line, x=line.x + x, y=line.y + y) for line in self.lines),
            tuple(
                Segment(rule.x0 + x, rule.y0 + y, rule.x1 + x, rule.y1 + y) for rule in self.rules
            ),
            self.height,
        )


EMPTY = Block((), (), (), 0.0)


def fit(
    groups: Sequence[TierGroup], *, size: float, room: float, width: float, r: float, columns: int
) -> Block:
    """Return the list no taller than `room` if smaller type can do that; no name is ever cut."""
    block = EMPTY
    for scale in (1.0, 0.94, 0.88, 0.82):
        type_size = max(size * scale, min(size, SMALLEST))
        block = _block(groups, type_size, width, r, columns)
        if block.height <= room:
            return block
    return block


def legend(names: Sequence[str], *, size: float, r: float, unit: float, room: float) -> Block:
    """Return the signs of the tiers with their names, in as many rows as the room asks for.

    :param room: the width there is, in millimetres.
    """
    x, y, markers, lines = 0.0, 0.0, [], []
    for tier, name in enumerate(names, 1):
        length = 2 * r + 1.3 * unit + width(name, size)
        if x and x + length > room:
            x, y = 0.0, y + size * LEGEND_PITCH
        markers.append(Marker(tier, shape(tier, len(names)), x + r, y + size * 0.64, r))
        lines.append(TextLine(name, x + 2 * r + 1.3 * unit, y + size, size, role="row"))
        x += length + 5 * unit
    return Block(tuple(markers), tuple(lines), (), y + size * 1.3)


def _block(groups: Sequence[TierGroup], size: float, width: float, r: float, columns: int) -> Block:
    gap = 6.0 if columns > 1 else 0.0
    each = (width - gap * (columns - 1)) / columns
    stacks = [
        _stack([_column(group, size, each, r) for group in stack], size * TIER_GAP)
        for stack in (in_columns(groups, columns) if columns > 1 else [groups])
    ]
    return _beside(stacks, each + gap)


def in_columns(groups: Sequence[TierGroup], columns: int) -> list[list[TierGroup]]:
    """Return the tiers spread over columns: one each, or cut where one is far longer.

    A tier that is cut has its heading again at the top of the next column.
    """
    longest = max((len(group.rows) for group in groups), default=0)
    total = sum(len(group.rows) + HEADING_ROWS for group in groups)
    if len(groups) == columns and longest + HEADING_ROWS <= 1.6 * total / columns:
        return [[group] for group in groups]
    room = math.ceil(total / columns)
    while len(groups_by_column := _fill(groups, room)) > columns:
        room += 1
    return groups_by_column


def _fill(groups: Sequence[TierGroup], room: int) -> list[list[TierGroup]]:
    """Return columns of at most `room` rows, a heading never alone at the foot."""
    columns: list[list[TierGroup]] = [[]]
    free = room
    for group in groups:
        rows = group.rows
        while True:
            fits = free - HEADING_ROWS
            if fits < min(2, len(rows)):
                columns.append([])
                free, fits = room, room - HEADING_ROWS
            columns[-1].append(replace(group, rows=rows[:fits]))
            free -= HEADING_ROWS + len(rows[:fits])
            rows = rows[fits:]
            if not rows:
                break
    return columns


def _column(group: TierGroup, size: float, width: float, r: float) -> Block:
    """Return one tier: heading with its sign and a rule, then its topics."""
    mark = Marker(group.tier, group.shape, r, size * 0.64, r)
    lines = [TextLine(group.heading, 2 * r + 1.4, size, size, role="heading")]
    rule = Segment(0.0, size * 1.55, width, size * 1.55)
    y = size * (1 + HEADING_PITCH)
    for row in group.rows:
        lines.append(TextLine(str(row.number), NUMBER_ROOM, y, size, "end", "number"))
        for part in wrap(row.text, size, width - TEXT_INDENT):
            lines.append(TextLine(part, TEXT_INDENT, y, size, role="row"))
            y += size * LEADING
        y += size * (PITCH - LEADING)
    return Block((mark,), tuple(lines), (rule,), y - size * (PITCH - 0.3))


def _stack(blocks: Sequence[Block], gap: float) -> Block:
    y, placed = 0.0, []
    for block in blocks:
        placed.append(block.moved(0.0, y))
        y += block.height + gap
    return _join(placed, max(0.0, y - gap))


def _beside(blocks: Sequence[Block], pitch: float) -> Block:
    placed = [block.moved(at * pitch, 0.0) for at, block in enumerate(blocks)]
    return _join(placed, max((block.height for block in blocks), default=0.0))


def _join(blocks: Sequence[Block], height: float) -> Block:
    return Block(
        tuple(mark for block in blocks for mark in block.markers),
        tuple(line for block in blocks for line in block.lines),
        tuple(rule for block in blocks for rule in block.rules),
        height,
    )
