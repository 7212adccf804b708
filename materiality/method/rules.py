"""The tier rules: how two coordinates become one number, and that number a tier. 1 is the top.

`kind` names the rule. Five compare one number of both axes with cuts, one fewer than there are
tiers; `band` makes the cuts resist wobbling from year to year. Three place topics otherwise: by
cuts on each axis ("quadrants"), or by the scores of the year themselves ("natural_breaks",
"quantiles"), which must not be used to compare years. Those rank topics by the weighted sum.
"""

from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, Ints, floats, ratio
from materiality.document.schema import AXES, Axis, Inputs, Rule, previous_of, topics_before

BY_CUTS = ("weighted_sum", "either", "both", "distance", "product")
BY_SCORES = ("natural_breaks", "quantiles")
KINDS = (*BY_CUTS, "quadrants", *BY_SCORES)
SUMS = ("weighted_sum", "quadrants", *BY_SCORES)
FEWEST_TIERS, USUAL_TIERS, MOST_TIERS = 2, 3, 5


def number_of_tiers(rule: Rule) -> int:
    """Return how many tiers a rule makes, 2 to 5: one more than it has cuts or shares.

    >>> number_of_tiers({"kind": "either", "weights": {"x": 1, "y": 1}, "cuts": [4.0]})
    2
    """
    if rule["kind"] in BY_CUTS and rule.get("cuts"):
        return len(rule["cuts"]) + 1
    if rule["kind"] == "quantiles" and rule.get("shares"):
        return len(rule["shares"]) + 1
    return rule.get("tiers", USUAL_TIERS)


def tiers_before(inputs: Inputs) -> int:
    """Return how many tiers the previous round had: 3 where a bundle does not say.

    As many as this round's where no tier of that round is known: there is nothing to tell apart.
    """
    before = previous_of(inputs)
    if "tiers" in before:
        return before["tiers"]
    was_tiered = any(row.get("tier") for row in topics_before(inputs))
    return USUAL_TIERS if was_tiered else number_of_tiers(inputs["rule"])


def has_as_many_tiers(inputs: Inputs) -> bool:
    """Return whether a tier of the previous round can stand beside one of this round."""
    return tiers_before(inputs) == number_of_tiers(inputs["rule"])


def axis_boundaries(rule: Rule, axis: Axis) -> list[float]:
    """Return the cuts of "quadrants" on one axis, the higher first; five tiers have two."""
    cuts = [float(rule["axis_cuts"][axis])]
    if number_of_tiers(rule) == MOST_TIERS:
        cuts.append(float(rule["axis_cuts_low"][axis]))
    return cuts


def sum_weights(rule: Rule) -> tuple[float, float]:
    """Return the shares of x and of y in a weighted sum."""
    share = rule["weights"]["x"] / (rule["weights"]["x"] + rule["weights"]["y"])
    return share, 1 - share


def combine(rule: Rule, x: Any, y: Any, *, points: float = 5.0) -> Floats:
    """Return the overall score that ranks topics; NaN where undefined.

    :param x: scores on the horizontal axis, of any shape; ``y`` on the vertical one.
    :param points: the top of the scale, for "distance".
    """
    if rule["kind"] == "distance":
        return analysis.distance(x, y, high=points)
    plain = {
        "either": analysis.either_axis,
        "both": analysis.both_axes,
        "product": analysis.product,
    }
    if rule["kind"] in plain:
        return plain[rule["kind"]](x, y)
    weights = rule["weights"]
    return analysis.weighted_sum(x, y, weight=weights["x"] / (weights["x"] + weights["y"]))


def overall_scores(inputs: Inputs, x: Any, y: Any) -> Floats:
    """Return the overall scores under the rule of these inputs."""
    return combine(inputs["rule"], x, y, points=inputs["scale"]["points"])


