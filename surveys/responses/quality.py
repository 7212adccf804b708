"""Signs that an answer was given without care. They flag; people decide, with and without.

No single sign is proof: "all 5" can be meant, and in experiments longstring and IRV alone did not
beat chance. So a respondent is flagged only when at least two signs agree, and what the flagged
answers change is shown beside the result.

Pure: ratings uint8 [respondents, questions] in the order shown, 0 blank, 255 "cannot judge".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BLANK = 0
CANNOT_JUDGE = 255

LEAST_ANSWERS = 8
"""Straight-lining is a sign only over at least this many ratings."""

_BLOCK = 2**16  # rows held as floats at once

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Speed:
    """Per respondent: robust z of log time, time relative to the median, seconds per question."""

    robust_z: Floats
    relative_speed: Floats
    seconds_per_item: Floats
    is_fast: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Mahalanobis:
    """Per respondent: squared distance from the centre of all, its chi-squared p and rank."""

    distance: Floats
    p: Floats
    df: int


@dataclass(frozen=True, slots=True, eq=False)
class Carelessness:
    """Per respondent: each sign, and whether at least two agree."""

    straight_lining: Bools
    long_string: Bools
    midpoint: Bools
    fast: Bools
    outlying: Bools
    duplicate: Bools

    @property
    def signs(self) -> Ints:
        """The number of signs of each respondent; a straight line is a long string, so one sign."""
        uniform = self.straight_lining | self.long_string
        signs = (uniform, self.midpoint, self.fast, self.outlying, self.duplicate)
        count: Ints = np.stack(signs).astype(np.int64).sum(axis=0)
        return count

    @property
    def is_flagged(self) -> Bools:
        """Whether at least two signs agree."""
        flagged: Bools = self.signs >= 2
        return flagged


def _has_rating(codes: NDArray[np.uint8]) -> Bools:
    """Return where a rating was given."""
    known: Bools = (codes != BLANK) & (codes != CANNOT_JUDGE)
    return known


def longest_run(ratings: ArrayLike, *, cannot_judge_breaks: bool = True) -> Ints:
    """Return the longest run of equal consecutive ratings (longstring; Johnson 2005).

    Blanks always break a run. "Cannot judge" breaks one too, or is passed over.

    >>> longest_run([[1, 2, 3, 3, 3, 4, 5, 5]]).tolist()
    [3]
    """
    codes = np.asarray(ratings, dtype=np.uint8)
    best, length = (np.zeros(codes.shape[0], dtype=np.int64) for _ in range(2))
    last = np.zeros(codes.shape[0], dtype=np.uint8)
    for column in codes.T:
        known = (column != BLANK) & (column != CANNOT_JUDGE)
        passed = (column == CANNOT_JUDGE) & (not cannot_judge_breaks)
        same = known & (column == last)
        length = np.where(passed, length, np.where(same, length + 1, known))
        last = np.where(passed, last, np.where(known, column, BLANK)).astype(np.uint8)
        best = np.maximum(best, length)
    return best


def response_variability(ratings: ArrayLike) -> Floats:
    """Return the standard deviation (ddof 1) within each person (IRV; Dunn et al. 2018).

    NaN with fewer than three ratings. 0 is straight-lining.
    """
    codes = np.asarray(ratings, dtype=np.uint8)
    given = np.where(_has_rating(codes), codes, 0).astype(np.uint16)
    n = _has_rating(codes).sum(axis=1)
    spread = n * (given**2).sum(axis=1, dtype=np.int64) - given.sum(axis=1, dtype=np.int64) ** 2
    return np.where(n >= 3, np.sqrt(spread / np.maximum(n * (n - 1), 1)), np.nan)


def straight_lining(ratings: ArrayLike, *, least: int = LEAST_ANSWERS) -> Bools:
    """Return who gave the same rating throughout, over at least eight ratings."""
    codes = np.asarray(ratings, dtype=np.uint8)
    n = _has_rating(codes).sum(axis=1)
    alike: Bools = (response_variability(codes) == 0) & (n >= least)
    return alike


def midpoint_share(ratings: ArrayLike, *, scale: int = 5) -> Floats:
    """Return the share of middle ratings of each person; NaN without a rating or a middle."""
    codes = np.asarray(ratings, dtype=np.uint8)
    n = _has_rating(codes).sum(axis=1)
    middle = (codes * 2 == scale + 1).sum(axis=1) if scale % 2 else np.zeros(len(codes))
    share = np.full(n.shape, np.nan)
    np.divide(middle, n, out=share, where=(n > 0) & (scale % 2 == 1))
    return share


def speed(seconds: ArrayLike, items: int, *, least_seconds: float = 2.0) -> Speed:
    """Compare each person's time with the others', on the log scale.

    Robust z = (ln s - median) / (1.4826 MAD), fast below -3 (Leys et al. 2013), or under two
    seconds a question (Huang et al. 2012); relative speed = median / s (Leiner 2019). NaN where no
    time is known, and z where the MAD is 0.

    :param seconds: [respondents], NaN or None where unknown.
    """
    time = np.asarray(seconds, dtype=np.float64)
    time = np.where(time > 0, time, np.nan)
    known = np.isfinite(time)
    log = np.log(time)
    middle = np.median(log[known]) if known.any() else np.nan
    spread = 1.4826 * np.median(np.abs(log[known] - middle)) if known.any() else np.nan
    z = (log - middle) / spread if spread > 0 else np.full(time.shape, np.nan)
    median = np.median(time[known]) if known.any() else np.nan
    per_item = time / items
    return Speed(
        robust_z=z,
        relative_speed=median / time,
        seconds_per_item=per_item,
        is_fast=(z < -3) | (per_item < least_seconds),
    )


def mahalanobis(ratings: ArrayLike) -> Mahalanobis:
    """Return how far each complete answer lies from the rest (Mahalanobis 1936).

    D^2 = (x - m)' S^-1 (x - m), chi-squared with rank(S) degrees of freedom; the pseudo-inverse
    where S is singular. NaN for incomplete answers, and for all with fewer than three complete
    ones. Trust it only with more than five respondents per question.
    """
    from scipy.special import chdtrc

    codes = np.asarray(ratings, dtype=np.uint8)
    complete = np.flatnonzero(_has_rating(codes).all(axis=1))
    distance = np.full(len(codes), np.nan)
    if complete.size < 3:
        return Mahalanobis(distance=distance, p=distance.copy(), df=0)
    mean, covariance = _moments(codes, complete)
    df = int(np.linalg.matrix_rank(covariance, hermitian=True))
    inverse = np.linalg.pinv(covariance, hermitian=True)
    for rows in _blocks(complete):
        centred = codes[rows] - mean
        distance[rows] = (centred @ inverse * centred).sum(axis=1)
    p = chdtrc(df, distance) if df > 0 else np.full(distance.shape, np.nan)
    return Mahalanobis(distance=distance, p=p, df=df)


def _moments(codes: NDArray[np.uint8], complete: Ints) -> tuple[Floats, Floats]:
    """Return mean and covariance of the complete answers, block by block; the sums are exact."""
    items, n = codes.shape[1], complete.size
    total, products = np.zeros(items), np.zeros((items, items))
    for rows in _blocks(complete):
        block = codes[rows].astype(np.float64)
        total += block.sum(axis=0)
        products += block.T @ block
    mean = total / n
    return mean, (products - n * np.outer(mean, mean)) / (n - 1)


def _blocks(rows: Ints) -> list[Ints]:
    return np.array_split(rows, -(-rows.size // _BLOCK))


def duplicates(ratings: ArrayLike, *, least: int = LEAST_ANSWERS) -> Bools:
    """Return whose whole answer equals another's, over at least eight ratings, not all alike."""
    codes = np.asarray(ratings, dtype=np.uint8)
    whole = np.ascontiguousarray(codes).view(f"S{codes.shape[1]}").ravel()
    _, which, times = np.unique(whole, return_inverse=True, return_counts=True)
    n = _has_rating(codes).sum(axis=1)
    varied = np.nan_to_num(response_variability(codes)) > 0
    again: Bools = (times[which.ravel()] > 1) & (n >= least) & varied
    return again


