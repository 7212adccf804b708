"""Do groups, or years, differ? Rank tests from counts of ratings, effect sizes first.

Ratings are ordinal and full of ties, so every test here works on ``counts[group, value]`` and
corrects for ties. With many answers everything is significant: report a difference only when the
corrected p is small and Cliff's delta is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Bools, Floats, Ints, floats, ratio

NEGLIGIBLE = 0.147
"""Cliff's deltas below this in size are negligible (Romano et al. 2006)."""


@dataclass(frozen=True, slots=True)
class KruskalWallis:
    """Test that groups give the same ratings; ``epsilon2`` is the effect size, 0 to 1."""

    h: float
    df: int
    p: float
    epsilon2: float


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


@dataclass(frozen=True, slots=True, eq=False)
class TopicDifferences:
    """Per topic: the Kruskal-Wallis test over groups, corrected over topics, and the effect."""

    h: Floats
    p: Floats
    p_adjusted: Floats
    epsilon2: Floats
    widest_delta: Floats

    @property
    def is_shown(self) -> Bools:
        """Whether groups differ: corrected p under 5 % and some pair not negligibly apart."""
        return (self.p_adjusted < 0.05) & (self.widest_delta >= NEGLIGIBLE)


def cross_tabulate(values: ArrayLike, groups: ArrayLike) -> Ints:
    """Return counts[group, value] over the distinct groups and values, both ascending."""
    distinct, value = np.unique(floats(values), return_inverse=True)
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    cells = np.bincount(group * distinct.size + value, minlength=names.size * distinct.size)
    return cells.reshape(names.size, distinct.size).astype(np.int64)


def _rank_of_values(total: Floats) -> Floats:
    """Return the midrank of each value when ``total`` of each were observed."""
    return np.cumsum(total) - total + (total + 1) / 2


def kruskal_wallis(counts: ArrayLike) -> KruskalWallis:
    """Test whether groups give the same ratings (Kruskal & Wallis 1952), corrected for ties.

    H = (12 / (N (N+1)) sum R_g^2 / n_g - 3 (N+1)) / (1 - sum (t^3 - t) / (N^3 - N));
    epsilon^2 = H (N+1) / (N^2 - 1). NaN when all ratings are equal or fewer than two groups rate.

    :param counts: [groups, values]; empty groups are left out.
    """
    from scipy.special import chdtrc

    counts = floats(counts)
    counts = floats(counts[counts.sum(axis=1) > 0])
    n, total = counts.sum(axis=1), counts.sum(axis=0)
    size, df = total.sum(), len(counts) - 1
    spread = (ratio((counts @ _rank_of_values(total)) ** 2, n)).sum()
    raw = ratio(12 * spread, size * (size + 1)) - 3 * (size + 1)
    h = float(ratio(raw, 1 - ratio((total**3 - total).sum(), size**3 - size)))
    h = h if df > 0 else np.nan
    return KruskalWallis(
        h=h,
        df=df,
        p=float(chdtrc(df, h)) if df > 0 else np.nan,
        epsilon2=float(ratio(h * (size + 1), size**2 - 1)),
    )


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


def cliffs_delta(x: ArrayLike, y: ArrayLike) -> Floats:
    """Return P(X > Y) - P(X < Y), from -1 to 1 (Cliff 1993). NaN if either is empty.

    :param x: [..., values] counts of one group; ``y`` of the other, over the same values.
    """
    x, y = floats(x), floats(y)
    below_y = np.cumsum(y, axis=-1) - y
    above_y = y.sum(axis=-1, keepdims=True) - below_y - y
    pairs = x.sum(axis=-1) * y.sum(axis=-1)
    return ratio((x * (below_y - above_y)).sum(axis=-1), pairs)


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


def adjust(p: ArrayLike, *, method: str = "bh") -> Floats:
    """Adjust p-values for many tests; undefined ones stay so and do not count.

    "bh": Benjamini & Hochberg 1995, p_(i) m / i, running minimum from the largest; "by": the same
    times sum 1/i (Benjamini & Yekutieli 2001); "holm": p_(i) (m - i + 1), running maximum (1979);
    "bonferroni": p m.

    >>> adjust([0.01, None, 0.04]).tolist()
    [0.02, nan, 0.04]
    """
    p = floats(p)
    defined = np.isfinite(p)
    m, order = int(defined.sum()), np.argsort(np.where(defined, p, np.inf), kind="stable")
    step = p[order[:m]]
    place = np.arange(1, m + 1)
    if method == "holm":
        step = np.maximum.accumulate(step * (m - place + 1))
    elif method == "bonferroni":
        step = step * m
    elif method in ("bh", "by"):
        harmonic = (1 / place).sum() if method == "by" else 1.0
        step = np.minimum.accumulate((step * m / place * harmonic)[::-1])[::-1]
    else:
        raise ValueError(f"method must be bh, by, holm or bonferroni, got {method!r}")
    result = np.full(p.shape, np.nan)
    result[order[:m]] = np.minimum(step, 1.0)
    return result


def topic_differences(counts: ArrayLike) -> TopicDifferences:
    """Test for every topic whether the groups rate it differently, corrected over topics (BH).

    Groups with fewer than two ratings on a topic are left out of it.

    :param counts: [units, topics, scale + 1], the last column "cannot judge" (not used).
    """
    rated = np.asarray(counts, dtype=np.int64)[..., :-1]
    rated = np.where(rated.sum(axis=-1, keepdims=True) > 1, rated, 0)
    tests = [kruskal_wallis(rated[:, topic]) for topic in range(rated.shape[1])]
    a, b = np.triu_indices(rated.shape[0], 1)
    deltas = np.abs(cliffs_delta(rated[a], rated[b]))
    p = floats([test.p for test in tests])
    return TopicDifferences(
        h=floats([test.h for test in tests]),
        p=p,
        p_adjusted=adjust(p),
        epsilon2=floats([test.epsilon2 for test in tests]),
        widest_delta=np.fmax.reduce(deltas, axis=0, initial=np.nan),
    )
