"""How the scores of all topics vary together, from one Gram matrix per unit.

People who rate one topic high tend to rate others high, so topics are correlated. Ranks and the
tiers that depend on ranks need that; a product of independent topics overstates their spread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, floats, ratio, without_blanks
from materiality.analysis.counting import SufficientStatistics
from materiality.analysis.scores import (
    GroupMeans,
    answering_shares,
    group_means,
    mean_variances,
    satterthwaite,
)


@dataclass(frozen=True, slots=True, eq=False)
class ScoreDistribution:
    """Where the scores of all topics lie together: centre, covariance, degrees of freedom."""

    score: Floats
    covariance: Floats
    df: Floats


def mean_covariance(gram: ArrayLike) -> Floats:
    """Return the covariance of the topic means of each unit, with missing answers.

    Taylor linearisation of a ratio: V = sum_i u_i u_i', u_it = I_it (x_it - m_t) / n_t (Woodruff
    1971; Saerndal et al. 1992, sec. 5.6), written in sums of products. First order, and with the
    variance over n rather than n - 1; :func:`score_distribution` corrects both the latter and
    small units. NaN for topics without an answer.

    :param gram: [..., 2 topics, 2 topics] as made by ``summarise``.
    """
    gram = floats(gram)
    topics = gram.shape[-1] // 2
    both = gram[..., :topics, :topics]
    cross = gram[..., topics:, :topics]
    products = gram[..., topics:, topics:]
    n = np.diagonal(both, axis1=-2, axis2=-1)
    mean = ratio(np.diagonal(cross, axis1=-2, axis2=-1), n)
    own, other = mean[..., :, None], mean[..., None, :]
    centred = products - cross * other - own * np.swapaxes(cross, -1, -2) + own * other * both
    return ratio(centred, n[..., :, None] * n[..., None, :])


def score_distribution(
    statistics: SufficientStatistics,
    weights: ArrayLike,
    *,
    population: ArrayLike | None = None,
    borrow: bool = False,
) -> ScoreDistribution:
    """Return the joint distribution of the weighted scores, calibrated for small groups.

    The correlation of topic means comes from the Gram matrix, their variances from the closed form
    of :func:`weighted_scores` (n - 1, small-group floor, finite population), so that the diagonal
    agrees with the printed intervals: Cov = sum_g w_gs w_gt r_gst sd_gs sd_gt. A topic on which
    no spread was seen at all has variance 0 here, or with ``borrow`` what is usual elsewhere.

    :param weights: [units] or [units, topics]; raw.
    """
    means = group_means(statistics.counts)
    share = answering_shares(means.mean, weights)
    share = without_blanks(ratio(share, share.sum(axis=0)))
    scaled = share * np.sqrt(
        without_blanks(mean_variances(means, population=population, borrow=borrow))
    )
    correlation = _correlation(mean_covariance(statistics.gram))
    covariance = np.einsum("us,ust,ut->st", scaled, correlation, scaled, optimize=False)
    return ScoreDistribution(
        score=_score(means, share),
        covariance=covariance,
        df=satterthwaite(scaled**2, means.n),
    )


def _score(means: GroupMeans, share: Floats) -> Floats:
    """Return the weighted score from shares that already sum to one; NaN where they are all 0."""
    score = (share * without_blanks(means.mean)).sum(axis=0)
    return np.where(share.sum(axis=0) > 0, score, np.nan)


def _correlation(covariance: Floats) -> Floats:
    """Return the correlation matrices; topics without spread are uncorrelated with all others."""
    sd = np.sqrt(without_blanks(np.diagonal(covariance, axis1=-2, axis2=-1)).clip(min=0))
    correlation = without_blanks(ratio(covariance, sd[..., :, None] * sd[..., None, :]))
    diagonal = np.arange(sd.shape[-1])
    correlation[..., diagonal, diagonal] = 1.0
    return correlation
