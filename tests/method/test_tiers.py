"""Two to five tiers under every rule: what holds whatever the scores are."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from materiality.document import BundleError, assemble
from materiality.document.border import checked_inputs
from materiality.method import evaluate
from materiality.method.rules import (
    BY_CUTS,
    KINDS,
    has_as_many_tiers,
    number_of_tiers,
    previous_tiers,
    suggested_tiers,
)
from materiality.results import Results
from tests.samples import sample_inputs

NUMBERS = (2, 3, 4, 5)
HALF = {"weights": {"x": 1.0, "y": 1.0}}
CUTS = {
    "product": [20.0, 14.0, 9.0, 4.0],
    "distance": [0.8, 0.6, 0.4, 0.2],
}


def rule_with(kind: str, tiers: int) -> dict:
    """Return a usable rule of this kind with so many tiers."""
    rule = {"kind": kind, **HALF}
    if kind in BY_CUTS:
        return {**rule, "cuts": CUTS.get(kind, [4.2, 3.6, 3.0, 2.2])[: tiers - 1]}
    if kind == "quantiles":
        return {**rule, "shares": [0.3, 0.2, 0.2, 0.1][: tiers - 1]}
    rule["tiers"] = tiers
    if kind == "quadrants":
        rule["axis_cuts"] = {"x": 3.8, "y": 3.5}
        rule["axis_cuts_low"] = {"x": 2.4, "y": 2.2}
    return rule


def tiers_of(kind: str, number: int, x, y) -> list[int]:
    inputs = {
        "rule": rule_with(kind, number),
        "scale": {"points": 5},
        "topics": [{"code": f"t{at}"} for at in range(len(x))],
        "previous": None,
    }
    return suggested_tiers(inputs, np.array(x), np.array(y)).tolist()


SCORES = st.integers(4, 20).map(lambda quarter: quarter / 4)
PLACES = st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(kind=st.sampled_from(KINDS), number=st.sampled_from(NUMBERS), places=PLACES)
def test_every_topic_has_a_tier_of_the_rule_and_more_never_means_lower(kind, number, places):
    """Whoever scores at least as high on both axes stands in no lower tier."""
    x, y = zip(*places, strict=True)
    found = tiers_of(kind, number, x, y)

    assert set(found) <= set(range(1, number + 1))
    for (x1, y1), one in zip(places, found, strict=True):
        for (x2, y2), other in zip(places, found, strict=True):
            if x1 >= x2 and y1 >= y2:
                assert one <= other


@settings(deadline=None, max_examples=40)
@given(kind=st.sampled_from(BY_CUTS), places=PLACES)
def test_one_more_cut_below_splits_the_lowest_tier_and_moves_nobody_else(kind, places):
    x, y = zip(*places, strict=True)
    for number in NUMBERS[:-1]:
        fewer, more = tiers_of(kind, number, x, y), tiers_of(kind, number + 1, x, y)
        assert [min(tier, number) for tier in more] == fewer


@pytest.mark.parametrize(
    ("number", "tiers"),
    [(2, [1, 2, 2, 2]), (3, [1, 2, 2, 3]), (4, [1, 2, 3, 4])],
)
def test_quadrants_by_hand(number, tiers):
    """Both high; impact alone; stakeholders alone; none. Four tiers put the impact first."""
    assert tiers_of("quadrants", number, [5, 5, 1, 1], [5, 1, 5, 1]) == tiers


def test_five_tiers_of_quadrants_count_the_boundaries_reached():
    # x: 3.8 and 2.4, y: 3.5 and 2.2; reached in all: 4, 3, 2, 1, 0
    assert tiers_of("quadrants", 5, [4, 3, 3, 2, 2], [4, 4, 3, 3, 2]) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_bundle_has_so_many_tiers_and_their_probabilities_add_up(kind, number):
    inputs = sample_inputs()
    inputs["rule"] = rule_with(kind, number)
    checked_inputs(inputs)

    document = assemble(inputs, evaluate(inputs))

    results = Results(document)
    assert len(results.tiers) == number_of_tiers(inputs["rule"]) == number
    for row in document["results"]["topics"]:
        assert 1 <= row["suggested_tier"] <= number
        assert len(row["tier_probabilities"]) == number
        assert math.isclose(sum(row["tier_probabilities"]), 1)
    assert sum(len(results.tier(tier)) for tier in results.tiers) == len(results.topics)


def with_last_year(number: int, before: int | None) -> dict:
    """Return a round of so many tiers after one of `before`, which says so unless None."""
    inputs = sample_inputs()
    inputs["rule"] = rule_with("weighted_sum", number)
    codes = [topic["code"] for topic in inputs["topics"]]
    inputs["previous"] = {
        "year": "2019",
        "topics": [
            {"code": code, "name": {}, "x": 1.0, "y": 1.0, "overall": 1.0, "tier": 2}
            for code in codes
        ],
    }
    if before is not None:
        inputs["previous"]["tiers"] = before
    inputs["successions"] = [
        {"kind": "continued", "before": code, "after": code, "reason": {}} for code in codes
    ]
    return inputs


def test_tiers_of_rounds_with_another_number_are_not_compared():
    apart, alike = with_last_year(4, 3), with_last_year(3, 3)

    assert evaluate(apart)["tier_moves"] == []
    assert not has_as_many_tiers(apart)
    assert len(evaluate(alike)["tier_moves"]) > 3  # the control: all stood in tier 2


def test_a_bundle_that_does_not_say_how_many_tiers_it_had_had_three():
    assert has_as_many_tiers(with_last_year(3, None))
    assert not has_as_many_tiers(with_last_year(2, None))


def test_a_band_does_not_hold_a_topic_in_a_tier_of_another_number():
    apart, alike = with_last_year(4, 3), with_last_year(3, 3)

    assert not previous_tiers(apart).any()
    assert previous_tiers(alike).all()


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"kind": "either", "cuts": [5, 4, 3, 2, 1]}, "inputs.rule.cuts"),
        ({"kind": "either", "cuts": []}, "inputs.rule.cuts"),
        ({"kind": "either", "cuts": [4, 3, 3]}, "inputs.rule.cuts"),
        ({"kind": "quantiles", "shares": [0.5, 0.3, 0.3]}, "inputs.rule.shares"),
        ({"kind": "natural_breaks", "tiers": 6}, "inputs.rule.tiers"),
        ({"kind": "either", "cuts": [4, 3], "tiers": 4}, "inputs.rule.tiers"),
        ({"kind": "quadrants", "tiers": 5, "axis_cuts": {"x": 4, "y": 3}}, "axis_cuts_low"),
        (
            {
                "kind": "quadrants",
                "tiers": 5,
                "axis_cuts": {"x": 4, "y": 3},
                "axis_cuts_low": {"x": 4.5, "y": 2},
            },
            "axis_cuts_low",
        ),
    ],
)
def test_a_rule_that_does_not_add_up_is_refused_with_its_place(rule, place):
    inputs = sample_inputs()
    inputs["rule"] = {**HALF, **rule}

    with pytest.raises(BundleError, match=place):
        evaluate(checked_inputs(inputs))


def test_names_and_decisions_fit_the_number_of_tiers():
    inputs = sample_inputs()
    inputs["rule"] = rule_with("either", 2)
    code = inputs["topics"][0]["code"]

    with pytest.raises(BundleError, match=r"inputs\.tier_names"):
        evaluate({**inputs, "tier_names": [{"en": "A"}, {"en": "B"}, {"en": "C"}]})
    with pytest.raises(BundleError, match=r"inputs\.decisions\[0\]\.tier"):
        evaluate({**inputs, "decisions": [{"topic": code, "tier": 3, "reason": "x"}]})
    two = {**inputs, "decisions": [{"topic": code, "tier": 2, "reason": "x"}]}
    assert evaluate(two)["topics"][0]["tier"] == 2
