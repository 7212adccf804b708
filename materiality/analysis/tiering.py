"""Tiers: how two axes become one number, and how numbers become tiers. Tier 1 is the top.

Tier 0 means "not tiered": the score is undefined. Cuts are compared to nine decimals, so that
3.4999999999 and 3.5 do not part company over floating point.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import TOLERANCE, Floats, Ints, floats, ratio
from materiality.analysis.ranking import shared_ranks


def weighted_sum(x: ArrayLike, y: ArrayLike, *, weight: float = 0.5) -> Floats:
    """Combine two axes as weight * x + (1 - weight) * y; undefined if either is.

    :raises ValueError: weight outside [0, 1].
    """
    if not 0 <= weight <= 1:
        raise ValueError(f"weight must lie between 0 and 1, got {weight}")
    return weight * floats(x) + (1 - weight) * floats(y)


def either_axis(x: ArrayLike, y: ArrayLike) -> Floats:
    """Combine two axes by the higher one: high on either is enough (GRI 3; ESRS 1, "or").

    An undefined axis leaves the other to speak alone.
    """
    return np.fmax(floats(x), floats(y))


def both_axes(x: ArrayLike, y: ArrayLike) -> Floats:
    """Combine two axes by the lower one: a topic must be high on both; undefined if either is."""
    return np.minimum(floats(x), floats(y))


def product(x: ArrayLike, y: ArrayLike) -> Floats:
    """Combine two axes as x * y; undefined if either is."""
    return floats(x) * floats(y)


def distance(x: ArrayLike, y: ArrayLike, *, low: float = 1.0, high: float = 5.0) -> Floats:
    """Combine two axes as the distance from the lowest corner, 0 to 1; undefined if either is.

    d = sqrt((x - low)^2 + (y - low)^2) / ((high - low) sqrt 2). Measured from the corner of the
    scale, not from (0, 0), which no rating can reach.

    >>> distance(5, 5)
    array(1.)
    """
    return ratio(np.hypot(floats(x) - low, floats(y) - low), (high - low) * np.sqrt(2))


def tiers(scores: ArrayLike, cuts: Sequence[float]) -> Ints:
    """Return each topic's tier by fixed cuts: 1 at or above the highest cut, and so on down.

    The default way, because a fixed cut does not move when a topic is added.

    :param cuts: in any order; k cuts make k + 1 tiers.

    >>> tiers([4.2, 3.5, 2.0, None], cuts=(4.0, 3.5))
    array([1, 2, 3, 0])
    """
    scores = floats(scores)
    missed = (scores[..., None] < floats(cuts) - TOLERANCE).sum(axis=-1)
    return np.where(np.isfinite(scores), missed + 1, 0)


def quadrants(
    x: ArrayLike, y: ArrayLike, *, cuts_x: Sequence[float], cuts_y: Sequence[float], tiers: int = 3
) -> Ints:
    """Return tiers by boundaries on each axis of its own; 0 where an axis is undefined.

    Two tiers: 1 where both axes reach their cut. Three: 1 for both, 2 for one, 3 for none. Four:
    the four quadrants, x alone before y alone, because x is the impact (GRI 3). Five: two cuts per
    axis, and a tier is one more than how many of the four are missed.

    :param cuts_x: one cut, two for five tiers; ``cuts_y`` likewise.
    :raises ValueError: another number of tiers or of cuts.

    >>> quadrants([5, 5, 1, 1], [5, 1, 5, 1], cuts_x=[3], cuts_y=[3], tiers=4)
    array([1, 2, 3, 4])
    """
    wanted = 2 if tiers == 5 else 1
    if not 2 <= tiers <= 5 or len(cuts_x) != wanted or len(cuts_y) != wanted:
        raise ValueError(f"{tiers} tiers do not go with {len(cuts_x)} and {len(cuts_y)} cuts")
    x, y = floats(x), floats(y)
    missed_x, missed_y = (
        (values[..., None] < floats(cuts) - TOLERANCE).sum(axis=-1)
        for values, cuts in ((x, cuts_x), (y, cuts_y))
    )
    tier = 1 + missed_x + missed_y
    if tiers == 2:
        tier = np.minimum(tier, 2)
    elif tiers == 4:
        tier = 1 + 2 * missed_x + missed_y
    return np.where(np.isfinite(x + y), tier, 0)


def quantile_tiers(scores: ArrayLike, shares: Sequence[float]) -> Ints:
    """Return tiers holding given shares of the topics; shares (1/3, 1/3) leave the rest for last.

    A topic is in tier k if the share of topics ranked above it is less than the first k shares
    together. Equal scores share the better tier.

    >>> quantile_tiers([5, 4, 4, 1], shares=(0.5,))
    array([1, 1, 1, 2])
    """
    rank = shared_ranks(scores)
    ahead = ratio(rank - 1, (rank > 0).sum(axis=-1, keepdims=True))
    ends = np.cumsum(floats(shares))
    return np.where(rank > 0, (ahead[..., None] >= ends - TOLERANCE).sum(axis=-1) + 1, 0)


def _best_starts(ordered: Floats, classes: int) -> tuple[Ints, Floats]:
    """Return where each class starts, and the squared spread left; along the last axis."""
    cost = _spread_between(ordered)
    best, first = cost[..., 0, :], []
    for _ in range(1, classes):
        before = np.concatenate([np.full_like(best[..., :1], np.inf), best[..., :-1]], axis=-1)
        options = before[..., :, None] + cost
        first.append(options.argmin(axis=-2))
        best = options.min(axis=-2)
    end = np.full(ordered.shape[:-1], ordered.shape[-1] - 1)
    starts = []
    for chosen in reversed(first):
        starts.append(np.take_along_axis(chosen, end[..., None], axis=-1)[..., 0])
        end = starts[-1] - 1
    return np.stack([np.zeros_like(end), *reversed(starts)], axis=-1), best[..., -1]


def _spread_between(ordered: Floats) -> Floats:
    """Return cost[..., i, j], the squared spread of ordered[i..j]; infinite where i > j."""
    centred = ordered - ordered.mean(axis=-1, keepdims=True)
    sums, squares = np.cumsum(centred, axis=-1), np.cumsum(centred**2, axis=-1)
    size = np.arange(ordered.shape[-1])
    n = size[None, :] - size[:, None] + 1
    s = sums[..., None, :] - (sums - centred)[..., :, None]
    q = squares[..., None, :] - (squares - centred**2)[..., :, None]
    return np.where(n > 0, np.maximum(q - s**2 / np.maximum(n, 1), 0.0), np.inf)


def natural_tiers(scores: ArrayLike, classes: int) -> Ints:
    """Return tiers by natural breaks of these very scores; the top class is tier 1.

    Works along the last axis, for draws too; a topic must be defined in all rows or in none.

    >>> natural_tiers([4.8, 4.7, 3.0, 1.1, 1.0], classes=3)
    array([1, 1, 2, 3, 3])
    """
    scores = floats(scores)
    defined = np.isfinite(scores).reshape(-1, scores.shape[-1]).all(axis=0)
    result = np.zeros(scores.shape, dtype=np.int64)
    if not defined.any():
        return result
    ordered = np.sort(scores[..., defined], axis=-1)
    distinct = min(np.unique(row).size for row in ordered.reshape(-1, ordered.shape[-1]))
    starts, _ = _best_starts(ordered, min(classes, distinct))
    lowest = np.take_along_axis(ordered, starts[..., 1:], axis=-1)
    missed = scores[..., defined, None] < lowest[..., None, :] - TOLERANCE
    result[..., defined] = missed.sum(axis=-1) + 1
    return result


def steady_tiers(
    scores: ArrayLike, previous: ArrayLike, cuts: Sequence[float], *, band: ArrayLike
) -> Ints:
    """Return tiers by fixed cuts with :func:`hysteresis` at each: last round's tier holds if close.

    :param previous: [topics] last round's tiers; 0 for none, where the plain cut decides.
    :param band: one number, or one per topic such as max(0.05, SE).

    >>> steady_tiers([3.95, 3.95], previous=[1, 2], cuts=(4.0, 3.5), band=0.1)
    array([1, 2])
    """
    values, before = floats(scores), np.asarray(previous, dtype=np.int64)
    missed = np.zeros(values.shape, dtype=np.int64)
    for tier, cut in enumerate(sorted(cuts, reverse=True), start=1):
        shift = np.where(before == 0, 0.0, np.where(before <= tier, -1.0, 1.0)) * floats(band)
        missed += values < cut + shift - TOLERANCE
    return np.where(np.isfinite(values), missed + 1, 0)
