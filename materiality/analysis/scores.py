"""From counts to scores: the means of the units, the weighted score and its interval.

``counts[unit, topic, scale + 1]`` says how often each rating 1..scale was given, and in the last
column how often people said they cannot judge. Blanks are not counted at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import (
    Bools,
    Floats,
    Ints,
    checked_weights,
    floats,
    ratio,
    without_blanks,
)
from materiality.analysis.intervals import INTERVALS

SMALL_GROUP = 5
"""Below this many answers a group's own variance is too uncertain to be used alone."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupMeans:
    """Per unit and topic: mean, number of ratings, variance (ddof 1), number of "cannot judge"."""

    mean: Floats
    n: Ints
    variance: Floats
    dont_know: Ints
    scale: int = 5


@dataclass(frozen=True, slots=True, eq=False)
class TopicScores:
    """Per topic: the weighted score, its uncertainty, and on how much it rests."""

    score: Floats
    se: Floats
    df: Floats
    low: Floats
    high: Floats
    n: Ints
    covered_weight: Floats
    effective_n: Floats

    def is_sufficient(self, least: float = 0.5) -> Bools:
        """Return whether the units that answered carry at least this share of the weight."""
        return without_blanks(self.covered_weight) >= least


@dataclass(frozen=True, slots=True, eq=False)
class WeightedMean:
    """Per topic: the weighted mean, the share of weight that answered, whether some was missing."""

    mean: Floats
    covered_weight: Floats
    renormalised: Bools


def group_means(counts: ArrayLike) -> GroupMeans:
    """Mean and variance of the ratings of each unit on each topic; "cannot judge" is never in them.

    m = sum(r c_r) / n,  s2 = sum(c_r (r - m)^2) / (n - 1),  n = sum(c_r).
    NaN where nobody rated (mean) or fewer than two did (variance).

    :param counts: [units, topics, scale + 1] as made by ``count_ratings``.

    >>> group_means([[[0, 0, 0, 1, 1, 3]]]).mean
    array([[4.5]])
    """
    counts = np.asarray(counts, dtype=np.int64)
    rated, points = counts[..., :-1], np.arange(1, counts.shape[-1])
    n = rated.sum(axis=-1)
    mean = ratio(rated @ points, n)
    spread = n * (rated @ points**2) - (rated @ points) ** 2
    return GroupMeans(
        mean=mean,
        n=n,
        variance=ratio(spread, n * (n - 1)),
        dont_know=counts[..., -1],
        scale=counts.shape[-1] - 1,
    )


def weighted_mean(means: ArrayLike, weights: ArrayLike) -> WeightedMean:
    """Combine the means of the units; silent units are left out and the weights renormalised.

    S_t = sum(w_g m_gt) / sum(w_g) over the units that answered topic t (Cochran 1977, ch. 5).
    NaN when nobody answered or no unit that answered carries weight.

    :param means: [units] or [units, topics], NaN or None where a unit is silent.
    :param weights: [units], or [units, topics] where weights differ by topic.
    :raises ValueError: negative weights, or not one per unit.

    >>> weighted_mean([4, None, 3], [0.5, 0.3, 0.2]).mean.round(4).item()
    3.7143
    """
    means = floats(means)
    share = answering_shares(means, weights)
    covered = share.sum(axis=0)
    spoke = np.isfinite(means)
    return WeightedMean(
        mean=ratio((share * np.where(spoke, means, 0.0)).sum(axis=0), covered),
        covered_weight=covered,
        renormalised=spoke.any(axis=0) & (covered < 1 - 1e-12),
    )


def answering_shares(means: Floats, weights: ArrayLike) -> Floats:
    """Return each unit's share of all weight, 0 where it is silent; NaN if all weights are zero."""
    weights = checked_weights(weights, means.shape[0])
    weights = weights.reshape(weights.shape + (1,) * (means.ndim - weights.ndim))
    share = ratio(weights, weights.sum(axis=0))
    return np.where(np.isfinite(means), share, share * 0.0)


