"""How firm each topic's place is: joint draws of both axes, from the Gram matrices of a bundle."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from materiality import analysis
from materiality.bundle.checks import refuse
from materiality.bundle.schema import Ellipse, Firmness, Inputs, axis_codes
from materiality.method.composites import compose, composite, parts
from materiality.method.rules import TIERS, overall_scores, suggested_tiers
from materiality.method.scoring import topic_weights, withheld

Floats: TypeAlias = NDArray[np.float64]
Row = dict[str, Any]
Distributions: TypeAlias = dict[str, analysis.ScoreDistribution]

DRAWS = 1000
UNKNOWN: Firmness = {"stability": None, "tier_probabilities": None, "ellipse": None, "ranks": None}


def uncertainty(
    inputs: Inputs,
    tiers: list[int | None],
    defined: Sequence[NDArray[np.bool_]],
) -> list[Firmness]:
    """Return per topic stability, tier probabilities, ellipse and rank interval.

    All four are None where a bundle carries no Gram matrices, or a topic has no score.

    :param tiers: the tier that holds, per topic.
    :param defined: whether each topic has a score on x, and on y; none is drawn where it has not.
    """
    if not inputs.get("gram"):
        return [UNKNOWN for _tier in tiers]
    known = _distributions(inputs)
    drawn = draws(inputs, defined, known)
    return _rows(
        tiers,
        analysis.tier_probabilities(drawn[0], lambda _one: suggested_tiers(inputs, *drawn), TIERS),
        analysis.rank_intervals(overall_scores(inputs, *drawn)),
        _ellipses(inputs, drawn, defined, known),
    )


def axes(inputs: Inputs) -> tuple[str, str]:
    """Return the codes of the dimensions on x and on y."""
    code = axis_codes(inputs)
    return code["x"], code["y"]


def _distributions(inputs: Inputs) -> Distributions:
    """Return the joint distribution of each dimension that the axes rest on."""
    made_of = {code: composite(inputs, code) for code in axes(inputs)}
    codes = [one for code, made in made_of.items() for one in (parts(made) if made else [code])]
    return {code: distribution(inputs, code) for code in dict.fromkeys(codes)}


def draws(
    inputs: Inputs,
    defined: Sequence[NDArray[np.bool_]],
    known: Distributions | None = None,
) -> tuple[Floats, Floats]:
    """Draw the scores on x and on y, each [draws, topics]; NaN where a topic has no score."""
    known = known or _distributions(inputs)
    x, y = (
        np.where(scored, _drawn(inputs, known, code, at), np.nan)
        for at, (code, scored) in enumerate(zip(axes(inputs), defined, strict=True))
    )
    return x, y


def _drawn(inputs: Inputs, known: Distributions, dimension: str, stream: int) -> Floats:
    """Draw one dimension; the parts of a composite one each from a stream of their own."""
    made_of = composite(inputs, dimension)
    if made_of is None:
        seed = int(inputs.get("seed", 1))
        try:
            return analysis.draw_scores(known[dimension], draws=DRAWS, seed=seed, stream=stream)
        except np.linalg.LinAlgError:
            refuse(f"inputs.gram.{dimension}", "the Gram matrices of answers", "others")
    codes = [row["code"] for row in inputs["dimensions"]]
    streams = {code: 2 + codes.index(code) for code in parts(made_of)}
    found = {code: _drawn(inputs, known, code, at) for code, at in streams.items()}
    return compose(inputs, made_of, found.__getitem__)


def _ellipses(
    inputs: Inputs,
    drawn: Sequence[Floats],
    defined: Sequence[NDArray[np.bool_]],
    known: Distributions,
) -> analysis.Ellipses:
    """Return the ellipses; of a composite axis from the variance of its draws."""
    spreads = []
    for code, scores, scored in zip(axes(inputs), drawn, defined, strict=True):
        if code in known:
            one = known[code]
            spreads.append((np.where(scored, np.diagonal(one.covariance), np.nan), one.df))
        else:
            spreads.append((scores.var(axis=0), np.full(scored.shape, np.inf)))
    (x, df_x), (y, df_y) = spreads
    return analysis.ellipses(x, y, df=np.fmin(df_x, df_y))


def distribution(inputs: Inputs, dimension: str) -> analysis.ScoreDistribution:
    units = inputs["units"][dimension]
    arrays = [
        np.array([source[dimension][unit["code"]] for unit in units], dtype=np.int64)
        for source in (inputs["counts"], inputs.get("gram") or {})
    ]
    statistics = analysis.SufficientStatistics(counts=arrays[0], gram=arrays[1])
    held = withheld(inputs, dimension, statistics.counts[..., :-1].sum(axis=-1))
    return analysis.score_distribution(statistics, topic_weights(inputs, dimension, held))


def _rows(
    tiers: list[int | None],
    shares: Floats,
    between: analysis.RankIntervals,
    ellipses: analysis.Ellipses,
) -> list[Firmness]:
    return [
        {
            "stability": float(shares[at, tier - 1]),
            "tier_probabilities": shares[at].tolist(),
            "ellipse": _ellipse(ellipses, at),
            "ranks": [int(between.low[at]), int(between.high[at])],
        }
        if tier and np.isfinite(shares[at]).all()
        else UNKNOWN
        for at, tier in enumerate(tiers)
    ]


def _ellipse(ellipses: analysis.Ellipses, at: int) -> Ellipse | None:
    rx, ry, angle = ellipses.major[at], ellipses.minor[at], np.degrees(ellipses.angle[at])
    if not np.isfinite([rx, ry, angle]).all():
        return None
    return {"rx": float(rx), "ry": float(ry), "angle": float(angle)}
