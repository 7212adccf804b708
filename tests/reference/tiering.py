"""Methods of tiering that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import TOLERANCE, Floats, Ints, floats
from materiality.analysis.ranking import shared_ranks
from materiality.analysis.tiering import (
    _best_starts,
    both_axes,
    distance,
    either_axis,
    product,
    weighted_sum,
)

AXIS_RULES: MappingProxyType[str, Callable[..., Floats]] = MappingProxyType(
    {
        "weighted_sum": weighted_sum,
        "either": either_axis,
        "both": both_axes,
        "product": product,
        "distance": distance,
    }
)
"""The ways to make one number of two axes, by the name a setting uses."""


def rank_bands(scores: ArrayLike, ends: Sequence[int]) -> Ints:
    """Return tiers by rank: with ends (10, 20), ranks 1-10 are tier 1, 11-20 tier 2, the rest 3.

    Equal scores share the better rank. Always fills tier 1, however low the scores are.
    """
    rank = shared_ranks(scores)
    return np.where(rank > 0, (rank[..., None] > np.asarray(ends)).sum(axis=-1) + 1, 0)


@dataclass(frozen=True, slots=True, eq=False)
class NaturalBreaks:
    """Class limits (lowest value, then each class's highest) and the goodness of variance fit."""

    breaks: Floats
    gvf: float


def natural_breaks(values: ArrayLike, classes: int) -> NaturalBreaks:
    """Split values into classes with the least squared spread within them, exactly.

    Jenks natural breaks by Fisher's dynamic programme (Fisher 1958; Jenks & Caspall 1971).
    GVF = 1 - SS within / SS total. Fewer distinct values than classes: as many as there are.
    Depends on the data of the year, so it must not be used to compare years.

    :raises ValueError: no defined value, or fewer than one class.
    """
    values = floats(values).ravel()
    ordered = np.sort(values[np.isfinite(values)])
    if classes < 1 or ordered.size == 0:
        raise ValueError("natural breaks need at least one value and one class")
    starts, within = _best_starts(ordered, min(classes, np.unique(ordered).size))
    total = ((ordered - ordered.mean()) ** 2).sum()
    return NaturalBreaks(
        breaks=ordered[np.append(np.maximum(starts - 1, 0), ordered.size - 1)],
        gvf=float(1 - within / total) if total > 0 else 1.0,
    )


def hysteresis(score: float, previous: int | None, *, cut: float, band: float) -> int:
    """Return 1 (in) or 0 (out) for a cut that resists wobbling from year to year.

    Enter at cut + band, leave below cut - band, otherwise stay; without a previous verdict the
    plain cut decides. Say so wherever the band, not the score, decided.

    >>> hysteresis(3.45, previous=1, cut=3.5, band=0.1)
    1
    """
    if previous is None:
        return int(score >= cut - TOLERANCE)
    limit = cut - band if previous else cut + band
    return int(score >= limit - TOLERANCE)
