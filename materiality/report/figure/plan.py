"""The empty matrix: axes, bands and boundaries of a rule, before anybody has answered."""

from materiality.report.figure.ink import band_class
from materiality.report.figure.layout import Axis, Point, Rect, bands, boundaries
from materiality.report.figure.layout.scale import Projection
from materiality.results import Rule

SIDE, EDGE, SIZE = 300.0, 34.0, 13.0
LOWEST = 1.0
MOST_TICKS = 6


def plan_figure(rule: Rule, *, points: int) -> str:
    """Return an SVG for a page, over the whole scale of `points`.

    Decoration only: the table beside it says the same in words.
    """
    step = 1 if points <= MOST_TICKS else 2
    axis = Axis(LOWEST, float(points), tuple(float(at) for at in range(1, points + 1, step)))
    plot = Rect(EDGE, SIZE, SIDE - EDGE - SIZE, SIDE - EDGE - SIZE)
    project = Projection(axis, plot)
    parts = [
        f'<polygon class="band {band_class(tier, rule.tiers)}" points="{_corners(path, project)}"/>'
        for tier, path in bands(rule, axis, points=points)
    ]
    parts += [
        f'<polyline class="cut" stroke-dasharray="5 4" points="{_corners(path, project)}"/>'
        for path in boundaries(rule, axis, points=points)
    ]
    frame = f"M{plot.x:g} {plot.y:g}V{plot.bottom:g}H{plot.right:g}"
    parts.append(f'<path class="ax" d="{frame}"/>')
    for value in axis.ticks:
        parts += _tick(value, project, plot)
    drawn = "".join(parts)
    return f'<svg class="mx plan" viewBox="0 0 {SIDE:g} {SIDE:g}" aria-hidden="true">{drawn}</svg>'


def _tick(value: float, project: Projection, plot: Rect) -> list[str]:
    x, y = project(value, value)
    look = f'class="tkt" font-size="{SIZE:g}"'
    below, left = plot.bottom + SIZE * 1.4, plot.x - SIZE * 0.5
    return [
        f'<text {look} x="{x:.1f}" y="{below:.1f}" text-anchor="middle">{value:g}</text>',
        f'<text {look} x="{left:.1f}" y="{y + SIZE * 0.36:.1f}" text-anchor="end">{value:g}</text>',
    ]


def _corners(path: list[Point], project: Projection) -> str:
    projected = [project(*point) for point in path]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in projected)
