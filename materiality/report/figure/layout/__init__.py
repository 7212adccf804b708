"""One layout for every pen: where each sign, name, line and note of the matrix stands."""

from materiality.report.figure.layout.compose import compose, describe
from materiality.report.figure.layout.shapes import (
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
from materiality.report.figure.layout.zones import bands, boundaries

__all__ = [
    "Axis",
    "Ellipse",
    "Label",
    "Line",
    "Marker",
    "Matrix",
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
