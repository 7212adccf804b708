"""Bands and boundaries of the tiers, for each rule, inside the range of the axes.

`weighted_sum` (and the rules that rank by it) is a line, `distance` an arc, `product` a hyperbola,
`either` and `both` are an L and its mirror, `quadrants` a cross of the cuts of both axes. A band
is what belongs to a tier or a higher one: the lowest tier has none.
"""

import math
from collections.abc import Callable

from materiality.report.figure.layout.shapes import Axis, Point
from materiality.results import Rule

Path = list[Point]

STEPS = 48  # pieces of a curve
LOWEST = 1.0  # of every scale
CURVES = ("distance", "product")


def bands(rule: Rule, axis: Axis, *, points: int) -> list[tuple[int, Path]]:
    """Return tier and corners of the part at or above it: the lowest first, tier 1 on top."""
    if rule.kind == "quadrants":
        upper = range(rule.tiers - 1, 0, -1)
        zones = [(tier, _quadrant_band(rule, tier, axis)) for tier in upper]
    else:
        cuts = reversed(list(enumerate(rule.cuts, start=1)))
        zones = [(tier, _band(rule, cut, axis, points)) for tier, cut in cuts]
    return [(tier, corners) for tier, corners in zones if corners]


def boundaries(rule: Rule, axis: Axis, *, points: int) -> list[Path]:
    """Return the lines between the tiers, each a path through the plot."""
    low, high = axis.low, axis.high
    if rule.kind == "quadrants":
        upright = [[(x, low), (x, high)] for x in rule.cuts_x if low < x < high]
        level = [[(low, y), (high, y)] for y in rule.cuts_y if low < y < high]
        return upright + level
    return [path for _cut, path in lines_of_cuts(rule, axis, points=points)]


def lines_of_cuts(rule: Rule, axis: Axis, *, points: int) -> list[tuple[float, Path]]:
    """Return the cuts on one number that run through the plot, each with its line."""
    paths = [(cut, _boundary(rule, cut, axis, points)) for cut in rule.cuts]
    return [(cut, path) for cut, path in paths if path]


def _quadrant_band(rule: Rule, tier: int, axis: Axis) -> Path:
    """Return the corners of the cells whose tier is `tier` or higher, a staircase falling right."""
    low, high = axis.low, axis.high
    edges = sorted({low, *(x for x in rule.cuts_x if low < x < high)})
    steps = [(left, _least_y(rule, tier, left, axis)) for left in edges]
    steps = [(left, foot) for left, foot in steps if foot < high]
    if not steps:
        return []
    outline: Path = [(steps[0][0], high)]
    for at, (left, foot) in enumerate(steps):
        right = steps[at + 1][0] if at + 1 < len(steps) else high
        outline += [(left, foot), (right, foot)]
    return [*outline, (high, high)]


def _least_y(rule: Rule, tier: int, x: float, axis: Axis) -> float:
    """Return from which score on y a topic with this x is in `tier` or a higher one."""
    for y in sorted({axis.low, *rule.cuts_y}):
        if rule.quadrant(x, y) <= tier:
            return max(y, axis.low)
    return math.inf


def _band(rule: Rule, cut: float, axis: Axis, points: int) -> Path:
    low, high = axis.low, axis.high
    if math.isnan(cut):
        return []
    if rule.kind == "both":
        return _reaching_both(cut, cut, axis)
    if rule.kind == "either":
        return _reaching_either(cut, cut, axis)
    if rule.kind in CURVES:
        return _above(_curve(rule, cut, points), axis)
    square = [(low, low), (high, low), (high, high), (low, high)]
    return _clip(square, rule.weight_x, rule.weight_y, _level(rule, cut))


