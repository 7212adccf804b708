"""The heat map: for each kind of entry how grave against how likely, with its threshold.

Kinds have maps of their own, since positive and negative never net and each has its threshold.
Where likelihood does not count (actual impacts, harm to human rights) entries stand in a column of
their own, in which severity alone decides.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from materiality.method.register import IMPACTS, value_at
from materiality.report.figure.layout import Point, Rect, TextLine
from materiality.report.figure.layout.type import width, wrap
from materiality.report.figure.register.marks import (
    HEADING,
    KINDS,
    LEADING,
    PITCH,
    RADIUS,
    SMALL,
    TITLE,
    Drawing,
    Entry,
    Line,
    Setting,
    Shape,
    Sign,
    Tile,
    moved,
    worst_first,
)
from materiality.report.sentences.note import enumeration
from materiality.report.text import isolated, number, plain
from materiality.report.words import say

TEXT_WIDTH, TALLEST = 170.0, 250.0  # of a page of A4, in millimetres
BETWEEN = 5.0  # two maps
LEFT, HEAD, FOOT = 6.0, 14.0, 9.5  # of the plot: marks of the scale, headings, names of the axes
PLOT = 44.0  # how high a map is
CERTAIN, GAP = 2.0, 0.3  # the column where likelihood does not count, in steps of the scale
NAMED = 3  # in the description
SHADES = (0.2, 0.4, 0.6, 0.8)  # of the top of the scale, where a cell gets a darker shade
CURVE_STEPS = 60
IN_PLACE = 9  # signs beside each other; of more the others are a number
FILLED = 0.4  # the most of a map that signs take, so that each finds a place
SLACK = 0.85  # the fonts of a page may be wider than ours


@dataclass(frozen=True, slots=True)
class Map:
    """The map of one kind.

    :ivar unscored: entries without a value; they are on no map.
    """

    kind: str
    entries: Sequence[Entry]
    unscored: Sequence[Entry]
    drawing: Drawing

    @property
    def material(self) -> int:
        return sum(entry.is_material is True for entry in self.entries)


def heat_maps(
    entries: Iterable[Entry], setting: Setting, language: str, *, wide: float = 82.0
) -> list[Map]:
    """Return a map for each kind that has entries: negative, positive, risks, opportunities.

    :param wide: of each, in millimetres.
    """
    rows = worst_first(entries)
    by_kind = {kind: [row for row in rows if row.kind == kind] for kind in KINDS}
    return [
        _map(kind, of_kind, setting, language, wide) for kind, of_kind in by_kind.items() if of_kind
    ]


def sheet(
    entries: Iterable[Entry],
    setting: Setting,
    language: str,
    *,
    title: str,
    columns: int = 2,
    wide: float = TEXT_WIDTH,
    with_titles: bool = True,
) -> Drawing:
    """Return all maps on one sheet, with a key, and the titles of the entries where they fit.

    :param columns: maps beside each other.
    """
    room = (wide - BETWEEN * (columns - 1)) / columns
    maps = heat_maps(entries, setting, language, wide=room)
    for lines in (2, 1) if with_titles else ():
        drawing = _sheet(maps, language, title, columns, wide, lines=lines)
        if drawing.height <= TALLEST:
            return drawing
    return _sheet(maps, language, title, columns, wide, lines=0)


def described(maps: Sequence[Map], language: str) -> str:
    """Return what the maps show, in words."""
    panels = " ".join(one.drawing.description for one in maps)
    count = sum(len(one.entries) + len(one.unscored) for one in maps)
    return say(language, "heat_description", count=count, panels=panels).strip()


def _sheet(
    maps: Sequence[Map],
    language: str,
    title: str,
    columns: int,
    wide: float,
    *,
    lines: int,
) -> Drawing:
    """Return the maps in rows.

    :param lines: how many each title may take in the lists under the maps; 0: no lists.
    """
    room = (wide - BETWEEN * (columns - 1)) / columns
    shapes: list[Shape] = []
    top = 0.0
    for at in range(0, len(maps), columns):
        tallest = 0.0
        for column, one in enumerate(maps[at : at + columns]):
            drawn = list(one.drawing.shapes)
            height = one.drawing.height
            if lines:
                listed, height = _titles(one.entries, room, height, lines)
                drawn += listed
            shapes += moved(drawn, column * (room + BETWEEN), top)
            tallest = max(tallest, height)
        top += tallest + BETWEEN
    below, height = _below(maps, language, wide, top)
    return Drawing(wide, height, title, described(maps, language), language, [*shapes, *below])


def _titles(
    entries: Sequence[Entry], room: float, top: float, most: int
) -> tuple[list[Shape], float]:
    """Return the list under a map: number, title, value, and where it ends."""
    shapes: list[Shape] = []
    values = width("0.00", TITLE) + 1.5
    for entry in entries:
        lines = _cut(wrap(plain(entry.title), TITLE, room - LEFT - 3 - values), most)
        role = "heading" if entry.is_material else "row"
        base = top + TITLE
        shapes.append(TextLine(entry.number, LEFT, base, TITLE, "end", "note"))
        for at, line in enumerate(lines):
            shapes.append(TextLine(line, LEFT + 2, base + at * TITLE * LEADING, TITLE, role=role))
        shapes.append(TextLine(number(entry.value), room, base, TITLE, "end", "note"))
        top += len(lines) * TITLE * LEADING + 0.3
    return shapes, top


def _cut(lines: list[str], most: int) -> list[str]:
    """Return as many lines, the last with an ellipsis where more would follow."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], lines[most - 1].rstrip(" ,.;，。；、") + "…"]


