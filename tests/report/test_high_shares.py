"""Shares of high ratings stand beside the score: in the tables and in the open data."""

import csv
import io
import json

import pytest

from materiality.document import assemble
from materiality.method import evaluate
from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.files import opendata
from materiality.report.words import LANGUAGES
from materiality.results import Results
from tests.method.test_true_words import panel_round

HIGH = [5, 5, 4, 4, 1, 1, 1, 1]  # half of them high, mean 2.75
ALIKE = [3, 3, 3, 3, 2, 3, 2, 3]  # nobody high, the same mean: the score tells neither apart


def edition_of(columns, language="en"):
    inputs = panel_round(columns)
    inputs["assessment"] = {"year": "2020"}
    return Edition(Results(assemble(inputs, evaluate(inputs))), language)


def rows_of(edition):
    text = opendata.scores_csv(edition).decode("utf-8-sig")
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_open_data_tell_two_equal_scores_apart_by_their_high_ratings():
    rows = rows_of(edition_of([HIGH, ALIKE]))

    assert rows["t0"]["x"] == rows["t1"]["x"] == "2.75"
    assert (rows["t0"]["x_high_share"], rows["t1"]["x_high_share"]) == ("0.5", "0.0")
    for axis in "xy":
        low, high = (float(rows["t0"][f"{axis}_high_share_{end}"]) for end in ("low", "high"))
        assert low < 0.5 < high


def test_the_json_has_the_same_shares():
    edition = edition_of([HIGH, ALIKE])
    [first, second] = json.loads(opendata.scores_json(edition))["topics"]

    assert (first["y_high_share"], second["y_high_share"]) == (0.5, 0.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_a_column_for_them_on_either_axis(language):
    table = tables.topics(edition_of([HIGH, ALIKE], language))
    word = {"en": "two highest", "zh-hans": "最高两档"}[language]
    places = [at for at, column in enumerate(table.columns) if word in column.heading]

    assert len(places) == 2
    assert [table.rows[0][at] for at in places] == [0.5, 0.5]


def test_a_share_is_told_only_where_the_score_is():
    edition = edition_of([HIGH[:4], ALIKE[:4]])  # four people, five are needed

    assert {row["x_high_share"] for row in rows_of(edition).values()} == {""}
    assert set(edition.results.high_shares.values()) == {None}


def test_the_dictionary_says_what_they_are():
    text = opendata.dictionary_csv(edition_of([HIGH, ALIKE])).decode("utf-8-sig")

    assert "Share of ratings in the two highest" in text
