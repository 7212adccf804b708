"""What depends on what: each claim is checked by doing what it says and evaluating again."""

import copy

import numpy as np
import pytest

from materiality import analysis
from materiality.method import evaluate, insights
from tests.method.test_withheld import few_customers
from tests.samples import sample_inputs


def two_units(employees: list[list[int]], customers: list[list[int]]) -> dict:
    """A round of two equal groups of ten and a panel that rates everything 4."""
    panel = [[0, 0, 0, 6, 0, 0]] * len(employees)
    groups = ("employees", "customers", "panel")
    units = {
        code: {"code": code, "groups": [code], "weight": 1.0, "responses": 10} for code in groups
    }
    return {
        "scale": {"points": 5},
        "dimensions": [{"code": "stakeholder", "axis": "y"}, {"code": "impact", "axis": "x"}],
        "groups": [{"code": code} for code in groups],
        "units": {
            "stakeholder": [units["employees"], units["customers"]],
            "impact": [units["panel"]],
        },
        "topics": [{"code": f"t{at}"} for at in range(len(employees))],
        "counts": {
            "stakeholder": {"employees": employees, "customers": customers},
            "impact": {"panel": panel},
        },
        "rule": {"kind": "weighted_sum", "weights": {"x": 1, "y": 1}, "cuts": [4.0, 3.5]},
    }


SPLIT = two_units([[0, 0, 0, 0, 10, 0]], [[0, 0, 10, 0, 0, 0]])


def topic_of(found: dict, code: str) -> dict:
    return next(row for row in found["topics"] if row["code"] == code)


def tier_of(inputs: dict, code: str) -> int:
    return topic_of(evaluate(inputs), code)["suggested_tier"]


def with_share(inputs: dict, dimension: str, unit: str, share: float) -> dict:
    """Give one unit a share of the weight, the others in proportion."""
    changed = copy.deepcopy(inputs)
    rows = changed["units"][dimension]
    rest = sum(row["weight"] for row in rows if row["code"] != unit)
    for row in rows:
        row["weight"] = share if row["code"] == unit else row["weight"] / rest * (1 - share)
    return changed


def test_who_decides_is_who_could_not_be_left_out():
    # Employees say 5, customers 3, the panel 4: together 4.0, tier 1. Without employees
    # (3 + 4) / 2 = 3.5, tier 2; without customers (5 + 4) / 2 = 4.5, still tier 1.
    result = insights(SPLIT)

    assert result["topics"][0]["deciding_units"] == [
        {"dimension": "stakeholder", "unit": "employees"}
    ]
    left_out = {row["unit"]: row["topics"] for row in result["sensitivity"] if row["unit"]}
    assert left_out == {"panel": [], "employees": ["t0"], "customers": []}


def test_the_share_at_which_a_tier_changes_is_worked_out_by_hand():
    # 3 w + 5 (1 - w) = 4 at w = 1/2: both stand exactly on the cut.
    switches = insights(SPLIT)["topics"][0]["switches"]

    assert {(row["unit"], row["share"], row["now"]) for row in switches} >= {
        ("customers", 0.5, 0.5),
        ("employees", 0.5, 0.5),
    }


def test_at_every_switch_the_tier_really_changes_to_the_one_it_names():
    inputs = sample_inputs()
    inputs["units"]["stakeholder"][0]["weight"] = 3.0
    inputs["counts"]["stakeholder"]["customers"].reverse()
    del inputs["gram"]
    now = {row["code"]: row["suggested_tier"] for row in evaluate(inputs)["topics"]}
    seen = 0

    for row in insights(inputs)["topics"]:
        for switch in row["switches"]:
            away = 1e-4 if switch["share"] > switch["now"] else -1e-4
            if not 0 < switch["share"] + away < 1:
                continue
            moved = with_share(inputs, switch["dimension"], switch["unit"], switch["share"] + away)
            assert tier_of(moved, row["code"]) == switch["tier"]
            seen += switch["tier"] != now[row["code"]]
    assert seen > 5


def test_leaving_a_unit_out_is_what_a_weight_of_zero_gives():
    inputs = sample_inputs()
    inputs["counts"]["stakeholder"]["customers"].reverse()
    del inputs["gram"]
    now = {row["code"]: row["suggested_tier"] for row in evaluate(inputs)["topics"]}
    rows = [row for row in insights(inputs)["sensitivity"] if row["what"] == "left_out"]

    for row in rows:
        without = copy.deepcopy(inputs)
        for unit in without["units"][row["dimension"]]:
            unit["weight"] *= unit["code"] != row["unit"]
        tiers = {topic["code"]: topic["suggested_tier"] for topic in evaluate(without)["topics"]}
        assert row["topics"] == [code for code in now if now[code] != tiers[code]]
    assert any(row["topics"] for row in rows)


@pytest.mark.parametrize("shift", [-0.25, 0.25])
def test_moving_the_cuts_is_what_moved_cuts_give(shift):
    inputs = sample_inputs()
    now = {row["code"]: row["suggested_tier"] for row in evaluate(inputs)["topics"]}
    row = next(row for row in insights(inputs)["sensitivity"] if row["shift"] == shift)
    inputs["rule"]["cuts"] = [cut + shift for cut in inputs["rule"]["cuts"]]

    tiers = {topic["code"]: topic["suggested_tier"] for topic in evaluate(inputs)["topics"]}

    assert row["topics"] == [code for code in now if now[code] != tiers[code]]
    assert row["topics"]


