"""Where a label could stand: eight near places, then rings of sixteen with a leader line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from materiality.report.figure.layout.shapes import Point, Rect, Segment

Floats = NDArray[np.float64]
Columns = tuple[Floats, Floats, Floats, Floats]

# direction x, direction y, what it costs: readers expect a name at the right of its sign
NEAR = (
    (1.0, 0.0, 0.0),
    (0.78, -0.78, 0.35),
    (0.78, 0.78, 0.4),
    (-1.0, 0.0, 0.55),
    (0.0, -1.0, 0.7),
    (0.0, 1.0, 0.75),
    (-0.78, -0.78, 0.65),
    (-0.78, 0.78, 0.7),
)
AROUND = tuple(
    (
        round(math.cos(at * math.pi / 8), 6),
        round(math.sin(at * math.pi / 8), 6),
        0.35 + 0.3 * (1 - math.cos(at * math.pi / 8)),
    )
    for at in range(16)
)
# gap beyond the sign in text sizes, what the ring costs
RINGS = ((0.32, 0.0), (1.1, 3.2), (2.1, 4.2), (3.2, 6.2), (4.4, 8.4), (6.0, 11.0), (8.0, 14.5))
PLACES = np.array(
    [
        (dx, dy, cost + ring, gap, float(ring > 0))
        for gap, ring in RINGS
        for dx, dy, cost in (AROUND if ring else NEAR)
    ]
)
SIDES = (PLACES[:, 0] > 0.1).astype(np.int64) - (PLACES[:, 0] < -0.1)
SECOND_LINE = 0.8
AT_ONCE = 4096  # places looked at together: all of two hundred topics would take a lot of memory


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to write a label, measured."""

    lines: tuple[str, ...]
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Anchor:
    """A sign that wants a label."""

    x: float
    y: float
    r: float
    wordings: tuple[Wording, ...]
    tail: Segment | None = None
    moved: Point | None = None  # where a person put the label's middle, from the sign


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What labels should keep clear of; `size` is that of the text."""

    size: float
    bounds: Rect
    lines: tuple[Segment, ...] = ()
    taken: tuple[Rect, ...] = ()


@dataclass(slots=True)
class Candidates:
    """Places of one or of all labels as columns: box, leader, cost."""

    owner: NDArray[np.int64]
    box: Floats  # x, y, w, h
    leader: Floats  # x0, y0, x1, y1; NaN without a leader
    cost: Floats
    wording: NDArray[np.int64]
    side: NDArray[np.int64]  # 1 the text starts at the sign, -1 ends there, 0 is centred

    def take(self, chosen: NDArray[np.int64]) -> "Candidates":
        return Candidates(
            self.owner[chosen],
            self.box[chosen],
            self.leader[chosen],
            self.cost[chosen],
            self.wording[chosen],
            self.side[chosen],
        )

    def extent(self) -> Floats:
        """Return what each candidate covers with its leader: left, top, right, bottom."""
        x, y, w, h = self.box.T
        x0, y0, x1, y1 = self.leader.T
        low = (np.fmin(x, np.fmin(x0, x1)), np.fmin(y, np.fmin(y0, y1)))
        high = (np.fmax(x + w, np.fmax(x0, x1)), np.fmax(y + h, np.fmax(y0, y1)))
        return np.stack([*low, *high], axis=1)

    @property
    def has_leader(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.leader[:, 0])


def join(parts: Sequence[Candidates]) -> Candidates:
    names = ("owner", "box", "leader", "cost", "wording", "side")
    arrays = []
    for name in names:
        arrays.append(np.concatenate([getattr(part, name) for part in parts]))
    return Candidates(*arrays)


def around(
    anchors: Sequence[Anchor], surroundings: Surroundings, keep: Sequence[int | None]
) -> Candidates:
    """Return the cheapest places for the label of each anchor, in the order of the anchors.

    :param keep: how many of each label; None for all of them.
    """
    parts, signs = [], []
    boxes = sign_boxes(anchors)
    for at, anchor in enumerate(anchors):
        if anchor.moved is not None:
            places = _place_by_hand(at, anchor)
            signs.append(np.zeros(1))
        else:
            places = _places(at, anchor, surroundings.size)
            signs.append(_on_signs(places, at, boxes, surroundings.size))
        parts.append(places)
    every = join(parts)
    is_free = np.array([anchor.moved is None for anchor in anchors])[every.owner]
    # What lies under a place costs the same whosever it is; one that a person chose is not judged.
    every.cost += np.where(is_free, _outside(every.box, surroundings), 0.0)
    every.cost += np.concatenate(signs)
    every.cost += np.where(is_free, _on_lines(every, anchors, surroundings), 0.0)
    return every.take(_cheapest(every.cost, [len(part.cost) for part in parts], keep))


def _cheapest(cost: Floats, sizes: Sequence[int], keep: Sequence[int | None]) -> NDArray[np.int64]:
    """Return which places to keep, label by label, each label's cheapest first."""
    places, first = [], 0
    for size, most in zip(sizes, keep, strict=True):
        order = np.argsort(cost[first : first + size], kind="stable")
        places.append(first + order[:most])
        first += size
    return np.concatenate(places)