def _below(
    maps: Sequence[Map], language: str, wide: float, top: float
) -> tuple[list[Shape], float]:
    """Return the key and the note, and where they end."""
    shapes, y = key(language, wide, top + RADIUS, with_threshold=True)
    lines = [say(language, "heat_note")]
    if unscored := [entry.number for one in maps for entry in one.unscored]:
        lines.append(say(language, "heat_unscored", names=enumeration(unscored, language)))
    for text in lines:
        for line in wrap(text, SMALL, wide):
            y += SMALL * LEADING
            shapes.append(TextLine(line, 0.0, y, SMALL, role="note"))
    return shapes, y + 1.5


def key(language: str, wide: float, y: float, *, with_threshold: bool) -> tuple[list[Shape], float]:
    """Return the key of the signs, on lines no longer than the sheet, and where it ends."""
    shapes: list[Shape] = []
    x = 0.0
    names = ["material", "immaterial", "open", "disputed"]
    for name in [*names, "threshold"] if with_threshold else names:
        text = say(language, f"heat_key_{name}")
        room = 2 * RADIUS + 1.5 + width(text, SMALL) + 5
        if x and x + room - 5 > wide:
            x, y = 0.0, y + PITCH + 0.6
        if name == "threshold":
            shapes.append(Line(((x, y), (x + 2 * RADIUS, y)), "cut"))
        else:
            is_disputed = name == "disputed"
            role = "immaterial" if is_disputed else name
            shapes.append(Sign(x + RADIUS, y, role, is_disputed))
        shapes.append(TextLine(text, x + 2 * RADIUS + 1.5, y + SMALL * 0.36, SMALL, role="note"))
        x += room
    return shapes, y + RADIUS + 0.8


def _map(kind: str, rows: Sequence[Entry], setting: Setting, language: str, wide: float) -> Map:
    entries = [row for row in rows if row.gravity is not None]
    unscored = [row for row in rows if row.gravity is None]
    drawn = _Plot(kind, entries, setting, language, wide)
    drawing = Drawing(
        wide, drawn.height, say(language, f"iros_{kind}"), _described(kind, entries, language),
        language, drawn.shapes(),
    )  # fmt: skip
    return Map(kind, entries, unscored, drawing)


def _described(kind: str, entries: Sequence[Entry], language: str) -> str:
    name = say(language, f"iros_{kind}")
    if not entries:
        return say(language, "heat_panel_description_none", kind=name)
    named = [
        say(
            language,
            "heat_named",
            number=row.number,
            title=isolated(plain(row.title)),
            value=number(row.value),
        )
        for row in entries[:NAMED]
    ]
    return say(
        language,
        "heat_panel_description",
        kind=name,
        count=len(entries),
        material=sum(row.is_material is True for row in entries),
        names=enumeration(named, language),
    )


