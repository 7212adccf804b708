"""How many more answers would tell apart the two topics that a cut parts most narrowly?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, floats
from materiality.document.schema import AXES, Evaluation, Inputs
from materiality.method.composites import composite
from materiality.method.feeding import is_fed
from materiality.method.rules import combine, overall_scores
from materiality.method.uncertainty import axes, distribution, draws

Row = dict[str, Any]


USUAL_SPREAD = 1.0
"""The standard deviation of ratings from 1 to 5 within a group, where none was seen yet."""


@dataclass(frozen=True)
class GroupPlan:
    """One group before a survey: weight, head count and the share of the invited who may answer."""

    weight: float
    population: int | None
    response_rate: float


@dataclass(frozen=True)
class Wanted:
    """What a group would have to give: answers, invitations, and whether it has so many people."""

    answers: int
    invitations: int
    reachable: int

    @property
    def is_reachable(self) -> bool:
        return self.reachable >= self.answers


def before_survey(plans: Sequence[GroupPlan], gap: float) -> tuple[list[Wanted], float]:
    """Return per group what would part two topics a gap apart, and the power that can be reached.

    Two-sided 95 %, power 80 % (`analysis.answers_wanted`).
    """
    if gap <= 0 or not sum(plan.weight for plan in plans):
        return [], 0.0
    sample = analysis.answers_wanted(
        [plan.weight for plan in plans],
        gap,
        sd=USUAL_SPREAD,
        population=floats([plan.population for plan in plans]),
        response_rate=[plan.response_rate for plan in plans],
    )
    rows = zip(sample.answers, sample.invitations, sample.reachable, strict=True)
    wanted = [
        Wanted(math.ceil(answers), math.ceil(invitations), math.ceil(reachable - 1e-9))
        for answers, invitations, reachable in rows
    ]
    return wanted, sample.power


def closest_pair(inputs: Inputs, results: Evaluation) -> Row | None:
    """Return the closest two topics in different tiers, and what it takes to separate them.

    None without Gram matrices, where all topics share a tier, or the register feeds the axes.
    `factor` is how many times as many answers every group would have to give
    (`analysis.answers_to_separate`), `answers` what that makes per dimension.
    """
    pair = _closest(results)
    if pair is None or not inputs.get("gram") or is_fed(inputs):
        return None
    upper, lower = pair
    answers = analysis.answers_to_separate(_overall(inputs, results), upper, lower)
    codes = [row["code"] for row in inputs["topics"]]
    reachable = math.isfinite(answers.factor)
    return {
        "upper": codes[upper],
        "lower": codes[lower],
        "gap": answers.gap,
        "se": answers.se,
        "factor": answers.factor if reachable else None,
        "separated": answers.is_separated,
        "answers": {
            code: math.ceil(n * max(answers.factor, 1.0)) if reachable else None
            for code, n in results["responses"].items()
        },
    }


def _closest(results: Evaluation) -> tuple[int, int] | None:
    """Return the neighbours in rank with the least gap whose suggested tiers differ."""
    placed = [(row["rank"], at) for at, row in enumerate(results["topics"]) if row["rank"]]
    ranked = [at for _rank, at in sorted(placed)]
    pairs = [
        (upper, lower)
        for upper, lower in pairwise(ranked)
        if len({results["topics"][at]["suggested_tier"] for at in (upper, lower)}) > 1
    ]
    overall = floats([row["overall"] for row in results["topics"]])
    gap = {(upper, lower): overall[upper] - overall[lower] for upper, lower in pairs}
    return min(pairs, key=lambda pair: gap[pair], default=None)


def _overall(inputs: Inputs, results: Evaluation) -> analysis.ScoreDistribution:
    """Return the joint distribution of the overall scores; the axes were rated apart.

    Exact for a plain weighted sum; for other rules the covariance of the joint draws.
    """
    score = floats([row["overall"] for row in results["topics"]])
    if _is_plain(inputs):
        x, y = (distribution(inputs, code) for code in axes(inputs))
        df = np.fmin(x.df, y.df)
        share = float(combine(inputs["rule"], 1.0, 0.0))
        covariance: Floats = share**2 * x.covariance + (1 - share) ** 2 * y.covariance
        return analysis.ScoreDistribution(score=score, covariance=covariance, df=df)
    known = [np.array([row[axis] is not None for row in results["topics"]]) for axis in AXES]
    drawn = overall_scores(inputs, *draws(inputs, known))
    endless = np.full(score.shape, np.inf)
    spread = np.cov(drawn, rowvar=False)
    return analysis.ScoreDistribution(score=score, covariance=spread, df=endless)


def _is_plain(inputs: Inputs) -> bool:
    """Return whether the overall score is a weighted sum of two dimensions asked as such."""
    if any(composite(inputs, code) for code in axes(inputs)):
        return False
    return inputs["rule"]["kind"] not in ("either", "both", "distance", "product")
