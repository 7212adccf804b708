"""The matrix as SVG: live text, named layers, nothing a layout program might not know.

One pen draws both figures. In print each element has literal colours as attributes; on the page it
has the classes of workspace.css, so that it follows the theme, and its points take the focus.
"""

from collections.abc import Iterable, Sequence

from materiality.report import signs
from materiality.report.edition import Edition
from materiality.report.figure import elements
from materiality.report.figure.elements import length as _f
from materiality.report.figure.elements import tag as _tag
from materiality.report.figure.elements import words as _text
from materiality.report.figure.ink import PageInk, PrintInk
from materiality.report.figure.layout import (
    Ellipse,
    Marker,
    Matrix,
    Point,
    TextLine,
    TopicPoint,
    compose,
)
from materiality.report.palette import COLOUR, Palette
from materiality.report.sentences import note


def figure(edition: Edition) -> str:
    """Return the printed matrix as an SVG document."""
    return printed(edition, compose(edition))


def printed(edition: Edition, matrix: Matrix) -> str:
    """Return a layout as an SVG document: with its stamp, and as a draft until the lock."""
    draft = "" if edition.results.is_locked else edition.say("draft")
    return draw(matrix, edition.look.palette, stamp=note.stamp(edition), draft=draft)


def draw(matrix: Matrix, palette: Palette = COLOUR, *, stamp: str = "", draft: str = "") -> str:
    """Return a layout drawn with literal colours."""
    return _Pen(matrix, PrintInk(palette), stamp=stamp, draft=draft).document()


def element(matrix: Matrix, palette: Palette = COLOUR) -> str:
    """Return a layout drawn with literal colours, as it stands within a page."""
    return _Pen(matrix, PrintInk(palette)).element()


def page_figure(edition: Edition, *, name: str = "matrix") -> str:
    """Return the matrix for a page: classes instead of colours, one focusable group per topic.

    :param name: the prefix of ids, where a page holds more than one figure.
    """
    return _Pen(compose(edition), PageInk(edition), name=name).element()


