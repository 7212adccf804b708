"""One pass over the answers, and what it leaves: counts and one Gram matrix per unit.

After this pass no number on a results page depends on how many people answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from materiality.analysis.arrays import Ints

BLANK = 0
CANNOT_JUDGE = 255

_TALLY = 255  # rows that a uint8 counter can hold
_EXACT = 2**24  # float32 holds every integer up to here, so sums below it are exact on any machine


@dataclass(frozen=True, slots=True, eq=False)
class SufficientStatistics:
    """What the results need of the answers of each unit; both arrays add when units are pooled.

    ``counts[unit, topic, scale + 1]``: how often each rating was given; last, "cannot judge".
    ``gram[unit, 2 topics, 2 topics]``: [I, X]'[I, X], I = has rated, X = the rating or 0.
    """

    counts: Ints
    gram: Ints

    @property
    def scale(self) -> int:
        """The highest rating."""
        return int(self.counts.shape[-1]) - 1

    @property
    def topics(self) -> int:
        """The number of topics."""
        return int(self.counts.shape[1])


def count_ratings(ratings: ArrayLike, units: ArrayLike, n_units: int, *, scale: int = 5) -> Ints:
    """Count how often each unit gave each rating to each topic.

    :param ratings: uint8 [respondents, topics]; 0 is blank, 255 "cannot judge", else 1..scale.
    :param units: [respondents], the code 0..n_units-1 of each respondent's group.
    :returns: int64 [n_units, topics, scale + 1]; the last column counts "cannot judge".
    :raises ValueError: a rating outside the scale, or a unit code out of range.

    >>> count_ratings([[5, 255], [4, 0]], [0, 0], 1).tolist()
    [[[0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 1]]]
    """
    ratings, units = _checked(ratings, units, n_units, scale)
    counts = np.zeros((n_units, ratings.shape[1], scale + 1), dtype=np.int64)
    for unit, block in _blocks(ratings, units, n_units, scale):
        counts[unit] += _tally(block, scale)
    return counts


def summarise(
    ratings: ArrayLike, units: ArrayLike, n_units: int, *, scale: int = 5
) -> SufficientStatistics:
    """Reduce the answers to counts and Gram matrices, in one pass of bounded memory.

    Parameters and errors as for :func:`count_ratings`. Sums are exact integers.
    """
    ratings, units = _checked(ratings, units, n_units, scale)
    topics = ratings.shape[1]
    counts = np.zeros((n_units, topics, scale + 1), dtype=np.int64)
    gram = np.zeros((n_units, 2 * topics, 2 * topics), dtype=np.int64)
    for unit, block in _blocks(ratings, units, n_units, scale):
        counts[unit] += _tally(block, scale)
        gram[unit] += _products(block, scale)
    return SufficientStatistics(counts=counts, gram=gram)


def _checked(
    ratings: ArrayLike, units: ArrayLike, n_units: int, scale: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    ratings, units = np.asarray(ratings), np.asarray(units)
    if ratings.ndim != 2 or units.shape != ratings.shape[:1]:
        raise ValueError(
            f"ratings must be [respondents, topics] with one unit code per respondent: "
            f"got {ratings.shape} and {units.shape}"
        )
    if not 2 <= scale < CANNOT_JUDGE:
        raise ValueError(f"scale must lie between 2 and 254, got {scale}")
    if units.size and (units.min() < 0 or units.max() >= n_units):
        raise ValueError(f"unit codes must lie between 0 and {n_units - 1}")
    if ratings.dtype != np.uint8:
        as_bytes = ratings.astype(np.uint8)
        if (as_bytes != ratings).any():
            raise ValueError("ratings must be whole numbers between 0 and 255")
        ratings = as_bytes
    return ratings, units


def _blocks(
    ratings: NDArray[np.uint8], units: NDArray[np.int64], n_units: int, scale: int
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield blocks of rows of one unit, padded with blanks to a whole number of tallies."""
    order = np.argsort(units.astype(np.uint16), kind="stable")
    ends = np.cumsum(np.bincount(units, minlength=n_units))
    height = max(1, min(128, _EXACT // (_TALLY * scale**2))) * _TALLY
    for unit in range(n_units):
        rows = order[(ends[unit - 1] if unit else 0) : ends[unit]]
        for start in range(0, rows.size, height):
            chosen = rows[start : start + height]
            block = np.zeros((-(-chosen.size // _TALLY) * _TALLY, ratings.shape[1]), np.uint8)
            block[: chosen.size] = ratings[chosen]
            yield unit, block


def _tally(block: NDArray[np.uint8], scale: int) -> Ints:
    """Count each rating per topic; 255 rows at a time fit a byte, which is what makes it fast."""
    topics = block.shape[1]
    flat = block.reshape(_TALLY, -1)
    tallies = [
        np.add.reduce((flat == value).view(np.uint8), axis=0, dtype=np.uint8)
        .reshape(-1, topics)
        .sum(axis=0, dtype=np.int64)
        for value in (BLANK, *range(1, scale + 1), CANNOT_JUDGE)
    ]
    if sum(tally.sum() for tally in tallies) != block.size:
        raise ValueError(f"ratings must be 0 (blank), 1 to {scale}, or 255 (cannot judge)")
    return np.stack(tallies[1:], axis=-1)


def _products(block: NDArray[np.uint8], scale: int) -> Ints:
    """Return [I, X]'[I, X] of a block; the product of a matrix with itself takes half the work."""
    topics = block.shape[1]
    rated = (block - np.uint8(1)) < scale  # uint8 wraps: a blank becomes 255
    design = np.empty((block.shape[0], 2 * topics), dtype=np.float32)
    design[:, :topics] = rated
    np.multiply(block, rated, out=design[:, topics:], casting="unsafe")
    products: Ints = np.rint(design.T @ design).astype(np.int64)
    return products