def _boundary(rule: Rule, cut: float, axis: Axis, points: int) -> Path:
    low, high = axis.low, axis.high
    if math.isnan(cut):
        return []
    if rule.kind in CURVES:
        return _trace(_curve(rule, cut, points), axis)
    if rule.kind not in ("either", "both"):
        return _line(rule, cut, axis)
    if not low < cut < high:
        return []
    if rule.kind == "both":
        return [(cut, high), (cut, cut), (high, cut)]
    return [(low, cut), (cut, cut), (cut, low)]


# -- bent lines ------------------------------------------------------------------------------------


def _reaching_both(x: float, y: float, axis: Axis) -> Path:
    """Return the corner where both axes reach their cut."""
    low, high = axis.low, axis.high
    if not (x < high and y < high):
        return []
    left, foot = max(x, low), max(y, low)
    return [(left, foot), (high, foot), (high, high), (left, high)]


def _reaching_either(x: float, y: float, axis: Axis) -> Path:
    """Return the L where at least one axis reaches its cut."""
    low, high = axis.low, axis.high
    if x <= low or y <= low:
        return [(low, low), (high, low), (high, high), (low, high)]
    if x >= high and y >= high:
        return []
    right, top = min(x, high), min(y, high)
    return [(right, low), (high, low), (high, high), (low, high), (low, top), (right, top)]


# -- curves, y falling as x grows ------------------------------------------------------------------


def _curve(rule: Rule, cut: float, points: int) -> Callable[[float], float]:
    """Return the score on y that reaches `cut` together with a score on x; its own inverse."""
    if rule.kind == "product":
        return lambda x: cut / x
    radius = cut * (points - LOWEST) * math.sqrt(2)
    return lambda x: LOWEST + math.sqrt(max(0.0, radius**2 - (x - LOWEST) ** 2))


def _trace(curve: Callable[[float], float], axis: Axis) -> Path:
    start, end = max(axis.low, curve(axis.high)), min(axis.high, curve(axis.low))
    if start >= end:
        return []
    return [(x, curve(x)) for x in _steps(start, end)]


def _above(curve: Callable[[float], float], axis: Axis) -> Path:
    """Return the corners of the part of the plot on or above a curve."""
    low, high = axis.low, axis.high
    if curve(low) <= low:
        return [(low, low), (high, low), (high, high), (low, high)]
    if curve(high) >= high:
        return []
    start, end = max(low, curve(high)), min(high, curve(low))
    path = [(x, min(max(curve(x), low), high)) for x in _steps(start, end)]
    left = [(low, high)] if start > low else []
    right = [(high, low)] if end < high else []
    return [*left, *path, *right, (high, high), *([] if left else [(low, high)])]


def _steps(start: float, end: float) -> list[float]:
    return [start + (end - start) * at / STEPS for at in range(STEPS + 1)]


# -- straight lines --------------------------------------------------------------------------------


def _level(rule: Rule, cut: float) -> float:
    """The weights need not add up to one; the cut is on the scale of the ratings."""
    return cut * (rule.weight_x + rule.weight_y)


def _clip(corners: Path, a: float, b: float, level: float) -> Path:
    """Return the polygon where a x + b y >= level (Sutherland-Hodgman)."""
    path: Path = []
    for at, start in enumerate(corners):
        end = corners[(at + 1) % len(corners)]
        here, there = (a * x + b * y - level for x, y in (start, end))
        if here >= 0:
            path.append(start)
        if (here >= 0) != (there >= 0):
            t = here / (here - there)
            path.append((start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])))
    return path


def _line(rule: Rule, cut: float, axis: Axis) -> Path:
    """Return the two ends of a x + b y = level on the frame; it may pass through corners."""
    a, b, level = rule.weight_x, rule.weight_y, _level(rule, cut)
    low, high = axis.low, axis.high
    at_x = [(x, (level - a * x) / b) for x in (low, high) if b]
    at_y = [((level - b * y) / a, y) for y in (high, low) if a]
    inside = [point for point in at_x + at_y if all(low <= value <= high for value in point)]
    ends = [point for at, point in enumerate(inside) if point not in inside[:at]]
    return ends[:2] if len(ends) >= 2 else []
