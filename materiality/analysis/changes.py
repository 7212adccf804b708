"""From one round to the next: what moved, what is noise, what cannot be compared.

Two anonymous rounds are two independent samples. Both are scored with one common weight vector,
or a change of weights would pass for a change of opinion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from materiality.analysis.arrays import (
    TOLERANCE,
    Bools,
    Floats,
    Ints,
    floats,
    ratio,
    without_blanks,
)
from materiality.analysis.differences import adjust
from materiality.analysis.ranking import midranks, ranks
from materiality.analysis.scores import (
    GroupMeans,
    answering_shares,
    mean_variances,
    satterthwaite,
    weighted_mean,
)

MOVED = "moved"
WITHIN_NOISE = "within_noise"
NOT_COMPARABLE = "not_comparable"
CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Per topic: the change of its score, its interval, its test corrected over topics.

    ``verdict`` is "moved", "within_noise", "cannot_tell" (nobody differed, so there is no error to
    hold the change against) or "not_comparable".
    """

    change: Floats
    se: Floats
    df: Floats
    low: Floats
    high: Floats
    p: Floats
    p_adjusted: Floats
    verdict: NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class RankShifts:
    """Per topic: the change of rank (negative: up), its interval, and whether that excludes 0."""

    shift: Ints
    low: Ints
    high: Ints
    moved: Bools


@dataclass(frozen=True, slots=True)
class RankAgreement:
    """How alike two orders are: Kendall's tau-b and Spearman's rho."""

    tau_b: float
    rho: float


def year_on_year(
    before: GroupMeans,
    after: GroupMeans,
    weights: ArrayLike,
    *,
    comparable: ArrayLike | None = None,
    population: ArrayLike | None = None,
    population_before: ArrayLike | None = None,
    paired: ArrayLike | None = None,
    confidence: float = 0.95,
    false_discovery: float = 0.05,
) -> Changes:
    """Return each topic's change of score under common weights, and whether it exceeds the noise.

    D = sum w_g (m2_g - m1_g) / sum w_g over units present in both rounds; SE^2 = sum of both
    rounds' w^2 s2 / n, with the small-group floor; Satterthwaite's degrees of freedom; two-sided p,
    corrected over the comparable topics by Benjamini & Hochberg. "Moved" only if that is at most
    ``false_discovery``.

    :param before: last round's means of the same units and topics, in the same order.
    People who rated in both rounds, where they are known, make the two means go together: their
    covariance, n12 c12 / (n1 n2) over the pairs, is taken off twice, and such a unit has the
    degrees of freedom of the smaller of its two samples.

    :param paired: [units, topics] the covariance of the two means; NaN where nobody is known to
        have rated twice.
    :param comparable: [topics] False where the definition or the scale changed; no test there.
    :raises ValueError: the rounds differ in shape or scale.
    """
    if before.mean.shape != after.mean.shape or before.scale != after.scale:
        raise ValueError("both rounds must have the same units, topics and scale")
    change = weighted_mean(after.mean - before.mean, weights)
    parts = _change_variances(before, after, weights, population_before, population)
    sizes = np.concatenate([before.n, after.n])
    if paired is not None:
        parts, sizes = _with_pairs(parts, sizes, before, after, weights, floats(paired))
    df = satterthwaite(parts, sizes)
    se = np.where(np.isfinite(change.mean), np.sqrt(parts.sum(axis=0)), np.nan)
    low, high = change_interval(change.mean, se, df, confidence=confidence)
    tested = np.isfinite(change.mean)
    if comparable is not None:
        tested = tested & np.asarray(comparable, dtype=bool)
    p = np.where(tested, _two_sided_p(change.mean, se, df), np.nan)
    p_adjusted = adjust(p)
    moved = np.where(p_adjusted <= false_discovery, MOVED, WITHIN_NOISE)
    moved = np.where(np.isnan(p), CANNOT_TELL, moved)
    return Changes(
        change=change.mean,
        se=se,
        df=df,
        low=low,
        high=high,
        p=p,
        p_adjusted=p_adjusted,
        verdict=np.where(tested, moved, NOT_COMPARABLE),
    )


def _change_variances(
    before: GroupMeans,
    after: GroupMeans,
    weights: ArrayLike,
    population_before: ArrayLike | None,
    population: ArrayLike | None,
) -> Floats:
    """Return what each unit of each round adds to the variance of the change."""
    share = answering_shares(after.mean - before.mean, weights)
    share = without_blanks(ratio(share, share.sum(axis=0)))
    first = mean_variances(before, population=population_before)
    second = mean_variances(after, population=population)
    return np.concatenate([np.where(share > 0, share**2 * v, 0.0) for v in (first, second)])


