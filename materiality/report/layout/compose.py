"""Results → the finished matrix: sheet, list and note first, the plot in what is left, then labels."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from materiality.bundle import Results, TopicResult
from materiality.report import note
from materiality.report.layout import listing
from materiality.report.layout.candidates import Anchor, Surroundings, Wording
from materiality.report.layout.placement import Placement, place
from materiality.report.layout.scale import Projection, common_axis
from materiality.report.layout.shapes import (
    Axis,
    Ellipse,
    Line,
    Marker,
    Matrix,
    Point,
    Rect,
    Segment,
    TopicPoint,
    Zone,
)
from materiality.report.layout.sizes import MANY_TOPICS, TALLEST, Size, size_of
from materiality.report.layout.type import halves, width, wrap
from materiality.report.layout.zones import boundary, zone
from materiality.report.words import say

SLACK = 1.02  # fonts set a little wider or narrower than the one measured
SCREEN_SLACK = 1.1  # the page is set in the system's font
SIGN = {1: 1.0, 2: 1.28, 3: 1.0}  # half width of each sign, in radii
TIERS = (1, 2, 3)
LINE_HEIGHT = 1.22
NOTE_LEADING = 1.45


@dataclass(frozen=True)
class Options:
    """What a person may choose about the figure."""

    size: str = "auto"
    labels: str = "auto"  # names, mixed, numbers
    tails: bool = False
    ellipses: bool = False
    note: bool = True
    boundaries: bool = True


def compose(results: Results, language: str, options: Options | None = None) -> Matrix:
    """Return the layout of a round's matrix. The same input gives the same layout."""
    return _Composer(results, language, options or Options()).matrix()


