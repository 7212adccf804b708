"""Methods of proportions that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import ratio
from materiality.analysis.proportions import Intervals, _part_and_whole, wilson_interval


def jeffreys_interval(x: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Intervals:
    """Return the Jeffreys interval: quantiles of Beta(x + 1/2, n - x + 1/2).

    Lower end 0 at x = 0 and upper end 1 at x = n (Brown, Cai & DasGupta 2001). NaN for n = 0.
    """
    from scipy.special import betaincinv

    x, n = _part_and_whole(x, n)
    share, tail = ratio(x, n), (1 - confidence) / 2
    a, b = np.where(n > 0, x + 0.5, np.nan), np.where(n > 0, n - x + 0.5, np.nan)
    return Intervals(
        estimate=share,
        low=np.where(x == 0, 0.0 * share, betaincinv(a, b, tail)),
        high=np.where(x == n, share, betaincinv(a, b, 1 - tail)),
    )


def newcombe_difference(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, confidence: float = 0.95
) -> Intervals:
    """Return p1 - p2 with Newcombe's hybrid interval from two Wilson intervals (1998, method 10).

    low = d - sqrt((p1 - l1)^2 + (u2 - p2)^2), high = d + sqrt((u1 - p1)^2 + (p2 - l2)^2).
    """
    first = wilson_interval(x1, n1, confidence=confidence)
    second = wilson_interval(x2, n2, confidence=confidence)
    gap = first.estimate - second.estimate
    return Intervals(
        estimate=gap,
        low=gap - np.hypot(first.estimate - first.low, second.high - second.estimate),
        high=gap + np.hypot(first.high - first.estimate, second.estimate - second.low),
    )
