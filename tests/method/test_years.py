"""What moved since the previous round, what is noise, what cannot be compared."""

import copy

import numpy as np
import pytest

from materiality import analysis
from materiality.method import evaluate, insights
from materiality.method.previous import statistics
from tests.samples import match_gram, sample_inputs


def second_round() -> dict:
    """A round after the sample, with the same topics, groups and answers."""
    first = sample_inputs()
    lines = [
        {"kind": "continued", "before": row["code"], "after": row["code"], "reason": {}}
        for row in first["topics"]
    ]
    topics = [{"code": row["code"], "name": row["name"]} for row in first["topics"]]
    previous = {"year": "2020", "topics": topics, **statistics(first, lines)}
    return {**copy.deepcopy(first), "previous": previous, "successions": lines}


def row_of(inputs: dict, topic: str, dimension: str = "stakeholder") -> dict:
    rows = evaluate(inputs)["year_on_year"]["topics"]
    return next(row for row in rows if row["topic"] == topic)["dimensions"][dimension]


def line_of(inputs: dict, topic: str) -> dict:
    return next(line for line in inputs["successions"] if line["after"] == topic)


def raise_ratings(inputs: dict, topic: str) -> None:
    """Let everybody who rated the topic give it the top rating but one."""
    at = [row["code"] for row in inputs["topics"]].index(topic)
    for rows in inputs["counts"]["stakeholder"].values():
        rated = sum(rows[at][:-1])
        rows[at] = [0, 0, 0, 1, rated - 1, rows[at][-1]]
    match_gram(inputs, at)


def test_the_same_answers_are_within_noise():
    result = row_of(second_round(), "energy")

    assert result["verdict"] == analysis.WITHIN_NOISE
    assert result["change"] == pytest.approx(0, abs=1e-12)
    assert result["low"] < 0 < result["high"]


def test_a_large_change_of_opinion_has_moved_and_the_other_topics_have_not():
    inputs = second_round()
    raise_ratings(inputs, "energy")

    rows = evaluate(inputs)["year_on_year"]["topics"]
    moved = {row["topic"] for row in rows if row["dimensions"]["stakeholder"]["verdict"] == "moved"}

    assert moved == {"energy"}


def test_the_numbers_are_those_of_the_analysis_under_this_years_weights():
    inputs = second_round()
    raise_ratings(inputs, "energy")
    inputs["units"]["stakeholder"][0]["weight"] = 4.0
    codes = [unit["code"] for unit in inputs["units"]["stakeholder"]]
    before, after = (
        analysis.group_means([tables["stakeholder"][code] for code in codes])
        for tables in (inputs["previous"]["counts"], inputs["counts"])
    )
    weights = [unit["weight"] for unit in inputs["units"]["stakeholder"]]

    expected = analysis.year_on_year(before, after, weights)
    result = row_of(inputs, "energy")

    at = [row["code"] for row in inputs["topics"]].index("energy")
    for name in ("change", "se", "low", "high", "p_adjusted"):
        assert result[name] == pytest.approx(float(getattr(expected, name)[at]), rel=1e-9)
    assert result["after"] - result["before"] == pytest.approx(result["change"])


@pytest.mark.parametrize("kind", ["widened", "split", "merged"])
def test_a_topic_that_became_another_is_not_comparable_unless_somebody_says_so(kind):
    inputs = second_round()
    line_of(inputs, "energy")["kind"] = kind

    result = row_of(inputs, "energy")

    assert (result["verdict"], result["reason"]) == (analysis.NOT_COMPARABLE, kind)
    assert result["change"] is result["p"] is None

    line_of(inputs, "energy")["comparable"] = True
    assert row_of(inputs, "energy")["verdict"] == analysis.WITHIN_NOISE


def test_a_renamed_topic_is_comparable():
    inputs = second_round()
    line_of(inputs, "energy")["kind"] = "renamed"

    assert row_of(inputs, "energy")["verdict"] == analysis.WITHIN_NOISE


def test_a_new_topic_has_nothing_to_be_compared_with():
    inputs = second_round()
    line_of(inputs, "energy").update(kind="added", before=None)

    assert row_of(inputs, "energy")["reason"] == "added"