def test_the_planner_names_the_closest_pair_across_a_cut_and_enough_answers_part_it():
    inputs = sample_inputs()
    result = insights(inputs)["planner"]
    topics = evaluate(inputs)["topics"]
    upper, lower = (
        topic_of({"topics": topics}, result["upper"]),
        topic_of({"topics": topics}, result["lower"]),
    )
    assert upper["suggested_tier"] < lower["suggested_tier"]
    assert result["gap"] == pytest.approx(upper["overall"] - lower["overall"])
    assert not result["separated"]

    times = int(np.ceil(result["factor"])) + 1
    for name in ("counts", "gram"):
        for rows in inputs[name].values():
            for unit in rows:
                rows[unit] = (times * np.array(rows[unit])).tolist()
    for unit in (unit for units in inputs["units"].values() for unit in units):
        unit["responses"] *= times

    assert insights(inputs)["planner"]["separated"]


def test_the_planner_says_nothing_without_gram_matrices_or_a_cut_between():
    inputs = sample_inputs()
    inputs["rule"]["cuts"] = [1.2, 1.1]
    assert insights(inputs)["planner"] is None
    assert insights(SPLIT)["planner"] is None


def test_agreement_is_that_of_the_analysis():
    inputs = sample_inputs()
    units = [unit["code"] for unit in inputs["units"]["stakeholder"]]
    counts = np.array([inputs["counts"]["stakeholder"][code] for code in units])

    result = insights(inputs)["dimensions"]["stakeholder"]

    w = analysis.kendalls_w(analysis.group_means(counts).mean)
    assert result["between"]["w"] == pytest.approx(w.w)
    assert result["between"]["units"] == 5
    alphas = [analysis.krippendorff_alpha(unit[:, :-1]) for unit in counts]
    assert list(result["within"].values()) == pytest.approx(alphas)


def test_a_topic_is_contested_where_groups_differ_and_not_where_they_agree():
    low, high = [8, 2, 0, 0, 0, 0], [0, 0, 0, 2, 8, 0]
    result = insights(two_units([high, low], [low, low]))["topics"]

    assert [row["dimensions"]["stakeholder"]["contested"] for row in result] == [True, False]
    assert result[0]["dimensions"]["stakeholder"]["spread"] == pytest.approx(3.6)


def test_a_favourite_of_one_group_that_ranks_low_is_dissent():
    low, middle, high = [10, 0, 0, 0, 0, 0], [0, 0, 0, 10, 0, 0], [0, 0, 0, 0, 10, 0]
    employees = [high, *[middle] * 7]
    customers = [low, *[middle] * 7]

    result = insights(two_units(employees, customers))["topics"]

    assert result[0]["dimensions"]["stakeholder"]["dissent"] == ["employees"]


def test_shares_are_those_of_all_who_answered():
    result = insights(two_units([[0, 0, 2, 3, 1, 4]], [[1, 1, 2, 2, 0, 4]]))["topics"][0]
    share = result["dimensions"]["stakeholder"]

    assert share["dont_know_share"] == pytest.approx(8 / 20)
    assert share["many_cannot_judge"]
    assert share["top_box"]["share"] == pytest.approx((4 / 6 + 2 / 6) / 2)
    assert 0 < share["top_box"]["low"] < 0.5 < share["top_box"]["high"] < 1


def test_consensus_is_that_of_all_who_rated():
    half_and_half, alike = [5, 0, 0, 0, 5, 0], [0, 0, 10, 0, 0, 0]
    result = insights(two_units([half_and_half, alike], [half_and_half, alike]))["topics"]

    assert [row["dimensions"]["stakeholder"]["consensus"] for row in result] == [0, 1]


def test_consensus_is_not_told_where_a_mean_is_withheld():
    assert (
        topic_of(insights(few_customers()), "privacy")["dimensions"]["stakeholder"]["consensus"]
        is None
    )


def test_outranking_is_the_share_of_all_weights():
    # Topic 0 gains 2 with employees and loses 1 with customers: it wins where w > 1/3.
    five, four, three = ([0] * (at - 1) + [10] + [0] * (6 - at) for at in (5, 4, 3))
    result = insights(two_units([five, three], [three, four]))

    matrix = result["dimensions"]["stakeholder"]["outranking"]
    assert matrix[0][1] == pytest.approx(2 / 3)
    assert matrix[1][0] == pytest.approx(1 / 3)


def test_nothing_is_said_of_a_withheld_mean():
    result = topic_of(insights(few_customers()), "privacy")

    assert {row["unit"] for row in result["switches"]} <= {"panel"}
    about = result["dimensions"]["stakeholder"]
    assert about["spread"] is about["kruskal_wallis"]["h"] is None
    assert about["dissent"] == []
    assert not about["contested"]


def test_insights_leave_their_inputs_alone():
    inputs = sample_inputs()
    before = copy.deepcopy(inputs)

    insights(inputs)

    assert inputs == before
