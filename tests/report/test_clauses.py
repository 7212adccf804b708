"""A standard held against the report, as people read it."""

import copy
import csv
import io

import pytest

from materiality.catalogue.clauses import profile, profiles
from materiality.report.edition import Edition
from materiality.report.files import package
from materiality.report.tables import clauses
from tests.report.rounds import register_round, results_of, sample, szse_round


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("made", [sample, szse_round])
def test_every_clause_of_every_standard_is_a_row_of_the_file_in_both_languages(language, made):
    edition = Edition(made(), language)

    content = package.file(edition, "clauses.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))

    assert len(rows) == sum(len(each.clauses) for each in profiles())
    for row in rows:
        assert row["where"] or row["missing"], row
        assert "{" not in "".join(row.values())


def test_the_row_names_whom_something_is_missing_of():
    rows = {row[0]: row for row in clauses.table(Edition(sample(), "en"), profile("gri")).rows}

    assert "How they were chosen is not said of:" in rows["3-1-b"][4]
    assert rows["3-2-a"][2:] == ["Printed", "list of topics", ""]


def test_the_right_exchange_is_named():
    titles = [clauses.table(Edition(sample(), "zh-hans"), profile(code)).heading
              for code in ("szse", "sse", "bse")]  # fmt: skip

    assert [title[:3] for title in titles] == ["深交所", "上交所", "北交所"]


ASKED = {
    "esrs": ["SBM-3", "IRO-1 par.35(a)", "IRO-1 par.35(b)", "IRO-1 par.35(c)", "IRO-2 par.37(a)",
             "IRO-2 par.37(b)"],
    "gri": ["3-1-a-ii", "3-1-b", "3-3-a", "3-3-b"],
    "szse": ["Art.5(1)", "Art.7", "Art.11", "Art.14", "Art.18"],
}  # fmt: skip
"""The clauses that the register answers or helps to answer."""


def with_a_lesser_topic():
    """The round with a register, and a third topic whose entry is below its threshold."""
    inputs = copy.deepcopy(dict(register_round().inputs))
    entry = copy.deepcopy(inputs["register"]["entries"][0])
    entry |= {"code": "IRO-008", "topic": inputs["topics"][2]["code"]}
    entry["judgements"] = [{"expert": "e1", "reason": "Small", "scale": 1}]
    inputs["register"]["entries"].append(entry)
    return results_of(inputs)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("standard", ASKED)
def test_each_clause_that_asks_for_the_register_is_filled_from_it(standard, language):
    edition = Edition(with_a_lesser_topic(), language)
    rows = {row[0]: row for row in clauses.table(edition, profile(standard)).rows}

    for code in ASKED[standard]:
        assert rows[code][4], code
        assert "{" not in rows[code][4]


def test_every_clause_of_every_standard_has_a_sentence_or_is_listed_as_lacking():
    edition = Edition(register_round(), "en")
    for each in profiles():
        for code, _asks, _state, where, says, missing in clauses.table(edition, each).rows:
            assert where or says or missing, (each.code, code)
            assert where or missing, (each.code, code)


def test_the_sentences_name_entries_topics_and_thresholds():
    rows = {
        row[0]: row for row in clauses.table(Edition(register_round(), "en"), profile("esrs")).rows
    }

    assert "4 are material: IRO-001, IRO-002, IRO-003, IRO-004." in rows["SBM-3"][4]
    assert "Upstream 1, Own operations 4, Downstream 1" in rows["SBM-3"][4]
    assert "Negative impacts are material from 3.00: Risk appetite." in rows["IRO-1 par.35(a)"][4]
    assert (
        "Assessed net, with evidence that mitigation works: IRO-003."
        in (rows["IRO-1 par.35(b)"][4])
    )


def test_a_topic_below_its_threshold_stands_with_its_worst_entry():
    rows = clauses.table(Edition(with_a_lesser_topic(), "en"), profile("szse")).rows
    says = {row[0]: row[4] for row in rows}

    assert "User privacy protection (IRO-008 1.00)" in says["Art.7"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "User privacy protection (IRO-002 1.00; IRO-001 1.00)"),
        ("zh-hans", "（IRO-002 1.00；IRO-001 1.00）"),
    ],
)
def test_of_equal_entries_the_first_carries_each_side_of_a_topic_below(language, words):
    inputs = copy.deepcopy(dict(register_round().inputs))
    name = inputs["topics"][2]["code"]
    effect = {"long": {"magnitude": 1, "likelihood": inputs["scale"]["points"]}}
    lesser = {
        "IRO-001": {"kind": "risk", "judgements": [{"effects": effect}]},
        "IRO-002": {"kind": "negative", "judgements": [{"scale": 1}]},
        "IRO-003": {"kind": "negative", "judgements": [{"scale": 1}]},
    }
    kept = []
    for code, row in lesser.items():
        [said] = row["judgements"]
        judgements = [{"expert": "e1", "reason": "Small", **said}]
        kept.append({**inputs["register"]["entries"][0], "code": code, "topic": name,
                     "is_actual": row["kind"] == "negative", "kind": row["kind"],
                     "judgements": judgements})  # fmt: skip
        if row["kind"] == "risk":
            kept[-1].pop("affected")
            kept[-1].pop("involvement")
    inputs["register"] |= {"entries": kept, "closed": [], "lines": [], "links": []}
    rows = clauses.table(Edition(results_of(inputs), language), profile("szse")).rows

    assert words in {row[0]: row[4] for row in rows}["Art.7"]


def test_without_a_register_no_such_column_is_printed():
    assert len(clauses.table(Edition(sample(), "en"), profile("gri")).columns) == 5
    assert "says" not in package.file(Edition(sample(), "en"), "clauses.csv").decode()[:200]
    assert "says" in package.file(Edition(register_round(), "en"), "clauses.csv").decode()[:200]
