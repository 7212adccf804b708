"""One layout for every pen: where each sign, name, line and note of the matrix stands."""

from materiality.report.layout.compose import compose, describe
from materiality.report.layout.shapes import (
    Axis,
    Ellipse,
    Label,
    Line,
    Marker,
    Matrix,
    Point,
    Rect,
    Segment,
    TopicPoint,
    Zone,
)
from materiality.report.layout.sheet import Options
from materiality.report.layout.zones import bands, boundaries

__all__ = [
    "Axis",
    "Ellipse",
    "Label",
    "Line",
    "Marker",
    "Matrix",
    "Options",
    "Point",
    "Rect",
    "Segment",
    "TopicPoint",
    "Zone",
    "bands",
    "boundaries",
    "compose",
    "describe",
]
