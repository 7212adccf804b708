"""How firm each topic's place is: joint draws of both axes, from the Gram matrices of a bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from materiality import analysis
from materiality.analysis.arrays import ratio
from materiality.document.checks import refuse
from materiality.document.schema import (
    Ellipse,
    Firmness,
    Inputs,
    Interval,
    Score,
    axis_codes,
    version_of,
)
from materiality.method.composites import compose, composite, parts, rated_by_the_same
from materiality.method.feeding import is_fed
from materiality.method.groups import populations
from materiality.method.rules import (
    SUMS,
    number_of_tiers,
    overall_scores,
    suggested_tiers,
    sum_weights,
)
from materiality.method.scoring import topic_weights
from materiality.method.suppression import withheld

Floats: TypeAlias = NDArray[np.float64]
Row = dict[str, Any]
Distributions: TypeAlias = dict[str, analysis.ScoreDistribution]

DRAWS = 1000
UNKNOWN: Firmness = {"stability": None, "tier_probabilities": None, "ellipse": None, "ranks": None}
NOT_DETERMINED: Firmness = {**UNKNOWN, "undetermined": "no_spread"}


def uncertainty(
    inputs: Inputs,
    tiers: list[int | None],
    defined: Sequence[NDArray[np.bool_]],
    scored: Mapping[str, Sequence[Score]],
) -> list[Firmness]:
    """Return per topic stability, tier probabilities, ellipse and rank interval.

    All four are None where a bundle carries no Gram matrices, the register feeds the axes, or a
    topic has no score.

    :param tiers: the tier that holds, per topic.
    :param defined: whether each topic has a score on x, and on y; none is drawn where it has not.
    :param scored: the scores of every dimension. From method 2 on nothing is said of a topic on
        which nobody differed: its draws borrow the spread of other topics, for their sake only.
    """
    if not inputs.get("gram") or is_fed(inputs):  # what experts judged has no sampling error
        return [UNKNOWN for _tier in tiers]
    known = _distributions(inputs)
    drawn = draws(inputs, defined, known)
    probabilities = analysis.tier_probabilities(
        drawn[0], lambda _one: suggested_tiers(inputs, *drawn), number_of_tiers(inputs["rule"])
    )
    rows = _rows(
        tiers,
        probabilities,
        analysis.rank_intervals(overall_scores(inputs, *drawn)),
        _ellipses(inputs, drawn, defined, known),
    )
    if version_of(inputs) == "1":
        return rows
    still = _without_spread(inputs, scored)
    intervals = _overall_intervals(inputs, known, drawn)
    for at, row in enumerate(rows):
        if still[at]:
            rows[at] = NOT_DETERMINED
        elif row["stability"] is not None:
            row["overall_interval"] = intervals[at]
    return rows


def _without_spread(inputs: Inputs, scored: Mapping[str, Sequence[Score]]) -> list[bool]:
    """Return on which topics nobody differed in a question behind an axis."""
    rows = [scored[code] for code in _codes_of_questions(inputs)]
    unknown = []
    for each in zip(*rows, strict=True):
        unknown.append(any(one["score"] is not None and one["se"] is None for one in each))
    return unknown


def _overall_intervals(
    inputs: Inputs, known: Distributions, drawn: Sequence[Floats]
) -> list[Interval | None]:
    """Return the sampling range of each overall score, at the confidence of the round.

    In closed form where it is a weighted sum of two questions, else the middle of the draws.
    """
    confidence = inputs.get("confidence", 0.95)
    x, y = (known.get(code) for code in axes(inputs))
    if x is not None and y is not None and inputs["rule"]["kind"] in SUMS:
        a, b = sum_weights(inputs["rule"])
        parts = np.stack([a**2 * np.diagonal(x.covariance), b**2 * np.diagonal(y.covariance)])
        below = np.nan_to_num(ratio(parts**2, np.stack([x.df, y.df]))).sum(axis=0)
        df = np.where(below > 0, ratio(parts.sum(axis=0) ** 2, below), np.inf)
        se = np.sqrt(parts.sum(axis=0))
        if rated_by_the_same(inputs):
            se = np.sqrt(parts).sum(axis=0)
        top = float(inputs["scale"]["points"])
        low, high = analysis.symmetric_interval(
            a * x.score + b * y.score, se, df, top=top, confidence=confidence
        )
    else:
        overall = np.sort(overall_scores(inputs, *drawn), axis=0)
        outside = int((1 - confidence) / 2 * len(overall) + 1e-9)
        se, low, high = overall.std(axis=0), overall[outside], overall[-1 - outside]
    return [_range(*ends) for ends in zip(se, low, high, strict=True)]


def _range(se: float, low: float, high: float) -> Interval | None:
    if not np.isfinite([se, low, high]).all():
        return None
    return {"se": float(se), "low": float(low), "high": float(high)}


def axes(inputs: Inputs) -> tuple[str, str]:
    """Return the codes of the dimensions on x and on y."""
    code = axis_codes(inputs)
    return code["x"], code["y"]


def _codes_of_questions(inputs: Inputs) -> list[str]:
    """Return the codes of the questions behind the axes."""
    made_of = {code: composite(inputs, code) for code in axes(inputs)}
    codes = [one for code, made in made_of.items() for one in (parts(made) if made else [code])]
    return list(dict.fromkeys(codes))


def _distributions(inputs: Inputs) -> Distributions:
    """Return the joint distribution of each dimension that the axes rest on."""
    return {code: distribution(inputs, code) for code in _codes_of_questions(inputs)}


def draws(
    inputs: Inputs,
    defined: Sequence[NDArray[np.bool_]],
    known: Distributions | None = None,
) -> tuple[Floats, Floats]:
    """Draw the scores on x and on y, each [draws, topics]; NaN where a topic has no score."""
    known = known or _distributions(inputs)
    x, y = (
        np.where(scored, _draw(inputs, known, code, at), np.nan)
        for at, (code, scored) in enumerate(zip(axes(inputs), defined, strict=True))
    )
    return x, y


def _draw(inputs: Inputs, known: Distributions, dimension: str, stream: int) -> Floats:
    """Draw one dimension; the parts of a composite one each from a stream of their own."""
    made_of = composite(inputs, dimension)
    if made_of is None:
        seed = int(inputs.get("seed", 1))
        try:
            centre = _reproducible(inputs, known[dimension])
            return analysis.draw_scores(centre, draws=DRAWS, seed=seed, stream=stream)
        except np.linalg.LinAlgError:
            refuse(f"inputs.gram.{dimension}", "the Gram matrices of answers", "others")
    codes = [row["code"] for row in inputs["dimensions"]]
    streams = {code: 2 + codes.index(code) for code in parts(made_of)}
    draws = {code: _draw(inputs, known, code, at) for code, at in streams.items()}
    return compose(inputs, made_of, draws.__getitem__)


def _reproducible(inputs: Inputs, known: analysis.ScoreDistribution) -> analysis.ScoreDistribution:
    """Return the distribution with degrees of freedom to nine decimals.

    Draws round them down: 8.999999999999998 on one machine and 9.0 on another must not part.
    """
    if version_of(inputs) == "1":
        return known
    return replace(known, df=np.round(known.df, 9))


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
    suppressed = withheld(inputs, dimension, statistics.counts[..., :-1].sum(axis=-1))
    return analysis.score_distribution(
        statistics,
        topic_weights(inputs, dimension, suppressed),
        population=populations(inputs, dimension),
        borrow=version_of(inputs) != "1",
    )


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
