import copy
import json
import re
from pathlib import Path

import numpy as np
import pytest

from materiality.document import BundleError, read
from materiality.document.border import checked_inputs
from materiality.method import evaluate
from tests.samples import sample_inputs, sample_results

ROOT = Path(__file__).resolve().parents[2]


def by_hand() -> dict:
    """The bundle that docs/bundle.md prints."""
    page = (ROOT / "docs/bundle.md").read_text(encoding="utf-8")
    return json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL).group(1))


def topics_of(inputs: dict) -> dict:
    return {row["code"]: row for row in evaluate(inputs)["topics"]}


def test_the_bundle_written_by_hand_gives_the_numbers_worked_out_beside_it():
    document = read(json.dumps(by_hand()))

    topics = topics_of(document["inputs"])

    privacy, energy = topics["privacy"], topics["energy"]
    assert privacy["y"] == pytest.approx((28 / 6 + 44 / 10) / 2, abs=1e-12)
    assert privacy["x"] == pytest.approx(22 / 5, abs=1e-12)
    assert privacy["overall"] == pytest.approx(4.4666666667, abs=1e-9)
    assert energy["overall"] == pytest.approx((2.8 + (15 / 6 + 21 / 8) / 2) / 2, abs=1e-12)
    assert (privacy["tier"], energy["tier"]) == (1, 3)
    assert (privacy["rank"], energy["rank"]) == (1, 2)


def test_a_group_counts_as_a_group_however_many_of_it_answered():
    inputs = by_hand()["inputs"]
    before = topics_of(inputs)["privacy"]["y"]
    rows = inputs["counts"]["stakeholder"]["customers"]

    inputs["counts"]["stakeholder"]["customers"] = [[7 * n for n in row] for row in rows]
    inputs["units"]["stakeholder"][1]["responses"] *= 7

    assert topics_of(inputs)["privacy"]["y"] == before


def test_a_silent_group_is_left_out_and_the_other_weights_are_renormalised():
    inputs = by_hand()["inputs"]
    inputs["counts"]["stakeholder"]["customers"] = [[0] * 6, [0] * 6]

    results = evaluate(inputs)

    score = results["topics"][0]["scores"]["stakeholder"]
    assert score["score"] == pytest.approx(28 / 6)
    assert score["covered_weight"] == 0.5
    assert results["units"]["stakeholder"] == [
        {"code": "employees", "answered": True, "share": 1.0},
        {"code": "customers", "answered": False, "share": 0.0},
    ]


def test_a_score_on_fewer_ratings_than_the_minimum_is_not_given_and_not_tiered():
    inputs = by_hand()["inputs"]
    inputs["counts"]["impact"]["panel"][0] = [0, 0, 0, 1, 3, 1]

    privacy = topics_of(inputs)["privacy"]

    assert privacy["scores"]["impact"]["reason"] == "suppressed"
    assert privacy["x"] is privacy["overall"] is privacy["tier"] is privacy["rank"] is None


def test_without_any_answer_the_reason_is_said():
    inputs = by_hand()["inputs"]
    inputs["counts"]["impact"]["panel"][1] = [0, 0, 0, 0, 0, 5]

    assert topics_of(inputs)["energy"]["scores"]["impact"]["reason"] == "no_answers"


@pytest.mark.parametrize(
    ("kind", "overall", "tier"),
    [("either", 4.533333333333333, 1), ("both", 4.4, 1), ("weighted_sum", 4.466666666666667, 1)],
)
def test_the_rule_says_what_is_compared_with_the_cuts(kind, overall, tier):
    inputs = by_hand()["inputs"]
    inputs["rule"]["kind"] = kind

    privacy = topics_of(inputs)["privacy"]

    assert privacy["overall"] == pytest.approx(overall)
    assert privacy["tier"] == tier


def test_a_score_exactly_on_a_cut_reaches_it():
    inputs = by_hand()["inputs"]
    inputs["rule"]["cuts"] = [topics_of(inputs)["privacy"]["overall"], 3.0]

    assert topics_of(inputs)["privacy"]["suggested_tier"] == 1


def test_a_decision_that_differs_is_kept_beside_the_suggestion():
    inputs = by_hand()["inputs"]
    inputs["decisions"] = [{"topic": "privacy", "tier": 2, "reason": "policy in place"}]

    privacy = topics_of(inputs)["privacy"]

    assert (privacy["suggested_tier"], privacy["tier"], privacy["overridden"]) == (1, 2, True)


def test_the_three_rows_of_change_come_out_as_printed():
    rows = [row.columns("zh-hans") for row in sample_results().changes]

    assert rows == [
        ("实体经济产业数据化", "推动全球贸易数字化转型", "疫情影响下，将议题范围增大"),
        ("/", "赋能全球贸易生态", "结合市场需求和公司业务动态新增议题"),
        ("帮助用户融入全球化贸易", "/", "已融入“赋能全球贸易生态”"),
    ]


def test_a_topic_on_neither_side_of_the_table_is_an_open_question():
    inputs = sample_inputs()
    inputs["successions"] = [row for row in inputs["successions"] if row["after"] != "energy"]

    results = evaluate(inputs)

    assert {"kind": "unplaced", "side": "after", "topic": "energy"} in results["open_questions"]
    assert {"kind": "unplaced", "side": "before", "topic": "energy"} in results["open_questions"]
    assert evaluate(sample_inputs())["open_questions"] == []  # the control: a complete table


