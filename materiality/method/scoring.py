"""Each topic's score on one dimension, and which unit means rest on too few ratings to be shown."""

import math
from typing import Any, Literal

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Bools, Floats, Ints, floats, ratio, without_blanks
from materiality.document.schema import (
    Inputs,
    Reason,
    Score,
    ScoreNumbers,
    Unit,
    UnitScore,
    Withheld,
)
from materiality.method.groups import asked_shares, populations
from materiality.method.suppression import minimum_group, standing_weights, withheld

Row = dict[str, Any]

UNDEFINED: ScoreNumbers = {
    "score": None,
    "se": None,
    "df": None,
    "low": None,
    "high": None,
    "covered_weight": None,
    "effective_n": None,
}


def scores(inputs: Inputs, dimension: str) -> list[Score]:
    """Return each topic's score on one dimension and what it rests on, in the order of the topics.

    A unit's mean on a topic is withheld where it rests on fewer than `minimum_group` ratings, and
    so is a second one where the first would follow from the score; the score itself stays.
    """
    means = analysis.group_means(counts_of(inputs, dimension))
    suppressed = withheld(inputs, dimension, means.n)
    weights = topic_weights(inputs, dimension, suppressed)
    confidence = inputs.get("confidence", 0.95)
    interval = inputs.get("interval", "symmetric")
    result = analysis.weighted_scores(
        means,
        weights,
        population=populations(inputs, dimension),
        confidence=confidence,
        interval=interval,
    )
    covered = result.covered_weight
    if inputs.get("not_asked"):
        covered = _coverage(inputs, dimension, means, weights)
    shares = _shares(means, weights)
    backing = np.where(weights > 0, means.n, 0).sum(axis=0)
    units, least = inputs["units"][dimension], minimum_group(inputs, dimension)
    reasons = [
        _why_undefined(int(result.n[at]), int(backing[at]), float(result.score[at]), least)
        for at in range(suppressed.shape[1])
    ]
    return [
        {
            **_numbers(result, at, why is None, covered),  # type: ignore[typeddict-item]  # no other keys
            "n": int(result.n[at]),
            "reason": why,
            "units": _units(units, means, suppressed[:, at], at, shares),
            "withheld": _combination(units, means, weights, suppressed[:, at], at, why is None),
        }
        for at, why in enumerate(reasons)
    ]


def _numbers(
    topic_scores: analysis.TopicScores, at: int, defined: bool, covered: Floats
) -> ScoreNumbers:
    if not defined:
        return UNDEFINED
    return {
        "score": number(topic_scores.score[at]),
        "se": number(topic_scores.se[at]),
        "df": number(topic_scores.df[at]),
        "low": number(topic_scores.low[at]),
        "high": number(topic_scores.high[at]),
        "covered_weight": number(covered[at]),
        "effective_n": number(topic_scores.effective_n[at]),
    }


def _coverage(
    inputs: Inputs, dimension: str, means: analysis.GroupMeans, weights: Floats
) -> Floats:
    """Return the share of all weight that answered each topic, pooled groups seen one by one."""
    own = floats([unit["weight"] for unit in inputs["units"][dimension]])
    spoke = np.where(means.n > 0, weights, 0.0).sum(axis=0)
    return ratio(spoke, own.sum())


def _shares(means: analysis.GroupMeans, weights: Floats) -> Floats:
    """Return the share of weight that each unit carries on each topic: [units, topics]."""
    spoke = np.where(means.n > 0, weights, 0.0)
    return without_blanks(ratio(spoke, spoke.sum(axis=0)))


def counts_of(inputs: Inputs, dimension: str) -> Ints:
    """Return the counts of one dimension: [units, topics, points + 1]."""
    units = inputs["units"][dimension]
    shape = (len(units), len(inputs["topics"]), inputs["scale"]["points"] + 1)
    rows = [inputs["counts"][dimension][unit["code"]] for unit in units]
    return np.array(rows, dtype=np.int64).reshape(shape)


def topic_weights(inputs: Inputs, dimension: str, held: Bools) -> Floats:
    """Return the weight of each unit on each topic: [units, topics].

    The units' own, except that withheld units share their total in the standing proportion.
    """
    own = floats([unit["weight"] for unit in inputs["units"][dimension]])
    weights = own[:, None] * asked_shares(inputs, dimension)
    if not held.any() or not inputs.get("standing_weights"):
        return weights
    saved = standing_weights(inputs, dimension)[:, None] * asked_shares(inputs, dimension)
    standing = np.where(held, saved, 0.0)
    share = without_blanks(standing / np.where(standing.sum(axis=0) > 0, standing.sum(axis=0), 1))
    return np.where(held, share * np.where(held, weights, 0.0).sum(axis=0), weights)


def disclosed_means(inputs: Inputs, dimension: str) -> Floats:
    """Return unit means, withheld ones replaced by what they come to together: [units, topics].

    The combination follows from score and disclosed means anyway; NaN where it carries no weight.
    """
    means = analysis.group_means(counts_of(inputs, dimension))
    suppressed = withheld(inputs, dimension, means.n)
    saved = standing_weights(inputs, dimension)[:, None] * asked_shares(inputs, dimension)
    standing = np.where(suppressed, saved, 0.0)
    together = analysis.weighted_mean(np.where(suppressed, means.mean, np.nan), standing).mean
    return np.where(suppressed, together, means.mean)


def _units(
    units: list[Unit], means: analysis.GroupMeans, held: Bools, topic: int, shares: Floats
) -> dict[str, UnitScore]:
    return {
        unit["code"]: {
            "share": float(shares[at, topic]),
            "mean": None if held[at] else number(means.mean[at, topic]),
            "n": int(means.n[at, topic]),
            "dont_know": int(means.dont_know[at, topic]),
            "reason": _why_no_mean(suppressed=bool(held[at]), n=int(means.n[at, topic])),
        }
        for at, unit in enumerate(units)
    }


def _why_no_mean(*, suppressed: bool, n: int) -> Literal["suppressed", "no_answers"] | None:
    if suppressed:
        return "suppressed"
    return None if n else "no_answers"


def _combination(
    units: list[Unit],
    means: analysis.GroupMeans,
    weights: Floats,
    held: Bools,
    topic: int,
    defined: bool,
) -> Withheld | None:
    """Return what the withheld units of a topic come to together, or None if none is withheld."""
    if not held.any():
        return None
    mean = analysis.weighted_mean(means.mean[held, topic], weights[held, topic]).mean
    return {
        "units": [unit["code"] for at, unit in enumerate(units) if held[at]],
        "mean": number(mean) if defined else None,
        "n": int(means.n[held, topic].sum()),
    }


def _why_undefined(n: int, backing: int, score: float, least: int) -> Reason | None:
    """Say why a topic has no score.

    :param backing: the ratings of units that carry weight; fewer than `least` would tell too much.
    """
    if n == 0:
        return "no_answers"
    if n < least or 0 < backing < least:
        return "suppressed"
    return "zero_weight" if math.isnan(score) else None


def number(value: Any) -> float | None:
    """Return a JSON number, or None where the value is undefined."""
    return float(value) if math.isfinite(value) else None