class _Composer:
    """The steps share what they worked out before; nothing outlives one call of `compose`."""

    def __init__(self, results: Results, language: str, options: Options) -> None:
        self.results, self.language, self.options = results, language, options
        self.topics = [topic for topic in results.topics if note.is_drawn(topic)]
        self.size: Size = size_of(options.size, language=language, topics=len(self.topics))
        self.unit = self.size.title / 2.8  # what a millimetre is on a sheet of this type size

    # -- sheet ---------------------------------------------------------------------------------

    @cached_property
    def axis(self) -> Axis:
        ends = [self._tail_scores(topic) for topic in self.topics]
        scores = [(topic.x, topic.y) for topic in self.topics] + [end for end in ends if end]
        values = [value for pair in scores for value in pair if value is not None]
        return common_axis(values, points=self.results.points)

    @cached_property
    def y_title(self) -> list[str]:
        return self._title("y", "\u00a0↑", self.size.width - self.size.margin)

    @cached_property
    def x_title(self) -> list[str]:
        return self._title("x", "\u00a0→", self.plot_width + self.size.margin)

    def _title(self, axis: str, arrow: str, room: float) -> list[str]:
        text = note.axis_title(self.results, self.language, axis) + arrow
        return wrap(text, self.size.title, room / SLACK, bold=True)

    @cached_property
    def plot_width(self) -> float:
        size = self.size
        beside = size.list_width + size.gap if size.list_at == "right" else 0.0
        return size.width - size.margin - size.right - beside

    @cached_property
    def note_lines(self) -> list[str]:
        if not (self.size.has_note and self.options.note):
            return []
        said = note.sentences(self.results, self.language, low=self.axis.low)
        text = note.paragraph([*said, *self._said_of_options()], self.language)
        return wrap(text, self.size.note, (self.size.width - self.note_x) / SLACK)

    def _said_of_options(self) -> list[str]:
        found = [say(self.language, "note_numbers")]
        if self.has_tails:
            before = str(self.results.about.get("previous_year") or "")
            found.append(say(self.language, "note_tails", year=before))
        if self.options.ellipses:
            percent = f"{self.results.inputs.get('confidence', 0.95) * 100:g}"
            found.append(say(self.language, "note_ellipses", percent=percent))
        return found

    @property
    def note_x(self) -> float:
        return self.size.margin if self.size.list_at else 0.0

    @cached_property
    def key(self) -> "listing.Block":
        """The list, which is also the legend; or the legend alone."""
        size = self.size
        if size.list_at == "right":
            return listing.fitted(
                self._groups(), size=size.list, room=size.height - self.top - self.foot - 1,
                width=size.list_width, r=size.radius, columns=1,
            )  # fmt: skip
        if size.list_at == "below":
            return listing.fitted(
                self._groups(), size=size.list, room=TALLEST - 150, width=self.plot_width,
                r=size.radius, columns=3,
            )  # fmt: skip
        return self._legend() if size.has_key else listing.EMPTY

    def _groups(self) -> list[listing.Group]:
        return [
            listing.Group(
                tier,
                note.wording(self.results, self.language, f"tier_heading_{tier}"),
                tuple(
                    listing.Row(at, self._starred(topic))
                    for at, topic in enumerate(self.topics, 1)
                    if topic.tier == tier
                ),
            )
            for tier in TIERS
        ]

    def _starred(self, topic: TopicResult) -> str:
        return note.topic_name(topic, self.language) + (" *" if topic.overridden else "")

    def _legend(self) -> "listing.Block":
        """The three signs with their names, in one row."""
        size, x = self.size, 0.0
        markers, lines = [], []
        for tier in TIERS:
            text = note.tier_name(self.results, self.language, tier)
            markers.append(Marker(tier, x + size.radius, size.list * 0.64, size.radius))
            x += 2 * size.radius + 1.3 * self.unit
            lines.append(Line(text, x, size.list, size.list, role="row"))
            x += width(text, size.list) * SLACK + 5 * self.unit
        return listing.Block(tuple(markers), tuple(lines), (), size.list * 1.3)

    @property
    def top(self) -> float:
        return self.size.title * (1.0 + 1.25 * len(self.y_title)) + self.unit

    @property
    def under_axis(self) -> float:
        """From the plot to the end of the horizontal axis' title."""
        size = self.size
        return size.tick * 1.5 + size.title * (0.6 + 1.25 * len(self.x_title))

    @property
    def foot(self) -> float:
        """The height of the note with its distance from what stands above."""
        return (
            self.size.note * NOTE_LEADING * len(self.note_lines) + 3.0 * self.unit
            if self.note_lines
            else 0.5 * self.unit
        )

    @property
    def key_below(self) -> float:
        if self.size.list_at == "right" or not self.key.lines:
            return 0.0
        return self.key.height + 5.0 * self.unit

    @property
    def changes_key(self) -> float:
        return 7.0 * self.unit if self.has_tails else 0.0

    @cached_property
    def height(self) -> float:
        """The height of the sheet; it grows where a long list needs it."""
        size = self.size
        if size.list_at == "right":
            return max(size.height, self.top + self.key.height + self.foot + 1)
        fixed = self.top + self.under_axis + self.changes_key + self.key_below + self.foot
        return max(size.height, min(TALLEST * self.unit, fixed + 0.6 * self.plot_width))

    @cached_property
    def plot(self) -> Rect:
        below = self.under_axis + self.changes_key + self.key_below + self.foot
        height = self.height - self.top - below
        return Rect(self.size.margin, self.top, self.plot_width, height)

    # -- points and labels ---------------------------------------------------------------------

    @cached_property
    def project(self) -> Projection:
        return Projection(self.axis, self.plot)

    @property
    def has_tails(self) -> bool:
        return self.options.tails and any(self._tail_scores(topic) for topic in self.topics)

    def _tail_scores(self, topic: TopicResult) -> Point | None:
        before = topic.previous or {}
        x, y = before.get("x"), before.get("y")
        return (x, y) if self.options.tails and x is not None and y is not None else None

    def _at(self, topic: TopicResult) -> Point:
        return self.project(topic.x or 0.0, topic.y or 0.0)

    def _tail(self, topic: TopicResult) -> Point | None:
        scores = self._tail_scores(topic)
        return self.project(*scores) if scores else None

    @cached_property
    def labels(self) -> str:
        return self._placed[0]

    @cached_property
    def _placed(self) -> tuple[str, Placement]:
        """Return the first way of labelling that leaves no fault, from names down to numbers."""
        found = None
        for mode in self._modes():
            found = mode, place([self._anchor(topic, mode) for topic in self._ranked()], self.room)
            if not found[1].faults:
                return found
        return found or ("names", Placement((), 0))

    def _modes(self) -> Sequence[str]:
        if self.size.only_numbers or self.options.labels == "numbers":
            return ("numbers",)
        if self.options.labels == "mixed" or len(self.topics) > MANY_TOPICS:
            return ("mixed", "numbers")
        return ("names", "mixed", "numbers")

    def _ranked(self) -> Sequence[tuple[int, TopicResult]]:
        return list(enumerate(self.topics, 1))

    def _anchor(self, ranked: tuple[int, TopicResult], mode: str) -> Anchor:
        number, topic = ranked
        x, y = self._at(topic)
        tail = self._tail(topic)
        ring = 1.95 if self.has_tails and topic.is_new else SIGN[topic.tier or 3]
        return Anchor(
            x, y, self.size.radius * 1.1 * ring, self._wordings(number, topic, mode),
            Segment(*tail, x, y) if tail else None,
        )  # fmt: skip

    def _wordings(self, number: int, topic: TopicResult, mode: str) -> tuple[Wording, ...]:
        """Return the ways to write this label: on one line, on two."""
        star = " *" if topic.overridden else ""
        if mode == "numbers" or (mode == "mixed" and topic.tier != 1):
            return (self._measured((f"{number}{star}",)),)
        text = note.topic_name(topic, self.language) + star
        if mode == "mixed":
            text = f"{number} {text}"
        two = halves(text)
        return (self._measured((text,)), *([self._measured(two)] if two else []))

    def _measured(self, lines: tuple[str, ...]) -> Wording:
        size = self.size.label
        slack = SCREEN_SLACK if not self.size.has_note else SLACK
        widest = max(width(line, size) for line in lines) * slack
        height = size * 1.08 if len(lines) == 1 else size * LINE_HEIGHT * len(lines)
        return Wording(lines, widest, height)

    @cached_property
    def room(self) -> Surroundings:
        plot, size = self.plot, self.size.label
        bounds = Rect(
            plot.x + size * 0.2, plot.y - size * 0.2, plot.w + self.size.right, plot.h - size * 0.3
        )
        return Surroundings(size, bounds, tuple(self._cut_lines()))

    # -- zones ---------------------------------------------------------------------------------

    @property
    def cuts(self) -> tuple[float, float]:
        return (self.results.rule.cut_high, self.results.rule.cut_low)

    def _zones(self) -> list[Zone]:
        """The lower band first, so that the upper one lies on it."""
        found = [
            Zone(tier, tuple(self.project(*corner) for corner in zone(self.results.rule, cut, self.axis)))
            for tier, cut in ((2, self.cuts[1]), (1, self.cuts[0]))
        ]  # fmt: skip
        return [each for each in found if each.corners]

    def _cut_lines(self) -> list[Segment]:
        if not self.options.boundaries:
            return []
        paths = [boundary(self.results.rule, cut, self.axis) for cut in self.cuts]
        return [
            Segment(*self.project(*start), *self.project(*end))
            for path in paths
            for start, end in zip(path, path[1:], strict=False)
        ]

    def _paused(self, placement: Placement) -> list[Segment]:
        """The boundaries pause behind labels instead of striking them through."""
        margin = self.size.label * 0.12
        boxes = [
            Rect(b.x - margin, b.y - margin, b.w + 2 * margin, b.h + 2 * margin)
            for b in (label.box for label in placement.labels)
        ]
        return [part for line in self._cut_lines() for part in _without(line, boxes)]

    # -- the result ----------------------------------------------------------------------------

    def matrix(self) -> Matrix:
        labels, placement = self._placed
        key = self._placed_key()
        return Matrix(
            language=self.language,
            title=note.wording(self.results, self.language, "matrix_title"),
            description=describe(self.results, self.language),
            width=self.size.width,
            height=self.height,
            plot=self.plot,
            axis=self.axis,
            label_size=self.size.label,
            labels=labels,
            zones=self._zones() if self.options.boundaries else [],
            boundaries=self._paused(placement),
            points=self._points(placement),
            axis_titles=self._axis_titles(),
            tick_labels=self._tick_labels(),
            tick_marks=self._tick_marks(),
            key_markers=key.markers,
            key_lines=[*key.lines, *self._key_of_changes()],
            rules=key.rules,
            key_tail=self._key_tail() if self.has_tails else None,
            key_ring=self._key_ring() if self.has_tails else None,
            note=self._note(),
            unranked=[
                note.topic_name(topic, self.language)
                for topic in self.results.topics
                if not note.is_drawn(topic)
            ],
        )

    def _points(self, placement: Placement) -> list[TopicPoint]:
        """Tier 3 first, so that the signs of tier 1 lie on top."""
        points = [
            self._point(number, topic, placement)
            for number, topic in self._ranked()
        ]  # fmt: skip
        return sorted(points, key=lambda point: -point.marker.tier)

    def _point(self, number: int, topic: TopicResult, placement: Placement) -> TopicPoint:
        x, y = self._at(topic)
        return TopicPoint(
            code=topic.code,
            name=note.topic_name(topic, self.language),
            number=number,
            x=topic.x or 0.0,
            y=topic.y or 0.0,
            marker=Marker(topic.tier or 3, x, y, self.size.radius),
            label=placement.labels[number - 1],
            is_new=self.has_tails and topic.is_new,
            overridden=topic.overridden,
            tail=self._tail(topic),
            ellipse=self._ellipse(topic.ellipse) if self.options.ellipses else None,
        )

    def _ellipse(self, found: Mapping[str, float] | None) -> Ellipse | None:
        """An ellipse in scores; both axes have one range, but a millimetre may differ."""
        if not found:
            return None
        angle = found.get("angle", 0.0)
        stretch = self.project.per_y / self.project.per_x
        degrees = math.degrees(math.atan2(math.sin(angle) * stretch, math.cos(angle)))
        along = math.hypot(math.cos(angle), math.sin(angle) * stretch) * self.project.per_x
        across = math.hypot(math.sin(angle), math.cos(angle) * stretch) * self.project.per_x
        return Ellipse(found["major"] * along, found["minor"] * across, -degrees)

    def _axis_titles(self) -> list[Line]:
        size, plot = self.size.title, self.plot
        first = plot.y - size * 0.95 - size * 1.25 * (len(self.y_title) - 1)
        x = 0.0 if self.size.only_numbers else plot.x
        above = [
            Line(text, x, first + size * 1.25 * at, size, role="title")
            for at, text in enumerate(self.y_title)
        ]
        base = plot.bottom + self.size.tick * 1.4 + size * 1.55
        return above + [
            Line(text, plot.right, base + size * 1.25 * at, size, "end", "title")
            for at, text in enumerate(self.x_title)
        ]

    def _tick_labels(self) -> list[Line]:
        size, plot = self.size.tick, self.plot
        found = []
        for value in self.axis.ticks:
            x, y = self.project(value, value)
            found.append(Line(f"{value:.1f}", x, plot.bottom + size * 1.45, size, "middle", "tick"))
            found.append(Line(f"{value:.1f}", plot.x - size * 0.6, y + size * 0.36, size, "end", "tick"))  # fmt: skip
        return found

    def _tick_marks(self) -> list[Segment]:
        length, plot = self.size.tick * 0.38, self.plot
        found = []
        for value in self.axis.ticks:
            x, y = self.project(value, value)
            found.append(Segment(x, plot.bottom, x, plot.bottom + length))
            found.append(Segment(plot.x, y, plot.x - length, y))
        return found

    @property
    def _below_axis(self) -> float:
        return self.plot.bottom + self.under_axis

    def _placed_key(self) -> "listing.Block":
        size = self.size
        if size.list_at == "right":
            return self.key.moved(size.width - size.list_width, self.plot.y + size.list * 0.1)
        left = size.margin if size.list_at else self.note_x
        return self.key.moved(left, self._below_axis + self.changes_key + 3.0 * self.unit)

    def _key_tail(self) -> Segment:
        y = self._below_axis + 3.0 * self.unit
        return Segment(self.plot.x, y, self.plot.x + 6 * self.unit, y)

    def _key_ring(self) -> Point:
        text = self._key_of_changes()[0]
        room = width(text.text, text.size) * SLACK
        return (text.x + room + 6.5 * self.unit, self._key_tail().y0)

    def _key_of_changes(self) -> list[Line]:
        if not self.has_tails:
            return []
        tail, size = self._key_tail(), self.size.tick * 1.07
        about = self.results.about
        moved = say(
            self.language, "key_tail", before=about.get("previous_year"), year=about["year"]
        )
        first = Line(moved, tail.x1 + 2.4 * self.unit, tail.y0 + size * 0.36, size, role="row")
        ring_x = first.x + width(moved, size) * SLACK + 6.5 * self.unit
        new = say(self.language, "key_new")
        return [first, Line(new, ring_x + 3 * self.unit, first.y, size, role="row")]

    def _note(self) -> list[Line]:
        size = self.size.note
        first = self.height - 0.9 * self.unit - size * NOTE_LEADING * (len(self.note_lines) - 1)
        return [
            Line(text, self.note_x, first - size * 0.25 + size * NOTE_LEADING * at, size, role="note")
            for at, text in enumerate(self.note_lines)
        ]  # fmt: skip