def run_that_counts(items: int) -> float:
    """Return how long a run of equal ratings is a sign: eight, or half of the questions."""
    return max(LEAST_ANSWERS, items / 2)


def flags(
    ratings: ArrayLike,
    seconds: ArrayLike | None = None,
    *,
    scale: int = 5,
    shown: ArrayLike | None = None,
    alike_among: Bools | None = None,
) -> Carelessness:
    """Return all signs of every respondent.

    A long string is a run over at least eight and half of the questions; the midpoint is a sign
    above 80 %; an outlier has p < 0.001 and is looked for only with more than five complete
    answers per question.

    :param shown: the same ratings in the order each person saw them, where that differs.
    :param alike_among: rows among which equal answers are a sign; all if not given.
    """
    codes = np.asarray(ratings, dtype=np.uint8)
    people, items = codes.shape
    complete = _has_rating(codes).all(axis=1).sum()
    none = np.zeros(people, dtype=bool)
    alike, among = none.copy(), np.ones(people, bool) if alike_among is None else alike_among
    alike[among] = duplicates(codes[among])
    time = none if seconds is None else speed(seconds, items).is_fast
    outlying = mahalanobis(codes).p < 0.001 if complete > 5 * items else none
    return Carelessness(
        straight_lining=straight_lining(codes),
        long_string=longest_run(codes if shown is None else shown) >= run_that_counts(items),
        midpoint=midpoint_share(codes, scale=scale) > 0.8,
        fast=time,
        outlying=outlying,
        duplicate=alike,
    )