def test_another_scale_or_another_question_makes_the_rounds_incomparable():
    inputs = second_round()
    inputs["previous"]["scale"] = {"points": 10}
    for rows in inputs["previous"]["counts"].values():
        for unit in rows:
            rows[unit] = [[*row[:5], 0, 0, 0, 0, 0, row[5]] for row in rows[unit]]
    assert row_of(inputs, "energy")["reason"] == "scale_changed"

    inputs = second_round()
    inputs["dimensions"][0]["question"] = {"en": "How much do you worry about it?"}
    inputs["previous"]["dimensions"][0]["question"] = {"en": "How important is it?"}
    assert row_of(inputs, "energy", "stakeholder")["reason"] == "question_changed"
    assert row_of(inputs, "energy", "impact")["verdict"] == analysis.WITHIN_NOISE


def test_groups_pooled_in_one_year_are_pooled_in_both():
    inputs = second_round()
    pooled = inputs["units"]["stakeholder"][-1]
    assert pooled["groups"] == ["public", "regulators"]
    counts = inputs["counts"]["stakeholder"].pop(pooled["code"])
    gram = inputs["gram"]["stakeholder"].pop(pooled["code"])
    inputs["units"]["stakeholder"][-1:] = [
        {"code": group, "groups": [group], "weight": 1.0, "responses": 16}
        for group in ("public", "regulators")
    ]
    for group in ("public", "regulators"):
        inputs["counts"]["stakeholder"][group] = counts
        inputs["gram"]["stakeholder"][group] = gram

    results = evaluate(inputs)["year_on_year"]

    units = {tuple(unit["groups"]): unit["weight"] for unit in results["units"]["stakeholder"]}
    assert units[("public", "regulators")] == 2.0
    assert len(units) == 5
    assert row_of(inputs, "energy")["change"] == pytest.approx(0, abs=1e-12)


def test_a_group_that_was_asked_in_one_year_only_is_left_out():
    inputs = second_round()
    inputs["units"]["stakeholder"][0]["groups"] = ["newcomers"]
    inputs["groups"].append({"code": "newcomers"})

    units = evaluate(inputs)["year_on_year"]["units"]["stakeholder"]

    assert all("newcomers" not in unit["groups"] for unit in units)
    assert all("shareholders" not in unit["groups"] for unit in units)
    assert len(units) == 4


def test_a_mean_that_a_round_withheld_takes_no_part_in_the_change():
    inputs = second_round()
    del inputs["gram"]
    inputs["counts"]["stakeholder"]["customers"][0] = [0, 0, 0, 0, 3, 49]
    topic = inputs["topics"][0]["code"]
    shareholders = inputs["counts"]["stakeholder"]["shareholders"][0]

    before = row_of(inputs, topic)
    inputs["counts"]["stakeholder"]["customers"][0] = [3, 0, 0, 0, 0, 49]
    after = row_of(inputs, topic)

    assert before == after
    assert shareholders == inputs["previous"]["counts"]["stakeholder"]["shareholders"][0]


def test_without_the_previous_counts_nothing_is_said():
    assert evaluate(sample_inputs())["year_on_year"] is None


def test_the_previous_statistics_are_those_of_the_topics_that_live_on():
    first = sample_inputs()
    lines = [
        {"kind": "continued", "before": "energy", "after": "energy"},
        {"kind": "removed", "before": "charity", "after": None},
        {"kind": "widened", "before": "privacy", "after": "data"},
    ]

    result = statistics(first, lines)

    assert result["kept"] == ["privacy", "energy"]  # in the order they had
    whole = np.array(first["gram"]["impact"]["experts"])
    part = np.array(result["gram"]["impact"]["experts"])
    places = [2, 13, 14 + 2, 14 + 13]
    assert (part == whole[np.ix_(places, places)]).all()


def shifts_of(inputs: dict) -> dict[str, dict]:
    return {row["topic"]: row for row in insights(inputs)["rank_shifts"]}


def test_the_same_answers_shift_no_rank():
    result = shifts_of(second_round())

    assert len(result) == 14
    assert all(row["shift"] == 0 and not row["moved"] for row in result.values())
    assert all(row["low"] <= 0 <= row["high"] for row in result.values())


def test_a_topic_that_everybody_raised_moves_up_among_the_comparable_ones():
    inputs = second_round()
    line_of(inputs, "charity")["kind"] = "widened"
    raise_ratings(inputs, "energy")

    result = shifts_of(inputs)

    assert len(result) == 13
    assert result["energy"]["shift"] < 0
    assert result["energy"]["moved"]
    assert result["energy"]["high"] < 0


def test_rank_shifts_need_both_years_gram_matrices():
    inputs = second_round()
    del inputs["previous"]["gram"]

    assert insights(inputs)["rank_shifts"] is None
