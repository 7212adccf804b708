"""What every document says of those who answered, and that it prints legibly."""

import io
import re
import zipfile

import docx
import pytest
from pypdf import PdfReader

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure import typeset
from materiality.report.figure.drawings import Drawings
from materiality.report.files import double_page, package
from tests.report.rounds import double_round, made, results_of, sample
from tests.samples import sample_inputs

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


def with_surveys():
    inputs = sample_inputs()
    inputs["surveys"] = [
        {
            "code": code,
            "dimensions": [code],
            "mode": mode,
            "sources": [],
            "answered": answered,
            "counted": answered,
        }
        for code, mode, answered in (("stakeholder", "anonymous", 186), ("impact", "named", 32))
    ]
    return results_of(inputs)


def test_the_table_says_how_each_group_was_asked_how_many_answered_and_what_it_weighs():
    table = tables.who_answered(Edition(with_surveys(), "en"))

    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Customers"][:4] == ["anonymously", 80, 52, pytest.approx(0.65)]
    assert rows["Managers"][:3] == ["by name", 24, 22]
    assert rows["Managers"][4:] == ["–", "50%"]
    assert rows["Customers"][4] == "17%"
    assert rows["Government and regulators"][4] == "33% together"
    assert rows["Government and regulators"][2] is None  # too few to be told


@LANGUAGES
def test_it_stands_in_every_document_with_what_an_interval_does_not_cover(language):
    edition = Edition(sample(), language)
    heading, caveat = edition.say("who_answered"), edition.say("board_caveat")
    files = package.files(edition, ["report.pdf", "section.docx", "section.md", "tables.xlsx"])

    document = docx.Document(io.BytesIO(files["section.docx"]))
    word = "\n".join(paragraph.text for paragraph in document.paragraphs)
    pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["report.pdf"])).pages)
    for text in (word, pdf, files["section.md"].decode()):
        bare = re.sub(r"\s+", "", text)
        assert re.sub(r"\s+", "", heading) in bare
        assert re.sub(r"\s+", "", caveat) in bare
    with zipfile.ZipFile(io.BytesIO(files["tables.xlsx"])) as book:
        assert heading in book.read("xl/workbook.xml").decode()


def sheets(content):
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = sorted(name for name in book.namelist() if "worksheets/sheet" in name)
        return book.read("xl/workbook.xml").decode(), [book.read(name).decode() for name in names]


@LANGUAGES
def test_every_sheet_prints_in_type_that_can_be_read(language):
    """Fit to the width of the paper, or at seven tenths; never smaller."""
    book, all_sheets = sheets(made(language, "tables.xlsx"))

    for sheet in all_sheets:
        assert 'orientation="landscape"' in sheet
        columns = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', sheet)
        wide = sum(float(width) * (int(last) - int(first) + 1) for first, last, width in columns)
        assert "fitToPage" not in sheet or wide <= 132 / 0.69
        assert "fitToPage" in sheet or 'scale="70"' in sheet
    assert book.count("_xlnm.Print_Area") >= len(all_sheets) - 1
    assert book.count("_xlnm.Print_Titles") >= len(all_sheets) - 1


@LANGUAGES
@pytest.mark.parametrize("kind", [sample, double_round, lambda: sample(40)])
def test_no_report_ends_on_an_almost_empty_page(language, kind):
    done = double_page.double_page(Drawings(Edition(kind(), language)))

    pages, end = typeset.end_of(done)
    assert pages == 1 or end > double_page.LEAST_ON_A_PAGE
    assert len(PdfReader(io.BytesIO(done.pdf)).pages) == pages


def test_an_english_axis_with_an_arrow_keeps_its_narrow_apostrophe():
    inputs = sample_inputs()
    for row in inputs["dimensions"]:
        row["name"] = {"en": "The company’s finances", "zh-hans": "财务"}
    content = package.file(Edition(results_of(inputs), "en"), "matrix.pdf")

    fonts = {
        str(font["/BaseFont"]).split("+")[-1]
        for page in PdfReader(io.BytesIO(content)).pages
        for font in _fonts(page)
    }
    assert fonts
    assert all("CJKLatin" in name for name in fonts), fonts


def _fonts(page):
    found, waiting = [], [page["/Resources"].get_object()]
    while waiting:
        resources = waiting.pop()
        found += [font.get_object() for font in resources.get("/Font", {}).values()]
        for shape in resources.get("/XObject", {}).values():
            inner = shape.get_object()
            if "/Resources" in inner:
                waiting.append(inner["/Resources"].get_object())
    return found


def test_headings_of_numbers_stand_over_them_and_those_of_words_over_words():
    archive = zipfile.ZipFile(io.BytesIO(made("en", "tables.xlsx")))
    formats = re.search(r"<cellXfs.*?</cellXfs>", archive.read("xl/styles.xml").decode(), re.DOTALL)
    sides = ['"right"' in one for one in re.findall(r"<xf .*?(?:/>|</xf>)", formats[0], re.DOTALL)]
    rows = re.findall(r"<row .*?</row>", archive.read("xl/worksheets/sheet1.xml").decode())
    heads, first = (re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"([^>]*)>', row) for row in rows[1:3])

    at_right = [sides[int(style)] for style, _kind in heads]
    assert at_right == ['t="s"' not in kind for _style, kind in first]
    assert {True, False} == set(at_right)
