import csv
import html
import io
import json
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import docx
import pytest
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.files import opendata, package
from materiality.report.sentences.problems import problems
from tests.report.rounds import BAD_NAMES, badly_named, made, results_of, sample
from tests.samples import sample_inputs

LANGUAGES = ["zh-hans", "en"]


def sheets(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def document(content):
    return docx.Document(io.BytesIO(content))


def without_reason():
    inputs = sample_inputs(14)
    inputs["successions"][1]["reason"] = {"zh-hans": "", "en": "A new topic"}
    return results_of(inputs)


def silent_round():
    inputs = sample_inputs(14)
    for units in inputs["counts"].values():
        units |= {code: [[0] * 6 for _ in rows] for code, rows in units.items()}
    return results_of(inputs)


def silent_group():
    inputs = sample_inputs(14)
    shape = inputs["counts"]["stakeholder"]["customers"]
    inputs["counts"]["stakeholder"]["customers"] = [[0] * 6 for _ in shape]
    return results_of(inputs)


# -- the seed's three rows -----------------------------------------------------------------------

ROWS = {
    "zh-hans": [
        ["实体经济产业数据化", "推动全球贸易数字化转型", "疫情影响下，将议题范围增大"],
        ["/", "赋能全球贸易生态", "结合市场需求和公司业务动态新增议题"],
        ["帮助用户融入全球化贸易", "/", "已融入“赋能全球贸易生态”"],
    ],
}


def test_the_workbook_prints_the_three_rows_of_change():
    result = sheets(made("zh-hans", "tables.xlsx"))["议题变化"]

    assert result[1] == ["2019 年实质性议题", "2020 年实质性议题", "调整原因"]
    assert result[2:] == ROWS["zh-hans"]


def test_the_document_prints_the_three_rows_of_change():
    content = made("zh-hans", "section.docx")
    table = next(
        table for table in document(content).tables if table.cell(0, 0).text == "2019 年实质性议题"
    )

    assert [[cell.text for cell in row.cells] for row in table.rows][1:] == ROWS["zh-hans"]


def test_an_unfinished_change_table_is_left_out_and_the_problem_named():
    results = without_reason()

    assert problems(Edition(results, "en")) == [
        "The change of “Empowering the global trade ecosystem” has no reason (Chinese)"
    ]
    assert "Topic changes" not in sheets(package.file(Edition(results, "en"), "tables.xlsx"))
    assert json.loads(package.file(Edition(results, "en"), "scores.json"))["changes"] is None
    text = "\n".join(
        paragraph.text
        for paragraph in document(package.file(Edition(results, "en"), "section.docx")).paragraphs
    )
    assert problems(Edition(results, "en"))[0] in text


def test_a_first_year_has_no_change_table_and_says_so():
    inputs = sample_inputs(14)
    inputs["previous"], inputs["successions"] = None, []
    results = results_of(inputs)

    assert "Topic changes" not in sheets(package.file(Edition(results, "en"), "tables.xlsx"))
    content = package.file(Edition(results, "en"), "section.docx")
    assert "first assessment" in "\n".join(p.text for p in document(content).paragraphs)


# -- the same digits everywhere ------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_shows_the_same_scores(language):
    results = sample()
    made = package.files(Edition(results, language))
    rows = list(csv.DictReader(io.StringIO(made["scores.csv"].decode("utf-8-sig"))))
    listed = json.loads(made["scores.json"])["topics"]
    workbook = sheets(made["tables.xlsx"])[tables.topics(Edition(results, language)).heading][2:]
    word = next(t for t in document(made["section.docx"]).tables if len(t.columns) == 5)
    printed = {row.cells[2].text.removesuffix(" *"): row.cells[4].text for row in word.rows[1:]}

    for at, topic in enumerate(results.topics):
        assert float(rows[at]["overall"]) == listed[at]["overall"] == topic.overall
        assert workbook[at][5] == pytest.approx(topic.overall, rel=1e-15)
        assert printed[topic.name[language]] == f"{topic.overall:.2f}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_printed_has_the_digits_and_the_sign_of_the_list(language):
    """Slides, Word, PDF and web page: sign, number, name and score of each topic, as one row."""
    wanted = [
        [tables.shown(cell, column.form) for cell, column in zip(row, result.columns, strict=True)]
        for result in [tables.topic_list(Edition(sample(), language))]
        for row in result.rows
    ]
    page = made(language, "matrix.html").decode().split("<tbody>")[1].split("</tbody>")[0]
    pdf = PdfReader(io.BytesIO(made(language, "report.pdf"))).pages
    printed = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in pdf))

    assert slide_rows(made(language, "slides.pptx")) == wanted
    assert word_rows(made(language, "section.docx")) == wanted
    assert [
        [html.unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in page.split("</tr>")[:-1]
    ] == wanted
    for row in wanted:
        assert re.sub(r"\s", "", "".join(row)) in printed


def slide_rows(content):
    """The rows of the list of topics in the appendix: the table whose second column is numbers."""
    shapes = [shape for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes]
    lists = [
        shape.table
        for shape in shapes
        if shape.has_table and shape.table.cell(0, 1).text in ("No.", "编号")
    ]
    return [[cell.text for cell in row.cells] for row in list(lists[0].rows)[1:]]


def word_rows(content):
    grid = next(t for t in document(content).tables if len(t.columns) == 5)
    return [[cell.text for cell in row.cells] for row in grid.rows[1:]]


def test_a_digit_that_differs_would_be_noticed():
    rows = slide_rows(made("en", "slides.pptx"))

    rows[0][4] = "0.00"

    assert rows != word_rows(made("en", "section.docx"))


# -- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]
)
def test_csv_cells_are_no_formulas(text):
    assert opendata.inert(text) == f"'{text}"


