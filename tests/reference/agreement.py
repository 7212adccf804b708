"""Methods of agreement that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, floats, ratio


@dataclass(frozen=True, slots=True)
class Icc:
    """Intraclass correlations of Shrout & Fleiss 1979; ``k``: of the mean of all judges."""

    icc1: float
    icc2: float
    icc3: float
    icc1k: float
    icc2k: float
    icc3k: float


def value_counts(ratings: ArrayLike, values: ArrayLike) -> Ints:
    """Return how often each item got each value: [items, values].

    :param ratings: [raters, items], NaN for missing.
    """
    counts: Ints = (floats(ratings)[:, :, None] == floats(values)).sum(axis=0)
    return counts


def r_wg(variance: ArrayLike, *, scale: int = 5) -> Floats:
    """Return within-group agreement on one item (James, Demaree & Wolf 1984).

    1 - s2 / sigma2, sigma2 = (A^2 - 1) / 12 the variance of uniform answers; 0 if s2 is larger;
    NaN for fewer than two raters.

    :param variance: s2 with ddof 1, e.g. ``GroupMeans.variance``.

    >>> r_wg([0.0, 2.0, 3.0, None]).tolist()
    [1.0, 0.0, 0.0, nan]
    """
    return np.maximum(1 - floats(variance) / ((scale**2 - 1) / 12), 0.0)


def r_wg_j(variances: ArrayLike, *, scale: int = 5) -> Floats:
    """Return within-group agreement over J items: J a / (J a + 1 - a), a = 1 - mean s2 / sigma2.

    0 if the mean variance exceeds the uniform one.

    :param variances: [..., items].
    """
    variances = floats(variances)
    items = variances.shape[-1]
    a = np.maximum(1 - variances.mean(axis=-1) / ((scale**2 - 1) / 12), 0.0)
    return ratio(items * a, items * a + 1 - a)


def icc(ratings: ArrayLike) -> Icc:
    """Return intraclass correlations of a panel of judges who all rate all targets.

    From the mean squares between targets, judges and the residual (Shrout & Fleiss 1979).

    :param ratings: [targets, judges], complete.
    """
    ratings = floats(ratings)
    n, k = ratings.shape
    mean, target, judge = ratings.mean(), ratings.mean(axis=1), ratings.mean(axis=0)
    between = k * ((target - mean) ** 2).sum() / (n - 1)
    judges = n * ((judge - mean) ** 2).sum() / (k - 1)
    within = ((ratings - target[:, None]) ** 2).sum() / (n * (k - 1))
    rest = ((ratings - target[:, None] - judge + mean) ** 2).sum() / ((n - 1) * (k - 1))
    one = ratio(between - within, between + (k - 1) * within)
    two = ratio(between - rest, between + (k - 1) * rest + k * (judges - rest) / n)
    three = ratio(between - rest, between + (k - 1) * rest)
    return Icc(
        icc1=float(one),
        icc2=float(two),
        icc3=float(three),
        icc1k=float(ratio(between - within, between)),
        icc2k=float(ratio(between - rest, between + (judges - rest) / n)),
        icc3k=float(ratio(between - rest, between)),
    )
