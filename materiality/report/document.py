"""Word documents of the report: real styles, headings of tables that repeat, both scripts."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from materiality.bundle import Results
from materiality.report import method, note, palette
from materiality.report.archive import repacked
from materiality.report.layout.compose import describe
from materiality.report.tables import Cell, Table, shown
from materiality.report.words import say

LATIN, EAST_ASIAN = "Arial", "Microsoft YaHei"
TEXT_WIDTH = 170.0  # A4 within margins of 20 mm
BODY, TABLE_TEXT, SMALL = Pt(10), Pt(8.5), Pt(8)
ACCENT, INK, SOFT = palette.COLOUR.tiers[0], palette.COLOUR.ink, palette.COLOUR.ink2
HEADINGS = {"Heading 1": (18, ACCENT), "Heading 2": (13, INK), "Heading 3": (11, INK)}


class Writer:
    """A document and what its parts have in common."""

    def __init__(self, results: Results, language: str, moment: datetime) -> None:
        self.results, self.language, self.moment = results, language, moment
        self.document = Document()
        _sheet(self.document)
        _styles(self.document, language)
        self._properties(moment)
        footer = self.document.sections[0].footer.paragraphs[0]
        self._run(footer, note.stamp(results, language), SMALL, SOFT)

    def _properties(self, moment: datetime) -> None:
        core = self.document.core_properties
        core.title = self.say("report_title")[:255]
        core.author = note.organisation(self.results, self.language)[:255]
        core.comments = note.stamp(self.results, self.language)[:255]
        core.language = _tag(self.language)
        core.created = core.modified = moment.replace(tzinfo=None)
        core.revision = 1

    def say(self, key: str, **fields: object) -> str:
        return note.wording(self.results, self.language, key, **fields)

    def heading(self, text: str, level: int = 2) -> None:
        self.document.add_heading(text, level)

    def paragraph(self, text: str, style: str | None = None) -> None:
        self.document.add_paragraph(text, style=style)

    def bullets(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.document.add_paragraph(line, style="List Bullet")

    def warnings(self) -> None:
        for warning in method.warnings(self.results, self.language):
            self.document.add_paragraph(warning, style="Notice")

    def steps(self) -> None:
        for step in method.steps(self.results, self.language):
            paragraph = self.document.add_paragraph(style="List Number")
            paragraph.add_run(step.title + say(self.language, "colon")).bold = True
            paragraph.add_run(step.text)

    def picture(self, image: bytes) -> None:
        """The matrix, with what it shows in words for those who cannot see it."""
        paragraph = self.document.add_paragraph(style="Figure")
        shape = paragraph.add_run().add_picture(BytesIO(image), width=Mm(TEXT_WIDTH))
        about = shape._inline.docPr
        about.set("descr", describe(self.results, self.language))
        about.set("title", self.say("matrix_title"))

    def table_with_heading(self, table: Table) -> None:
        self.document.add_heading(table.heading, 2)
        self.table(table)

    def table(self, table: Table) -> None:
        """Headings that repeat on each page, rows that stay whole, hairlines between them."""
        grid = self.document.add_table(rows=1, cols=len(table.columns), style="Report Table")
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        grid.autofit = False
        self._fill(grid.rows[0], [column.heading for column in table.columns], table, bold=True)
        _flag(grid.rows[0]._tr, "w:tblHeader")
        for row in table.rows:
            self._fill(grid.add_row(), row, table)
        total = sum(column.width for column in table.columns)
        for drawn, column in zip(grid.columns, table.columns, strict=True):
            drawn.width = Mm(TEXT_WIDTH * column.width / total)
            for cell in drawn.cells:
                cell.width = drawn.width

    def _fill(self, row: Any, cells: Sequence[Cell], table: Table, *, bold: bool = False) -> None:
        _flag(row._tr, "w:cantSplit")
        for cell, value, column in zip(row.cells, cells, table.columns, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table Head" if bold else "Table Text"
            if column.form in ("score", "share"):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.add_run(shown(value, column.form))
            if bold:
                _shade(cell, palette.COLOUR.band1)

    def _run(self, paragraph: Any, text: str, size: Any, colour: str) -> None:
        run = paragraph.add_run(text)
        run.font.size = size
        run.font.color.rgb = _rgb(colour)

    def saved(self) -> bytes:
        target = BytesIO()
        self.document.save(target)
        return repacked(target.getvalue(), self.moment)


def _sheet(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(20)


def _styles(document: Any, language: str) -> None:
    styles = document.styles
    _face(styles["Normal"], BODY, INK, language)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    styles["Normal"].paragraph_format.line_spacing = 1.4
    for name, (size, colour) in HEADINGS.items():
        _face(styles[name], Pt(size), colour, language, bold=True)
        styles[name].paragraph_format.space_before = Pt(size)
        styles[name].paragraph_format.space_after = Pt(6)
    _face(styles["Caption"], SMALL, SOFT, language, bold=False)
    for name in ("List Bullet", "List Number"):
        _face(styles[name], BODY, INK, language)
    for name, bold in (("Table Text", False), ("Table Head", True), ("Figure", False)):
        style = _new(styles, name, TABLE_TEXT, INK, language, bold=bold)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = 1.25
    _new(styles, "Notice", BODY, palette.COLOUR.tiers[1], language, bold=True)
    styles["Figure"].paragraph_format.keep_with_next = True
    styles["Figure"].paragraph_format.line_spacing = 1.0
    _table_style(styles)


def _new(styles: Any, name: str, size: Any, colour: str, language: str, *, bold: bool) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    _face(style, size, colour, language, bold=bold)
    return style


def _face(style: Any, size: Any, colour: str, language: str, *, bold: bool = False) -> None:
    """Set type for both scripts; the template's theme fonts would win over the names."""
    style.font.size, style.font.bold, style.font.italic = size, bold, False
    style.font.name, style.font.color.rgb = LATIN, _rgb(colour)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for name in list(fonts.attrib):
        if name.lower().endswith("theme"):
            del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), EAST_ASIAN)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-GB")
    spoken.set(qn("w:eastAsia"), "zh-CN")
    properties.append(spoken)


def _table_style(styles: Any) -> None:
    """Hairlines under each row, cells with room around the text."""
    style = styles.add_style("Report Table", WD_STYLE_TYPE.TABLE)
    style.base_style = styles["Normal Table"]
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "C9D1D5")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 80), ("left", 100), ("bottom", 80), ("right", 100)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.append(margins)
    style.element.append(properties)


def _flag(row: Any, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour.lstrip("#"))):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


def _tag(language: str) -> str:
    return "zh-CN" if language.startswith("zh") else "en-GB"
