import io
import zipfile
from dataclasses import replace

import pytest
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Mm

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings
from materiality.report.files import package
from materiality.report.files.slides import base
from materiality.report.files.slides.base import HIGH
from materiality.report.files.slides.deck import slides
from materiality.report.files.slides.grid import _height, pages
from materiality.report.palette import COLOUR
from materiality.report.sentences import board
from tests.report.rounds import BAD_NAMES, badly_named, made, results_of, sample
from tests.samples import sample_inputs

LANGUAGES = ["zh-hans", "en"]


def deck(content):
    return Presentation(io.BytesIO(content))


def chart_of(content):
    shapes = [shape for slide in deck(content).slides for shape in slide.shapes]
    return next(shape.chart for shape in shapes if shape.has_chart)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chart_is_native_and_its_points_are_the_scores(language):
    result = {
        (x, y)
        for series in chart_of(made(language, "slides.pptx")).plots[0].series
        for x, y in zip(_values(series, "xVal"), series.values, strict=True)
    }

    assert {(topic.x, topic.y) for topic in sample().topics} <= result


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

    assert b'descr="Scatter plot of 14 topics.' in archive.read("ppt/slides/slide3.xml")


def test_the_deck_tells_the_board_the_answer_first_and_the_tables_last():
    titles = [slide.shapes.title.text for slide in deck(made("en", "slides.pptx")).slides]

    assert titles == [
        "Materiality assessment 2020: what matters most",
        "5 of 14 topics are “Highly material”",
        "Materiality matrix 2020",
        "Materiality matrix: 2019 beside 2020",
        "Why the first 5 lead",
        "Whether tiers changed by more than chance since 2019 cannot be told",
        "10 of 13 suggested tiers stand in at least 90% of the draws",
        "202 answers from 8 groups carry this result",
        "We ask the board to approve",
        "Material topics",
        "Changes from 2019",
        "Stakeholder engagement",
        "How we assessed",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_is_made_from_the_numbers(language):
    few = sample()
    none = results_of(without_a_top_tier())

    said = [board.answer(Edition(results, language)).title for results in (few, none)]

    assert str(len(few.tier(1))) in said[0]
    assert str(len(few.topics)) in said[0]
    assert said[0] != said[1]


@pytest.mark.parametrize(
    ("language", "cuts", "words"),
    [
        (
            "en",
            [4.28, 4.26],
            ["One of 14 topics is “Highly material”", "It is: ", "One more is “More"],
        ),
        (
            "en",
            [4.0, 3.4],
            ["6 of 14 topics are “Highly material”", "They are: ", "4 more are “More"],
        ),
        ("zh-hans", [4.28, 4.26], ["14 项议题中有 1 项为“", "即：", "另有 1 项为“"]),
    ],
)
def test_the_answer_counts_both_upper_tiers_in_the_right_number(language, cuts, words):
    inputs = sample_inputs()
    inputs["rule"]["cuts"] = cuts
    inputs["decisions"] = []

    answer = board.answer(Edition(results_of(inputs), language))

    lines = [answer.title, *answer.lines][: len(words)]
    assert [line[: len(word)] for line, word in zip(lines, words, strict=True)] == words


@pytest.mark.parametrize(("preset", "leading"), [("double", 2), ("", 5)])
def test_only_material_topics_lead(preset, leading):
    """The control: the lowest tier of the classic matrix is material too."""
    inputs = sample_inputs()
    inputs["rule"]["cuts"] = [4.28, 4.26]
    inputs["decisions"] = []
    inputs["assessment"]["preset"] = preset or inputs["assessment"].get("preset")
    edition = Edition(results_of(inputs), "en")

    assert len(board.reason_rows(edition)) == leading


def test_without_a_material_topic_nothing_says_why_it_leads():
    inputs = sample_inputs()
    inputs["rule"]["cuts"] = [5.0, 4.9]
    inputs["decisions"] = []
    inputs["assessment"]["preset"] = "double"

    assert not [title for title in titles(results_of(inputs)) if title.startswith("Why")]


def without_a_top_tier():
    inputs = sample_inputs()
    inputs["rule"]["cuts"] = [4.9, 3.4]
    inputs["decisions"] = []
    return inputs


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_lines_footers_and_numbers_stand_in_placeholders_of_the_layouts(language):
    for slide in deck(made(language, "slides.pptx")).slides:
        kinds = {shape.placeholder_format.type for shape in slide.placeholders}
        loose = [
            shape for shape in slide.shapes if shape.has_text_frame and not shape.is_placeholder
        ]

        assert {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER} <= kinds
        assert slide.shapes.title.text
        assert len(loose) <= 1  # the title of the vertical axis, beside a chart


@pytest.mark.parametrize(
    ("language", "tag"), [("zh-hans", b'lang="zh-CN"'), ("en", b'lang="en-GB"')]
)
def test_every_text_of_the_deck_names_its_language(language, tag):
    archive = zipfile.ZipFile(io.BytesIO(made(language, "slides.pptx")))
    for name in archive.namelist():
        if name.startswith("ppt/slides/slide"):
            content = archive.read(name)
            assert content.count(b"<a:r>") <= content.count(tag), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slide_has_notes_for_the_speaker(language):
    for slide in deck(made(language, "slides.pptx")).slides:
        assert slide.notes_slide.notes_text_frame.text.strip()


def test_the_deck_names_the_company_and_nobody_elses_name():
    core = deck(made("en", "slides.pptx")).core_properties

    assert core.last_modified_by == core.author == "Example Tech"
    assert core.revision == 1
    assert b"Canny" not in made("en", "slides.pptx")


def test_a_tier_that_people_decided_does_not_claim_the_share_of_the_draws():
    inputs = sample_inputs()
    inputs["rule"]["cuts"] = [4.9, 3.4]  # the rule suggests nobody for the highest tier
    inputs["decisions"] = [{**inputs["decisions"][0], "tier": 1}]
    results = results_of(inputs)
    overridden = next(topic for topic in results.topics if topic.overridden)
    rows = board.reason_rows(Edition(results, "en"))

    row = next(row for row in rows if row[0] == overridden.name["en"])
    assert row[-1] == "by decision"


def test_how_sure_is_a_native_chart_of_the_suggested_tiers_the_loosest_first():
    """The control: a tier that people decided is in no bar, and is named beside them."""
    slide = next(
        slide
        for slide in deck(made("en", "slides.pptx")).slides
        if "suggested tiers" in slide.shapes.title.text
    )
    plot = next(shape for shape in slide.shapes if shape.has_chart).chart.plots[0]
    shares = dict(zip(plot.categories, plot.series[0].values, strict=True))
    decided = {topic.name["en"] for topic in sample().topics if topic.overridden}

    assert shares == {
        topic.name["en"]: topic.stability for topic in sample().topics if not topic.overridden
    }
    assert list(shares.values()) == sorted(shares.values())
    assert decided
    assert all(name in base.body_of(slide).text_frame.text for name in decided)


def test_the_first_topics_are_those_of_the_highest_tier_as_it_was_decided():
    rows = [row[0] for row in board.reason_rows(Edition(sample(), "en"))]
    top = [topic.name["en"] for topic in sample().tier(1)][: board.TOP]

    assert rows[: len(top)] == top


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [(["within_noise"] * 9, "No topic changed tier by more than chance since 2019; "),
     (["moved"] + ["within_noise"] * 8, "One topic changed tier by more than chance since 2019; ")],
)  # fmt: skip
def test_the_answer_counts_no_change_that_is_none(verdicts, said):
    lines = board.answer(Edition(moved(verdicts), "en")).lines

    assert any(line.startswith(said) and " 0 " not in line for line in lines), lines


