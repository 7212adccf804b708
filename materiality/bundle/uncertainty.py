"""How firm each topic's place is: joint draws of both axes, from the Gram matrices of a bundle."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from materiality import analysis

Floats: TypeAlias = NDArray[np.float64]
Row = dict[str, Any]

DRAWS = 1000
UNKNOWN: Row = {"stability": None, "tier_probabilities": None, "ellipse": None, "ranks": None}


def uncertainty(
    inputs: Mapping[str, Any],
    overall_of: Callable[[Floats, Floats], Floats],
    tiers: list[int | None],
) -> list[Row]:
    """Return per topic stability, tier probabilities, ellipse and rank interval.

    All four are None where a bundle carries no Gram matrices, or a topic has no score.

    :param overall_of: the rule: scores on x and y [draws, topics] to overall scores.
    :param tiers: the tier that holds, per topic.
    """
    if not inputs.get("gram"):
        return [dict(UNKNOWN) for _tier in tiers]
    axis = {row["axis"]: row["code"] for row in inputs["dimensions"] if row.get("axis")}
    x, y = (_distribution(inputs, axis[name]) for name in "xy")
    seed = int(inputs.get("seed", 1))
    drawn = [
        analysis.draw_scores(one, draws=DRAWS, seed=seed, stream=at)
        for at, one in enumerate((x, y))
    ]
    overall = overall_of(*drawn)
    return _rows(
        inputs,
        overall,
        tiers,
        analysis.ellipses(
            np.diagonal(x.covariance), np.diagonal(y.covariance), df=np.fmin(x.df, y.df)
        ),
    )


def _distribution(inputs: Mapping[str, Any], dimension: str) -> analysis.ScoreDistribution:
    units = inputs["units"][dimension]
    arrays = [
        np.array([inputs[name][dimension][unit["code"]] for unit in units], dtype=np.int64)
        for name in ("counts", "gram")
    ]
    statistics = analysis.SufficientStatistics(counts=arrays[0], gram=arrays[1])
    return analysis.score_distribution(statistics, [unit["weight"] for unit in units])


def _rows(
    inputs: Mapping[str, Any],
    overall: Floats,
    tiers: list[int | None],
    ellipses: analysis.Ellipses,
) -> list[Row]:
    cuts = inputs["rule"]["cuts"]
    shares = analysis.tier_probabilities(overall, lambda drawn: analysis.tiers(drawn, cuts), 3)
    between = analysis.rank_intervals(overall)
    return [
        {
            "stability": float(shares[at, tier - 1]),
            "tier_probabilities": shares[at].tolist(),
            "ellipse": _ellipse(ellipses, at),
            "ranks": [int(between.low[at]), int(between.high[at])],
        }
        if tier and np.isfinite(shares[at]).all()
        else dict(UNKNOWN)
        for at, tier in enumerate(tiers)
    ]


def _ellipse(ellipses: analysis.Ellipses, at: int) -> Row | None:
    parts = {"rx": ellipses.major[at], "ry": ellipses.minor[at], "angle": ellipses.angle[at]}
    if not np.isfinite(list(parts.values())).all():
        return None
    return {name: float(value) for name, value in parts.items()} | {
        "angle": float(np.degrees(parts["angle"]))
    }