def _place_by_hand(at: int, anchor: Anchor) -> Candidates:
    """Return the one place that a person chose; a leader where it is not beside the sign."""
    wording, (dx, dy) = anchor.wordings[0], anchor.moved or (0.0, 0.0)
    x, y = anchor.x + dx - wording.w / 2, anchor.y + dy - wording.h / 2
    box = np.array([[x, y, wording.w, wording.h]])
    gap_x, gap_y = abs(dx) - wording.w / 2, abs(dy) - wording.h / 2
    far = max(gap_x, gap_y) > anchor.r + wording.h
    leader = _leaders(anchor, box) if far else np.full((1, 4), np.nan)
    one = np.zeros(1, dtype=np.int64)
    return Candidates(one + at, box, leader, np.zeros(1), one, one)


def _places(at: int, anchor: Anchor, size: float) -> Candidates:
    parts = [
        _places_of(at, anchor, variant, wording, size)
        for variant, wording in enumerate(anchor.wordings)
    ]
    return parts[0] if len(parts) == 1 else join(parts)


def _places_of(at: int, anchor: Anchor, variant: int, wording: Wording, size: float) -> Candidates:
    dx, dy, cost, gap, is_led = PLACES.T
    reach = gap * size + anchor.r
    x = anchor.x + dx * reach - wording.w * (1 - SIDES) / 2
    y = anchor.y + dy * reach - wording.h * SHARES_ABOVE
    box = np.stack([x, y, np.full(len(x), wording.w), np.full(len(x), wording.h)], axis=1)
    leader = np.where(is_led[:, None] > 0, _leaders(anchor, box), np.nan)
    return Candidates(
        np.full(len(x), at),
        box,
        leader,
        cost + variant * SECOND_LINE,
        np.full(len(x), variant),
        SIDES,
    )


def _share_above(dy: Floats) -> Floats:
    """Return how much of each label stands above the point it is attached to."""
    steep = np.abs(dy) > 0.9
    slant = 0.5 - 0.15 * (dy > 0.1) + 0.15 * (dy < -0.1)
    return np.where(steep, (dy < 0).astype(np.float64), slant)


SHARES_ABOVE = _share_above(PLACES[:, 1])


def _leaders(anchor: Anchor, box: Floats) -> Floats:
    """Return the lines from the rim of the sign to the nearest place of each label."""
    x, y, w, h = box.T
    ex, ey = _between(anchor.x, x, x + w), _between(anchor.y, y + h * 0.2, y + h * 0.8)
    length = np.maximum(np.hypot(ex - anchor.x, ey - anchor.y), 1e-6)
    share = np.minimum(1.0, 1.15 * anchor.r / length)
    start_x, start_y = anchor.x + (ex - anchor.x) * share, anchor.y + (ey - anchor.y) * share
    return np.stack([start_x, start_y, ex, ey], axis=1)


