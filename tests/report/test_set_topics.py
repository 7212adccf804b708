"""The topics that SZSE 2024 sets, in the files of the report."""

import csv
import io

import pytest

from materiality.report.edition import Edition
from materiality.report.files import package
from materiality.report.files.workbook import workbook
from materiality.report.tables import set_topics
from tests.report.rounds import double_round, sample, szse_round
from tests.report.test_double import sheet, words_of

LANGUAGES = ["zh-hans", "en"]
NAMES = ["section.docx", "tables.xlsx", "dictionary.csv", "set_topics.csv"]
SAID = {  # result and reason of the first five; the scores as the second matrix has them
    "en": [
        ("Impact and financial effect", ""),
        ("Not material", "Impact 3.98 (boundary 4.00), financial effect 2.98 (boundary 4.00)"),
        ("Not applicable", "No such business"),
        ("Nobody has judged it", "=No plant"),
        ("Nobody has judged it", "No reason given yet"),
    ],
    "zh-hans": [
        ("影响和财务", ""),
        ("不具有重要性", "影响 3.98（分界 4.00），财务影响 2.98（分界 4.00）"),
        ("不适用", "没有相关业务"),
        ("尚无人判断", "没有工厂"),
        ("尚无人判断", "尚未说明原因"),
    ],
}


@pytest.fixture(scope="module", params=LANGUAGES)
def printed(request):
    return request.param, package.files(Edition(szse_round(), request.param), names=NAMES)


def rows_of(content) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_each_set_topic_has_a_result_and_where_it_is_none_a_reason(printed):
    language, _files = printed

    rows = set_topics.table(Edition(szse_round(), language)).rows

    assert len(rows) == 21
    assert [(row[2], row[4]) for row in rows[:5]] == SAID[language]


def test_word_workbook_and_open_data_say_the_same(printed):
    language, files = printed
    table = set_topics.table(Edition(szse_round(), language))
    written = sheet(files["tables.xlsx"], table.heading)[2:]
    data = rows_of(files["set_topics.csv"])
    words = words_of(files["section.docx"])

    assert [[cell or "" for cell in row] for row in written] == [list(row) for row in table.rows]
    assert all(cell in words for row in table.rows for cell in row)
    assert [(row["code"], row["name"]) for row in data] == [tuple(row[:2]) for row in table.rows]
    assert data[0]["topics"].count("+") == 1


def test_a_reason_is_no_formula_in_the_open_data():
    data = rows_of(package.file(Edition(szse_round(), "en"), "set_topics.csv"))

    assert data[3]["reason"] == "'=No plant"


def test_the_dictionary_explains_its_columns(printed):
    _language, files = printed
    explained = {tuple(row.values())[:2]: row for row in rows_of(files["dictionary.csv"])}

    for column in rows_of(files["set_topics.csv"])[0]:
        assert ("set_topics.csv", column) in explained


@pytest.mark.parametrize("results", [double_round, sample])
def test_a_round_without_set_topics_prints_none(results):
    files = package.files(Edition(results(), "en"), names=["section.docx", "set_topics.csv"])

    assert list(files) == ["section.docx"]
    assert "Set topic" not in words_of(files["section.docx"])
    assert "set_topics" not in {table.name for table in workbook._tables(Edition(results(), "en"))}
