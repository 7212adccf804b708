"""Bands and boundaries of the three tiers, for each rule, inside the range of the axes."""

from materiality.bundle import Rule
from materiality.report.layout.shapes import Axis, Point

Path = list[Point]


def zone(rule: Rule, cut: float, axis: Axis) -> Path:
    """Return the corners of the part of the plot whose overall score reaches `cut`."""
    low, high = axis.low, axis.high
    square = [(low, low), (high, low), (high, high), (low, high)]
    if rule.kind == "weighted_sum":
        return _clipped(square, rule.weight_x, rule.weight_y, _level(rule, cut))
    at = min(max(cut, low), high)
    if rule.kind == "both":
        return [] if cut >= high else [(at, at), (high, at), (high, high), (at, high)]
    if cut <= low:
        return square
    return (
        []
        if cut > high
        else [(at, low), (high, low), (high, high), (low, high), (low, at), (at, at)]
    )


def boundary(rule: Rule, cut: float, axis: Axis) -> Path:
    """Return the line between the tiers, as a path through the plot; empty where it is outside."""
    low, high = axis.low, axis.high
    if rule.kind == "weighted_sum":
        return _line(rule, cut, axis)
    if not low < cut < high:
        return []
    if rule.kind == "both":
        return [(cut, high), (cut, cut), (high, cut)]
    return [(low, cut), (cut, cut), (cut, low)]


def _level(rule: Rule, cut: float) -> float:
    """The weights need not add up to one; the cut is on the scale of the ratings."""
    return cut * (rule.weight_x + rule.weight_y)


def _clipped(corners: Path, a: float, b: float, level: float) -> Path:
    """Return the polygon where a x + b y >= level (Sutherland-Hodgman)."""
    found: Path = []
    for at, start in enumerate(corners):
        end = corners[(at + 1) % len(corners)]
        here, there = (a * x + b * y - level for x, y in (start, end))
        if here >= 0:
            found.append(start)
        if (here >= 0) != (there >= 0):
            t = here / (here - there)
            found.append((start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])))
    return found


def _line(rule: Rule, cut: float, axis: Axis) -> Path:
    """Return the two ends of a x + b y = level on the frame; it may pass through corners."""
    a, b, level = rule.weight_x, rule.weight_y, _level(rule, cut)
    low, high = axis.low, axis.high
    at_x = [(x, (level - a * x) / b) for x in (low, high) if b]
    at_y = [((level - b * y) / a, y) for y in (high, low) if a]
    inside = [point for point in at_x + at_y if all(low <= value <= high for value in point)]
    ends = [point for at, point in enumerate(inside) if point not in inside[:at]]
    return ends[:2] if len(ends) >= 2 else []
