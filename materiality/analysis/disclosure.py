"""Nobody in a small group can be read out of the results.

Small groups are pooled before any number is computed, rather than hidden: a hidden mean follows by
subtraction from the total, or by setting the other weights to zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, floats

K = 5
"""The fewest answers of which a number may be shown, unless a round asks for more."""

LEAST_K = 3


@dataclass(frozen=True, slots=True)
class Pooling:
    """Which groups form one unit.

    ``units`` lists the positions of the groups of each unit, in order of their first group;
    ``safe`` is False only if all answers together are fewer than K, when nothing may be shown.
    """

    units: tuple[tuple[int, ...], ...]
    safe: bool

    @property
    def unit_of(self) -> Ints:
        """The unit of each group."""
        owners = {group: unit for unit, groups in enumerate(self.units) for group in groups}
        return np.array([owners[group] for group in sorted(owners)], dtype=np.int64)


def pool_small_groups(sizes: ArrayLike, *, k: int = K) -> Pooling:
    """Pool each group under k with the smallest other unit, until every unit has at least k.

    The smallest unit goes first; equal sizes go by position. A group without any answer is silent:
    there is nothing of it to protect, so it stays apart and its weight goes to those who answered.

    :param sizes: [groups] numbers of people, or [groups, topics] numbers of ratings, where a unit
        is small if it is on any topic.
    :raises ValueError: k below 3.

    >>> pool_small_groups([120, 3, 40, 8]).units
    ((0,), (1, 3), (2,))
    """
    if k < LEAST_K:
        raise ValueError(f"k must be at least {LEAST_K}, got {k}")
    table = np.asarray(sizes, dtype=np.int64).reshape(len(np.asarray(sizes)), -1)
    units: dict[tuple[int, ...], Ints] = {(g,): row for g, row in enumerate(table)}
    while (small := _smallest(units, k)) is not None and (other := _smallest(units, None, small)):
        row = units.pop(small) + units.pop(other)
        units[tuple(sorted(small + other))] = row
    safe = _smallest(units, k) is None and bool((table > 0).any())
    return Pooling(units=tuple(sorted(units)), safe=safe)


def _smallest(
    units: dict[tuple[int, ...], Ints], k: int | None, apart: tuple[int, ...] | None = None
) -> tuple[int, ...] | None:
    """Return the unit with the fewest people on some topic: under k if given, not ``apart``."""
    sized = [
        (int(row[row > 0].min()), int(row.sum()), unit)
        for unit, row in units.items()
        if unit != apart and (row > 0).any()
    ]
    least = min(sized, default=None)
    return None if least is None or (k is not None and least[0] >= k) else least[2]


def derivable(published: ArrayLike, sizes: ArrayLike, *, k: int = K) -> list[tuple[int, ...]]:
    """Return every smallest set of groups, under k people together, of which something follows.

    A rank test. Published numbers are linear in the groups' sums, one row each. Combinations of
    rows that involve only the groups T exist just when rank(A) > rank(A without the columns T).
    Nothing is returned when the table is safe.

    :param published: [numbers, groups] coefficients; a sum over groups has ones, a weighted score
        w_g / n_g, a difference of years the columns of both.
    :param sizes: [groups] people behind each column; empty groups are left out.
    """
    table, people = floats(published), np.asarray(sizes, dtype=np.int64)
    table = table / np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-300)
    whole = _rank(table)
    cells: list[tuple[int, ...]] = []
    for groups in _small_sets(people, k):
        if any(set(one) <= set(groups) for one in cells):
            continue
        if whole > _rank(np.delete(table, groups, axis=1)):
            cells.append(groups)
    return cells


def _small_sets(sizes: Ints, k: int) -> Iterator[tuple[int, ...]]:
    """Yield sets of groups with fewer than k people together, smaller sets first."""
    small = np.flatnonzero((sizes > 0) & (sizes < k)).tolist()
    for count in range(1, k):
        for groups in combinations(small, count):
            if sizes[list(groups)].sum() < k:
                yield groups


def _rank(table: Floats) -> int:
    return int(np.linalg.matrix_rank(table, tol=1e-9)) if table.size else 0
