"""Agreement: do raters order the topics alike, and do the people of a group agree on a topic?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Bools, Floats, floats, ratio
from materiality.analysis.ranking import midranks


@dataclass(frozen=True, slots=True)
class KendallsW:
    """Concordance of raters: W from 0 to 1, its test, and the mean Spearman correlation.

    NaN where undefined. With one rater W is 1 by definition and says nothing: ``applicable``.
    """

    w: float
    chi2: float
    df: int
    p: float
    mean_rho: float
    raters: int
    items: int

    @property
    def applicable(self) -> bool:
        """Whether there are at least two raters and W is defined."""
        return self.raters > 1 and bool(np.isfinite(self.w))


def kendalls_w(ratings: ArrayLike) -> KendallsW:
    """Return Kendall's coefficient of concordance, corrected for ties.

    Midranks within each rater, R_j their sums, S = sum (R_j - mean)^2, T = sum (t^3 - t) over ties:
    W = 12 S / (m^2 (n^3 - n) - m T); chi2 = m (n - 1) W with n - 1 degrees of freedom
    (Kendall & Babington Smith 1939; Siegel & Castellan 1988). Undefined if every rater ties all.

    :param ratings: [raters, items], NaN for missing; only complete raters count.
    """
    from scipy.special import chdtrc

    matrix = np.atleast_2d(floats(ratings))
    complete = floats(matrix[np.isfinite(matrix).all(axis=1)])
    m, n = complete.shape
    rank = midranks(complete)
    sums = rank.sum(axis=0)
    spread = 12 * ((sums - sums.mean()) ** 2).sum() if m else 0.0
    ties = ((complete[:, :, None] == complete[:, None, :]).sum(axis=2) ** 2 - 1).sum()
    w = float(ratio(spread, m**2 * (n**3 - n) - m * ties))
    chi2 = m * (n - 1) * w
    return KendallsW(
        w=w,
        chi2=chi2,
        df=n - 1,
        p=float(chdtrc(n - 1, chi2)),
        mean_rho=float(ratio(m * w - 1, m - 1)),
        raters=m,
        items=n,
    )


def krippendorff_alpha(
    counts: ArrayLike, values: ArrayLike | None = None, *, level: str = "ordinal"
) -> float:
    """Return Krippendorff's alpha from counts[item, value], whatever is missing.

    Coincidences o_ck = sum_u n_uc (n_uk - [c = k]) / (n_u - 1), n_c = sum_k o_ck;
    alpha = 1 - (n - 1) sum o d / sum n_c n_k d. d: "nominal" [c != k]; "interval" (c - k)^2;
    "ratio" ((c - k) / (c + k))^2; "ordinal" (sum_{g=c..k} n_g - (n_c + n_k) / 2)^2
    (Krippendorff 2011, 2019). NaN if no item has two ratings or only one value occurs.

    :param counts: [items, values], e.g. one unit of counts without the "cannot judge" column.
    """
    counts = floats(counts)
    values = np.arange(1, counts.shape[1] + 1) if values is None else floats(values)
    n_item = counts.sum(axis=1)
    paired = counts[n_item > 1] / np.sqrt(n_item[n_item > 1, None] - 1)
    scaled = counts[n_item > 1] / (n_item[n_item > 1, None] - 1)
    coincidence = paired.T @ paired - np.diag(scaled.sum(axis=0))
    n = coincidence.sum(axis=0)
    gap = _squared_gaps(floats(values), n, level)
    expected = (np.outer(n, n) * gap).sum()
    return float(1 - (n.sum() - 1) * ratio((coincidence * gap).sum(), expected))


def _squared_gaps(values: Floats, n: Floats, level: str) -> Floats:
    """Return the squared difference between every two values at a level of measurement."""
    low, high = values[:, None], values[None, :]
    if level == "nominal":
        return floats(low != high)
    if level == "interval":
        return floats((low - high) ** 2)
    if level == "ratio":
        return floats(np.nan_to_num(ratio(low - high, low + high)) ** 2)
    if level != "ordinal":
        raise ValueError(f"level must be nominal, ordinal, interval or ratio, got {level!r}")
    middle = np.cumsum(n) - n / 2
    return floats((middle[:, None] - middle[None, :]) ** 2)


def consensus(counts: ArrayLike) -> Floats:
    """Return how much those who rated agree: 1 all alike, 0 half at each end of the scale.

    Cns = 1 + sum_k p_k log2(1 - |k - m| / (K - 1)), p_k the share of rating k of 1..K, m their
    mean (Tastle & Wierman 2007, Int. J. Approx. Reasoning 45, 531-545). NaN without a rating.

    >>> consensus([[0, 0, 9, 0, 0], [5, 0, 0, 0, 5]]).tolist()
    [1.0, 0.0]

    :param counts: [..., points], without the "cannot judge" column.
    """
    counts = floats(counts)
    points = np.arange(1, counts.shape[-1] + 1)
    shares = ratio(counts, counts.sum(axis=-1, keepdims=True))
    mean = (shares * points).sum(axis=-1, keepdims=True)
    nearness = 1 - np.abs(points - mean) / (len(points) - 1)
    # A rating as far from the mean as the scale is long has no share: 0 log 0 counts nothing.
    logarithm = np.log2(np.where(nearness > 0, nearness, 1))
    agreement: Floats = 1 + (shares * logarithm).sum(axis=-1)
    return agreement


def contested(means: ArrayLike) -> Floats:
    """Return how far apart the groups are on each topic: highest minus lowest group mean.

    :param means: [units, topics], NaN where silent.
    """
    means = floats(means)
    spread: Floats = np.fmax.reduce(means, axis=0) - np.fmin.reduce(means, axis=0)
    return spread


def dissent(means: ArrayLike, overall: ArrayLike, *, top: int = 3) -> Bools:
    """Return where a group has a topic among its top ones that ranks in the lower half overall.

    At most a quarter of the topics are top ones, and equal means are so together or not at all:
    with three topics, or where a group rates all alike, nobody dissents.

    :param means: [units, topics]; ``overall`` [topics] ranks from 1, 0 where undefined.
    """
    means, overall = floats(means), np.asarray(overall, dtype=np.int64)
    as_high = (means[:, None, :] > means[:, :, None] - 1e-9).sum(axis=2)
    ranked = np.count_nonzero(overall)
    most = min(top, ranked // 4)
    favourite: Bools = np.isfinite(means) & (as_high <= most) & (overall > ranked / 2)
    return favourite
