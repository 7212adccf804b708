"""How firm ranks and tiers are: draws from the joint distribution, and what they say.

Draws from the groups' Gram matrices with the small-sample correction were right as often as they
claimed where the plain bootstrap claimed slightly too much; see docs/method.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, floats, ratio
from materiality.analysis.gram import ScoreDistribution
from materiality.analysis.ranking import ranks
from materiality.analysis.streams import chi_squares, normals

FIRM, LIKELY = 0.95, 0.80
"""At least FIRM: firm. At least LIKELY: likely. Below: borderline."""

_NORMAL_FROM = 30  # degrees of freedom from which t is drawn as normal


@dataclass(frozen=True, slots=True, eq=False)
class RankIntervals:
    """Per topic: the ranks between which the given share of draws lies; 0 where undefined."""

    low: Ints
    high: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Ellipses:
    """Per topic: the confidence ellipse around its point; angle in radians from the x axis."""

    major: Floats
    minor: Floats
    angle: Floats


def draw_scores(
    distribution: ScoreDistribution, *, draws: int = 1000, seed: int, stream: int = 0
) -> Floats:
    """Draw the scores of all topics together, as they might have come from other people.

    S* = S + L z sqrt(df / chi2_df), L the Cholesky factor of the covariance, z standard normal;
    the last factor (Student's t) only below 30 degrees of freedom, rounded down. Not clipped to
    the scale, which would make ties at its ends.

    :returns: [draws, topics]; NaN columns for undefined scores. The same seed and stream give the
        same z for any weights, so that a change of weights is not blurred by chance.
    """
    topics = distribution.score.size
    noise = normals(seed, stream, draws, topics) @ _factor(distribution.covariance).T
    for topic, df in enumerate(distribution.df):
        if df < _NORMAL_FROM:
            whole = max(1, int(df))
            noise[:, topic] *= np.sqrt(whole / chi_squares(seed, stream, draws, whole))
    return distribution.score + noise


def _factor(covariance: Floats) -> Floats:
    """Return the lower Cholesky factor; topics without variance keep exactly none."""
    variance = np.diagonal(covariance)
    ridge = 1e-10 * max(float(variance.max(initial=0.0)), 1e-30)
    factor = np.linalg.cholesky(covariance + ridge * np.eye(variance.size))
    return np.where(variance[:, None] > 0, factor, 0.0)


def rank_intervals(draws: ArrayLike, *, confidence: float = 0.95) -> RankIntervals:
    """Return the interval of each topic's rank over joint draws (Goldstein & Spiegelhalter 1996).

    The outermost ranks that still leave at most (1 - confidence) / 2 of the draws on each side.

    :param draws: [draws, topics].
    """
    ordered = np.sort(ranks(draws), axis=0)
    last = ordered.shape[0] - 1
    outside = int(np.floor((1 - confidence) / 2 * (last + 1) + 1e-9))
    return RankIntervals(low=ordered[outside], high=ordered[last - outside])


def tier_probabilities(
    draws: ArrayLike, rule: Callable[[Floats], Ints], number_of_tiers: int
) -> Floats:
    """Return the share of joint draws that put each topic in each tier.

    :param draws: [draws, topics], of one axis or of the axes already combined draw by draw.
    :param rule: scores [draws, topics] to tiers, such as ``partial(tiers, cuts=(4.0, 3.5))``.
    :returns: [topics, tiers]; column 0 is tier 1. Rows of undefined topics are NaN.
    """
    fell = rule(floats(draws))
    counts = np.stack([(fell == tier).sum(axis=0) for tier in range(1, number_of_tiers + 1)], -1)
    return ratio(counts, (fell > 0).sum(axis=0)[:, None])


def ellipses(
    variance_x: ArrayLike,
    variance_y: ArrayLike,
    covariance: ArrayLike = 0.0,
    *,
    df: ArrayLike = np.inf,
    confidence: float = 0.95,
) -> Ellipses:
    """Return the confidence ellipse of each topic on the matrix.

    Half axes = sqrt(eigenvalue * 2 F(2, df)); with df infinite 2 F is chi-squared with 2 degrees,
    5.991 at 95 %. Covariance 0 where the axes were rated by different people.

    >>> ellipses(1.0, 1.0).major.round(3).item()
    2.448
    """
    from scipy.special import fdtri

    x, y, both = floats(variance_x), floats(variance_y), floats(covariance)
    freedom = np.minimum(floats(df), 1e9)
    radius = 2 * fdtri(2, freedom, confidence)
    centre, gap = (x + y) / 2, np.hypot((x - y) / 2, both)
    return Ellipses(
        major=np.sqrt(radius * (centre + gap)),
        minor=np.sqrt(radius * np.maximum(centre - gap, 0.0)),
        angle=np.arctan2(2 * both, x - y) / 2,
    )
