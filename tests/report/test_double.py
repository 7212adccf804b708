"""What a round says beside its main matrix: the second one, the long list, every change."""

import csv
import io
import re
import zipfile

import docx
import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from materiality.report import palette, signs, tables
from materiality.report.edition import Edition, Look
from materiality.report.figure import plotly_figure
from materiality.report.figure.layout import compose
from materiality.report.files import package
from materiality.report.sentences import naming, note
from materiality.report.tables import double, long_tables
from tests.report.rounds import double_round, results_of, sample
from tests.samples import sample_inputs

LANGUAGES = ["zh-hans", "en"]


@pytest.fixture(scope="module")
def files():
    return package.files(Edition(double_round(), "en"), names=package.NAMES)


def words_of(content) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def sheet(content, name) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def text_of(pdf) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def charts_of(deck) -> list:
    """The matrices; how firm the tiers are is a chart of bars."""
    slides = Presentation(io.BytesIO(deck)).slides
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    return [chart for chart in charts if chart.chart_type != XL_CHART_TYPE.BAR_CLUSTERED]


def points_of(chart) -> set:
    numbers = "{http://schemas.openxmlformats.org/drawingml/2006/chart}v"
    return {
        (float(x.text), float(y))
        for series in chart.plots[0].series
        for x, y in zip(series._element.xVal.iter(numbers), series.values, strict=True)
    }


# -- double materiality --------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_matrix_has_its_own_axes_and_boundaries(language):
    seen = double.seen_double(double_round())

    matrix = compose(Edition(seen, language))

    titles = [line.text for line in matrix.axis_titles]
    assert any(("财务影响" if language == "zh-hans" else "Financial effect") in t for t in titles)
    assert len(matrix.boundaries) >= 2
    assert not matrix.key_tail


def test_impact_alone_and_finances_alone_have_signs_of_their_own():
    results = double_round()
    basis = {code: row["basis"] for code, row in results.views["double"].topics.items()}

    seen = double.seen_double(results)
    tiers = {topic.code: topic.tier for topic in seen.topics}

    sides = {"both": 1, "impact": 2, "financial": 3, "none": 4}
    assert tiers == {code: sides[side] for code, side in basis.items()}
    drawn = {point.marker.shape for point in compose(Edition(seen, "en")).points}
    assert drawn == {signs.shape(tier, 4) for tier in set(tiers.values())}


def test_the_second_matrix_says_the_same_in_every_file(files):
    table = double.table(Edition(double_round(), "en"))
    printed = words_of(files["section.docx"])
    report = text_of(files["report.pdf"])
    rows = sheet(files["tables.xlsx"], "Double materiality")[2:]

    for row, written in zip(table.rows, rows, strict=True):
        assert written[2:4] == pytest.approx(row[2:4])
        for value in row[2:4]:
            assert tables.shown(value, "score") in printed
            assert tables.shown(value, "score") in report
    assert "A topic is material from an impact of 4.00 or a financial effect of 4.00" in printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_and_slides_draw_the_second_matrix(language):
    seen = double.seen_double(double_round())
    made = package.files(Edition(double_round(), language), names=["report.pdf", "slides.pptx"])

    report = text_of(made["report.pdf"])
    charts = charts_of(made["slides.pptx"])

    for tier in {topic.tier for topic in seen.topics}:
        assert re.sub(r"\s+", "", naming.tier_name(Edition(seen, language), tier)) in report
    drawn = [points_of(chart) >= {(t.x, t.y) for t in seen.topics} for chart in charts]
    assert (drawn[0], drawn[-1]) == (False, True)


def test_a_round_that_did_not_ask_has_no_second_matrix():
    names = ["scores.csv", "slides.pptx", "report.pdf", "double.svg", "double.pdf", "double.png"]

    made = package.files(Edition(sample(), "en"), names=names)

    assert list(made) == names[:3]
    assert len(charts_of(made["slides.pptx"])) == 3  # the matrix, and both years beside each other
    assert "Financialeffect" not in text_of(made["report.pdf"])


def test_who_answers_several_questions_is_named_as_the_source_of_what_follows():
    results = double_round()
    inputs = {**results.inputs, "units": dict(results.inputs["units"])}
    inputs["units"]["impact.scale"] = inputs["units"].pop("impact")
    asked = {**results.units, "impact.scale": results.units["impact"], "impact": ()}
    object.__setattr__(results, "units", asked)
    try:
        assert note.source(Edition(results, "en"), "x") == (
            "worked out from several questions to Managers, External experts"
        )
    finally:
        del results.__dict__["units"]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "有多严重？"), ("en", "How grave?")])
def test_a_question_that_has_no_name_is_called_by_its_words_in_the_table_of_weights(
    language, words
):
    results = double_round()
    part = {"code": "impact.scale", "question": {"zh-hans": "有多严重？", "en": "How grave?"}}
    results.inputs["dimensions"].append(part)
    object.__setattr__(results, "units", {"impact.scale": results.units["impact"]})
    try:
        rows = tables.weights(Edition(results, language)).rows
    finally:
        del results.__dict__["units"]
        results.inputs["dimensions"].remove(part)

    assert {row[0] for row in rows} == {words}