def _outside(box: Floats, around: Surroundings) -> Floats:
    bounds, (x, y, w, h) = around.bounds, box.T
    out = (
        np.maximum(0, bounds.x - x)
        + np.maximum(0, x + w - bounds.right)
        + np.maximum(0, bounds.y - y)
        + np.maximum(0, y + h - bounds.bottom)
    )
    return np.where(out > 0, 60 + out / around.size * 40, 0.0)


def sign_boxes(anchors: Sequence[Anchor]) -> Floats:
    """Return the box around each sign: [anchor, 4]."""
    return np.array([(a.x - a.r, a.y - a.r, 2 * a.r, 2 * a.r) for a in anchors])


def _on_signs(candidates: Candidates, at: int, signs: Floats, size: float) -> Floats:
    """Return what it costs to cover signs, to come near foreign ones, to lead over them.

    :param signs: the boxes around all signs; the label belongs to the one at `at`.
    """
    x0, y0, x1, y1 = candidates.extent().T
    left, top, right, bottom = x0.min() - size, y0.min() - size, x1.max() + size, y1.max() + size
    x, y, w, h = signs.T
    # Signs out of reach of every candidate cost nothing; among many topics most are.
    within = np.flatnonzero((left < x + w) & (x < right) & (top < y + h) & (y < bottom))
    signs, own = signs[within], within == at
    covered = _covers(candidates.box, signs, size * 0.1)
    cost = covered @ np.where(own, 80.0, 55.0)
    near = np.where(covered | own, 0.0, _nearness(candidates.box, signs, size))
    crossed = hits(candidates.leader, signs, 0.0) & ~own
    return np.asarray(cost + near.sum(axis=1) + crossed.sum(axis=1) * 14.0, dtype=np.float64)


def _on_lines(candidates: Candidates, anchors: Sequence[Anchor], around: Surroundings) -> Floats:
    tails = [anchor.tail for anchor in anchors if anchor.tail]
    cost = np.zeros(len(candidates.cost))
    for lines, price in ((tails, 3.2), (around.lines, 0.9)):
        if lines:
            segments = np.array([(line.x0, line.y0, line.x1, line.y1) for line in lines])
            for first in range(0, len(cost), AT_ONCE):
                some = slice(first, first + AT_ONCE)
                crossed = hits(segments, candidates.box[some], 0.0).sum(axis=0)
                cost[some] += price * crossed.clip(max=2)
    for rect in around.taken:
        boxes = np.array([(rect.x, rect.y, rect.w, rect.h)])
        cost += 60.0 * (overlap(candidates.box, boxes, around.size * 0.2)[:, 0] > 0)
    return cost


def overlap(a: Floats, b: Floats, margin: float) -> Floats:
    """Return the common area of each box of `a` with each of `b`, grown by `margin`: [a, b]."""
    ax, ay, aw, ah = (column[:, None] for column in a.T)
    bx, by, bw, bh = (column[None, :] for column in b.T)
    w = _common(ax, ax + aw, bx, bx + bw, margin)
    h = _common(ay, ay + ah, by, by + bh, margin)
    return np.where((w > 0) & (h > 0), w * h, 0.0)


def _covers(a: Floats, b: Floats, margin: float) -> NDArray[np.bool_]:
    """Return whether each box of `a` overlaps each of `b`, grown by `margin`: [a, b]."""
    ax, ay, aw, ah = (column[:, None] for column in a.T)
    bx, by, bw, bh = (column[None, :] for column in b.T)
    wide = _common(ax, ax + aw, bx, bx + bw, margin) > 0
    return np.asarray(wide & (_common(ay, ay + ah, by, by + bh, margin) > 0))


def _common(
    low: Floats, high: Floats, other_low: Floats, other_high: Floats, margin: float
) -> Floats:
    """Return how long the common part of two ranges is, with the margin; below zero if apart."""
    length = np.minimum(high, other_high)
    length -= np.maximum(low, other_low)
    length += margin
    return np.asarray(length)


