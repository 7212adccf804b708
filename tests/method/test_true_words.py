"""Method 2: what is said of few, unanimous, pooled and repeated answers is what they give."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest

from materiality.analysis import dissent, family, ranks
from materiality.document import read
from materiality.document.comparing import first_difference
from materiality.method import evaluate
from materiality.method.engagement import topics_raised
from materiality.method.insights import insights
from tests.samples import sample_inputs

RELEASED = Path(__file__).resolve().parents[1] / "golden" / "released"


def counts(ratings):
    return [sum(rating == point for rating in ratings) for point in range(1, 6)] + [0]


def gram(ratings):
    ratings = np.array(ratings)
    design = np.hstack([np.ones_like(ratings), ratings])
    return (design.T @ design).tolist()


def panel_round(columns, *, version="2", groups=("panel",)):
    """Return a round in which the same people rated both axes; columns: ratings per topic."""
    rows = np.array(columns).T
    people = {"code": "panel", "groups": list(groups), "weight": 1, "responses": len(rows)}
    each = {"panel": [counts(column) for column in columns]}
    return {
        "method_version": version,
        "scale": {"points": 5},
        "dimensions": [{"code": "a", "axis": "x"}, {"code": "b", "axis": "y"}],
        "groups": [{"code": group} for group in groups],
        "topics": [{"code": f"t{at}"} for at in range(len(columns))],
        "units": {code: [dict(people)] for code in "ab"},
        "counts": {code: copy.deepcopy(each) for code in "ab"},
        "gram": {code: {"panel": gram(rows)} for code in "ab"},
        "rule": {"kind": "weighted_sum", "weights": {"x": 1, "y": 1}, "cuts": [4, 3.5]},
    }


def after(inputs, columns):
    """Return a next round of the same panel."""
    now = panel_round(columns, version=inputs["method_version"])
    before = evaluate(inputs)["topics"]
    now["previous"] = {
        "year": "2019",
        "topics": [
            {name: row[name] for name in ("code", "x", "y", "overall", "tier", "overridden")}
            for row in before
        ],
        "kept": [row["code"] for row in before],
        **{name: inputs[name] for name in ("scale", "dimensions", "units", "counts", "gram")},
    }
    now["successions"] = [
        {"kind": "continued", "before": row["code"], "after": row["code"], "reason": {}}
        for row in before
    ]
    return now


@pytest.mark.parametrize("name", ["method-1-2019.json", "method-1-2020.json"])
def test_a_bundle_of_the_first_method_recomputes_to_the_digit(name):
    document = read((RELEASED / name).read_bytes())

    assert first_difference(document["results"], evaluate(document["inputs"])) is None


def test_of_a_unanimous_panel_nothing_is_claimed():
    results = evaluate(panel_round([[5] * 5, [3, 4, 5, 4, 4], [2, 3, 2, 4, 3]]))["topics"]

    assert results[0]["undetermined"] == "no_spread"
    assert results[0]["stability"] is results[0]["ranks"] is results[0]["ellipse"] is None
    assert results[1]["stability"] is not None
    old = evaluate(panel_round([[5] * 5, [3, 4, 5, 4, 4], [2, 3, 2, 4, 3]], version="1"))["topics"]
    assert old[0]["stability"] == 1.0  # the control: what method 1 claimed


def test_a_panel_that_goes_unanimously_from_2_to_5_cannot_be_told():
    last = panel_round([[2] * 6, [3, 4, 3, 4, 3, 4]])

    results = evaluate(after(last, [[5] * 6, [3, 4, 3, 4, 3, 4]]))["year_on_year"]["topics"]

    assert (
        results[0]["dimensions"]["a"]["verdict"]
        == results[0]["overall"]["verdict"]
        == "cannot_tell"
    )
    assert results[0]["overall"]["change"] == 3
    assert results[1]["overall"]["verdict"] == "within_noise"


def test_a_group_that_answered_in_full_has_no_sampling_error():
    inputs = panel_round([[3, 4, 5, 4, 4, 5, 3, 4, 4]])
    open_ended = evaluate(inputs)["topics"][0]["scores"]["a"]
    inputs["groups"][0]["population"] = 9

    counted = evaluate(inputs)["topics"][0]["scores"]["a"]

    assert open_ended["se"] > 0.1
    assert counted["se"] == 0
    assert counted["low"] == counted["high"] == counted["score"]


def test_a_pooled_group_that_was_not_asked_lends_no_weight():
    """a and b are pooled; t1 was asked of b only, so b speaks for itself alone."""
    inputs = panel_round([[4] * 6, [2] * 6], groups=("a1", "b1"))
    inputs["groups"].append({"code": "c1"})
    for code in "ab":
        inputs["units"][code][0]["weight"] = 2
        other = {"code": "c", "groups": ["c1"], "weight": 1, "responses": 5}
        inputs["units"][code].append(other)
        inputs["counts"][code]["c"] = [counts([5] * 5), counts([5] * 5)]
    del inputs["gram"]
    whole = evaluate(inputs)["topics"][1]["scores"]["a"]

    inputs["not_asked"] = {"a": {"a1": ["t1"]}}
    results = evaluate(inputs)["topics"][1]["scores"]["a"]

    assert whole["score"] == pytest.approx((2 * 2 + 5) / 3)
    assert results["score"] == pytest.approx((2 + 5) / 2)
    assert results["covered_weight"] == pytest.approx(2 / 3)
    assert results["units"]["panel"]["share"] == pytest.approx(1 / 2)


def test_shares_times_means_are_the_score():
    results = evaluate(sample_inputs())

    for topic in results["topics"]:
        for score in topic["scores"].values():
            units = score["units"].values()
            if score["score"] is not None and not score["withheld"]:
                total = sum(unit["share"] * (unit["mean"] or 0) for unit in units)
                assert total == pytest.approx(score["score"])


def test_other_weights_with_the_same_answers_are_called_weights_and_not_answers():
    columns = [[5, 5, 5, 4, 5, 5], [3, 3, 4, 3, 3, 4]]
    last = panel_round(columns, groups=("a1",))
    last["groups"].append({"code": "b1"})
    for code in "ab":
        other = {"code": "b", "groups": ["b1"], "weight": 1, "responses": 6}
        last["units"][code].append(other)
        last["counts"][code]["b"] = [counts([2, 3, 2, 3, 2, 3]), counts([5, 5, 4, 5, 5, 5])]
    del last["gram"]
    now = after({**last, "gram": {}}, columns)
    for name in ("groups", "units", "counts"):
        now[name] = copy.deepcopy(last[name])
    del now["gram"], now["previous"]["gram"]
    for code in "ab":
        now["units"][code][0]["weight"] = 9

    moves = {row["topic"]: row for row in evaluate(now)["tier_moves"]}

    assert moves["t0"]["cause"] == "weights"
    assert moves["t0"]["causes"] == ["weights"]


def test_the_steps_of_a_tier_move_add_up_to_its_difference():
    rng = np.random.default_rng(5)
    last = panel_round(rng.integers(1, 6, (8, 12)).tolist())
    now = after(last, rng.integers(1, 6, (8, 12)).tolist())
    now["rule"] = {"kind": "weighted_sum", "weights": {"x": 3, "y": 1}, "cuts": [3.3, 2.8]}
    before = {row["code"]: row["overall"] for row in now["previous"]["topics"]}
    results = evaluate(now)
    overall = {row["code"]: row["overall"] for row in results["topics"]}

    assert results["tier_moves"]
    for move in results["tier_moves"]:
        effects = sum(step["effect"] for step in move["steps"])
        assert effects == pytest.approx(overall[move["topic"]] - before[move["topic"]])
        assert move["steps"][-1]["tier"] == move["after"]
        assert {step["what"] for step in move["steps"]} == {
            "list", "weights", "answers", "rule", "cuts",
        }  # fmt: skip


def test_an_interval_of_change_excludes_nought_just_where_the_topic_moved():
    rng = np.random.default_rng(3)
    first = rng.integers(2, 4, (6, 40)).tolist()
    second = [[min(5, rating + 2 * (at < 2)) for rating in row] for at, row in enumerate(first)]
    results = evaluate(after(panel_round(first), second))

    changes = [
        change
        for row in results["year_on_year"]["topics"]
        for change in (*row["dimensions"].values(), row["overall"])
    ]
    assert {change["verdict"] for change in changes} == {"moved", "within_noise"}
    for change in changes:
        apart = not change["low"] <= 0 <= change["high"]
        assert apart == (change["verdict"] == "moved")


def test_one_family_holds_the_whole_round():
    assert family([0.02, 0.03, 0.9, 0.9]).moved.tolist() == [False] * 4
    assert family([0.001, 0.9]).moved.tolist() == [True, False]
    assert family([0.001, 0.9]).confidence == pytest.approx(0.95)


def test_a_group_that_rates_all_alike_raises_nothing():
    inputs = panel_round([[4, 4, 4, 5, 3]] * 6)
    scored = {code: [row["scores"][code] for row in evaluate(inputs)["topics"]] for code in "ab"}

    assert topics_raised(inputs, scored)["a"]["panel"] == []
    assert len(topics_raised({**inputs, "method_version": "1"}, scored)["a"]["panel"]) == 3


def test_with_three_topics_nobody_dissents():
    means = np.array([[1.0, 3.0, 5.0], [5.0, 3.0, 1.2]])

    assert not dissent(means, ranks(means.mean(axis=0))).any()


def test_equal_weights_count_each_pooled_group_once():
    """Two of three groups are pooled and weigh 2: that is one each already."""
    inputs = panel_round([[2] * 5 + [3], [5] * 5 + [4]], groups=("a1", "b1"))
    inputs["groups"].append({"code": "c1"})
    for code in "ab":
        inputs["units"][code][0]["weight"] = 2
        other = {"code": "c", "groups": ["c1"], "weight": 1, "responses": 5}
        inputs["units"][code].append(other)
        inputs["counts"][code]["c"] = [counts([5] * 5), counts([3] * 5)]
    del inputs["gram"]

    rows = insights(inputs)["sensitivity"]

    assert next(row["topics"] for row in rows if row["what"] == "equal_weights") == []


def test_the_overall_score_has_a_range_of_its_own():
    inputs = {**sample_inputs(), "method_version": "2"}

    for row in evaluate(json.loads(json.dumps(inputs)))["topics"]:
        if row["overall_interval"] and row["overall"] is not None:
            assert row["overall_interval"]["low"] < row["overall"] < row["overall_interval"]["high"]


def twice(first, second):
    """Return the sums over pairs of a panel that answered both rounds, a row per topic."""
    return [
        [len(a), sum(a), sum(b), sum(x * y for x, y in zip(a, b, strict=True))]
        for a, b in zip(first, second, strict=True)
    ]


def test_people_who_rate_in_both_rounds_are_tested_in_pairs():
    """Everybody goes up by one but the last; scattered as they are, two samples could not tell."""
    first = [[1, 2, 3, 4, 2, 3, 4, 1, 2, 3, 4, 4], [3, 4, 3, 4, 3, 4, 3, 4, 3, 4, 3, 4]]
    second = [[min(5, rating + 1) for rating in first[0][:-1]] + [4], first[1]]
    now = after(panel_round(first), second)
    apart = evaluate(copy.deepcopy(now))["year_on_year"]["topics"][0]
    now["previous"]["twice"] = {code: {"panel": twice(first, second)} for code in "ab"}

    paired = evaluate(now)["year_on_year"]["topics"][0]

    differences = np.array(second[0]) - np.array(first[0])
    expected = differences.std(ddof=1) / len(differences) ** 0.5  # the paired t test, by hand
    assert paired["dimensions"]["a"]["se"] == pytest.approx(expected)
    assert paired["dimensions"]["a"]["df"] == pytest.approx(len(differences) - 1)
    assert (apart["overall"]["verdict"], paired["overall"]["verdict"]) == ("within_noise", "moved")


def test_pairs_change_nothing_under_the_first_method():
    first = [[1, 2, 3, 4, 2, 3], [3, 4, 3, 4, 3, 4]]
    second = [[2, 3, 4, 5, 3, 4], first[1]]
    now = after(panel_round(first, version="1"), second)
    before = evaluate(copy.deepcopy(now))["year_on_year"]
    now["previous"]["twice"] = {code: {"panel": twice(first, second)} for code in "ab"}

    assert evaluate(now)["year_on_year"] == before