# -- the long list and every change --------------------------------------------------------------


def test_what_was_screened_out_is_in_workbook_and_method_note(files):
    row = ["Nuclear safety", "Environment", "Not applicable to the company", "No such business"]

    assert sheet(files["tables.xlsx"], "Long list, not asked")[2] == row
    words = words_of(files["method.docx"])
    assert all(text in words for text in row)


def test_every_tier_move_says_why(files):
    moved = [row for row in sample().change_report if row.kind == "moved_tier"]
    listed = [
        row for row in sheet(files["tables.xlsx"], "Change report") if row[0] == "Tier changed"
    ]

    assert moved
    assert len(listed) == len(moved)
    assert all(row[5].startswith(("Scores changed", "Other method", "Decided")) for row in listed)
    assert "Scores changed" in words_of(files["section.docx"])


def test_a_change_of_method_is_told_with_both_settings():
    inputs = sample_inputs(14)
    inputs["previous"]["method"] = {"minimum_group": 8, "cuts": [4.2, 3.5]}
    inputs["method_reason"] = {"zh-hans": "样本更大", "en": "More people answered"}

    rows = long_tables.change_report(Edition(results_of(inputs), "en")).rows

    changed = {row[5]: (row[1], row[3]) for row in rows if row[0] == "Method changed"}
    assert changed == {
        "Tier boundaries: More people answered": ("4.20, 3.50", "3.95, 3.40"),
        "Smallest unit shown: More people answered": ("8", "5"),
    }


def test_every_topic_has_the_ranks_it_may_hold(files):
    row = next(csv.DictReader(io.StringIO(files["scores.csv"].decode("utf-8-sig"))))
    ranks = package.file(Edition(sample(), "en"), "scores.csv").decode("utf-8-sig")

    assert {"rank_low", "rank_high"} <= row.keys()
    for found, topic in zip(csv.DictReader(io.StringIO(ranks)), sample().topics, strict=True):
        assert (int(found["rank_low"]), int(found["rank_high"])) == topic.rank_interval
        assert tables.rank_interval(topic)


# -- pages, colours ------------------------------------------------------------------------------


def test_pages_and_slides_are_numbered(files):
    footer = docx.Document(io.BytesIO(files["section.docx"])).sections[0].footer._element.xml
    slide = zipfile.ZipFile(io.BytesIO(files["slides.pptx"])).read("ppt/slides/slide2.xml")

    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer
    assert b'type="slidenum"' in slide


def test_the_companys_colours_are_those_of_every_chart():
    colours = palette.company(["#7a1f5c", "#8a5300", "#555555"])

    made = package.files(
        Edition(sample(), "en", Look(palette=colours)),
        names=["matrix.svg", "matrix.html", "slides.pptx", "tables.xlsx"],
    )  # fmt: skip

    charts = [
        zipfile.ZipFile(io.BytesIO(made["slides.pptx"])).read("ppt/charts/chart1.xml"),
        zipfile.ZipFile(io.BytesIO(made["tables.xlsx"])).read("xl/charts/chart1.xml"),
    ]
    for chart in charts:
        assert b"7A1F5C" in chart.upper()
        assert b"0B5A78" not in chart.upper()
    assert b"#7a1f5c" in made["matrix.svg"]
    assert b"--t1:#7a1f5c" in made["matrix.html"]


def test_signs_in_tables_have_the_colours_of_the_matrix():
    colours = palette.company(["#7a1f5c", "#8a5300", "#555555"])

    made = package.files(
        Edition(sample(), "en", Look(palette=colours)), names=["section.docx", "slides.pptx"]
    )

    word = zipfile.ZipFile(io.BytesIO(made["section.docx"])).read("word/document.xml").decode()
    slides = zipfile.ZipFile(io.BytesIO(made["slides.pptx"]))
    names = [name for name in slides.namelist() if name.startswith("ppt/slides/slide")]
    slide = "".join(slides.read(name).decode() for name in names)
    for shape in signs.shapes(3):
        sign, colour = signs.GLYPHS[shape], colours.signs[shape][1:].upper()
        assert re.search(rf'w:val="{colour}"/></w:rPr><w:t>{sign}<', word)
        assert re.search(rf'{colour}"/>.{{0,200}}<a:t>{sign}<', slide)


@pytest.mark.parametrize(("size", "width"), [("half", 170), ("column", 84), ("square", 150)])
def test_the_figure_stands_in_word_in_the_size_it_was_drawn_for(size, width):
    content = package.file(Edition(sample(), "en").drawn(size=size), "section.docx")

    picture = docx.Document(io.BytesIO(content)).inline_shapes[0]

    assert picture.width.mm == pytest.approx(width, abs=0.2)


def test_a_figure_for_strangers_tells_no_mean_of_a_group():
    told, kept = (
        plotly_figure.figure(Edition(sample(), "en"), with_groups=shown)[0]
        for shown in (True, False)
    )

    assert "Employees" in str(told)
    assert "Employees" not in str(kept).replace("Employees'", "")
