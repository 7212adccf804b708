"""Methods of planner that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, checked_weights, floats, ratio
from materiality.analysis.planner import _z


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