def weighted_scores(
    means: GroupMeans,
    weights: ArrayLike,
    *,
    population: ArrayLike | None = None,
    confidence: float = 0.95,
    interval: str = "symmetric",
) -> TopicScores:
    """Score each topic by the weighted mean of the unit means, with a closed-form interval.

    S = sum(w m) / sum(w);  v_g = w_g^2 s2_g / n_g (1 - n_g / N_g);  SE = sqrt(sum v);
    df = (sum v)^2 / sum(v_g^2 / (n_g - 1));  interval S +- t_df SE, clipped to the scale.
    Small units (n < 5, or no spread) take the topic's pooled variance when theirs is smaller.
    Satterthwaite 1946; Welch 1947; Cochran 1977. The interval covers the sampling of people from
    each group, not the choice of whom to invite. It is NaN where nothing shows a spread.

    :param means: from :func:`group_means`.
    :param weights: [units] or [units, topics]; raw, at least 0.
    :param population: [units] head counts N for the finite population correction; NaN if unknown.
    :param interval: "symmetric", as above, or "bounded": see `intervals`.
    :raises ValueError: bad weights, an unknown interval, or confidence outside (0, 1).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    if interval not in INTERVALS:
        raise ValueError(f"interval must be one of {', '.join(INTERVALS)}, got {interval!r}")
    combined = weighted_mean(means.mean, weights)
    share = ratio(answering_shares(means.mean, weights), combined.covered_weight)
    part = share**2 * mean_variances(means, population=population)
    total = np.where(share > 0, part, 0.0).sum(axis=0)
    df = satterthwaite(np.where(share > 0, part, 0.0), means.n)
    se = np.where(np.isfinite(combined.mean), np.sqrt(total), np.nan)
    low, high = INTERVALS[interval](
        combined.mean, se, df, top=float(means.scale), confidence=confidence
    )
    return TopicScores(
        score=combined.mean,
        se=se,
        df=df,
        low=low,
        high=high,
        n=means.n.sum(axis=0),
        covered_weight=combined.covered_weight,
        effective_n=effective_size(share, means.n),
    )


def effective_size(weights: ArrayLike, n: ArrayLike) -> Floats:
    """Return how many simple respondents a weighted mean of unit means is worth.

    n_eff = (sum w)^2 / sum(w_g^2 / n_g) over units with weight (Kish 1965, sec. 11.7); NaN if none.

    >>> effective_size([0.5, 0.5], [100, 10]).round(1).item()
    36.4
    """
    weights, n = floats(weights), floats(n)
    used = np.where((weights > 0) & (n > 0), weights, 0.0)
    return ratio(used.sum(axis=0) ** 2, without_blanks(ratio(used**2, n)).sum(axis=0))


def pooled_variance(means: GroupMeans) -> Floats:
    """Return the within-unit variance of each topic, pooled: sum((n-1) s2) / sum(n-1).

    NaN where no unit has two answers, and where all answers within every unit are equal: no spread
    was seen, which is not the same as none.
    """
    freedom = np.maximum(means.n - 1, 0)
    pooled = ratio((freedom * without_blanks(means.variance)).sum(axis=0), freedom.sum(axis=0))
    return np.where(pooled > 0, pooled, np.nan)


def floored_variance(means: GroupMeans) -> Floats:
    """Return s2 of each unit and topic, small or constant units raised to the pooled variance."""
    floor = np.broadcast_to(pooled_variance(means), means.variance.shape)
    weak = (means.n < SMALL_GROUP) | (means.variance == 0)
    raised = np.where(np.isnan(floor), np.nan, np.fmax(means.variance, floor))
    return np.where(weak & (means.n > 0), raised, means.variance)


def borrowed_variance(means: GroupMeans) -> float:
    """Return a variance for topics on which nobody differs: what is usual on the other topics.

    The mean of the topics' pooled variances; where no topic shows any spread, that of ratings
    spread evenly over the scale, (A^2 - 1) / 12, which no unanimity can rule out.
    """
    pooled = pooled_variance(means)
    if np.isfinite(pooled).any():
        return float(np.nanmean(pooled))
    return float((means.scale**2 - 1) / 12)


def mean_variances(
    means: GroupMeans, *, population: ArrayLike | None = None, borrow: bool = False
) -> Floats:
    """Return the variance of each unit's mean: floored s2 / n, times (1 - n / N) where N is known.

    A fully surveyed unit has no sampling variance. An N below n cannot be right and is not used.

    :param population: head counts N, [units] or [units, topics]; NaN where unknown.
    :param borrow: give a topic without any spread the `borrowed_variance` instead of NaN.
    """
    unsampled = np.ones(means.n.shape)
    if population is not None:
        people = floats(population)
        share = ratio(means.n, people[:, None] if people.ndim == 1 else people)
        unsampled = np.where((share >= 0) & (share <= 1), 1 - share, 1.0)
    spread = floored_variance(means)
    if borrow:
        spread = np.where(np.isnan(spread) & (means.n > 0), borrowed_variance(means), spread)
    variance = np.where(unsampled == 0, 0.0, spread)
    return ratio(variance * unsampled, means.n)


def satterthwaite(parts: Floats, n: ArrayLike) -> Floats:
    """Return the degrees of freedom of a sum of variances: (sum v)^2 / sum(v^2 / (n - 1)).

    A unit of one person counts with one degree of freedom; no variance at all gives infinity.
    """
    freedom = np.maximum(np.asarray(n) - 1, 1)
    below = (parts**2 / freedom).sum(axis=0)
    df = ratio(parts.sum(axis=0) ** 2, below)
    return np.where(below == 0, np.inf, df)
