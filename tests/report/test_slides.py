import io
import zipfile

import pytest
from pptx import Presentation
from pptx.util import Mm

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.files import package
from materiality.report.files.slides.deck import HIGH, _height, pages
from tests.report.rounds import BAD_NAMES, badly_named, made, sample

LANGUAGES = ["zh-hans", "en"]


def deck(content):
    return Presentation(io.BytesIO(content))


def chart_of(content):
    return next(shape.chart for shape in deck(content).slides[0].shapes if shape.has_chart)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chart_is_native_and_its_points_are_the_scores(language):
    found = {
        (x, y)
        for series in chart_of(made(language, "slides.pptx")).plots[0].series
        for x, y in zip(_values(series, "xVal"), series.values, strict=True)
    }

    assert {(topic.x, topic.y) for topic in sample().topics} <= found


def _values(series, name):
    return [float(node.text) for node in series._element.find(_c(name)).iter(_c("v"))]


def _c(name):
    return "{http://schemas.openxmlformats.org/drawingml/2006/chart}" + name


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_point_of_the_chart_carries_its_name(language):
    chart = chart_of(made(language, "slides.pptx"))
    shown = "".join(node.text or "" for node in chart._chartSpace.iter(_a("t")))

    for topic in sample().topics:
        assert topic.name[language].replace(" ", "") in shown.replace(" ", "")


def _a(name):
    return "{http://schemas.openxmlformats.org/drawingml/2006/main}" + name


def test_the_first_series_is_the_longest_or_libreoffice_would_lose_it():
    chart = chart_of(package.file(Edition(sample(40), "en"), "slides.pptx"))
    lengths = [len(list(series.values)) for series in chart.plots[0].series]

    assert lengths[0] == max(lengths)


def test_the_chart_is_described_for_those_who_cannot_see_it():
    archive = zipfile.ZipFile(io.BytesIO(made("en", "slides.pptx")))

    assert b'descr="Scatter plot of 14 topics.' in archive.read("ppt/slides/slide1.xml")


def test_there_is_a_slide_for_matrix_list_changes_engagement_and_method():
    titles = [slide.shapes.title.text for slide in deck(made("en", "slides.pptx")).slides]

    assert titles == [
        "Materiality matrix 2020", "Material topics", "Changes from 2019",
        "Stakeholder engagement", "How we assessed",
    ]  # fmt: skip


def test_long_tables_go_on_over_several_slides_with_their_headings():
    found = [
        shape.table
        for slide in deck(package.file(Edition(sample(40), "en"), "slides.pptx")).slides
        for shape in slide.shapes
        if shape.has_table and shape.table.cell(0, 1).text == "No."
    ]

    assert len(found) > 1
    assert sum(len(table.rows) - 1 for table in found) == 40


def test_every_page_of_a_table_has_room_on_its_slide():
    table = tables.topic_list(Edition(sample(40), "zh-hans"))

    for page in pages(table):
        heights = [_height(page, row) for row in page.rows]
        assert sum(heights) <= HIGH


def test_bad_names_are_texts_on_slides():
    content = package.file(Edition(badly_named(), "en"), "slides.pptx")
    archive = zipfile.ZipFile(io.BytesIO(content))
    written = b"".join(
        archive.read(name)
        for name in archive.namelist()
        if name.startswith(("ppt/slides/", "ppt/charts/"))
    )
    texts = [
        cell.text
        for slide in deck(content).slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]

    assert BAD_NAMES[0] in texts
    assert "=1+1" in texts
    assert b"hlinkClick" not in written
    assert b"\x00" not in written


def test_the_deck_is_wide_and_stays_on_its_slides():
    presentation = deck(made("zh-hans", "slides.pptx"))

    assert presentation.slide_width == Mm(338.67)
    for slide in presentation.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= presentation.slide_width
            assert shape.top + shape.height <= presentation.slide_height
