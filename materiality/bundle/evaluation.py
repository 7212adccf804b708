"""The whole method as one pure function: the inputs of a bundle in, its results out.

The live page, the locked document and `manage.py recompute` all call `evaluate`, so they cannot
disagree. Numbers leave unrounded; what is undefined is None with a reason.
"""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from materiality import analysis
from materiality.bundle import changes
from materiality.bundle.uncertainty import uncertainty
from materiality.bundle.validation import validate

Inputs = Mapping[str, Any]


def evaluate(inputs: Inputs) -> dict[str, Any]:
    """Return the results of these inputs: scores, ranks, tiers, changes.

    :raises BundleError: the inputs are not usable; the message names the field.
    """
    validate(inputs)
    scored = {row["code"]: _scored(inputs, row["code"]) for row in inputs["dimensions"]}
    topics = _placed(inputs, scored)
    return {
        "topics": topics,
        "units": {code: _units(inputs, code) for code in scored},
        "responses": {code: _responses(inputs, code) for code in scored},
        "changes": changes.rows(inputs),
        "open_questions": changes.problems(inputs),
        "tier_moves": changes.tier_moves(inputs, topics),
    }


def _counts(inputs: Inputs, dimension: str) -> np.ndarray[Any, Any]:
    units = inputs["units"][dimension]
    shape = (len(units), len(inputs["topics"]), inputs["scale"]["points"] + 1)
    rows = [inputs["counts"][dimension][unit["code"]] for unit in units]
    return np.array(rows, dtype=np.int64).reshape(shape)


def _scored(inputs: Inputs, dimension: str) -> list[dict[str, Any]]:
    """Return each topic's score on one dimension, in the order of the topics."""
    units = inputs["units"][dimension]
    means = analysis.group_means(_counts(inputs, dimension))
    weights = [unit["weight"] for unit in units]
    confidence = inputs.get("confidence", 0.95)
    scores = analysis.weighted_scores(means, weights, confidence=confidence)
    least = inputs.get("minimum_group", 5)
    return [_score(scores, means, units, topic, least) for topic in range(means.mean.shape[1])]


def _score(
    scores: analysis.TopicScores,
    means: analysis.GroupMeans,
    units: list[Mapping[str, Any]],
    topic: int,
    least: int,
) -> dict[str, Any]:
    n = int(scores.n[topic])
    reason = _why_undefined(n, float(scores.score[topic]), least)
    names = ("score", "se", "df", "low", "high", "covered_weight", "effective_n")
    numbers = {name: None if reason else _number(getattr(scores, name)[topic]) for name in names}
    return {
        **numbers,
        "n": n,
        "reason": reason,
        "units": {
            unit["code"]: {
                "mean": _number(means.mean[at, topic]),
                "n": int(means.n[at, topic]),
                "dont_know": int(means.dont_know[at, topic]),
            }
            for at, unit in enumerate(units)
        },
    }


def _why_undefined(n: int, score: float, least: int) -> str | None:
    if n == 0:
        return "no_answers"
    if n < least:
        return "suppressed"
    return "zero_weight" if math.isnan(score) else None


def _number(value: Any) -> float | None:
    """Return a JSON number, or None where the value is undefined."""
    return float(value) if math.isfinite(value) else None


def _placed(inputs: Inputs, scored: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return each topic with both coordinates, overall score, rank and tier."""
    axis = {row["axis"]: row["code"] for row in inputs["dimensions"] if row.get("axis")}
    x, y = (_coordinates(scored[axis[name]]) for name in "xy")
    overall = combine(inputs["rule"], x, y)
    ranks, suggested = analysis.ranks(overall), analysis.tiers(overall, inputs["rule"]["cuts"])
    decided = {row["topic"]: row for row in inputs.get("decisions", [])}
    tiers = [
        _tier(int(tier) or None, decided.get(topic["code"]))
        for topic, tier in zip(inputs["topics"], suggested, strict=True)
    ]
    firm = uncertainty(inputs, partial(combine, inputs["rule"]), [tier["tier"] for tier in tiers])
    return [
        {
            "code": topic["code"],
            "x": _number(x[at]),
            "y": _number(y[at]),
            "overall": _number(overall[at]),
            "rank": int(ranks[at]) or None,
            **tiers[at],
            **firm[at],
            "scores": {code: rows[at] for code, rows in scored.items()},
        }
        for at, topic in enumerate(inputs["topics"])
    ]


def combine(rule: Mapping[str, Any], x: Any, y: Any) -> np.ndarray[Any, Any]:
    """Return the overall score that the rule compares with its cuts; NaN where undefined."""
    if rule["kind"] == "weighted_sum":
        weights = rule["weights"]
        return analysis.weighted_sum(x, y, weight=weights["x"] / (weights["x"] + weights["y"]))
    return {"either": analysis.either_axis, "both": analysis.both_axes}[rule["kind"]](x, y)


def _coordinates(rows: list[dict[str, Any]]) -> np.ndarray[Any, Any]:
    return np.array([np.nan if row["score"] is None else row["score"] for row in rows])


def _tier(suggested: int | None, decision: Mapping[str, Any] | None) -> dict[str, Any]:
    """The suggestion stands unless people decided; both are kept."""
    tier = decision["tier"] if decision else suggested
    return {"suggested_tier": suggested, "tier": tier, "overridden": tier != suggested}


def _units(inputs: Inputs, dimension: str) -> list[dict[str, Any]]:
    """Return each unit with the share of weight it really carries, silent ones at zero."""
    units = inputs["units"][dimension]
    answered = _counts(inputs, dimension).sum(axis=(1, 2)) > 0
    total = sum(unit["weight"] for unit, spoke in zip(units, answered, strict=True) if spoke)
    return [
        {
            "code": unit["code"],
            "answered": bool(spoke),
            "share": unit["weight"] / total if spoke and total else 0.0,
        }
        for unit, spoke in zip(units, answered, strict=True)
    ]


def _responses(inputs: Inputs, dimension: str) -> int:
    return sum(unit.get("responses", 0) for unit in inputs["units"][dimension])
