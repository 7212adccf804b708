"""How many answers are needed? Said before the survey, and while it runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, checked_weights, floats, ratio
from materiality.analysis.gram import ScoreDistribution


@dataclass(frozen=True, slots=True)
class Separation:
    """What it takes to tell two topics apart: the factor by which all answers must grow."""

    gap: float
    se: float
    factor: float

    @property
    def is_separated(self) -> bool:
        """Whether today's answers are enough."""
        return self.factor <= 1


def margin_of_error(
    sd: ArrayLike, n: ArrayLike, *, population: ArrayLike | None = None, confidence: float = 0.95
) -> Floats:
    """Return half the width of the interval of a mean: z sd / sqrt(n) sqrt(1 - n / N)."""
    unsampled = 1.0 if population is None else np.clip(1 - ratio(n, population), 0, 1)
    return _z(confidence) * ratio(sd, np.sqrt(floats(n))) * np.sqrt(unsampled)


def sample_size(
    margin: float,
    *,
    sd: float = 1.0,
    population: float | None = None,
    confidence: float = 0.95,
    response_rate: float = 1.0,
) -> int:
    """Return how many people to invite so that a mean is known to within a margin.

    n0 = (z sd / margin)^2, n = n0 / (1 + n0 / N) (Cochran 1977, ch. 4), over the response rate;
    never more than the population. For a share use sd = sqrt(p (1 - p)), at most 0.5.

    >>> sample_size(0.05, sd=0.5)
    385
    """
    if margin <= 0 or not 0 < response_rate <= 1:
        raise ValueError("margin must be above 0 and the response rate between 0 and 1")
    wanted = (_z(confidence) * sd / margin) ** 2
    if population is None:
        return int(np.ceil(wanted / response_rate))
    wanted = wanted / (1 + wanted / population)
    return int(min(np.ceil(wanted / response_rate), population))


def answers_to_separate(
    distribution: ScoreDistribution,
    first: int,
    second: int,
    *,
    confidence: float = 0.95,
    power: float = 0.8,
) -> Separation:
    """Return the factor by which answers must grow for two topics' scores to part.

    Var(S_a - S_b) = V_aa + V_bb - 2 V_ab shrinks as 1 / factor when every group grows alike, so
    factor = ((z_{1-alpha/2} + z_power) SE / gap)^2. Infinite for equal scores. The people who
    would come are taken to answer like those who came.

    :param first: the position of one topic; ``second`` of the other.
    """
    from scipy.special import ndtri

    v = distribution.covariance
    variance = v[first, first] + v[second, second] - 2 * v[first, second]
    gap = float(abs(distribution.score[first] - distribution.score[second]))
    se = float(np.sqrt(max(variance, 0.0)))
    needed = (_z(confidence) + float(ndtri(power))) * se
    factor = float((needed / gap) ** 2) if gap > 1e-9 else float("inf")
    return Separation(gap=gap, se=se, factor=factor)


def answers_to_halve(variances: ArrayLike, weights: ArrayLike, n: ArrayLike) -> Floats:
    """Return how many answers each group alone would need to halve the interval of the score.

    Half the width means a quarter of the variance V = sum v_g, v_g = w_g^2 s2_g / n_g: group g
    would need n_g v_g / (v_g - 3/4 V). NaN where even infinitely many would not do.

    :param variances: [units] s2; ``weights`` [units]; ``n`` [units].
    """
    n = floats(n)
    share = checked_weights(weights, n.shape[0])
    parts = np.nan_to_num((share / share.sum()) ** 2 * ratio(variances, n))
    left = parts - 0.75 * parts.sum()
    return np.where(left > 0, ratio(n * parts, left), np.nan)


def best_allocation(total: int, weights: ArrayLike, sd: ArrayLike) -> Floats:
    """Return how to split a number of answers over groups for the narrowest interval.

    n_g proportional to w_g sd_g (Neyman 1934); not rounded.
    """
    sd = floats(sd)
    pull = checked_weights(weights, sd.shape[0]) * sd
    return total * ratio(pull, pull.sum())


def _z(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2))
