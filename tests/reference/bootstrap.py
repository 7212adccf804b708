"""Methods of bootstrap that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from materiality.analysis.arrays import Floats, Ints, checked_weights, floats, ratio
from materiality.analysis.counting import CANNOT_JUDGE
from tests.reference.streams import indices

_CELLS = 2**22  # resampling weights held at once


@dataclass(frozen=True, slots=True, eq=False)
class BootstrapIntervals:
    """What replicates say of one estimate; each interval is (low, high)."""

    se: float
    bias: float
    z0: float
    percentile: tuple[float, float]
    basic: tuple[float, float]
    normal: tuple[float, float]
    bca: tuple[float, float]


def bootstrap_scores(
    ratings: ArrayLike,
    units: ArrayLike,
    weights: ArrayLike,
    *,
    draws: int = 1000,
    seed: int,
    corrected: bool = False,
) -> Floats:
    """Resample respondents within each unit and score every topic again, all topics together.

    A respondent's answers stay together, so topics keep their correlation. The plain bootstrap
    understates the variance by (n - 1) / n; ``corrected`` draws n - 1 instead of n people, which
    undoes that (Rao & Wu 1988 with m = n - 1). Silent units are left out draw by draw.

    :param ratings: uint8 [respondents, topics]; 0 blank, 255 "cannot judge".
    :param units: [respondents] codes; ``weights`` holds one number per code.
    :returns: [draws, topics].
    """
    ratings, units = np.asarray(ratings, dtype=np.uint8), np.asarray(units)
    weights = checked_weights(weights, np.size(weights))
    total = np.zeros((draws, ratings.shape[1]))
    covered = np.zeros_like(total)
    for unit in np.flatnonzero(weights):
        means = _resampled_means(ratings[units == unit], draws, seed, int(unit), corrected)
        total += weights[unit] * np.nan_to_num(means)
        covered += weights[unit] * np.isfinite(means)
    return ratio(total, covered)


def _resampled_means(
    rows: NDArray[np.uint8], draws: int, seed: int, stream: int, corrected: bool
) -> Floats:
    """Return [draws, topics] means of one unit's resampled people."""
    n, topics = rows.shape
    if n == 0:
        return np.full((draws, topics), np.nan)
    rated = (rows > 0) & (rows < CANNOT_JUDGE)
    design = np.hstack([rated, np.where(rated, rows, 0)]).astype(np.float32)
    taken = max(1, n - 1) if corrected else n
    drawn = indices(seed, stream, draws * taken, n).reshape(draws, taken)
    sums = np.concatenate([weight @ design for weight in _multiplicities(drawn, n)])
    return ratio(sums[:, topics:], sums[:, :topics])


