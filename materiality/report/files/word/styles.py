"""Sheet, type and table style of the report's Word documents."""

from copy import deepcopy
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from materiality.report import palette
from materiality.report.signs import DIAMOND

LATIN, EAST_ASIAN = "Arial", "Microsoft YaHei"
BODY, TABLE_TEXT, SMALL = Pt(10), Pt(8.5), Pt(8)
ACCENT, INK, SOFT = palette.COLOUR.accent, palette.COLOUR.ink, palette.COLOUR.ink2
HEADINGS = {"Heading 1": (18, ACCENT), "Heading 2": (13, INK), "Heading 3": (11, INK)}
LISTS = ("List Bullet", "List Number")


def set_sheet(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(20)


def set_styles(document: Any, language: str) -> None:
    """Give a document of ours its type."""
    styles = document.styles
    _face(styles["Normal"], BODY, INK, language)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    styles["Normal"].paragraph_format.line_spacing = 1.4
    for name, (size, colour) in HEADINGS.items():
        _set_heading(styles[name], size, colour, language)
    _face(styles["Caption"], SMALL, SOFT, language, bold=False)
    styles["Caption"].paragraph_format.space_before = Pt(4)
    for name in LISTS:
        _face(styles[name], BODY, INK, language)
    _face(styles["Quote"], BODY, INK, language)
    _beside_a_line(styles["Quote"], after=0)


def add_missing(document: Any, language: str) -> None:
    """Add the styles that the report writes with; those of a template stay as they are."""
    styles = document.styles
    for name, (size, colour) in HEADINGS.items():
        if name not in styles:
            _set_heading(_new(styles, name, Pt(size), colour, language), size, colour, language)
    for name in ("Caption", *LISTS):
        if name not in styles:
            _new(styles, name, SMALL if name == "Caption" else BODY, INK, language)
    _add_table_texts(styles, language)
    for name, size, colour, after in (("Quote", BODY, INK, 0), ("Quote Source", SMALL, SOFT, 8)):
        if name not in styles:
            _beside_a_line(_new(styles, name, size, colour, language), after=after)
    if "Notice" not in styles:
        _new(styles, "Notice", BODY, palette.COLOUR.signs[DIAMOND], language, bold=True)
    if "Report Table" not in styles:
        _table_style(styles)


def _add_table_texts(styles: Any, language: str) -> None:
    for name, bold in (("Table Text", False), ("Table Head", True), ("Figure", False)):
        if name not in styles:
            style = _new(styles, name, TABLE_TEXT, INK, language, bold=bold)
            style.paragraph_format.space_after = Pt(0)
            style.paragraph_format.line_spacing = 1.0 if name == "Figure" else 1.25
            style.paragraph_format.keep_with_next = name == "Figure"


def _set_heading(style: Any, size: float, colour: str, language: str) -> None:
    _face(style, Pt(size), colour, language, bold=True)
    style.paragraph_format.space_before = Pt(size)
    style.paragraph_format.space_after = Pt(6)


def _new(
    styles: Any, name: str, size: Any, colour: str, language: str, *, bold: bool = False
) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    _face(style, size, colour, language, bold=bold)
    return style


def _face(style: Any, size: Any, colour: str, language: str, *, bold: bool = False) -> None:
    """Set type for both scripts; the template's theme fonts would win over the names."""
    style.font.size, style.font.bold, style.font.italic = size, bold, False
    style.font.name, style.font.color.rgb = LATIN, rgb(colour)
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


def _beside_a_line(style: Any, *, after: float) -> None:
    """A line at the left, as an indented text has it in print; no italics, which hanzi lack."""
    style.paragraph_format.left_indent = Mm(5)
    style.paragraph_format.space_after = Pt(after)
    properties = style.element.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:left")
    for key, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", ACCENT[1:])):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _table_style(styles: Any) -> None:
    """Hairlines under each row, cells with room around the text."""
    style = styles.add_style("Report Table", WD_STYLE_TYPE.TABLE)
    if "Normal Table" in styles:
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


def flag(row: Any, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))


def shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour.lstrip("#"))):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


def tag(language: str) -> str:
    return "zh-CN" if language.startswith("zh") else "en-GB"


def number_pages(footer: Any, width: int) -> None:
    """Set "page / pages" at the right end of the line, as fields that the program counts."""
    stops = footer.paragraph_format.tab_stops
    stops.add_tab_stop(Emu(width), WD_TAB_ALIGNMENT.RIGHT)
    footer.style.paragraph_format.tab_stops.clear_all()
    for text, field in (("\t", "PAGE"), (" / ", "NUMPAGES")):
        run = footer.add_run(text)
        run.font.size, run.font.color.rgb = SMALL, rgb(SOFT)
        counted = OxmlElement("w:fldSimple")
        counted.set(qn("w:instr"), field)
        copy_of_run = deepcopy(run._r)
        copy_of_run.clear_content()
        copy_of_run.add_t("1")
        counted.append(copy_of_run)
        footer._p.append(counted)
