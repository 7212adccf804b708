"""Word documents of the report: real styles, headings of tables that repeat, both scripts."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Emu, Pt

from materiality.report import palette
from materiality.report.edition import Edition
from materiality.report.figure.drawings import Picture
from materiality.report.files.word import fields, styles
from materiality.report.files.zips import repacked
from materiality.report.sentences import method_steps, note
from materiality.report.signs import shape_of
from materiality.report.tables import Cell, Table, shown


class Writer:
    """A document and what its parts have in common."""

    def __init__(
        self,
        edition: Edition,
        document: Any = None,
    ) -> None:
        """Begin a document of ours, or go on in one that brings its own sheet and styles."""
        self.edition = edition
        self.figures = self.tables = 0
        self.document = document or Document()
        if document is None:
            styles.set_sheet(self.document)
            styles.set_styles(self.document, edition.language)
            footer = self.document.sections[0].footer.paragraphs[0]
            self._run(footer, note.stamp(edition), styles.SMALL, styles.SOFT)
            styles.number_pages(footer, self.text_width)
            fields.set_theme_languages(self.document, edition.language)
        styles.add_missing(self.document, edition.language)
        self._properties()

    @property
    def text_width(self) -> int:
        page: Any = self.document.sections[0]
        return int(page.page_width - page.left_margin - page.right_margin)

    def _properties(self) -> None:
        core = self.document.core_properties
        core.title = self.say("report_title")[:255]
        core.author = self.edition.organisation[:255]
        core.comments = note.stamp(self.edition)[:255]
        core.language = styles.tag(self.edition.language)
        core.created = core.modified = self.edition.moment.replace(tzinfo=None)
        core.revision = 1

    def say(self, key: str, **fields: object) -> str:
        return self.edition.wording(key, **fields)

    def heading(self, text: str, level: int = 2) -> None:
        self.document.add_heading(text, level)

    def paragraph(self, text: str, style: str | None = None) -> None:
        is_below_table = self._last_is_table()
        paragraph = self.document.add_paragraph(text, style=style)
        if is_below_table:
            paragraph.paragraph_format.space_before = Pt(6)

    def _last_is_table(self) -> bool:
        last = self.document.element.body.xpath("./*[not(self::w:sectPr)][last()]")
        return bool(last) and last[0].tag == qn("w:tbl")

    def bullets(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.document.add_paragraph(line, style="List Bullet")

    def quote(self, text: str, source: str) -> None:
        """What somebody wrote, and whose it is; both stay on one page."""
        paragraph = self.document.add_paragraph(text, style="Quote")
        paragraph.paragraph_format.keep_with_next = True
        self.document.add_paragraph(source, style="Quote Source")

    def warnings(self) -> None:
        for warning in method_steps.warnings(self.edition):
            self.document.add_paragraph(warning, style="Notice")

    def steps(self) -> None:
        for step in method_steps.steps(self.edition):
            paragraph = self.document.add_paragraph(style="List Number")
            paragraph.add_run(step.title + self.edition.say("colon")).bold = True
            paragraph.add_run(step.text)

    def picture(self, figure: Picture) -> None:
        """A picture, with what it shows in words for those who cannot see it."""
        paragraph = self.document.add_paragraph(style="Figure")
        # In its own size, if that fits.
        shape = paragraph.add_run().add_picture(BytesIO(figure.png()))
        self.figures += 1
        fields.add_vector(self.document, shape, figure.svg(), self.figures)
        if shape.width > self.text_width:
            shape.height = Emu(int(shape.height * self.text_width / shape.width))
            shape.width = Emu(self.text_width)
        about = shape._inline.docPr
        about.set("descr", figure.description)
        about.set("title", figure.title)
        self._caption("Figure", self.figures, figure.title)

    def _caption(self, sequence: str, at: int, text: str) -> None:
        """A numbered caption; lists of figures and tables find it by the name of its sequence."""
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = sequence == "Table"
        paragraph.add_run(self.edition.say(f"caption_{sequence.lower()}"))
        fields.number(paragraph, sequence, at)
        paragraph.add_run(f"  {text}")

    def table_with_heading(self, table: Table) -> None:
        self.document.add_heading(table.heading, 2)
        self.table(table)

    def table(self, table: Table) -> None:
        """Headings that repeat on each page, rows that stay whole, hairlines between them."""
        self.tables += 1
        self._caption("Table", self.tables, table.heading)
        grid = self.document.add_table(rows=1, cols=len(table.columns), style="Report Table")
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        grid.autofit = False
        self._fill(grid.rows[0], [column.heading for column in table.columns], table, bold=True)
        styles.flag(grid.rows[0]._tr, "w:tblHeader")
        for row in table.rows:
            self._fill(grid.add_row(), row, table)
        for drawn, width in zip(grid.columns, self._widths(table), strict=True):
            drawn.width = width

    def _widths(self, table: Table) -> list[Any]:
        total = sum(column.width for column in table.columns)
        return [Emu(int(self.text_width * column.width / total)) for column in table.columns]

    def _fill(self, row: Any, cells: Sequence[Cell], table: Table, *, bold: bool = False) -> None:
        styles.flag(row._tr, "w:cantSplit")
        style = self.document.styles["Table Head" if bold else "Table Text"].style_id
        drawn = zip(row.cells, cells, table.columns, self._widths(table), strict=True)
        for cell, value, column, width in drawn:
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph._p.style = style  # by its id: looking it up for each cell takes longer
            if column.is_number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _write(paragraph, shown(value, column.form), self.edition.look.palette)
            if bold:
                styles.shade(cell, palette.COLOUR.tint)

    def _run(self, paragraph: Any, text: str, size: Any, colour: str) -> None:
        run = paragraph.add_run(text)
        run.font.size = size
        run.font.color.rgb = styles.rgb(colour)

    def saved(self) -> bytes:
        target = BytesIO()
        self.document.save(target)
        return repacked(target.getvalue(), self.edition.moment)


def _write(paragraph: Any, text: str, colours: palette.Palette) -> None:
    """Write a cell; the sign of a tier at its beginning has the colour it has in the matrix."""
    if shape := shape_of(text):
        sign = paragraph.add_run(text[0])
        sign.font.color.rgb = styles.rgb(colours.signs[shape])
        text = text[1:]
    paragraph.add_run(text)
