"""The empty deck: a wide sheet with three layouts with real placeholders, and their filling."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Mm, Pt

from materiality.report.figure.layout.type import POINT, wrap
from materiality.report.files.slides import chart
from materiality.report.palette import Palette

PAGE = (338.67, 190.5)  # 16:9, in millimetres
LEFT, TOP, WIDE, HIGH = 15.0, 36.0, 308.0, 136.0
TITLE, BODY, SMALL = 26.0, 20.0, 10.0
OPENING, CONTENT, TITLE_ONLY = 0, 1, 5  # of the library's own template
OPENING_TITLE = 36.0
LARGEST_BODY = 24.0  # read from the back of a room, and sentences still fit
AFTER, LEADING, BULLET = 10.0, 1.25, 12.0  # points after a line, of its size, millimetres before it
SLACK = 1.08  # other fonts are a little wider
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


_BAR = """\
<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
      xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
  <p:nvSpPr><p:cNvPr id="90" name="Bar" descr=""/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>
  <p:spPr>
    <a:xfrm><a:off x="0" y="0"/><a:ext cx="288000" cy="6858000"/></a:xfrm>
    <a:prstGeom prst="rect"><a:avLst/></a:prstGeom>
    <a:solidFill><a:srgbClr val="{value}"/></a:solidFill>
  </p:spPr>
</p:sp>
"""


@dataclass(frozen=True)
class Place:
    """Where something stands on a slide, in millimetres."""

    x: float
    y: float
    w: float
    h: float

    def of(self, shape: Any) -> None:
        shape.left, shape.top = Mm(self.x), Mm(self.y)
        shape.width, shape.height = Mm(self.w), Mm(self.h)

    @classmethod
    def of_shape(cls, shape: Any) -> "Place | None":
        """Return where a shape stands; None where neither it nor its master says so."""
        lengths = (shape.left, shape.top, shape.width, shape.height)
        if any(length is None for length in lengths):
            return None
        return cls(*(length / Mm(1) for length in lengths))


TITLE_AT = Place(LEFT, 8, WIDE, 25)
BODY_AT = Place(LEFT, TOP, WIDE, HIGH)
FOOTER_AT = Place(LEFT, PAGE[1] - 13, WIDE - 30, 8)
NUMBER_AT = Place(LEFT + WIDE - 25, PAGE[1] - 13, 25, 8)
TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.SUBTITLE)
PLACES = {
    PP_PLACEHOLDER.TITLE: TITLE_AT,
    PP_PLACEHOLDER.BODY: BODY_AT,
    PP_PLACEHOLDER.OBJECT: BODY_AT,
    PP_PLACEHOLDER.FOOTER: FOOTER_AT,
    PP_PLACEHOLDER.SLIDE_NUMBER: NUMBER_AT,
    PP_PLACEHOLDER.CENTER_TITLE: Place(LEFT + 10, 50, WIDE - 20, 50),
    PP_PLACEHOLDER.SUBTITLE: Place(LEFT + 10, 104, WIDE - 20, 56),
}


@dataclass(frozen=True)
class Sheet:
    """An empty presentation and its three layouts.

    :ivar area: what a table or a chart may fill.
    :ivar body: the size of text, in points.
    """

    presentation: Any
    opening: Any
    content: Any
    title_only: Any
    area: Place = BODY_AT
    body: float = BODY

    @property
    def set_size(self) -> float | None:
        """The size to set text in, where the layout's own is larger than is needed."""
        return LARGEST_BODY if self.body > LARGEST_BODY else None


def empty_deck(colours: Palette) -> Sheet:
    """Return a presentation of our own: 16:9, three layouts, both scripts, no slide."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = map(Mm, PAGE)
    _keep_layouts(presentation, (OPENING, CONTENT, TITLE_ONLY))
    master = presentation.slide_master
    for sheet in (master, *presentation.slide_layouts):
        _arrange(sheet)
    _set_theme_fonts(master)
    _set_styles(master, colours)
    return Sheet(presentation, *presentation.slide_layouts)


def _keep_layouts(presentation: Any, numbers: tuple[int, ...]) -> None:
    layouts = presentation.slide_layouts
    for layout in [layout for at, layout in enumerate(layouts) if at not in numbers]:
        layouts.remove(layout)


def _arrange(sheet: Any) -> None:
    """Put each placeholder in its place; dates are in the footer's stamp."""
    for shape in list(sheet.placeholders):
        kind = shape.placeholder_format.type
        if kind == PP_PLACEHOLDER.DATE:
            shape._element.getparent().remove(shape._element)
        elif kind in PLACES:
            PLACES[kind].of(shape)