def _nearness(boxes: Floats, signs: Floats, size: float) -> Floats:
    """Return what it costs each box to stand less than `size` from the rim of each sign."""
    x, y, w, h = (column[:, None] for column in boxes.T)
    cx, cy, r = signs[:, 0] + signs[:, 2] / 2, signs[:, 1] + signs[:, 3] / 2, signs[:, 2] / 2
    away_x, away_y = _between(cx, x, x + w) - cx, _between(cy, y, y + h) - cy
    cost = np.zeros(away_x.shape)
    # The hypotenuse is what takes long; most signs are too far off along one axis alone.
    near = np.maximum(np.abs(away_x), np.abs(away_y)) < (r + size) * (1 + 1e-9)
    at = np.flatnonzero(near)
    distance = np.hypot(away_x.ravel()[at], away_y.ravel()[at]) - r[at % len(r)]
    cost.ravel()[at] = 1.8 * _between(1 - distance / size, 0.0, 1.0)
    return cost


def _between(value: float | Floats, low: float | Floats, high: float | Floats) -> Floats:
    """Return `value`, or the end of the range that it lies beyond: `np.clip`, of small arrays."""
    return np.minimum(np.maximum(value, low), high)


def hits(segments: Floats, boxes: Floats, margin: float) -> NDArray[np.bool_]:
    """Return which segments pass through which boxes grown by `margin` (Liang-Barsky): [s, b]."""
    x, y, dx, dy = (column[:, None] for column in ways(segments))
    return passes((x, y, dx, dy), strips(boxes, margin))


def ways(segments: Floats) -> Columns:
    """Return where each segment starts and how far it leads: x, y, dx, dy; none leads nowhere."""
    x0, y0, x1, y1 = segments.T
    dx, dy = x1 - x0, y1 - y0
    dx[np.abs(dx) < 1e-12] = 1e-12
    dy[np.abs(dy) < 1e-12] = 1e-12
    return x0, y0, dx, dy


def strips(boxes: Floats, margin: float) -> Columns:
    """Return between which lines each box grown by `margin` lies: left, right, top, bottom."""
    x, y, w, h = boxes.T
    return x - margin, x + w + margin, y - margin, y + h + margin


def taken(columns: Columns, at: int | NDArray[np.int64]) -> Columns:
    """Return the rows at `at` of each column."""
    first, second, third, fourth = columns
    return first[at], second[at], third[at], fourth[at]


def passes(lines: Columns, bounds: Columns) -> NDArray[np.bool_]:
    """Return which `ways` pass between which `strips`; shapes as numpy broadcasts them."""
    x, y, dx, dy = lines
    left, right, top, bottom = bounds
    start, end = _span(x, dx, left, right)
    enter, leave = _span(y, dy, top, bottom)
    np.maximum(start, enter, out=start)
    np.maximum(start, 0.0, out=start)
    np.minimum(end, leave, out=end)
    np.minimum(end, 1.0, out=end)
    return np.asarray(start < end)


def _span(origin: Floats, way: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return where on the segment it enters and leaves the strip between `low` and `high`."""
    first, last = low - origin, high - origin
    first /= way
    last /= way
    return np.minimum(first, last), np.maximum(first, last, out=last)


def crossings(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """Return which segments of `a` cross which of `b`: [a, b]."""
    ax0, ay0, ax1, ay1 = (column[:, None] for column in a.T)
    bx0, by0, bx1, by1 = (column[None, :] for column in b.T)
    apart_a = _turn(ax0, ay0, ax1, ay1, bx0, by0) * _turn(ax0, ay0, ax1, ay1, bx1, by1)
    apart_b = _turn(bx0, by0, bx1, by1, ax0, ay0) * _turn(bx0, by0, bx1, by1, ax1, ay1)
    return np.asarray((apart_a < 0) & (apart_b < 0))


def _turn(x0: Floats, y0: Floats, x1: Floats, y1: Floats, x2: Floats, y2: Floats) -> Floats:
    return (x1 - x0) * (y2 - y0) - (y1 - y0) * (x2 - x0)
