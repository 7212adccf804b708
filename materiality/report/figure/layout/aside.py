"""Signs that would hide each other step aside, as little as needed, and the figure says so."""

import math
from collections.abc import Mapping, Sequence

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
    spots = dict(places)
    for at, code in enumerate(moving):
        # Equal places need a direction to part in; a hair is enough for the steps that follow.
        x, y = places[code]
        spots[code] = (x + 0.01 * r * math.cos(at * GOLDEN), y + 0.01 * r * math.sin(at * GOLDEN))
    for _ in range(STEPS):
        if not _part(spots, moving, APART * r):
            break
    return {code: _within(spots[code], r, plot) for code in moving}


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


def _part(spots: dict[str, Point], moving: Sequence[str], least: float) -> bool:
    """Push each pair of moving signs apart by half of what is missing; tell if any was near."""
    any_near = False
    for at, beside in _pairs([spots[code] for code in moving], REACH * least):
        one, other = moving[at], moving[beside]
        (x0, y0), (x1, y1) = spots[one], spots[other]
        distance = math.hypot(x1 - x0, y1 - y0)
        if distance >= least - 1e-9:
            continue
        any_near = True
        push = (least - distance) / 2
        dx, dy = (x1 - x0) / distance * push, (y1 - y0) / distance * push
        spots[one], spots[other] = (x0 - dx, y0 - dy), (x1 + dx, y1 + dy)
    return any_near


def _pairs(places: Sequence[Point], reach: float) -> list[tuple[int, int]]:
    """Return the pairs so near that they may touch in this step; who comes nearer does so in the
    next."""
    points = np.array(places).reshape(-1, 2)
    apart = np.abs(points[:, None] - points[None]).max(axis=2)
    return [(at, beside) for at, beside in np.argwhere(np.triu(apart < reach, 1)).tolist()]


def _within(spot: Point, r: float, plot: Rect) -> Point:
    x, y = spot
    return (
        min(max(x, plot.x + r), plot.right - r),
        min(max(y, plot.y + r), plot.bottom - r),
    )