class _Pen:
    """Writes a layout down, layer by layer."""

    def __init__(
        self,
        matrix: Matrix,
        ink: PrintInk | PageInk,
        *,
        name: str = "matrix",
        stamp: str = "",
        draft: str = "",
    ) -> None:
        self.matrix, self.ink, self.name = matrix, ink, name
        self.stamp, self.draft = stamp, draft
        self.stroke = matrix.label_size * 0.106
        self.on_page = isinstance(ink, PageInk)

    def document(self) -> str:
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + self.element() + "\n"

    def element(self) -> str:
        return elements.drawing(
            self.matrix.width,
            self.matrix.height,
            "\n".join(part for part in self._parts() if part),
            language=self.matrix.language,
            name=self.name,
            is_fixed=not self.on_page,
            look=self.ink.root,
        )

    def _parts(self) -> Iterable[str]:
        matrix = self.matrix
        yield _tag("title", {"id": f"{self.name}-title"}, _text(matrix.title))
        yield _tag("desc", {"id": f"{self.name}-desc"}, _text(matrix.description))
        if self.stamp:
            yield _tag("metadata", {}, _text(self.stamp))
        if self.ink.paper:
            sheet = {"width": matrix.width, "height": matrix.height, "fill": self.ink.paper}
            yield _tag("rect", sheet)
        yield self._layer("bands", self._bands())
        yield self._layer("draft", self._draft())
        yield self._layer("axes", self._axes())
        yield self._layer("boundaries", self._boundaries())
        yield self._layer("ellipses", self._ellipses())
        yield self._layer("tails", self._tails())
        yield self._layer("aside", self._steps_aside())
        if self.on_page:
            yield self._layer("points", map(self._whole_point, matrix.points))
        else:
            yield self._layer("leaders", self._leaders())
            yield self._layer("points", map(self._sign_of, matrix.points))
            yield self._layer("labels", map(self._label, matrix.points))
        yield self._layer("list", self._key())
        yield self._layer("note", map(self._line, matrix.note))

    def _layer(self, layer: str, parts: Iterable[str]) -> str:
        content = "\n".join(part for part in parts if part)
        return _tag("g", {"id": self._id(layer)}, f"\n{content}\n") if content else ""

    def _id(self, layer: str) -> str:
        return f"{self.name}-{layer}" if self.on_page else layer

    def _bands(self) -> Iterable[str]:
        for zone in self.matrix.zones:
            corners = " ".join(f"{_f(x)},{_f(y)}" for x, y in zone.corners)
            look = self.ink.zone(zone.tier, self.matrix.tiers)
            yield _tag("polygon", {**look, "points": corners})

    def _draft(self) -> Iterable[str]:
        if self.draft:
            plot = self.matrix.plot
            x, y, size = plot.x + plot.w / 2, plot.y + plot.h / 2, plot.h * 0.3
            turn = f"rotate(-30 {_f(x)} {_f(y)})"
            yield _tag(
                "text",
                {**self.ink("draft"), "x": x, "y": y + size * 0.36, "font-size": size,
                 "text-anchor": "middle", "transform": turn},
                _text(self.draft),
            )  # fmt: skip

    def _axes(self) -> Iterable[str]:
        plot = self.matrix.plot
        path = f"M{_f(plot.x)} {_f(plot.y)}V{_f(plot.bottom)}H{_f(plot.right)}"
        yield _tag("path", {**self.ink("frame"), "stroke-width": self.stroke * 0.8, "d": path})
        ticks = "".join(_stroke(tick) for tick in self.matrix.tick_marks)
        yield _tag("path", {**self.ink("frame"), "stroke-width": self.stroke * 0.6, "d": ticks})
        yield from map(self._line, self.matrix.tick_labels)
        yield from map(self._line, self.matrix.axis_titles)

    def _boundaries(self) -> Iterable[str]:
        if self.matrix.boundaries:
            yield _tag(
                "path",
                {
                    **self.ink("boundary"),
                    "stroke-width": self.stroke * 0.7,
                    "stroke-dasharray": f"{_f(self.stroke * 3)} {_f(self.stroke * 2.4)}",
                    "d": "".join(_path(part) for part in self.matrix.boundaries),
                },
            )

    def _ellipses(self) -> Iterable[str]:
        for point in self.matrix.points:
            if point.ellipse:
                yield self._ellipse(point, point.ellipse)

    def _ellipse(self, point: TopicPoint, shape: Ellipse) -> str:
        """An ellipse; one that reaches beyond the plot ends at its frame."""
        mark, plot, (x, y) = point.marker, self.matrix.plot, point.scores_at
        look = {**self.ink.sign("ellipse", mark.shape), "stroke-width": self.stroke * 0.5}
        look |= self.ink.region(point)
        if not shape.is_within(plot, x, y):
            within = [
                (min(max(x, plot.x), plot.right), min(max(y, plot.y), plot.bottom))
                for x, y in shape.outline(x, y)
            ]
            corners = " ".join(f"{_f(x)},{_f(y)}" for x, y in within)
            return _tag("polygon", {**look, "points": corners})
        turned = f"rotate({_f(shape.degrees)} {_f(x)} {_f(y)})"
        place = {"cx": x, "cy": y, "rx": shape.rx, "ry": shape.ry, "transform": turned}
        return _tag("ellipse", {**look, **place})

    def _tails(self) -> Iterable[str]:
        for point in self.matrix.points:
            if point.tail:
                yield self._tail(
                    point.marker.shape, *point.tail, *point.scores_at, dashed=point.is_noise
                )

    def _steps_aside(self) -> Iterable[str]:
        """A line with a dot from the scores to each sign that had to step aside."""
        for point in self.matrix.points:
            if point.place:
                (x, y), mark = point.place, point.marker
                line = {
                    "stroke-width": self.stroke * 0.55,
                    "d": f"M{_f(x)} {_f(y)}L{_f(mark.x)} {_f(mark.y)}",
                }
                dot = {"cx": x, "cy": y, "r": mark.r * 0.3, "stroke-width": self.stroke * 0.55}
                yield _tag("path", {**self.ink("leader"), **line})
                yield _tag("circle", {**self.ink("leader"), **dot})

    def _tail(
        self, shape: str, x0: float, y0: float, x1: float, y1: float, *, dashed: bool = False
    ) -> str:
        """A line from a small hollow dot, last year's place, to this year's.

        :param dashed: the topic did not move by more than chance.
        """
        dashes = {"stroke-dasharray": f"{_f(self.stroke * 3)} {_f(self.stroke * 3)}"}
        path = {
            **(dashes if dashed else {}),
            "stroke-width": self.stroke * 0.9,
            "d": f"M{_f(x0)} {_f(y0)}L{_f(x1)} {_f(y1)}",
        }
        radius = (self.matrix.points[0].marker.r if self.matrix.points else 1.0) * 0.42
        dot = {"cx": x0, "cy": y0, "r": radius, "stroke-width": self.stroke * 0.7}
        return _tag("g", self.ink.sign("tail", shape), _tag("path", path) + _tag("circle", dot))

    def _ring(self, x: float, y: float, r: float) -> str:
        ring = {"cx": x, "cy": y, "r": r * 1.75, "stroke-width": self.stroke * 0.6}
        return _tag("circle", {**self.ink("ring"), **ring})

    def _leaders(self) -> Iterable[str]:
        for point in self.matrix.points:
            yield self._leader(point)

    def _leader(self, point: TopicPoint) -> str:
        leader = point.label.leader
        if leader is None:
            return ""
        path = {"stroke-width": self.stroke * 0.55, "d": _stroke(leader)}
        return _tag("path", {**self.ink("leader"), **path})

    def _whole_point(self, point: TopicPoint) -> str:
        hit = _tag("circle", {"class": "hit", "cx": point.marker.x, "cy": point.marker.y, "r": 18})
        parts = (hit, self._leader(point), self._signs(point), self._label_text(point))
        return _tag("g", self.ink.point(point), "".join(parts))

    def _sign_of(self, point: TopicPoint) -> str:
        return _tag("g", self.ink.point(point), self._signs(point))

    def _signs(self, point: TopicPoint) -> str:
        mark = point.marker
        ring = self._ring(mark.x, mark.y, mark.r) if point.is_new else ""
        return self.sign(mark) + ring

    def sign(self, mark: Marker) -> str:
        """Return the sign of a tier; hollow ones are drawn with a line."""
        x, y, r = mark.x, mark.y, mark.r
        ink = self.ink.sign("sign", mark.shape)
        if mark.shape == signs.CIRCLE:
            return _tag("circle", {**ink, "cx": x, "cy": y, "r": r})
        if mark.shape == signs.RING:
            ring = {"cx": x, "cy": y, "r": r - self.stroke / 2, "stroke-width": self.stroke}
            return _tag("circle", {**ink, **ring})
        if mark.shape in (signs.DIAMOND, signs.TRIANGLE):
            path = "M" + "L".join(f"{_f(a)} {_f(b)}" for a, b in _corners(mark)) + "Z"
            return _tag("path", {**ink, "d": path})
        side = r * 0.9
        box = {"x": x - side, "y": y - side, "width": 2 * side, "height": 2 * side}
        return _tag("rect", {**ink, **box, "stroke-width": self.stroke})

    def _label(self, point: TopicPoint) -> str:
        return self._label_text(point)

    def _label_text(self, point: TopicPoint) -> str:
        """One text element per label, so that a name stays one thing when it is edited."""
        size, label = self.matrix.label_size, point.label
        places = zip(label.lines, label.baselines(size), strict=True)
        spans = [_tag("tspan", {"x": x, "y": y}, _text(line)) for line, (x, y) in places]
        attributes = {**self.ink("label"), "font-size": size, "text-anchor": label.anchor}
        return _tag("text", attributes, "".join(spans))

    def _key(self) -> Iterable[str]:
        matrix = self.matrix
        yield from map(self.sign, matrix.key_markers)
        if matrix.rules:
            path = "".join(_stroke(rule) for rule in matrix.rules)
            yield _tag("path", {**self.ink("rule"), "stroke-width": self.stroke * 0.7, "d": path})
        if matrix.key_tail and matrix.key_ring:
            tail, (x, y), r = matrix.key_tail, matrix.key_ring, self.matrix.label_size * 0.35
            lowest = matrix.tiers
            yield self._tail(signs.SQUARE, tail.x0, tail.y0, tail.x1, tail.y1)
            yield self.sign(Marker(lowest, signs.SQUARE, tail.x1, tail.y1, r))
            yield self.sign(Marker(lowest, signs.SQUARE, x, y, r)) + self._ring(x, y, r)
        yield from map(self._line, matrix.key_lines)

    def _line(self, line: TextLine) -> str:
        anchor = {} if line.anchor == "start" else {"text-anchor": line.anchor}
        place = {"x": line.x, "y": line.y, "font-size": line.size, **anchor}
        return _tag("text", {**self.ink(line.role), **place}, _text(line.text))


def _corners(mark: Marker) -> Sequence[Point]:
    """Return the corners of a diamond or of a triangle that stands on its base."""
    x, y, r = mark.x, mark.y, mark.r
    if mark.shape == signs.DIAMOND:
        d = r * 1.28
        return ((x, y - d), (x + d, y), (x, y + d), (x - d, y))
    half, height = r * 1.3, r * 2.3
    return ((x, y - height * 0.58), (x + half, y + height * 0.42), (x - half, y + height * 0.42))


def _stroke(segment: object) -> str:
    x0, y0, x1, y1 = (getattr(segment, name) for name in ("x0", "y0", "x1", "y1"))
    return f"M{_f(x0)} {_f(y0)}L{_f(x1)} {_f(y1)}"


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{_f(x)} {_f(y)}" for x, y in points)
