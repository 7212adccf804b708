"""Every tier rule by hand, over four topics whose scores are known."""

import math

import numpy as np
import pytest

from materiality.document import BundleError, assemble
from materiality.document.border import checked_inputs
from materiality.method import evaluate
from materiality.method.rules import KINDS, axis_cuts, overall_scores, suggested_tiers
from materiality.results import Results
from tests.samples import sample_inputs

X = [4.0, 3.0, 5.0, 1.0]
Y = [4.5, 4.0, 1.0, 1.0]
HALF = {"weights": {"x": 1, "y": 1}}


def inputs_with(**rule) -> dict:
    return {
        "rule": {**HALF, **rule},
        "scale": {"points": 5},
        "topics": [{"code": code} for code in "abcd"],
        "previous": {"topics": [{"code": "a", "tier": 2}, {"code": "b", "tier": 1}]},
        "successions": [
            {"kind": "continued", "before": code, "after": code, "reason": {}} for code in "ab"
        ],
    }


@pytest.mark.parametrize(
    ("rule", "overall", "tiers"),
    [
        ({"kind": "weighted_sum", "cuts": [4, 3]}, [4.25, 3.5, 3.0, 1.0], [1, 2, 2, 3]),
        ({"kind": "either", "cuts": [4.5, 4]}, [4.5, 4.0, 5.0, 1.0], [1, 2, 1, 3]),
        ({"kind": "both", "cuts": [4, 3]}, [4.0, 3.0, 1.0, 1.0], [1, 2, 3, 3]),
        ({"kind": "product", "cuts": [18, 5]}, [18.0, 12.0, 5.0, 1.0], [1, 2, 2, 3]),
        (
            {"kind": "distance", "cuts": [0.8, 0.6]},
            [math.hypot(3, 3.5), math.hypot(2, 3), 4.0, 0.0],
            [1, 2, 2, 3],
        ),
        ({"kind": "quadrants", "axis_cuts": {"x": 4, "y": 4}}, None, [1, 2, 2, 3]),
        ({"kind": "natural_breaks"}, None, [1, 2, 2, 3]),
        ({"kind": "quantiles", "shares": [0.25, 0.25]}, None, [1, 2, 3, 3]),
    ],
)
def test_each_rule_gives_the_tiers_worked_out_by_hand(rule, overall, tiers):
    inputs = inputs_with(**rule)

    assert suggested_tiers(inputs, X, Y).tolist() == tiers
    if overall is not None:
        top = 4 * math.sqrt(2) if rule["kind"] == "distance" else 1
        assert overall_scores(inputs, X, Y).tolist() == pytest.approx([o / top for o in overall])


def test_the_band_keeps_last_years_tier_near_a_cut_and_says_so():
    rule = {"kind": "weighted_sum", "cuts": [4.2, 3.6], "band": 0.2}
    inputs = inputs_with(**rule)

    # a: 4.25, tier 2 last year, enters tier 1 only at 4.4. b: 3.5, tier 1 last year, so it leaves
    # tier 2 only below 3.4. c and d have no last year.
    assert suggested_tiers(inputs, X, Y).tolist() == [2, 2, 3, 3]
    assert suggested_tiers({**inputs, "rule": {**rule, **HALF, "band": 0}}, X, Y).tolist() == [
        1,
        3,
        3,
        3,
    ]


def test_the_results_say_where_the_band_decided():
    inputs = sample_inputs()
    plain = evaluate(inputs)["topics"]
    inputs["rule"]["band"] = 0.3
    steady = evaluate(inputs)["topics"]

    differs = [
        a["suggested_tier"] != b["suggested_tier"] for a, b in zip(plain, steady, strict=True)
    ]
    assert any(differs)
    assert [row["held_by_band"] for row in steady] == differs
    assert not any(row["held_by_band"] for row in plain)


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_goes_through_a_whole_bundle(kind):
    inputs = sample_inputs()
    fits = {"distance": [0.75, 0.6], "product": [15, 11]}
    inputs["rule"] |= {"kind": kind, "axis_cuts": {"x": 4, "y": 3.5}, "shares": [0.3, 0.3]}
    inputs["rule"]["cuts"] = fits.get(kind, [4.0, 3.4])

    results = evaluate(inputs)

    assert {row["suggested_tier"] for row in results["topics"]} <= {1, 2, 3}
    assert len({row["suggested_tier"] for row in results["topics"]}) > 1
    assert all(0 <= row["stability"] <= 1 for row in results["topics"])
    assert Results(assemble(inputs, results)).rule.kind == kind


@pytest.mark.parametrize("kind", ["natural_breaks", "quantiles"])
def test_a_rule_without_cuts_reports_the_ones_that_came_out(kind):
    inputs = sample_inputs()
    inputs["rule"] = {**HALF, "kind": kind, "shares": [0.3, 0.3]}

    results = evaluate(inputs)

    first = [row["overall"] for row in results["topics"] if row["suggested_tier"] == 1]
    assert results["cuts"][0] == min(first)
    assert Results(assemble(inputs, results)).rule.cut_high == min(first)


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"kind": "quadrants"}, "inputs.rule.axis_cuts"),
        ({"kind": "quadrants", "axis_cuts": {"x": 4}}, "inputs.rule.axis_cuts.y"),
        ({"kind": "quantiles", "shares": [0.7, 0.7]}, "together at most 1"),
        ({"kind": "distance"}, "inputs.rule.cuts"),
        ({"kind": "either", "cuts": [4, 3], "band": -1}, "inputs.rule.band"),
    ],
)
def test_a_rule_that_lacks_its_numbers_is_refused(rule, place):
    inputs = sample_inputs()
    inputs["rule"] = {**HALF, **rule}

    with pytest.raises(BundleError, match=place):
        evaluate(checked_inputs(inputs))


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "weighted_sum", "cuts": [4, 3], "weights": {"x": 1, "y": 3}},
        {"kind": "either", "cuts": [4, 3]},
        {"kind": "both", "cuts": [4, 3]},
        {"kind": "product", "cuts": [12, 9]},
        {"kind": "distance", "cuts": [0.7, 0.5]},
        {"kind": "quadrants", "axis_cuts": {"x": 4, "y": 3}},
    ],
)
@pytest.mark.parametrize("axis", ["x", "y"])
def test_the_cut_on_an_axis_is_where_the_tier_changes(rule, axis):
    inputs = inputs_with(**rule)
    other = np.array([3.2, 2.5, 4.4, 1.5])
    seen = 0

    for cut in axis_cuts(inputs, axis, other):
        pairs = [(cut - 1e-6, other), (cut + 1e-6, other)]
        below, above = (
            suggested_tiers(inputs, *(pair if axis == "x" else pair[::-1])) for pair in pairs
        )
        defined = np.isfinite(cut)
        assert (below[defined] == above[defined] + 1).all()
        seen += defined.sum()
    assert seen