def describe(results: Results, language: str) -> str:
    """Return the figure in words, naming the topics of the top tier."""
    names = [note.topic_name(topic, language) for topic in results.tier(1) if note.is_drawn(topic)]
    drawn = sum(note.is_drawn(topic) for topic in results.topics)
    return say(
        language,
        "matrix_description" if names else "matrix_description_none",
        n=drawn,
        x=note.axis_title(results, language, "x"),
        y=note.axis_title(results, language, "y"),
        tier=note.tier_name(results, language, 1),
        k=len(names),
        names=note.listed(names, language),
    )


def _without(line: Segment, boxes: Sequence[Rect]) -> list[Segment]:
    """Return the parts of `line` that no box covers."""
    gaps = sorted(gap for box in boxes if (gap := _covered(line, box)))
    parts, start = [], 0.0
    for enter, leave in [*gaps, (1.0, 1.0)]:
        if enter > start:
            parts.append((start, enter))
        start = max(start, leave)
    dx, dy = line.x1 - line.x0, line.y1 - line.y0
    return [
        Segment(line.x0 + dx * a, line.y0 + dy * a, line.x0 + dx * b, line.y0 + dy * b)
        for a, b in parts
    ]


def _covered(line: Segment, box: Rect) -> tuple[float, float] | None:
    start, end = 0.0, 1.0
    for origin, way, low, high in (
        (line.x0, line.x1 - line.x0, box.x, box.right),
        (line.y0, line.y1 - line.y0, box.y, box.bottom),
    ):
        if abs(way) < 1e-12:
            if not low < origin < high:
                return None
            continue
        first, last = sorted(((low - origin) / way, (high - origin) / way))
        start, end = max(start, first), min(end, last)
    return (start, end) if start < end else None
