"""Where a label could stand: eight near places, then rings of sixteen with a leader line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from materiality.report.figure.layout.shapes import Point, Rect, Segment

Floats = NDArray[np.float64]

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
    for at, anchor in enumerate(anchors):
        if anchor.moved is not None:
            places = _place_by_hand(at, anchor)
            signs.append(np.zeros(1))
        else:
            places = _places(at, anchor, surroundings.size)
            signs.append(_on_signs(places, at, anchors, surroundings.size))
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
    kept, first = [], 0
    for size, most in zip(sizes, keep, strict=True):
        order = np.argsort(cost[first : first + size], kind="stable")
        kept.append(first + order[:most])
        first += size
    return np.concatenate(kept)


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
    side = (dx > 0.1).astype(np.int64) - (dx < -0.1)
    x = anchor.x + dx * reach - wording.w * (1 - side) / 2
    y = anchor.y + dy * reach - wording.h * _share_above(dy)
    box = np.stack([x, y, np.full(len(x), wording.w), np.full(len(x), wording.h)], axis=1)
    leader = np.where(is_led[:, None] > 0, _leaders(anchor, box), np.nan)
    return Candidates(
        np.full(len(x), at),
        box,
        leader,
        cost + variant * SECOND_LINE,
        np.full(len(x), variant),
        side,
    )


def _share_above(dy: Floats) -> Floats:
    """Return how much of each label stands above the point it is attached to."""
    steep = np.abs(dy) > 0.9
    slant = 0.5 - 0.15 * (dy > 0.1) + 0.15 * (dy < -0.1)
    return np.where(steep, (dy < 0).astype(np.float64), slant)


def _leaders(anchor: Anchor, box: Floats) -> Floats:
    """Return the lines from the rim of the sign to the nearest place of each label."""
    x, y, w, h = box.T
    ex, ey = np.clip(anchor.x, x, x + w), np.clip(anchor.y, y + h * 0.2, y + h * 0.8)
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


def _on_signs(found: Candidates, at: int, anchors: Sequence[Anchor], size: float) -> Floats:
    """Return what it costs to cover signs, to come near foreign ones, to lead over them."""
    x0, y0, x1, y1 = found.extent().T
    left, top, right, bottom = x0.min() - size, y0.min() - size, x1.max() + size, y1.max() + size
    # Signs out of reach of every candidate cost nothing; among many topics most are.
    within = [
        other
        for other, anchor in enumerate(anchors)
        if left < anchor.x + anchor.r
        and anchor.x - anchor.r < right
        and top < anchor.y + anchor.r
        and anchor.y - anchor.r < bottom
    ]
    near_by = [anchors[other] for other in within]
    signs = np.array([(a.x - a.r, a.y - a.r, 2 * a.r, 2 * a.r) for a in near_by])
    own = np.array(within) == at
    covered = overlap(found.box, signs, size * 0.1) > 0
    cost = covered @ np.where(own, 80.0, 55.0)
    distance = _distance(found.box, signs)
    near = np.where(covered | own, 0.0, 1.8 * np.clip(1 - distance / size, 0, 1))
    crossed = hits(found.leader, signs, 0.0) & ~own
    return np.asarray(cost + near.sum(axis=1) + crossed.sum(axis=1) * 14.0, dtype=np.float64)


def _on_lines(found: Candidates, anchors: Sequence[Anchor], around: Surroundings) -> Floats:
    tails = [anchor.tail for anchor in anchors if anchor.tail]
    cost = np.zeros(len(found.cost))
    for lines, price in ((tails, 3.2), (around.lines, 0.9)):
        if lines:
            segments = np.array([(line.x0, line.y0, line.x1, line.y1) for line in lines])
            for first in range(0, len(cost), AT_ONCE):
                some = slice(first, first + AT_ONCE)
                crossed = hits(segments, found.box[some], 0.0).sum(axis=0)
                cost[some] += price * crossed.clip(max=2)
    for rect in around.taken:
        boxes = np.array([(rect.x, rect.y, rect.w, rect.h)])
        cost += 60.0 * (overlap(found.box, boxes, around.size * 0.2)[:, 0] > 0)
    return cost


def overlap(a: Floats, b: Floats, margin: float) -> Floats:
    """Return the common area of each box of `a` with each of `b`, grown by `margin`: [a, b]."""
    ax, ay, aw, ah = (column[:, None] for column in a.T)
    bx, by, bw, bh = (column[None, :] for column in b.T)
    w = np.minimum(ax + aw, bx + bw) - np.maximum(ax, bx) + margin
    h = np.minimum(ay + ah, by + bh) - np.maximum(ay, by) + margin
    return np.where((w > 0) & (h > 0), w * h, 0.0)


def _distance(boxes: Floats, signs: Floats) -> Floats:
    """Return the distance from each box to the rim of each sign."""
    x, y, w, h = (column[:, None] for column in boxes.T)
    cx, cy, r = signs[:, 0] + signs[:, 2] / 2, signs[:, 1] + signs[:, 3] / 2, signs[:, 2] / 2
    nearest_x, nearest_y = np.clip(cx, x, x + w), np.clip(cy, y, y + h)
    return np.asarray(np.hypot(nearest_x - cx, nearest_y - cy) - r, dtype=np.float64)


def hits(segments: Floats, boxes: Floats, margin: float) -> NDArray[np.bool_]:
    """Return which segments pass through which boxes grown by `margin` (Liang-Barsky): [s, b]."""
    x0, y0, x1, y1 = (column[:, None] for column in segments.T)
    bx, by, bw, bh = (column[None, :] for column in boxes.T)
    enter, leave = _span(x0, x1 - x0, bx - margin, bx + bw + margin)
    enter_y, leave_y = _span(y0, y1 - y0, by - margin, by + bh + margin)
    start = np.maximum(np.maximum(enter, enter_y), 0.0)
    return np.asarray(start < np.minimum(np.minimum(leave, leave_y), 1.0))


def _span(origin: Floats, way: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return where on the segment it enters and leaves the strip between `low` and `high`."""
    way = np.where(np.abs(way) < 1e-12, 1e-12, way)
    first, last = (low - origin) / way, (high - origin) / way
    return np.minimum(first, last), np.maximum(first, last)


def crossings(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """Return which segments of `a` cross which of `b`: [a, b]."""
    ax0, ay0, ax1, ay1 = (column[:, None] for column in a.T)
    bx0, by0, bx1, by1 = (column[None, :] for column in b.T)
    apart_a = _turn(ax0, ay0, ax1, ay1, bx0, by0) * _turn(ax0, ay0, ax1, ay1, bx1, by1)
    apart_b = _turn(bx0, by0, bx1, by1, ax0, ay0) * _turn(bx0, by0, bx1, by1, ax1, ay1)
    return np.asarray((apart_a < 0) & (apart_b < 0))


def _turn(x0: Floats, y0: Floats, x1: Floats, y1: Floats, x2: Floats, y2: Floats) -> Floats:
    return (x1 - x0) * (y2 - y0) - (y1 - y0) * (x2 - x0)
