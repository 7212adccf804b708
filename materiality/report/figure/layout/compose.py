"""Results → the finished matrix."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from materiality.document.schema import Ellipse as Region
from materiality.report.edition import Edition
from materiality.report.figure.layout import cuts, frame
from materiality.report.figure.layout.labels import labelled
from materiality.report.figure.layout.placement import Placement
from materiality.report.figure.layout.scale import Projection
from materiality.report.figure.layout.shapes import (
    Ellipse,
    Label,
    Matrix,
    Rect,
    Segment,
    TopicPoint,
    Zone,
)
from materiality.report.figure.layout.sheet import Sheet, sheet_of
from materiality.report.figure.layout.zones import Path, bands, boundaries
from materiality.report.sentences import naming, note
from materiality.results import TopicResult

PAUSE = 0.12  # what a boundary leaves free around a label, in text sizes


def compose(edition: Edition) -> Matrix:
    """Return the layout of a round's matrix. The same input gives the same layout."""
    sheet = sheet_of(edition)
    lines = _boundaries(sheet)
    numbers = cuts.on_lines(sheet)
    taken = [box for _number, box in numbers]
    pieces = [piece for path in lines for piece in _pieces(path)]
    labels, placement = labelled(sheet, pieces, taken)
    key = frame.key(sheet)
    return Matrix(
        tiers=len(edition.results.tiers),
        language=edition.language,
        title=note.matrix_title(edition),
        description=describe(edition),
        width=sheet.size.width,
        height=sheet.height,
        plot=sheet.plot,
        axis=sheet.axis,
        label_size=sheet.size.label,
        labels=labels,
        zones=_zones(sheet),
        boundaries=_pause(lines, placement, sheet.size.label * PAUSE, taken),
        points=_points(sheet, placement),
        axis_titles=frame.axis_titles(sheet),
        tick_labels=[*frame.tick_labels(sheet), *(number for number, _box in numbers)],
        tick_marks=frame.tick_marks(sheet),
        key_markers=key.markers,
        key_lines=[*key.lines, *(frame.changes_key(sheet) if sheet.has_tails else [])],
        rules=key.rules,
        key_tail=frame.tail_sample(sheet) if sheet.has_tails else None,
        key_ring=frame.ring_sample(sheet) if sheet.has_tails else None,
        note=frame.note_lines(sheet),
    )


def describe(edition: Edition) -> str:
    """Return the figure in words, naming the topics of the top tier."""
    names = [
        note.topic_name(topic, edition.language)
        for topic in edition.results.tier(1)
        if note.is_drawn(topic)
    ]
    return edition.say(
        "matrix_description" if names else "matrix_description_none",
        n=sum(note.is_drawn(topic) for topic in edition.results.topics),
        x=note.axis_title(edition, "x"),
        y=note.axis_title(edition, "y"),
        tier=naming.tier_name(edition, 1),
        k=len(names),
        names=note.enumeration(names, edition.language),
    )


def _points(sheet: Sheet, placement: Placement) -> list[TopicPoint]:
    """The lowest tier first, so that the signs of the highest lie on top."""
    points = [
        _point(sheet, topic, label)
        for topic, label in zip(sheet.topics, placement.labels, strict=True)
    ]
    return sorted(points, key=lambda point: -point.marker.tier)


def _point(sheet: Sheet, topic: TopicResult, label: Label) -> TopicPoint:
    return TopicPoint(
        code=topic.code,
        name=note.topic_name(topic, sheet.edition.language),
        number=sheet.numbers[topic.code],
        x=topic.x or 0.0,
        y=topic.y or 0.0,
        marker=sheet.marker(topic),
        label=label,
        is_new=sheet.has_tails and topic.is_new,
        place=sheet.place(topic) if topic.code in sheet.aside else None,
        tail=sheet.tail(topic),
        is_noise=topic.is_noise,
        ellipse=_ellipse(topic.ellipse, sheet.project) if sheet.options.ellipses else None,
    )


def _ellipse(region: Region | None, project: Projection) -> Ellipse | None:
    """Return an ellipse of scores in millimetres, which differ in length between the axes.

    A score ellipse is the unit circle under M; after scaling by S it is that circle under S M,
    whose half axes and direction are the singular values and left vectors of S M.
    """
    if not region:
        return None
    turn, major, minor = math.radians(region["angle"]), region["rx"], region["ry"]
    a, b = math.cos(turn) * major * project.per_x, -math.sin(turn) * minor * project.per_x
    c, d = math.sin(turn) * major * project.per_y, math.cos(turn) * minor * project.per_y
    half, gap = (
        (a * a + b * b + c * c + d * d) / 2,
        math.hypot((a * a + b * b - c * c - d * d) / 2, a * c + b * d),
    )
    angle = math.atan2(2 * (a * c + b * d), a * a + b * b - c * c - d * d) / 2
    return Ellipse(math.sqrt(half + gap), math.sqrt(max(half - gap, 0.0)), -math.degrees(angle))


def _zones(sheet: Sheet) -> list[Zone]:
    """The lower band first, so that the upper one lies on it."""
    if not sheet.options.boundaries:
        return []
    results = sheet.edition.results
    zones = []
    for tier, corners in bands(results.rule, sheet.axis, points=results.points):
        zones.append(Zone(tier, tuple(sheet.project(*corner) for corner in corners)))
    return zones


def _boundaries(sheet: Sheet) -> list[Path]:
    if not sheet.options.boundaries:
        return []
    results = sheet.edition.results
    lines = []
    for path in boundaries(results.rule, sheet.axis, points=results.points):
        lines.append([sheet.project(*point) for point in path])
    return lines


def _pieces(path: Path) -> list[Segment]:
    return [Segment(*start, *end) for start, end in pairwise(path)]


def _pause(
    paths: Iterable[Path], placement: Placement, margin: float, taken: Iterable[Rect]
) -> list[Path]:
    """Boundaries pause behind labels and their own numbers instead of striking them through."""
    boxes = [
        *taken,
        *(
            Rect(box.x - margin, box.y - margin, box.w + 2 * margin, box.h + 2 * margin)
            for box in (label.box for label in placement.labels)
        ),
    ]
    parts = []
    for path in paths:
        visible = [left for piece in _pieces(path) for left in _without(piece, boxes)]
        parts.extend(_chain(visible))
    return parts


def _chain(pieces: Iterable[Segment]) -> list[Path]:
    """Return pieces that follow each other as one path, so that dashes run on."""
    chain: list[Path] = []
    for piece in pieces:
        start, end = (piece.x0, piece.y0), (piece.x1, piece.y1)
        if chain and math.dist(chain[-1][-1], start) < 1e-9:
            chain[-1].append(end)
        else:
            chain.append([start, end])
    return chain


def _without(line: Segment, boxes: Sequence[Rect]) -> list[Segment]:
    """Return the parts of `line` that no box covers."""
    gaps = sorted(gap for box in boxes if (gap := _covered_part(line, box)))
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


def _covered_part(line: Segment, box: Rect) -> tuple[float, float] | None:
    """Return from where to where on the line the box covers it, as shares of its length."""
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