class _Plot:
    """Lays out one map: its cells, threshold, signs and words."""

    def __init__(
        self, kind: str, entries: Sequence[Entry], setting: Setting, language: str, wide: float
    ) -> None:
        self.kind, self.entries, self.language, self.wide = kind, entries, language, wide
        self.top, self.threshold = setting.top, setting.thresholds.get(kind)
        self.rule = setting.likelihood_rule if kind in IMPACTS else "scaled"
        self.has_certain = kind in IMPACTS
        self.step_y = PLOT / self.top
        steps = self.top + (CERTAIN + GAP if self.has_certain else 0)
        self.step_x = (wide - LEFT) / steps
        self.grid = Rect(LEFT, HEAD, self.top * self.step_x, PLOT)
        self.certain = Rect(self.grid.right + GAP * self.step_x, HEAD, CERTAIN * self.step_x, PLOT)

    @property
    def height(self) -> float:
        return self.grid.bottom + FOOT

    def shapes(self) -> list[Shape]:
        return [
            *self._cells(),
            *self._frames(),
            *self._threshold(),
            *self._words(),
            *self._signs(),
        ]

    def _y(self, gravity: float) -> float:
        return self.grid.bottom - (gravity - 0.5) * self.step_y

    def _x(self, likelihood: float | None) -> float:
        if likelihood is None:
            return self.certain.x + self.certain.w / 2
        return self.grid.x + (likelihood - 0.5) * self.step_x

    def _cells(self) -> Iterable[Shape]:
        steps = range(1, round(self.top) + 1)
        for gravity in steps:
            y = self._y(gravity + 0.5)
            for likelihood in steps:
                x = self._x(likelihood - 0.5)
                value = value_at(gravity, likelihood, top=self.top, rule=self.rule)
                yield Tile(Rect(x, y, self.step_x, self.step_y), self._shade(value))
            if self.has_certain:
                rect = Rect(self.certain.x, y, self.certain.w, self.step_y)
                yield Tile(rect, self._shade(float(gravity)))

    def _shade(self, value: float) -> str:
        return f"shade{sum(value >= share * self.top for share in SHADES)}"

    def _frames(self) -> Iterable[Shape]:
        for rect in (self.grid, self.certain) if self.has_certain else (self.grid,):
            corners = (rect.x, rect.y), (rect.x, rect.bottom), (rect.right, rect.bottom)
            yield Line(corners, "frame")

    def _threshold(self) -> Iterable[Shape]:
        """Yield the line from which entries are material, where one is set."""
        if self.threshold is None:
            return
        curve = self._curve(self.threshold)
        if len(curve) > 1:
            yield Line(curve, "cut")
        if self.has_certain and self.threshold <= self.top + 0.5:
            y = self._y(self.threshold)
            yield Line(((self.certain.x, y), (self.certain.right, y)), "cut")

    def _curve(self, threshold: float) -> tuple[Point, ...]:
        low, high = 0.5, self.top + 0.5
        points = []
        for at in range(CURVE_STEPS + 1):
            likelihood = low + (high - low) * at / CURVE_STEPS
            gravity = _gravity_at(threshold, likelihood, top=self.top, rule=self.rule)
            if low <= gravity <= high:
                points.append((self._x(likelihood), self._y(gravity)))
        return tuple(points)

    def _words(self) -> Iterable[Shape]:
        is_impact = self.kind in IMPACTS
        grid, language = self.grid, self.language
        yield TextLine(say(language, f"iros_{self.kind}"), 0.0, HEADING, HEADING, role="heading")
        yield TextLine(self._counted(), 0.0, HEADING + SMALL * 1.5, SMALL, role="note")
        gravity = say(language, "heat_severity" if is_impact else "heat_magnitude")
        yield TextLine(f"{gravity} ↑", 0.0, HEAD - 1.2, SMALL, role="title")
        for step in range(1, round(self.top) + 1):
            y, x = self._y(step), self._x(step)
            yield TextLine(str(step), LEFT - 1.2, y + SMALL * 0.36, SMALL, "end", "tick")
            yield TextLine(str(step), x, grid.bottom + SMALL * 1.2, SMALL, "middle", "tick")
        likelihood = f"{say(language, 'heat_likelihood')} →"
        yield TextLine(likelihood, grid.right, grid.bottom + SMALL * 2.5, SMALL, "end", "title")
        if self.has_certain:
            key = "heat_certain" if self.kind == "negative" else "heat_certain_actual"
            lines = wrap(say(language, key), SMALL, self.certain.w * SLACK)
            for at, line in enumerate(lines, 1):
                y = grid.bottom + SMALL * 1.2 * at
                x = self.certain.x + self.certain.w / 2
                yield TextLine(line, x, y, SMALL, "middle", "tick")

    def _counted(self) -> str:
        material = sum(row.is_material is True for row in self.entries)
        if self.threshold is None:
            return say(self.language, "heat_count", count=len(self.entries))
        counted = say(
            self.language, "heat_count_material", count=len(self.entries), material=material
        )
        value = number(self.threshold)
        return f"{counted} · {say(self.language, 'heat_threshold', value=value)}"

    def _signs(self) -> Iterable[Shape]:
        """Yield the signs, each at its place or as near as there is room.

        Of many in one place the first stand there, the others as a number: they would have to go so
        far aside that they seemed to lie elsewhere.
        """
        piles: dict[tuple[float | None, float], list[Entry]] = {}
        for entry in self.entries:
            if entry.gravity is not None:
                piles.setdefault((entry.likelihood, entry.gravity), []).append(entry)
        scale = self._scale(piles)
        room = _Room(scale)
        for (likelihood, gravity), entries in piles.items():
            within = self.certain if likelihood is None else self.grid
            aim = self._x(likelihood), self._y(gravity)
            for entry in entries[:IN_PLACE]:
                x, y = room.take(aim, within)
                yield Sign(x, y, entry.role, entry.is_disputed, entry, scale)
            more = len(entries) - IN_PLACE
            if more > 0:
                x, y = room.take(aim, within)
                size = SMALL * scale
                yield TextLine(f"+{more}", x, y + size * 0.36, size, "middle", "heading")

    def _scale(self, piles: Mapping[tuple[float | None, float], Sequence[Entry]]) -> float:
        """Return how much smaller signs are, so that all find room; 1 where they do anyway."""
        shown = {True: 0, False: 0}
        for (likelihood, _gravity), entries in piles.items():
            shown[likelihood is None] += min(len(entries), IN_PLACE + 1)
        scales = [1.0]
        for within, many in ((self.certain, shown[True]), (self.grid, shown[False])):
            if many:
                scales.append(math.sqrt(FILLED * within.w * within.h / many) / PITCH)
        return min(scales)