def _with_pairs(
    parts: Floats,
    sizes: Ints,
    before: GroupMeans,
    after: GroupMeans,
    weights: ArrayLike,
    covariance: Floats,
) -> tuple[Floats, Ints]:
    """Return variances and sizes with the pairs of each unit in one part, the other one empty."""
    share = answering_shares(after.mean - before.mean, weights)
    share = without_blanks(ratio(share, share.sum(axis=0)))
    units = len(share)
    first, second = parts[:units], parts[units:]
    has_pairs = np.isfinite(covariance) & (share > 0)
    together = np.maximum(first + second - 2 * share**2 * without_blanks(covariance), 0.0)
    first = np.where(has_pairs, together, first)
    second = np.where(has_pairs, 0.0, second)
    smaller = np.where(has_pairs, np.minimum(sizes[:units], sizes[units:]), sizes[:units])
    return np.concatenate([first, second]), np.concatenate([smaller, sizes[units:]])


def _two_sided_p(change: Floats, se: Floats, df: Floats) -> Floats:
    """Return the p-value of no change; without sampling error any change is certain."""
    from scipy.special import stdtr

    certain = (np.abs(change) < TOLERANCE).astype(np.float64)
    return np.where(se == 0, certain, 2 * stdtr(df, -np.abs(ratio(change, se))))


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The tests of a round together: corrected p, who moved, and the level of the intervals.

    ``confidence`` is the level at which an interval excludes 0 just where the change has moved.
    """

    p_adjusted: Floats
    moved: Bools
    confidence: float


def family(p: ArrayLike, *, error: float = 0.05) -> Family:
    """Correct the tests of a whole round together, so that rarely anything false is called moved.

    Holm (1979): in at most ``error`` of rounds does any topic that stayed count as moved, however
    many others moved. The procedure stops at level error / (tests not rejected); intervals of that
    level exclude 0 exactly where a change counts as moved. NaN is no test.

    >>> family([0.001, 0.2, float("nan")]).moved.tolist()
    [True, False, False]
    """
    p = floats(p)
    p_adjusted = adjust(p, method="holm")
    moved = p_adjusted <= error
    left = int(np.isfinite(p).sum() - moved.sum())
    return Family(p_adjusted=p_adjusted, moved=moved, confidence=1 - error / max(left, 1))


def change_interval(
    change: ArrayLike, se: ArrayLike, df: ArrayLike, *, confidence: float
) -> tuple[Floats, Floats]:
    """Return change -+ t_df se."""
    from scipy.special import stdtrit

    change, se = floats(change), floats(se)
    half = np.where(se > 0, stdtrit(floats(df), 0.5 + confidence / 2), 0.0) * se
    return change - half, change + half


def change_p(change: ArrayLike, se: ArrayLike, df: ArrayLike) -> Floats:
    """Return the two-sided p of no change; NaN where there is no standard error."""
    return _two_sided_p(floats(change), floats(se), floats(df))


def rank_shifts(
    before: ArrayLike,
    after: ArrayLike,
    draws_before: ArrayLike,
    draws_after: ArrayLike,
    *,
    confidence: float = 0.95,
) -> RankShifts:
    """Return how far each common topic moved in rank, with its interval over joint draws.

    Both rounds are drawn independently (different streams); most single places are noise, and
    "moved" is said only where the interval excludes 0.

    :param before: [topics] scores of the topics common to both rounds; ``after`` likewise.
    :param draws_before: [draws, topics] from ``draw_scores``; ``draws_after`` likewise.
    """
    ordered = np.sort(ranks(draws_after) - ranks(draws_before), axis=0)
    outside = int(np.floor((1 - confidence) / 2 * len(ordered) + 1e-9))
    low, high = ordered[outside], ordered[len(ordered) - 1 - outside]
    return RankShifts(
        shift=ranks(after) - ranks(before), low=low, high=high, moved=(low > 0) | (high < 0)
    )


def rank_agreement(x: ArrayLike, y: ArrayLike) -> RankAgreement:
    """Return Kendall's tau-b and Spearman's rho of two scores or ranks; undefined topics drop out.

    tau_b = sum sign(x_i - x_j) sign(y_i - y_j) / sqrt(pairs untied in x * pairs untied in y);
    rho = correlation of midranks. NaN if either is constant.
    """
    x, y = floats(x), floats(y)
    both = np.isfinite(x) & np.isfinite(y)
    a, b = floats(x[both]), floats(y[both])
    sx, sy = np.sign(a[:, None] - a), np.sign(b[:, None] - b)
    tau = ratio((sx * sy).sum(), np.sqrt(np.abs(sx).sum() * np.abs(sy).sum()))
    return RankAgreement(tau_b=float(tau), rho=_correlation(midranks(a), midranks(b)))


def _correlation(x: Floats, y: Floats) -> float:
    if x.size == 0:
        return float("nan")
    u, v = x - x.mean(), y - y.mean()
    return float(ratio((u * v).sum(), np.sqrt((u**2).sum() * (v**2).sum())))
