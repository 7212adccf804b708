"""Native tables of a deck: read from the back of the room, and cut where a slide ends."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Mm

from materiality.report import palette, signs, tables
from materiality.report.figure.layout.type import POINT, wrap
from materiality.report.files.slides import chart
from materiality.report.files.slides.base import BODY_AT, SLACK, Place
from materiality.report.palette import Palette
from materiality.report.tables import Table, shown

LARGE, CELL = 16.0, 12.0  # points: tables of a message, tables of the appendix
CELL_MARGIN, ROW_PADDING, LEADING = 2.2, 2.6, 1.3


def add_grid(
    slide: Any, table: Table, colours: Palette, size: float = CELL, area: Place = BODY_AT
) -> None:
    """Add a native table that fills the width of an area of the slide."""
    shape = slide.shapes.add_table(
        len(table.rows) + 1, len(table.columns), *map(Mm, (area.x, area.y, area.w, 10))
    )
    shape._element.nvGraphicFramePr.cNvPr.set("descr", table.heading)
    grid = shape.table
    _plain(shape)
    total = sum(column.width for column in table.columns)
    for drawn, column in zip(grid.columns, table.columns, strict=True):
        drawn.width = Mm(area.w * column.width / total)
    headings = [column.heading for column in table.columns]
    for line, row in enumerate([headings, *table.rows]):
        grid.rows[line].height = Mm(size * 0.55)
        for at, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            text = shown(value, column.form)
            _cell(grid.cell(line, at), text, column.form, colours, size, is_head=line == 0)


def _cell(cell: Any, text: str, form: str, colours: Palette, size: float, *, is_head: bool) -> None:
    cell.margin_left = cell.margin_right = Mm(CELL_MARGIN)
    cell.margin_top = cell.margin_bottom = Mm(ROW_PADDING / 2)
    frame = cell.text_frame
    frame.word_wrap = True
    for part, colour in _coloured(text, colours):
        run = frame.paragraphs[0].add_run()
        run.text = part
        chart.write_face(run.font, size, colour, bold=is_head)
    if form in ("score", "share", "whole"):
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    cell.fill.solid()
    ground = palette.COLOUR.tint if is_head else palette.COLOUR.paper
    cell.fill.fore_color.rgb = chart.rgb(ground)
    if not is_head:
        _underline(cell)


def _coloured(text: str, colours: Palette) -> list[tuple[str, str]]:
    """Return the text in parts with their colours: the sign of a tier has that of the matrix."""
    ink = palette.COLOUR.ink
    shape = signs.shape_of(text)
    if not shape:
        return [(text, ink)]
    return [(text[:1], colours.signs[shape]), (text[1:], ink)]


def pages(table: Table, size: float = CELL, area: Place = BODY_AT) -> Iterator[Table]:
    """Yield the table in parts that fit into an area of a slide."""
    room = area.h - _height(table, [column.heading for column in table.columns], size, area.w)
    rows: list[Sequence[tables.Cell]] = []
    free = room
    for row in table.rows:
        height = _height(table, row, size, area.w)
        if rows and height > free:
            yield replace(table, rows=rows)
            rows, free = [], room
        rows.append(row)
        free -= height
    yield replace(table, rows=rows)


def _height(
    table: Table, row: Sequence[tables.Cell], size: float = CELL, wide: float = BODY_AT.w
) -> float:
    """Return about how tall a row will be set, in millimetres."""
    total, type_size = sum(column.width for column in table.columns), size * POINT
    rooms = [wide / SLACK * column.width / total - 2 * CELL_MARGIN for column in table.columns]
    lines = [
        len(wrap(shown(value, column.form), type_size, room))
        for value, column, room in zip(row, table.columns, rooms, strict=True)
    ]
    return max(lines) * type_size * LEADING + ROW_PADDING


def _plain(shape: Any) -> None:
    """Take away the coloured style of the template; headings stay marked for screen readers."""
    properties = shape._element.graphic.graphicData.tbl.tblPr
    properties.set("bandRow", "0")
    properties.set("firstRow", "1")
    for style in properties:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid"


def _underline(cell: Any) -> None:
    colour = palette.COLOUR.line.lstrip("#").upper()
    line = parse_xml(
        '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="6350">'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:lnB>'
    )
    cell._tc.get_or_add_tcPr().insert(0, line)
