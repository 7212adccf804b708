"""How firm each topic's place is: joint draws of both axes, from the Gram matrices of a bundle."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from materiality import analysis
from materiality.bundle.rules import TIERS, overall_scores, suggested_tiers
from materiality.bundle.scoring import topic_weights, withheld

Floats: TypeAlias = NDArray[np.float64]
Row = dict[str, Any]

DRAWS = 1000
UNKNOWN: Row = {"stability": None, "tier_probabilities": None, "ellipse": None, "ranks": None}


def uncertainty(
    inputs: Mapping[str, Any],
    tiers: list[int | None],
    defined: Sequence[NDArray[np.bool_]],
) -> list[Row]:
    """Return per topic stability, tier probabilities, ellipse and rank interval.

    All four are None where a bundle carries no Gram matrices, or a topic has no score.

    :param tiers: the tier that holds, per topic.
    :param defined: whether each topic has a score on x, and on y; none is drawn where it has not.
    """
    if not inputs.get("gram"):
        return [dict(UNKNOWN) for _tier in tiers]
    x, y = (distribution(inputs, code) for code in axes(inputs))
    drawn = draws(inputs, (x, y), defined)
    return _rows(
        tiers,
        analysis.tier_probabilities(drawn[0], lambda _one: suggested_tiers(inputs, *drawn), TIERS),
        analysis.rank_intervals(overall_scores(inputs, *drawn)),
        analysis.ellipses(
            np.where(defined[0], np.diagonal(x.covariance), np.nan),
            np.where(defined[1], np.diagonal(y.covariance), np.nan),
            df=np.fmin(x.df, y.df),
        ),
    )


def axes(inputs: Mapping[str, Any]) -> tuple[str, str]:
    """Return the codes of the dimensions on x and on y."""
    code = {row["axis"]: row["code"] for row in inputs["dimensions"] if row.get("axis")}
    return code["x"], code["y"]


def draws(
    inputs: Mapping[str, Any],
    distributions: Sequence[analysis.ScoreDistribution],
    defined: Sequence[NDArray[np.bool_]],
) -> tuple[Floats, Floats]:
    """Draw the scores on x and on y, each [draws, topics]; NaN where a topic has no score."""
    seed = int(inputs.get("seed", 1))
    x, y = (
        np.where(known, analysis.draw_scores(one, draws=DRAWS, seed=seed, stream=at), np.nan)
        for at, (one, known) in enumerate(zip(distributions, defined, strict=True))
    )
    return x, y


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
    tiers: list[int | None],
    shares: Floats,
    between: analysis.RankIntervals,
    ellipses: analysis.Ellipses,
) -> list[Row]:
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