def suggested_tiers(inputs: Inputs, x: Any, y: Any, *, shift: float = 0.0) -> Ints:
    """Return the tier that the rule suggests for each topic, 0 where undefined.

    :param x: scores on x, [topics] or [draws, topics]; ``y`` likewise.
    :param shift: moves every cut, to see what depends on it.
    """
    rule, overall = inputs["rule"], overall_scores(inputs, x, y)
    if rule["kind"] == "quadrants":
        cuts_x, cuts_y = ([cut + shift for cut in axis_boundaries(rule, axis)] for axis in AXES)
        return analysis.quadrants(x, y, cuts_x=cuts_x, cuts_y=cuts_y, tiers=number_of_tiers(rule))
    if rule["kind"] == "natural_breaks":
        return analysis.natural_tiers(overall, number_of_tiers(rule))
    if rule["kind"] == "quantiles":
        return analysis.quantile_tiers(overall, rule["shares"])
    cuts = [cut + shift for cut in rule["cuts"]]
    if rule.get("band"):
        return analysis.steady_tiers(overall, previous_tiers(inputs), cuts, band=rule["band"])
    return analysis.tiers(overall, cuts)


def previous_tiers(inputs: Inputs) -> Ints:
    """Return last round's tier of each topic that kept its identity, else 0.

    0 for all where that round had another number of tiers: its second tier is not this one's.
    """
    if not has_as_many_tiers(inputs):
        return np.zeros(len(inputs["topics"]), dtype=np.int64)
    before = {row["code"]: row for row in topics_before(inputs)}
    same = ("continued", "renamed", "widened")
    origin = {
        line["after"]: line["before"]
        for line in inputs.get("successions", [])
        if line["kind"] in same
    }
    tiers = {code: row.get("tier") or 0 for code, row in before.items()}
    tiers_before = [tiers.get(origin.get(row["code"]) or "", 0) for row in inputs["topics"]]
    return np.array(tiers_before, dtype=np.int64)


def held_by_band(inputs: Inputs, x: Floats, y: Floats) -> list[bool]:
    """Return where the band, not the score, decided: it has to be said."""
    if not inputs["rule"].get("band"):
        return [False] * len(inputs["topics"])
    plain: Inputs = {**inputs, "rule": {**inputs["rule"], "band": 0}}
    differs = suggested_tiers(inputs, x, y) != suggested_tiers(plain, x, y)
    return [bool(one) for one in differs]


def cuts_in_effect(inputs: Inputs, overall: Floats, tiers: Ints) -> list[float | None] | None:
    """Return the cuts on the overall score: the rule's, or the ones the year's scores gave.

    None for "quadrants", whose cuts lie on the axes.
    """
    rule = inputs["rule"]
    if rule["kind"] == "quadrants":
        return None
    if rule["kind"] in BY_CUTS:
        return [float(cut) for cut in rule["cuts"]]
    upper = range(1, number_of_tiers(rule))
    reached = [overall[(tiers > 0) & (tiers <= tier)] for tier in upper]
    return [float(one.min()) if one.size else None for one in reached]


def axis_cuts(inputs: Inputs, axis: Axis, other: Any) -> list[Floats]:
    """Return, per cut, the score on one axis that puts each topic exactly there; NaN if none does.

    Empty for rules whose cuts depend on other topics or on last year.

    :param axis: "x" or "y"; ``other``: [topics] the scores on the other axis.
    """
    rule, value = inputs["rule"], floats(other)
    if rule["kind"] in BY_SCORES or rule.get("band"):
        return []
    if rule["kind"] == "quadrants":
        return [np.full(value.shape, cut) for cut in axis_boundaries(rule, axis)]
    if rule["kind"] == "weighted_sum":
        share = rule["weights"][axis] / (rule["weights"]["x"] + rule["weights"]["y"])
        return [ratio(cut - (1 - share) * value, share) for cut in rule["cuts"]]
    return [_axis_cut(rule["kind"], cut, value, inputs["scale"]["points"]) for cut in rule["cuts"]]


def _axis_cut(kind: str, cut: float, other: Floats, points: int) -> Floats:
    """Solve a rule that treats both axes alike for one of them."""
    if kind == "either":
        return np.where(np.nan_to_num(other) >= cut, np.nan, cut)
    if kind == "both":
        return np.where(other >= cut, cut, np.nan)
    if kind == "product":
        return ratio(cut, other)
    left = 2 * (cut * (points - 1)) ** 2 - (other - 1) ** 2
    return np.where(left >= 0, 1 + np.sqrt(np.maximum(left, 0)), np.nan)