def test_last_years_matrix_stands_beside_on_the_same_axes_with_this_years_numbers():
    slide = next(
        slide
        for slide in deck(made("en", "slides.pptx")).slides
        if "beside" in slide.shapes.title.text
    )

    before, now = (shape.chart for shape in slide.shapes if shape.has_chart)
    assert before.chart_title.text_frame.text == "2019"
    assert now.chart_title.text_frame.text == "2020"
    for name in ("minimum_scale", "maximum_scale"):
        assert getattr(before.value_axis, name) == getattr(now.value_axis, name)
    numbers = {node.text for node in now._chartSpace.iter(_a("t"))}
    assert {str(at) for at in range(1, 15)} <= numbers
    assert all(
        shape._element.nvGraphicFramePr.cNvPr.get("descr")
        for shape in slide.shapes
        if shape.has_chart
    )


def titles(results):
    pages = deck(slides(Drawings(Edition(results, "en")))).slides
    return [page.shapes.title.text_frame.text for page in pages]


def test_a_first_assessment_has_no_slide_of_what_moved():
    inputs = sample_inputs()
    inputs["previous"] = None
    inputs["successions"] = []

    first, later = titles(results_of(inputs)), titles(sample())

    assert board.moves(Edition(sample(), "en")).title in later
    assert len([title for title in first if "chance" in title]) == 0


def moved(verdicts):
    """Return the results of the sample with these verdicts on the tiers that changed, in order."""
    results = sample()
    moves = [
        {**move, "verdict": verdict}
        for move, verdict in zip(results.document["results"]["tier_moves"], verdicts, strict=False)
    ]
    document = {
        **results.document,
        "results": {**results.document["results"], "tier_moves": moves},
    }
    return replace(results, document=document)


@pytest.mark.parametrize("untold", ["cannot_tell", "not_comparable", None])
def test_only_a_move_beyond_chance_counts_as_one(untold):
    edition = Edition(moved(["moved", "within_noise", untold]), "en")

    message = board.moves(edition)

    assert message.title == "One topic changed tier by more than chance since 2019"
    assert [line.partition("): ")[2] for line in message.lines[:2]] == ["", "within chance"]
    assert len(message.lines) == 3
    assert "cannot be told" in message.lines[2]


def test_a_long_text_goes_on_on_a_further_slide():
    sheet = base.empty_deck(COLOUR)
    lines = tuple("word " * 60 for _line in range(8))

    parts = list(base.filling(lines, sheet))

    assert len(parts) > 1
    assert sum(parts, ()) == lines
    assert list(base.filling(("one", "two"), sheet)) == [("one", "two")]


def test_long_tables_go_on_over_several_slides_with_their_headings():
    result = [
        shape.table
        for slide in deck(package.file(Edition(sample(40), "en"), "slides.pptx")).slides
        for shape in slide.shapes
        if shape.has_table and shape.table.cell(0, 1).text == "No."
    ]

    assert len(result) > 1
    assert sum(len(table.rows) - 1 for table in result) == 40


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