def _set_theme_fonts(master: Any) -> None:
    """Name the faces of both scripts in the theme, so that all placeholders inherit them."""
    part = master.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    )
    theme = parse_xml(part.blob)
    for scheme in theme.iter(qn("a:majorFont"), qn("a:minorFont")):
        scheme.find(qn("a:latin")).set("typeface", chart.LATIN)
        scheme.find(qn("a:ea")).set("typeface", chart.EAST_ASIAN)
    part._blob = _serialized(theme)


def _serialized(element: Any) -> bytes:
    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True))


def _set_styles(master: Any, colours: Palette) -> None:
    """Titles at left in the company's first colour, text that is read from the back of a room."""
    styles = master._element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    _style(title.find(qn("a:defRPr")), TITLE, colours.accent, bold=True)
    for level in styles.find(qn("p:bodyStyle")):
        run = level.find(qn("a:defRPr"))
        if run is not None:
            _style(run, BODY, colours.ink)
    _set_opening(master, colours)
    for shape in master.placeholders:
        if shape.placeholder_format.type in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            for run in shape._element.iter(qn("a:defRPr")):
                _style(run, SMALL, colours.ink2)


def _set_opening(master: Any, colours: Palette) -> None:
    """The first slide: a bar in the company's colour, title and lines at left below each other."""
    layout = master.slide_layouts[0]
    value = colours.accent.lstrip("#").upper()
    bar = layout.shapes._spTree
    bar.insert(2, parse_xml(_BAR.format(value=value)))
    for shape in layout.placeholders:
        for level in shape._element.iter(qn("a:lvl1pPr")):
            level.set("algn", "l")
            for run in level.iter(qn("a:defRPr")):
                is_title = shape.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE
                colour = colours.accent if is_title else colours.ink2
                _style(run, OPENING_TITLE if is_title else BODY, colour, bold=is_title)


def _style(properties: Any, size: float, colour: str, *, bold: bool = False) -> None:
    properties.set("sz", str(round(size * 100)))
    properties.set("b", "1" if bold else "0")
    for fill in properties.findall(qn("a:solidFill")):
        properties.remove(fill)
    value = colour.lstrip("#").upper()
    properties.insert(
        0,
        parse_xml(f'<a:solidFill xmlns:a="{DRAWING}"><a:srgbClr val="{value}"/></a:solidFill>'),
    )


def kind_of(placeholder: Any) -> Any:
    return placeholder.placeholder_format.type


def body_of(sheet: Any) -> Any:
    """Return the placeholder for text of a slide or a layout, whatever its number."""
    return next(shape for shape in sheet.placeholders if kind_of(shape) in BODIES)


def add_slide(sheet: Sheet, layout: Any, *, title: str, footer: str) -> Any:
    """Return a new slide with its title, footer and number, each in its placeholder."""
    slide = sheet.presentation.slides.add_slide(layout)
    slide.shapes.title.text_frame.text = title
    for shape in slide.slide_layout.placeholders:
        kind = shape.placeholder_format.type
        if kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            slide.shapes._spTree.append(deepcopy(shape._element))
    for shape in slide.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.FOOTER:
            shape.text_frame.text = footer
    return slide


def write_lines(frame: Any, lines: tuple[str, ...], *, size: float | None = None) -> None:
    """Write one paragraph a line into a placeholder; its look comes from the layout.

    :param size: in points, where the layout's own is too large for what is said.
    """
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.space_after = Pt(AFTER)
        if size is not None:
            paragraph.font.size = Pt(size)


def filling(
    lines: Sequence[str], sheet: Sheet, at: float | None = None
) -> Iterator[tuple[str, ...]]:
    """Yield the lines in parts that fit into the placeholder for text.

    :param at: the size to set them in, in points, if not the layout's.
    """
    size, room = (at or sheet.set_size or sheet.body) * POINT, sheet.area.w / SLACK - BULLET
    part: list[str] = []
    free = sheet.area.h
    for line in lines:
        height = len(wrap(line, size, room)) * size * LEADING + AFTER * POINT
        if part and height > free:
            yield tuple(part)
            part, free = [], sheet.area.h
        part.append(line)
        free -= height
    yield tuple(part)


def set_language(presentation: Any, tag: str) -> None:
    """Mark every text with its language, for spelling and for readers of the screen."""
    for slide in presentation.slides:
        parts = [slide._element]
        if slide.has_notes_slide:
            parts.append(slide.notes_slide._element)
        for part in parts:
            for run in part.iter(qn("a:r"), qn("a:fld")):
                _properties_of(run).set("lang", tag)


def _properties_of(run: Any) -> Any:
    properties = run.find(qn("a:rPr"))
    if properties is None:
        properties = parse_xml(f'<a:rPr xmlns:a="{DRAWING}"/>')
        run.insert(0, properties)
    return properties
