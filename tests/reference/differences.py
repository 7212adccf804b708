"""Methods of differences that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, floats, ratio
from materiality.analysis.differences import _rank_of_values, adjust, cliffs_delta


@dataclass(frozen=True, slots=True, eq=False)
class DunnTest:
    """Pairwise comparisons after Kruskal-Wallis; positive z: the second group rates higher."""

    pairs: Ints
    z: Floats
    p: Floats
    p_holm: Floats


@dataclass(frozen=True, slots=True)
class MannWhitney:
    """The number of pairs in which x exceeds y, ties half; and its two-sided test."""

    u: float
    p: float


@dataclass(frozen=True, slots=True)
class BrunnerMunzel:
    """P(X < Y) + P(X = Y) / 2 with its interval, and the test that it is one half."""

    probability: float
    low: float
    high: float
    w: float
    df: float
    p: float


def cross_tabulate(values: ArrayLike, groups: ArrayLike) -> Ints:
    """Return counts[group, value] over the distinct groups and values, both ascending."""
    distinct, value = np.unique(floats(values), return_inverse=True)
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    cells = np.bincount(group * distinct.size + value, minlength=names.size * distinct.size)
    return cells.reshape(names.size, distinct.size).astype(np.int64)


def dunn_test(counts: ArrayLike) -> DunnTest:
    """Compare every two groups by mean rank (Dunn 1964), Holm-adjusted, corrected for ties.

    z = (R_b - R_a) / sqrt((N (N+1) / 12 - sum (t^3 - t) / (12 (N - 1))) (1/n_a + 1/n_b)).

    :param counts: [groups, values]; pairs with an empty group are NaN.
    """
    from scipy.special import ndtr

    counts = floats(counts)
    n, total = counts.sum(axis=1), counts.sum(axis=0)
    size = total.sum()
    mean_rank = ratio(counts @ _rank_of_values(total), n)
    ties = ratio((total**3 - total).sum(), 12 * (size - 1))
    a, b = np.triu_indices(len(counts), 1)
    variance = (size * (size + 1) / 12 - ties) * (ratio(1, n[a]) + ratio(1, n[b]))
    z = ratio(mean_rank[b] - mean_rank[a], np.sqrt(np.maximum(variance, 0)))
    p = 2 * ndtr(-np.abs(z))
    return DunnTest(pairs=np.stack([a, b], axis=1), z=z, p=p, p_holm=adjust(p, method="holm"))


def mann_whitney(x: ArrayLike, y: ArrayLike, *, continuity: bool = True) -> MannWhitney:
    """Return U of x against y and its two-sided normal p, corrected for ties (1947).

    U = #(x > y) + #(x = y) / 2; variance n m / 12 ((N + 1) - sum (t^3 - t) / (N (N - 1))).

    :param x: [values] counts; ``y`` likewise.
    """
    from scipy.special import ndtr

    x, y = floats(x), floats(y)
    pairs, size, total = x.sum() * y.sum(), x.sum() + y.sum(), x + y
    u = (cliffs_delta(x, y) + 1) / 2 * pairs
    ties = ratio((total**3 - total).sum(), size * (size - 1))
    sd = np.sqrt(np.maximum(pairs / 12 * (size + 1 - ties), 0))
    away = np.abs(u - pairs / 2) - (0.5 if continuity else 0.0)
    p = 2 * ndtr(-ratio(np.maximum(away, 0.0), sd))
    return MannWhitney(u=float(u), p=float(p))


def brunner_munzel(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> BrunnerMunzel:
    """Compare two groups without assuming equal spread (Brunner & Munzel 2000).

    p = P(X < Y) + P(X = Y) / 2; W = (p - 1/2) / SE with Satterthwaite's degrees of freedom.
    Groups that do not overlap have p 0 or 1 and no test; fewer than two answers, no SE.

    :param x: [values] counts; ``y`` likewise.
    """
    from scipy.special import stdtr, stdtrit

    x, y = floats(x), floats(y)
    share = float((1 - cliffs_delta(x, y)) / 2)
    parts = floats([_placement_variance(x, y), _placement_variance(y, x)])
    n = floats([x.sum(), y.sum()])
    se = np.sqrt(ratio(parts, n).sum())
    df = float(ratio(ratio(parts, n).sum() ** 2, ratio(ratio(parts, n) ** 2, n - 1).sum()))
    w = float(ratio(share - 0.5, se))
    half = stdtrit(df, 0.5 + confidence / 2) * se
    return BrunnerMunzel(
        probability=share,
        low=float(share - half),
        high=float(share + half),
        w=w,
        df=df,
        p=float(2 * stdtr(df, -abs(w))),
    )


def _placement_variance(x: Floats, y: Floats) -> float:
    """Return the variance over x of the share of y below it, ties half."""
    below = ratio(np.cumsum(y) - y / 2, y.sum())
    mean = ratio((x * below).sum(), x.sum())
    return float(ratio((x * (below - mean) ** 2).sum(), x.sum() - 1))
