"""One layout for every pen: where each sign, name, line and note of the matrix stands."""

from materiality.report.figure.layout.compose import compose, describe
from materiality.report.figure.layout.shapes import (
    Axis,
    Ellipse,
    Label,
    Marker,
    Matrix,
    Point,
    Rect,
    Segment,
    TextLine,
    TopicPoint,
    Zone,
)
from materiality.report.figure.layout.zones import bands, boundaries

__all__ = [
    "Axis",
    "Ellipse",
    "Label",
    "Marker",
    "Matrix",
    "Point",
    "Rect",
    "Segment",
    "TextLine",
    "TopicPoint",
    "Zone",
    "bands",
    "boundaries",
    "compose",
    "describe",
]
