"""Signs that would hide each other step aside, as little as needed, and the figure says so."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from materiality.report.figure.layout.shapes import Point, Rect

HIDDEN = 0.9  # distance in radii under which one sign hides what the other is
APART = 2.1  # distance in radii at which two signs stand beside each other
STEPS = 60
REACH = 3  # of that distance: signs farther from each other are not looked at in a step
GOLDEN = math.pi * (3 - math.sqrt(5))  # directions that never meet, for equal scores


def stepped_aside(
    places: Mapping[str, Point], moving: Sequence[str], r: float, plot: Rect
) -> dict[str, Point]:
    """Return new places of the signs in `moving`, those that hid each other.

    :param places: by topic, in the order of their rank; the same places give the same steps.
    :param r: the radius of a sign.
    """
    xs, ys = [], []
    for at, code in enumerate(moving):
        # Equal places need a direction to part in; a hair is enough for the steps that follow.
        x, y = places[code]
        xs.append(x + 0.01 * r * math.cos(at * GOLDEN))
        ys.append(y + 0.01 * r * math.sin(at * GOLDEN))
    for _ in range(STEPS):
        if not _part(xs, ys, APART * r):
            break
    return {code: _within((xs[at], ys[at]), r, plot) for at, code in enumerate(moving)}


def coincident(places: Mapping[str, Point], r: float) -> list[str]:
    """Return the topics whose signs, of radius `r`, would hide each other."""
    codes = list(places)
    codes_aside = dict.fromkeys(
        code
        for at, one in enumerate(codes)
        for other in codes[at + 1 :]
        if math.dist(places[one], places[other]) < HIDDEN * r
        for code in (one, other)
    )
    return list(codes_aside)


def _part(xs: list[float], ys: list[float], least: float) -> bool:
    """Push each pair of signs apart by half of what is missing; tell if any was near.

    A push counts at once for the pairs that follow, so they are looked at one after another.
    """
    any_near = False
    for one, other in _pairs(xs, ys, REACH * least):
        x, y = xs[other] - xs[one], ys[other] - ys[one]
        distance = math.hypot(x, y)
        if distance >= least - 1e-9:
            continue
        any_near = True
        push = (least - distance) / 2
        dx, dy = x / distance * push, y / distance * push
        xs[one] -= dx
        ys[one] -= dy
        xs[other] += dx
        ys[other] += dy
    return any_near


def _pairs(xs: Sequence[float], ys: Sequence[float], reach: float) -> Iterator[tuple[int, int]]:
    """Return the pairs so near that they may touch in this step; who comes nearer does so in the
    next."""
    x, y = np.array(xs), np.array(ys)
    near = (np.abs(x[:, None] - x) < reach) & (np.abs(y[:, None] - y) < reach)
    one, other = np.nonzero(np.triu(near, 1))
    return zip(one.tolist(), other.tolist(), strict=True)


def _within(spot: Point, r: float, plot: Rect) -> Point:
    x, y = spot
    return (
        min(max(x, plot.x + r), plot.right - r),
        min(max(y, plot.y + r), plot.bottom - r),
    )
