"""How firm each topic's place is: joint draws of both axes, from the Gram matrices of a bundle."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from materiality import analysis
from materiality.bundle.scoring import topic_weights, withheld

Floats: TypeAlias = NDArray[np.float64]
Row = dict[str, Any]

DRAWS = 1000
UNKNOWN: Row = {"stability": None, "tier_probabilities": None, "ellipse": None, "ranks": None}


def uncertainty(
    inputs: Mapping[str, Any],
    overall_of: Callable[[Floats, Floats], Floats],
    tiers: list[int | None],
    defined: Sequence[NDArray[np.bool_]],
) -> list[Row]:
    """Return per topic stability, tier probabilities, ellipse and rank interval.

    All four are None where a bundle carries no Gram matrices, or a topic has no score.

    :param overall_of: the rule: scores on x and y [draws, topics] to overall scores.
    :param tiers: the tier that holds, per topic.
    :param defined: whether each topic has a score on x, and on y; none is drawn where it has not.
    """
    if not inputs.get("gram"):
        return [dict(UNKNOWN) for _tier in tiers]
    axis = {row["axis"]: row["code"] for row in inputs["dimensions"] if row.get("axis")}
    x, y = (distribution(inputs, axis[name]) for name in "xy")
    seed = int(inputs.get("seed", 1))
    drawn = [
        np.where(known, analysis.draw_scores(one, draws=DRAWS, seed=seed, stream=at), np.nan)
        for at, (one, known) in enumerate(zip((x, y), defined, strict=True))
    ]
    overall = overall_of(*drawn)
    return _rows(
        inputs,
        overall,
        tiers,
        analysis.ellipses(
            np.where(defined[0], np.diagonal(x.covariance), np.nan),
            np.where(defined[1], np.diagonal(y.covariance), np.nan),
            df=np.fmin(x.df, y.df),
        ),
    )


def distribution(inputs: Mapping[str, Any], dimension: str) -> analysis.ScoreDistribution:
    units = inputs["units"][dimension]
    arrays = [
        np.array([inputs[name][dimension][unit["code"]] for unit in units], dtype=np.int64)
        for name in ("counts", "gram")
    ]
    statistics = analysis.SufficientStatistics(counts=arrays[0], gram=arrays[1])
    held = withheld(inputs, dimension, statistics.counts[..., :-1].sum(axis=-1))
    return analysis.score_distribution(statistics, topic_weights(inputs, dimension, held))


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
