"""Both axes share one range, so that a distance means the same in both directions."""

import math
from collections.abc import Iterable

from materiality.report.figure.layout.shapes import Axis, Point, Rect

STEP = 0.5
LEAST_SPAN = 1.5
EDGE = 0.04  # a marker this close to the end of the range would sit on the frame


def common_axis(values: Iterable[float], *, points: int) -> Axis:
    """Return the axis for these scores: floor and ceiling to 0.5, at least 1.5 wide.

    >>> common_axis([3.2, 4.6], points=5)
    Axis(low=3.0, high=5.0, ticks=(3.0, 3.5, 4.0, 4.5, 5.0))
    """
    known = list(values) or [float(points)]
    lowest = 0.0 if min(known) < 1 else 1.0  # a product over the top of the scale goes below 1
    low = max(lowest, math.floor((min(known) - EDGE) / STEP) * STEP)
    high = min(float(points), math.ceil((max(known) + EDGE) / STEP) * STEP)
    high = min(float(points), max(high, low + LEAST_SPAN))
    low = max(lowest, min(low, high - LEAST_SPAN))
    steps = round((high - low) / STEP)
    return Axis(low, high, tuple(low + STEP * at for at in range(steps + 1)))


class Projection:
    """From scores to millimetres."""

    def __init__(self, axis: Axis, plot: Rect) -> None:
        self.axis, self.plot = axis, plot
        self.per_x = plot.w / (axis.high - axis.low)
        self.per_y = plot.h / (axis.high - axis.low)

    def __call__(self, x: float, y: float) -> Point:
        return (
            self.plot.x + (x - self.axis.low) * self.per_x,
            self.plot.bottom - (y - self.axis.low) * self.per_y,
        )
