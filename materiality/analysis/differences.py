"""Do groups, or years, differ? Rank tests from counts of ratings, effect sizes first.

Ratings are ordinal and full of ties, so every test here works on ``counts[group, value]`` and
corrects for ties. With many answers everything is significant: report a difference only when the
corrected p is small and Cliff's delta is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Bools, Floats, floats, ratio

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


def cliffs_delta(x: ArrayLike, y: ArrayLike) -> Floats:
    """Return P(X > Y) - P(X < Y), from -1 to 1 (Cliff 1993). NaN if either is empty.

    :param x: [..., values] counts of one group; ``y`` of the other, over the same values.
    """
    x, y = floats(x), floats(y)
    below_y = np.cumsum(y, axis=-1) - y
    above_y = y.sum(axis=-1, keepdims=True) - below_y - y
    pairs = x.sum(axis=-1) * y.sum(axis=-1)
    return ratio((x * (below_y - above_y)).sum(axis=-1), pairs)


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