def _gravity_at(threshold: float, likelihood: float, *, top: float, rule: str) -> float:
    """Return which severity just reaches the threshold at a likelihood; see `value_at`."""
    if rule == "capped":
        return max(threshold, 2 * threshold - likelihood)
    return threshold * top / likelihood


_RINGS = 24
_OFFSETS = sorted(
    (
        (column * PITCH / 2, row * PITCH / 2)
        for column in range(-_RINGS, _RINGS + 1)
        for row in range(-_RINGS, _RINGS + 1)
    ),
    key=lambda at: (round(at[0] ** 2 + at[1] ** 2, 6), abs(at[1]), at[0], at[1]),
)
"""Where a sign may step aside to, the nearest first, sideways before up and down."""


class _Room:
    """Where signs still find a place; each is kept free of those set before."""

    def __init__(self, scale: float) -> None:
        self.scale, self.apart = scale, ((PITCH - 0.05) * scale) ** 2
        self.taken: list[Point] = []
        self.tried: dict[Point, int] = {}  # what is full for one sign is so for the next

    def take(self, aim: Point, within: Rect) -> Point:
        """Return the free place nearest to where a sign belongs; none free: where it belongs."""
        start = self.tried.get(aim, 0)
        for at in range(start, len(_OFFSETS)):
            x, y = aim[0] + _OFFSETS[at][0] * self.scale, aim[1] + _OFFSETS[at][1] * self.scale
            if self._is_within(x, y, within) and self._is_free(x, y):
                self.tried[aim] = at + 1
                self.taken.append((x, y))
                return x, y
        return aim

    def _is_within(self, x: float, y: float, within: Rect) -> bool:
        radius = RADIUS * self.scale
        across = within.x + radius <= x <= within.right - radius
        return across and within.y + radius <= y <= within.bottom - radius

    def _is_free(self, x: float, y: float) -> bool:
        return all((x - a) ** 2 + (y - b) ** 2 >= self.apart for a, b in self.taken)
