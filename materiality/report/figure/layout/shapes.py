"""What a laid-out matrix consists of, in millimetres from the top left. Pens draw it as it is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
CORNERS = 72  # of an ellipse drawn as a polygon


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h


@dataclass(frozen=True, slots=True)
class Segment:
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text; `anchor` is start, middle or end, `y` the baseline."""

    text: str
    x: float
    y: float
    size: float
    anchor: str = "start"
    role: str = "text"


@dataclass(frozen=True, slots=True)
class Marker:
    """The sign of a tier, of a shape of `signs`; all have the same area."""

    tier: int
    shape: str
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Label:
    lines: tuple[str, ...]
    box: Rect
    anchor: str
    leader: Segment | None

    def baselines(self, size: float) -> list[Point]:
        """Return where each line of the label starts, ends or is centred, and its baseline."""
        x = {
            "start": self.box.x,
            "end": self.box.right,
            "middle": self.box.x + self.box.w / 2,
        }[self.anchor]
        if len(self.lines) == 1:
            return [(x, self.box.y + self.box.h / 2 + size * 0.36)]
        return [(x, self.box.y + size * (0.98 + 1.22 * at)) for at in range(len(self.lines))]


@dataclass(frozen=True, slots=True)
class TopicPoint:
    """A topic on the matrix: its sign, its label and what may be said about it."""

    code: str
    name: str
    number: int
    x: float
    y: float
    marker: Marker
    label: Label
    is_new: bool
    tail: Point | None
    ellipse: "Ellipse | None"
    is_noise: bool = False  # the tail is no longer than chance
    place: Point | None = None  # of the scores, where the sign had to step aside

    @property
    def scores_at(self) -> Point:
        """Where the scores lie on the sheet; tail and ellipse belong there."""
        return self.place or (self.marker.x, self.marker.y)


_CIRCLE = [
    (math.cos(math.tau * k / CORNERS), math.sin(math.tau * k / CORNERS)) for k in range(CORNERS)
]


@dataclass(frozen=True, slots=True)
class Ellipse:
    rx: float
    ry: float
    degrees: float

    def is_within(self, plot: Rect, x: float, y: float) -> bool:
        """Return whether no point of the outline around this centre lies beyond the plot."""
        turn = math.radians(self.degrees)
        reach_x = math.hypot(self.rx * math.cos(turn), self.ry * math.sin(turn))
        reach_y = math.hypot(self.rx * math.sin(turn), self.ry * math.cos(turn))
        beside = plot.x < x - reach_x and x + reach_x < plot.right
        if beside and plot.y < y - reach_y and y + reach_y < plot.bottom:
            return True
        # The corners of the outline may stay inside where the curve between them does not.
        return all(
            plot.x <= corner_x <= plot.right and plot.y <= corner_y <= plot.bottom
            for corner_x, corner_y in self.outline(x, y)
        )

    def outline(self, x: float, y: float) -> list[Point]:
        """Return points on the ellipse around this centre."""
        turn = math.radians(self.degrees)
        cos, sin = math.cos(turn), math.sin(turn)
        return [
            (x + self.rx * c * cos - self.ry * s * sin, y + self.rx * c * sin + self.ry * s * cos)
            for c, s in _CIRCLE
        ]


@dataclass(frozen=True, slots=True)
class Zone:
    """The part of the plot that belongs to a tier or a higher one."""

    tier: int
    corners: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    low: float
    high: float
    ticks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A finished layout; `tiers` is how many the rule makes."""

    tiers: int
    language: str
    title: str
    description: str
    width: float
    height: float
    plot: Rect
    axis: Axis
    label_size: float
    labels: str  # names, mixed or numbers: what fitted
    zones: Sequence[Zone]
    boundaries: Sequence[Sequence[Point]]
    points: Sequence[TopicPoint]
    axis_titles: Sequence[TextLine]
    tick_labels: Sequence[TextLine]
    tick_marks: Sequence[Segment]
    key_markers: Sequence[Marker]
    key_lines: Sequence[TextLine]
    rules: Sequence[Segment]
    key_tail: Segment | None
    key_ring: Point | None
    note: Sequence[TextLine]