def test_a_split_and_a_combination_are_one_row_each():
    inputs = sample_inputs()
    reason = {"zh-hans": "拆分", "en": "split"}
    inputs["successions"] = [
        {"kind": "split", "before": "energy", "after": after, "reason": reason}
        for after in ("energy", "pollution")
    ] + [
        {"kind": "merged", "before": before, "after": "privacy", "reason": reason}
        for before in ("privacy", "data-security")
    ]

    rows = evaluate(inputs)["changes"]

    assert rows[0]["before"] == ["energy"]
    assert rows[0]["after"] == ["energy", "pollution"]
    assert rows[1]["before"] == ["privacy", "data-security"]
    assert rows[1]["after"] == ["privacy"]


BROKEN = {
    "no topics": (lambda i: i.update(topics=[]), "inputs.topics"),
    "a code twice": (lambda i: i["topics"].append({"code": "privacy"}), "inputs.topics[2].code"),
    "a row missing": (lambda i: i["counts"]["impact"]["panel"].pop(), "2 rows, one per topic"),
    "a count missing": (lambda i: i["counts"]["impact"]["panel"][0].pop(), "6 counts"),
    "a negative count": (
        lambda i: i["counts"]["impact"]["panel"][0].__setitem__(0, -1),
        "inputs.counts.impact.panel[0]",
    ),
    "a negative weight": (
        lambda i: i["units"]["impact"][0].update(weight=-1),
        "inputs.units.impact[0].weight",
    ),
    "an unknown group": (lambda i: i["units"]["impact"][0].update(groups=["nobody"]), "nobody"),
    "an unknown rule": (lambda i: i["rule"].update(kind="magic"), "inputs.rule.kind"),
    "cuts upside down": (lambda i: i["rule"].update(cuts=[3, 4]), "the higher first"),
    "one axis": (lambda i: i["dimensions"].pop(), "one dimension with axis x and one with axis y"),
    "a tier of 4": (
        lambda i: i.update(decisions=[{"topic": "energy", "tier": 4}]),
        "a tier of the rule",
    ),
    "no scale": (lambda i: i.pop("scale"), "inputs.scale"),
    "no units": (lambda i: i.pop("units"), "inputs.units"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_input_is_refused_with_its_place(name):
    inputs = copy.deepcopy(by_hand()["inputs"])
    breaks, place = BROKEN[name]
    breaks(inputs)

    with pytest.raises(BundleError, match=re.escape(place)) as refusal:
        evaluate(checked_inputs(inputs))

    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "break_it",
    [lambda rows: rows.pop(), lambda rows: rows[0].pop(), lambda rows: rows[0].__setitem__(0, "5")],
)
def test_a_broken_gram_matrix_is_refused_with_its_place(break_it):
    inputs = sample_inputs()
    break_it(inputs["gram"]["impact"]["managers"])

    with pytest.raises(BundleError, match=re.escape("inputs.gram.impact.managers")):
        evaluate(checked_inputs(inputs))


def test_without_gram_matrices_a_bundle_says_nothing_about_firmness():
    inputs = sample_inputs()
    with_gram = evaluate(inputs)["topics"][0]
    del inputs["gram"]
    without = evaluate(inputs)["topics"][0]

    assert with_gram["stability"] is not None
    assert without["stability"] is without["ellipse"] is without["ranks"] is None
    assert without["overall"] == with_gram["overall"]


@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, 2), (2, 2)])
def test_a_gram_matrix_that_contradicts_the_counts_is_refused(row, column):
    """Its diagonals hold, per topic, the number of ratings, their sum and their squares' sum."""
    inputs = {
        "scale": {"points": 5},
        "dimensions": [{"code": "a", "axis": "x"}, {"code": "b", "axis": "y"}],
        "groups": [{"code": "g"}],
        "topics": [{"code": "t1"}, {"code": "t2"}],
        "units": {c: [{"code": "g", "groups": ["g"], "weight": 1, "responses": 5}] for c in "ab"},
        "counts": {c: {"g": [[0, 0, 2, 3, 0, 0], [5, 0, 0, 0, 0, 0]]} for c in "ab"},
        "rule": {"kind": "both", "weights": {"x": 1, "y": 1}, "cuts": [4, 3]},
    }
    ratings = np.array([[3, 1]] * 2 + [[4, 1]] * 3)
    gram = np.hstack([np.ones_like(ratings), ratings])
    gram = (gram.T @ gram).tolist()
    inputs["gram"] = {c: {"g": [list(line) for line in gram]} for c in "ab"}
    assert evaluate(inputs)["topics"][0]["stability"] is not None
    broken = inputs["gram"]["b"]["g"]

    broken[row][column] += 1
    broken[column][row] = broken[row][column]

    with pytest.raises(BundleError, match=re.escape("inputs.gram.b.g, topic 1")):
        evaluate(checked_inputs(inputs))


def test_a_gram_matrix_of_no_possible_answers_is_refused():
    """Each entry may be right by itself, and the covariances still be none."""
    inputs = sample_inputs()
    matrix = inputs["gram"]["impact"]["managers"]
    size = len(matrix)
    for at in range(size):
        for other in range(at + 1, size):
            if other != at + size // 2:
                matrix[at][other] = matrix[other][at] = 9999 * ((at + other) % 2)

    with pytest.raises(BundleError, match="gram"):
        evaluate(checked_inputs(inputs))
