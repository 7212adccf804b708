"""Slides for the board: the matrix as a chart that stays editable, the lists as native tables."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.util import Mm

from materiality.report import palette, tables
from materiality.report.edition import Edition
from materiality.report.figure.layout import Rect
from materiality.report.figure.layout.type import POINT, wrap
from materiality.report.files.slides import chart
from materiality.report.files.zips import repacked
from materiality.report.sentences import method, note, problems
from materiality.report.tables import Table, double, shown

PAGE = (338.67, 190.5)  # 16:9
LEFT, TOP, WIDE, HIGH = 15.0, 32.0, 308.0, 140.0
TITLE_ONLY = 5
TITLE, BODY, CELL, SMALL = 24.0, 14.0, 11.0, 9.0
CELL_MARGIN, ROW_PADDING, LEADING = 2.2, 2.6, 1.3
SLACK = 1.08  # other fonts are a little wider


def slides(edition: Edition) -> bytes:
    """Return the deck as PPTX."""
    deck = _Deck(edition)
    deck.matrix(edition)
    deck.table(tables.topic_list(edition))
    deck.both_sides()
    deck.changes()
    deck.table(tables.engagement(edition))
    deck.method()
    return deck.saved()


class _Deck:
    """A presentation and what its slides have in common."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.number = 0
        self.presentation = Presentation()
        self.presentation.slide_width, self.presentation.slide_height = map(Mm, PAGE)
        core = self.presentation.core_properties
        core.title = edition.wording("report_title")[:255]
        core.author = edition.organisation[:255]
        core.comments = note.stamp(edition)[:255]
        core.created = core.modified = edition.moment.replace(tzinfo=None)

    def _slide(self, title: str) -> Any:
        slide = self.presentation.slides.add_slide(self.presentation.slide_layouts[TITLE_ONLY])
        head = slide.shapes.title
        head.left, head.top, head.width, head.height = map(Mm, (LEFT, 10, WIDE, 16))
        self._write(head.text_frame, [title], TITLE, palette.COLOUR.tiers[0], bold=True)
        foot = slide.shapes.add_textbox(*map(Mm, (LEFT, PAGE[1] - 13, WIDE - 20, 8)))
        stamp = note.stamp(self.edition)
        self._write(foot.text_frame, [stamp], SMALL, palette.COLOUR.ink2)
        self._number(slide)
        return slide

    def _number(self, slide: Any) -> None:
        """Set the number of the slide at right, as a field that counts again when one is moved."""
        self.number += 1
        box = slide.shapes.add_textbox(*map(Mm, (LEFT + WIDE - 20, PAGE[1] - 13, 20, 8)))
        self._write(box.text_frame, [str(self.number)], SMALL, palette.COLOUR.ink2)
        box.text_frame.margin_right = 0
        paragraph = box.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        run = paragraph.runs[0]._r
        run.tag = run.tag.replace("}r", "}fld")
        run.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
        run.set("type", "slidenum")

    def _write(
        self, frame: Any, texts: Sequence[str], size: float, colour: str, *, bold: bool = False
    ) -> None:
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = 0
        for at, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text = text
            chart.write_face(run.font, size, colour, bold=bold)

    def matrix(self, edition: Edition) -> None:
        slide = self._slide(note.matrix_title(edition))
        chart.add(slide, edition, Rect(LEFT, TOP - 4, WIDE, HIGH))
        title = slide.shapes.add_textbox(*map(Mm, (LEFT + 10, TOP - 8, WIDE - 10, 8)))
        said = chart.vertical_title(edition)
        self._write(title.text_frame, [said], 11, palette.COLOUR.ink, bold=True)

    def both_sides(self) -> None:
        """Double materiality, where it was asked: the second matrix and what it says."""
        if double.is_asked(self.edition.results):
            self.matrix(self.edition.of(double.seen_double(self.edition.results)))
            self.table(double.table(self.edition))

    def changes(self) -> None:
        if tables.prints_changes(self.edition.results):
            self.table(tables.changes(self.edition))
        elif self.edition.results.open_questions:
            missing = problems.open_questions(self.edition)
            heading = self.edition.wording("changes_heading")
            self._text(heading, [self.edition.say("changes_missing"), *missing])

    def method(self) -> None:
        mark = self.edition.say("colon")
        steps = [
            f"{at}  {step.title}{mark}{step.text}"
            for at, step in enumerate(method.steps(self.edition), 1)
        ]
        warned = method.warnings(self.edition)
        self._text(self.edition.say("method_heading"), [*warned, *steps])

    def _text(self, title: str, lines: Sequence[str]) -> None:
        slide = self._slide(title)
        box = slide.shapes.add_textbox(*map(Mm, (LEFT, TOP, WIDE, HIGH)))
        self._write(box.text_frame, lines, BODY, palette.COLOUR.ink)
        for paragraph in box.text_frame.paragraphs:
            paragraph.space_after, paragraph.line_spacing = Mm(4), 1.25

    def table(self, table: Table) -> None:
        """A native table; one that is too tall goes on over several slides with its headings."""
        if not table.rows:
            return
        parts = list(pages(table))
        for at, part in enumerate(parts, 1):
            count = f" ({at}/{len(parts)})" if len(parts) > 1 else ""
            self._table(self._slide(table.heading + count), part)

    def _table(self, slide: Any, table: Table) -> None:
        shape = slide.shapes.add_table(
            len(table.rows) + 1, len(table.columns), *map(Mm, (LEFT, TOP, WIDE, 10))
        )
        grid = shape.table
        _plain(shape)
        total = sum(column.width for column in table.columns)
        for drawn, column in zip(grid.columns, table.columns, strict=True):
            drawn.width = Mm(WIDE * column.width / total)
        headings = [column.heading for column in table.columns]
        for line, row in enumerate([headings, *table.rows]):
            grid.rows[line].height = Mm(6)
            for at, (value, column) in enumerate(zip(row, table.columns, strict=True)):
                self._cell(grid.cell(line, at), shown(value, column.form), column.form, line == 0)

    def _cell(self, cell: Any, text: str, form: str, is_head: bool) -> None:
        cell.margin_left = cell.margin_right = Mm(CELL_MARGIN)
        cell.margin_top = cell.margin_bottom = Mm(ROW_PADDING / 2)
        frame = cell.text_frame
        frame.word_wrap = True
        tier = tables.tier_of(text)
        ink = palette.COLOUR.ink
        parts = (
            [(text[:1], self.edition.look.palette.tiers[tier - 1]), (text[1:], ink)]
            if tier
            else [(text, ink)]
        )
        for part, colour in parts:
            run = frame.paragraphs[0].add_run()
            run.text = part
            chart.write_face(run.font, CELL, colour, bold=is_head)
        if form in ("score", "share"):
            frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
        cell.fill.solid()
        ground = palette.COLOUR.band1 if is_head else palette.COLOUR.paper
        cell.fill.fore_color.rgb = chart.rgb(ground)
        if not is_head:
            _underline(cell)

    def saved(self) -> bytes:
        target = BytesIO()
        self.presentation.save(target)
        return repacked(target.getvalue(), self.edition.moment)


def pages(table: Table) -> Iterator[Table]:
    """Yield the table in parts that fit on a slide."""
    room = HIGH - _height(table, [column.heading for column in table.columns])
    rows: list[Sequence[tables.Cell]] = []
    free = room
    for row in table.rows:
        height = _height(table, row)
        if rows and height > free:
            yield replace(table, rows=rows)
            rows, free = [], room
        rows.append(row)
        free -= height
    yield replace(table, rows=rows)


def _height(table: Table, row: Sequence[tables.Cell]) -> float:
    """Return about how tall a row will be set, in millimetres."""
    total, size = sum(column.width for column in table.columns), CELL * POINT
    rooms = [WIDE / SLACK * column.width / total - 2 * CELL_MARGIN for column in table.columns]
    lines = [
        len(wrap(shown(value, column.form), size, room))
        for value, column, room in zip(row, table.columns, rooms, strict=True)
    ]
    return max(lines) * size * LEADING + ROW_PADDING


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
