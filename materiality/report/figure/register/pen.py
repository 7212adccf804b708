"""The pictures of the register as SVG: literal colours in print, classes on a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from materiality.report import signs
from materiality.report.figure import elements
from materiality.report.figure.elements import Attributes, length, tag, words
from materiality.report.figure.ink import FONTS
from materiality.report.figure.layout import Point, TextLine
from materiality.report.figure.register.marks import (
    IN_SIGN,
    RADIUS,
    Arrow,
    Drawing,
    Line,
    Shape,
    Sign,
    Tile,
)
from materiality.report.palette import Palette, thinned

STROKE = 0.25
RING = 0.4  # from the edge of a sign to the dashes around it
SHADES = (0.0, 0.07, 0.16, 0.27, 0.38)  # of the first colour, from the lightest to the darkest


@dataclass(frozen=True)
class _Print:
    palette: Palette

    def tile(self, role: str) -> Attributes:
        if role == "box":
            return {"fill": self.palette.paper, "stroke": self.palette.line}
        share = SHADES[int(role.removeprefix("shade"))]
        return {"fill": thinned(self.palette.accent, share), "stroke": self.palette.paper}

    def arrow(self) -> Attributes:
        return {"fill": self.palette.tint}

    def line(self, role: str) -> Attributes:
        if role == "cut":
            return {"fill": "none", "stroke": self.palette.ink}
        return {"fill": "none", "stroke": self.palette.ink2}

    def text(self, role: str) -> Attributes:
        if role in ("heading", "title"):
            return {"fill": self.palette.ink, "font-weight": 700}
        return {"fill": self.palette.ink2 if role in ("tick", "note") else self.palette.ink}

    def sign(self, role: str) -> tuple[Attributes, Attributes]:
        """Return what a sign and its number look like."""
        colour, paper, soft = self.palette.accent, self.palette.paper, self.palette.ink2
        if role == "material":
            return {"fill": colour, "stroke": paper}, {"fill": paper, "font-weight": 700}
        edge = colour if role == "immaterial" else soft
        dashes = {"stroke-dasharray": "0.7 0.6"} if role == "open" else {}
        return {"fill": paper, "stroke": edge, **dashes}, {"fill": self.palette.ink}

    def ring(self) -> Attributes:
        colour = self.palette.signs[signs.DIAMOND]
        return {"fill": "none", "stroke": colour}

    @property
    def root(self) -> Attributes:
        return {"font-family": FONTS}


class _Page:
    def tile(self, role: str) -> Attributes:
        return {"class": role}

    def arrow(self) -> Attributes:
        return {"class": "arrow"}

    def line(self, role: str) -> Attributes:
        return {"class": {"cut": "edge", "frame": "ax"}[role]}

    def text(self, role: str) -> Attributes:
        if role in ("heading", "title"):
            return {"class": "axt"}
        return {"class": "tkt"} if role in ("tick", "note") else {}

    def sign(self, role: str) -> tuple[Attributes, Attributes]:
        return {"class": f"sg {role}"}, {"class": f"sgn {role}"}

    def ring(self) -> Attributes:
        return {"class": "apart"}

    @property
    def root(self) -> Attributes:
        return {"class": "mx iros"}


def printed(drawing: Drawing, colours: Palette, *, name: str, stamp: str = "") -> str:
    """Return a picture as an SVG document with literal colours."""
    element = _Pen(drawing, _Print(colours), name=name, paper=colours.paper, stamp=stamp).element()
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + element + "\n"


def on_page(drawing: Drawing, *, name: str) -> str:
    """Return a picture for a page: classes instead of colours, each sign a link to its entry.

    :param name: the prefix of ids, where a page holds more than one figure.
    """
    return _Pen(drawing, _Page(), name=name).element()


class _Pen:
    def __init__(
        self,
        drawing: Drawing,
        ink: _Print | _Page,
        *,
        name: str,
        paper: str = "",
        stamp: str = "",
    ) -> None:
        self.drawing, self.ink, self.name = drawing, ink, name
        self.paper, self.stamp = paper, stamp

    def element(self) -> str:
        return elements.drawing(
            self.drawing.width,
            self.drawing.height,
            "\n".join(self._parts()),
            language=self.drawing.language,
            name=self.name,
            is_fixed=bool(self.paper),
            look=self.ink.root,
        )

    def _parts(self) -> Iterable[str]:
        drawing = self.drawing
        yield tag("title", {"id": f"{self.name}-title"}, words(drawing.title))
        yield tag("desc", {"id": f"{self.name}-desc"}, words(drawing.description))
        if self.stamp:
            yield tag("metadata", {}, words(self.stamp))
        if self.paper:
            sheet = {"width": drawing.width, "height": drawing.height, "fill": self.paper}
            yield tag("rect", sheet)
        yield from map(self._shape, drawing.shapes)

    def _shape(self, shape: Shape) -> str:
        if isinstance(shape, Tile):
            rect = shape.rect
            box = {"x": rect.x, "y": rect.y, "width": rect.w, "height": rect.h}
            return tag("rect", {**self.ink.tile(shape.role), **box, "stroke-width": STROKE})
        if isinstance(shape, Arrow):
            return tag("polygon", {**self.ink.arrow(), "points": _points(shape.corners)})
        if isinstance(shape, Line):
            return self._line(shape)
        if isinstance(shape, Sign):
            return self._sign(shape)
        return self._text(shape)

    def _line(self, line: Line) -> str:
        look = {
            **self.ink.line(line.role),
            "stroke-width": STROKE * (2 if line.role == "cut" else 1),
        }
        dashes = {"stroke-dasharray": "1.6 1.1"} if line.role == "cut" else {}
        return tag("polyline", {**look, **dashes, "points": _points(line.points)})

    def _text(self, line: TextLine) -> str:
        anchor = {} if line.anchor == "start" else {"text-anchor": line.anchor}
        place = {"x": line.x, "y": line.y, "font-size": line.size, **anchor}
        return tag("text", {**self.ink.text(line.role), **place}, words(line.text))

    def _sign(self, sign: Sign) -> str:
        look, inside = self.ink.sign(sign.role)
        radius = RADIUS * sign.scale
        circle = {"cx": sign.x, "cy": sign.y, "r": radius, "stroke-width": STROKE * 1.4}
        parts = [tag("circle", {**look, **circle})]
        if sign.is_disputed:
            ring = {**circle, "r": radius + RING * sign.scale, "stroke-dasharray": "0.9 0.6"}
            parts.append(tag("circle", {**self.ink.ring(), **ring}))
        if sign.entry is None:
            return "".join(parts)
        number = sign.entry.number
        size = IN_SIGN.get(len(number), IN_SIGN[3]) * sign.scale
        place = {"x": sign.x, "y": sign.y + size * 0.36, "font-size": size, "text-anchor": "middle"}
        parts.append(tag("text", {**inside, **place}, words(number[:4])))
        if self.paper:
            return tag("g", {"data-code": sign.entry.code}, "".join(parts))
        description = sign.entry.description(self.drawing.language)
        title = tag("title", {}, words(description))
        if not sign.entry.address:
            return tag("g", {"role": "img", "aria-label": description}, title + "".join(parts))
        link = {"href": sign.entry.address, "aria-label": description}
        return tag("a", link, title + "".join(parts))


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{length(x)},{length(y)}" for x, y in points)