def _multiplicities(drawn: Ints, n: int) -> Iterator[NDArray[np.float32]]:
    """Yield, for blocks of draws, how often each person was drawn."""
    height = max(1, _CELLS // n)
    for start in range(0, drawn.shape[0], height):
        block = drawn[start : start + height]
        cells = block + n * np.arange(block.shape[0])[:, None]
        times = np.bincount(cells.ravel(), minlength=block.shape[0] * n)
        yield times.astype(np.float32).reshape(-1, n)


def bootstrap_intervals(
    estimate: float, replicates: ArrayLike, *, acceleration: float = 0.0, confidence: float = 0.95
) -> BootstrapIntervals:
    """Return percentile, basic, normal and BCa intervals from replicates of one estimate.

    Davison & Hinkley 1997, ch. 5; BCa by Efron 1987 with the given acceleration (see
    :func:`bca_acceleration`). Quantiles interpolate on the normal scale, as R's ``boot.ci`` does.
    """
    from scipy.special import ndtr, ndtri

    ordered = np.sort(floats(replicates))
    levels = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    z, z0 = ndtri(levels), ndtri((ordered < estimate).mean())
    se, bias = float(ordered.std(ddof=1)), float(ordered.mean() - estimate)
    low, high = _normal_quantiles(ordered, levels)
    bca = _normal_quantiles(ordered, ndtr(z0 + (z0 + z) / (1 - acceleration * (z0 + z))))
    return BootstrapIntervals(
        se=se,
        bias=bias,
        z0=float(z0),
        percentile=(float(low), float(high)),
        basic=(float(2 * estimate - high), float(2 * estimate - low)),
        normal=(float(estimate - bias + z[0] * se), float(estimate - bias + z[1] * se)),
        bca=(float(bca[0]), float(bca[1])),
    )


def _normal_quantiles(ordered: Floats, levels: Floats) -> Floats:
    """Return quantiles at rank (B + 1) level, interpolated on normal scores."""
    from scipy.special import ndtri

    size = ordered.size
    rank = np.nan_to_num(np.clip(levels, 0, 1)) * (size + 1)
    below = np.clip(np.floor(rank + 1e-12), 0, size).astype(int)
    inner = (below > 0) & (below < size)
    place = np.where(inner, below, 1)
    scores = ndtri(np.stack([np.where(inner, rank, 1), place, place + 1]) / (size + 1))
    step = (scores[0] - scores[1]) / (scores[2] - scores[1])
    left, right = ordered[place - 1], ordered[np.minimum(place, size - 1)]
    ends = np.where(below == 0, ordered[0], ordered[-1])
    return floats(np.where(inner, left + step * (right - left), ends))


def bca_acceleration(counts: ArrayLike, weights: ArrayLike) -> float:
    """Return the acceleration of a weighted mean of unit means, from counts alone.

    a = sum_g n_g^-3 sum_j l_gj^3 / (6 (sum_g n_g^-2 sum_j l_gj^2)^1.5), l_gj = w_g (x_gj - m_g)
    (Davison & Hinkley 1997, sec. 5.3, several samples). NaN without spread.

    :param counts: [units, scale], without a "cannot judge" column.
    """
    counts = np.asarray(counts, dtype=np.int64)
    weights = checked_weights(weights, counts.shape[0])
    n = counts.sum(axis=1)
    points = np.arange(1, counts.shape[1] + 1)
    share = weights * (n > 0) / (weights * (n > 0)).sum()
    influence = share[:, None] * (points - np.nan_to_num(ratio(counts @ points, n))[:, None])
    third = np.nan_to_num(ratio((counts * influence**3).sum(axis=1), n**3)).sum()
    second = np.nan_to_num(ratio((counts * influence**2).sum(axis=1), n**2)).sum()
    return float(ratio(third, 6 * second**1.5))


def exact_bootstrap_pmf(counts: ArrayLike) -> tuple[Ints, Floats]:
    """Return every possible sum of n resampled ratings and its probability.

    The n-fold convolution of the rating distribution, by the Fourier transform; probabilities
    below 1e-15 are 0.

    :param counts: [scale] ratings 1..scale of one unit.
    :raises ValueError: nobody rated.
    """
    counts = np.asarray(counts, dtype=np.int64)
    n = int(counts.sum())
    if n == 0:
        raise ValueError("the bootstrap needs at least one rating")
    sums = np.arange(n, n * counts.size + 1)
    return sums, _power(counts / n, n)[: sums.size]


def _power(pmf: Floats, n: int) -> Floats:
    """Return the distribution of a sum of n independent draws."""
    size = n * (pmf.size - 1) + 1
    powered = np.fft.irfft(np.fft.rfft(pmf, 2 * size) ** n, 2 * size)[:size]
    return floats(np.where(powered < 1e-15, 0.0, powered))


def outranking_probability(first: ArrayLike, second: ArrayLike, *, joint: bool = True) -> float:
    """Return the exact bootstrap probability that one topic's mean exceeds another's.

    Both rated by the same n people: the differences are resampled. ``joint=False`` resamples the
    topics apart, as counts alone would; it is there to show what that loses.

    :param first: [n] whole ratings; ``second`` likewise, same people in the same order.
    """
    first, second = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    gaps = first - second if joint else (first[:, None] - second[None, :]).ravel()
    least, n = int(gaps.min()), first.size
    pmf = np.bincount(gaps - least) / gaps.size
    total = _power(pmf, n) if pmf.size > 1 else np.ones(1)
    return float(total[np.arange(total.size) + n * least > 0].sum())