def test_csv_numbers_stay_numbers():
    inputs = sample_inputs(14)
    rows = csv.DictReader(
        io.StringIO(opendata.scores_csv(Edition(results_of(inputs), "en")).decode("utf-8-sig"))
    )

    assert all(float(row["x"]) > 0 and float(row["overall"]) > 0 for row in rows)


def test_csv_opens_as_utf_8_in_spreadsheets():
    assert opendata.scores_csv(Edition(sample(), "zh-hans")).startswith(b"\xef\xbb\xbf")


def test_no_bad_name_reaches_a_csv_cell_as_a_formula():
    rows = csv.reader(
        io.StringIO(opendata.scores_csv(Edition(badly_named(), "en")).decode("utf-8-sig"))
    )

    cells = [cell for row in rows for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(tuple("=+@-"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_names_are_texts_in_the_workbook(language):
    content = package.file(Edition(badly_named(), language), "tables.xlsx")
    archive = zipfile.ZipFile(io.BytesIO(content))
    cells = [cell for rows in sheets(content).values() for row in rows for cell in row]

    assert "=1+1" in cells
    assert BAD_NAMES[0] in cells
    for name in archive.namelist():
        if name.startswith("xl/worksheets/"):
            written = archive.read(name).decode()
            assert "<f>" not in written
            assert "<hyperlink" not in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_names_are_texts_in_the_document(language):
    content = package.file(Edition(badly_named(), language), "section.docx")
    cells = [
        cell.text for table in document(content).tables for row in table.rows for cell in row.cells
    ]
    archive = zipfile.ZipFile(io.BytesIO(content))

    assert "=1+1" in cells
    assert any(BAD_NAMES[0] in cell for cell in cells)
    assert b"w:hyperlink" not in archive.read("word/document.xml")
    assert b"\x00" not in archive.read("word/document.xml")


def test_a_missing_translation_is_listed_and_not_replaced_by_the_other_language():
    inputs = sample_inputs(14)
    inputs["topics"][0]["name"] = {"zh-hans": "数字化转型"}
    results = results_of(inputs)

    assert problems(Edition(results, "en")) == ["“数字化转型” has no name in English"]
    row = tables.topics(Edition(results, "en")).rows[0]
    assert row[1] == "[digital-trade]"


# -- disclosure ----------------------------------------------------------------------------------


def test_no_mean_of_fewer_than_the_minimum_is_written():
    inputs = sample_inputs(14)
    inputs["counts"]["impact"]["experts"][2] = [0, 0, 0, 2, 1, 7]
    results = results_of(inputs)

    rows = [row[3:] for row in tables.group_means(Edition(results, "en")).rows if row[6] is None]

    assert rows == [
        ["Managers", None, "kept back with it", None],  # or the experts were total less managers
        ["External experts", None, "under 5", None],
    ]


def test_a_silent_group_is_said_to_be_left_out():
    rows = tables.weights(Edition(silent_group(), "en")).rows
    customers = next(row for row in rows if row[1] == "Customers")

    assert customers[5] == 0.0
    assert customers[6] == "No answers; its weight goes to the others"


# -- the workbook's chart ------------------------------------------------------------------------


def chart_of(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    return ElementTree.fromstring(archive.read("xl/charts/chart1.xml"))


C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_a_native_chart_with_a_name_at_each_point(language):
    shown = "".join(
        node.text or "" for node in chart_of(made(language, "tables.xlsx")).iter(f"{A}t")
    )

    for topic in sample().topics:
        assert topic.name[language].replace(" ", "") in shown.replace(" ", "")


@pytest.mark.parametrize("name", ["Act now!CO2 cuts", "=Sheet1!A1", "a!B1", "=1+1"])
def test_a_name_like_a_reference_to_a_cell_is_text_in_the_chart(name):
    inputs = sample_inputs(14)
    inputs["topics"][0]["name"] = {"zh-hans": name, "en": name}

    chart = chart_of(package.file(Edition(results_of(inputs), "en"), "tables.xlsx"))

    shown = "".join(node.text for node in chart.iter(f"{A}t"))
    assert name.replace(" ", "") in shown.replace(" ", "")
    assert not any(name in node.text for node in chart.iter(f"{C}f"))


def test_an_axis_named_like_a_reference_to_a_cell_keeps_its_title():
    inputs = sample_inputs(14)
    for row in inputs["dimensions"]:
        row["name"] = {"zh-hans": "Act now!CO2", "en": "Act now!CO2"}

    chart = chart_of(package.file(Edition(results_of(inputs), "en"), "tables.xlsx"))

    assert "Act now！CO2" in "".join(node.text for node in chart.iter(f"{A}t"))
    assert not any("Act now" in node.text for node in chart.iter(f"{C}f"))


def test_the_points_of_the_chart_have_cells_of_their_own_that_bear_their_names():
    """The topic sheet may be sorted: no point is one of its cells."""
    content = made("en", "tables.xlsx")
    rows = sheets(content)["Materiality matrix"]
    scores = {row[1]: row[3:5] for row in sheets(content)["Topics and scores"][2:]}
    for series in chart_of(content).iter(f"{C}ser"):
        where = series.find(f"{C}xVal").find(f".//{C}f").text
        assert "Topics and scores" not in where
        cells = [int(cell) for cell in re.findall(r"\$B\$(\d+)", where)]
        named = [rows[cell - 1][0] for cell in cells]
        for cell, name in zip(cells, named, strict=True):
            assert rows[cell - 1][1:3] == pytest.approx(scores[name], abs=0.005)
        labels = "".join(node.text for node in series.find(f"{C}dLbls").iter(f"{A}t"))
        plain = re.sub(r"[\s*]", "", labels)  # * stands for a close call
        assert plain == re.sub(r"\s", "", "".join(named))


def test_the_cells_of_the_points_cannot_be_sorted_but_those_of_the_topics_can():
    """Labels are laid out one by one: rows that changed places would lie under others' names."""
    archive = zipfile.ZipFile(io.BytesIO(made("en", "tables.xlsx")))
    parts = {
        name: archive.read(name).decode()
        for name in archive.namelist()
        if name.startswith("xl/worksheets/sheet")
    }

    drawn = [text for text in parts.values() if "<drawing" in text]
    assert [text.count("<sheetProtection") for text in drawn] == [1]
    free = [text for text in parts.values() if "<autoFilter" in text]
    assert free
    assert not any("<sheetProtection" in text for text in free)


def test_the_workbook_within_the_slides_names_its_topics():
    archive = zipfile.ZipFile(io.BytesIO(made("en", "slides.pptx")))
    chart = next(name for name in archive.namelist() if name.startswith("ppt/slides/_rels/slide3"))
    [part] = re.findall(r"charts/(chart\d+\.xml)", archive.read(chart).decode())
    relations = archive.read(f"ppt/charts/_rels/{part}.rels").decode()
    [name] = re.findall(r"embeddings/([^\"]+)", relations)
    [rows] = sheets(archive.read(f"ppt/embeddings/{name}")).values()

    named = {row[2] for row in rows if len(row) > 2 and row[2]}
    assert named == {topic.name["en"] for topic in sample().topics}


# -- documents -----------------------------------------------------------------------------------


def test_the_document_has_real_headings_and_tables_that_repeat_theirs():
    content = made("en", "section.docx")
    result = document(content)
    headings = [p.text for p in result.paragraphs if p.style.name.startswith("Heading")]

    assert headings == [
        "Materiality analysis", "How we assessed", "Materiality matrix", "Material topics",
        "Changes from 2019", "Changes of tier", "Stakeholder engagement", "Who answered",
        "Method note", "Tier decisions",
    ]  # fmt: skip
    for table in result.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml


def test_the_picture_in_the_document_is_described():
    content = made("en", "section.docx")
    written = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()

    assert 'descr="Scatter plot of 14 topics.' in written


def test_chinese_has_a_chinese_font_in_the_document():
    content = made("zh-hans", "section.docx")
    written = zipfile.ZipFile(io.BytesIO(content)).read("word/styles.xml").decode()

    assert 'w:eastAsia="Microsoft YaHei"' in written


def test_engagement_is_printed_in_three_columns_for_the_six_groups():
    table = tables.engagement(Edition(sample(), "zh-hans"))

    assert [column.heading for column in table.columns] == [
        "利益相关方", "期待与诉求", "沟通渠道与回应方式",
    ]  # fmt: skip
    assert len(table.rows) == 6
    assert table.rows[0][1] == "合规经营、信息披露"


# -- the package ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", package.names_of(sample()))
def test_a_round_in_which_no_topic_has_a_score_still_has_every_file(name):
    assert package.file(Edition(silent_round(), "en"), name)


def test_without_a_score_the_workbook_has_its_tables_and_no_chart():
    content = package.file(Edition(silent_round(), "zh-hans"), "tables.xlsx")

    assert "xl/charts/chart1.xml" not in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert len(sheets(content)["议题与得分"]) == 2 + 14


def test_every_file_is_made():
    assert list(package.files(Edition(sample(), "en"))) == package.names_of(sample())


def test_the_same_round_gives_the_same_archive():
    first, again = (package.zip_archive(sample(), ["en"]) for _ in range(2))

    assert first == again


def test_a_changed_round_gives_another_archive():
    inputs = sample_inputs(14)
    inputs["decisions"] = []

    names = ["tables.xlsx", "scores.csv"]
    changed, before = (
        package.zip_archive(results, ["en"], names=names)
        for results in (results_of(inputs), sample())
    )

    assert changed != before


def test_the_archive_has_a_folder_per_language():
    chosen = ["matrix.svg", "section.docx"]
    content = package.zip_archive(sample(), also={"bundle.json": b"{}"}, names=chosen)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()

    assert names[0] == "bundle.json"
    assert {"zh-hans/matrix.svg", "en/section.docx"} <= set(names)


def test_the_archive_is_named_after_company_year_and_version():
    second = replace(sample(), version=2)

    assert package.zip_name(Edition(second, "zh-hans")) == "示例科技-2020-v2.zip"
    assert "/" not in package.zip_name(Edition(badly_named(), "en"))


@pytest.mark.parametrize("name", ["matrix.svg", "scores.json", "scores.csv"])
def test_plain_files_say_which_round_and_that_answers_are_simulated(name):
    results = sample()
    content = package.file(Edition(results, "en"), name).decode()

    assert "2020" in content
    assert results.digest.removeprefix("sha256:")[:12] in content
    assert "imulated" in content


@pytest.mark.parametrize("name", ["tables.xlsx", "section.docx"])
def test_office_files_say_which_round_and_that_answers_are_simulated(name):
    results = sample()
    archive = zipfile.ZipFile(io.BytesIO(package.file(Edition(results, "en"), name)))
    core = archive.read("docProps/core.xml").decode()

    assert "Simulated answers" in core
    assert results.digest.removeprefix("sha256:")[:12] in core
    assert "2021-03-12T" in core


@pytest.mark.parametrize(
    "name", [name for name in package.names_of(sample()) if name != "dictionary.csv"]
)
def test_a_draft_is_marked_in_every_file(name):
    draft, locked = (
        package.file(Edition(sample(locked=locked), "en"), name) for locked in (False, True)
    )

    assert draft != locked
    if name.endswith((".svg", ".json")):
        assert (b"Draft" in draft, b"Draft" in locked) == (True, False)
