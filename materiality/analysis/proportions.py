"""Shares of answers: top-two-box, "cannot judge", response rates, and their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, checked_weights, floats, ratio


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Estimates with their intervals; NaN where the base is empty."""

    estimate: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class TopBox:
    """Per unit and topic: the share of high ratings on both bases, and the numbers behind it."""

    valid_base: Floats
    total_base: Floats
    high_ratings: Ints
    n: Ints


def wilson_interval(x: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Intervals:
    """Return the Wilson score interval of x out of n (Wilson 1927).

    (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). NaN for n = 0.

    >>> wilson_interval(0, 20).high.round(4).item()
    0.1611
    """
    z = _z(confidence)
    x, n = _part_and_whole(x, n)
    share = ratio(x, n)
    n = np.where(n > 0, n, np.nan)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return Intervals(
        estimate=share,
        low=np.where(x == 0, 0.0 * share, centre - half),
        high=np.where(x == n, share, centre + half),
    )


def mover_interval(
    weights: ArrayLike, x: ArrayLike, n: ArrayLike, *, confidence: float = 0.95
) -> Intervals:
    """Return a weighted sum of proportions with its MOVER interval (Zou & Donner 2008).

    P = sum w p; low = P - sqrt(sum w^2 (p - l)^2), high = P + sqrt(sum w^2 (u - p)^2), l and u
    from Wilson: a group of 5 out of 5 keeps its uncertainty. Silent units are left out and the
    weights renormalised.

    :param weights: [units]; ``x`` and ``n`` [units] or [units, topics].
    """
    part = wilson_interval(x, n, confidence=confidence)
    share = checked_weights(weights, part.estimate.shape[0])
    share = share.reshape(share.shape + (1,) * (part.estimate.ndim - share.ndim))
    share = np.where(np.isfinite(part.estimate), share, 0.0)
    share = ratio(share, share.sum(axis=0))
    p, low, high = (np.nan_to_num(end) for end in (part.estimate, part.low, part.high))
    total = (share * p).sum(axis=0)
    return Intervals(
        estimate=total,
        low=total - np.sqrt((share**2 * (p - low) ** 2).sum(axis=0)),
        high=total + np.sqrt((share**2 * (high - p) ** 2).sum(axis=0)),
    )


def top_box(counts: ArrayLike, *, boxes: int = 2) -> TopBox:
    """Return the share of ratings in the highest boxes (4 and 5 of five), per unit and topic.

    Valid base: of those who rated; total base: of those who rated or said they cannot judge.

    :param counts: [..., scale + 1], the last column "cannot judge".
    """
    counts = np.asarray(counts, dtype=np.int64)
    high = counts[..., -1 - boxes : -1].sum(axis=-1)
    n = counts[..., :-1].sum(axis=-1)
    return TopBox(
        valid_base=ratio(high, n),
        total_base=ratio(high, n + counts[..., -1]),
        high_ratings=high,
        n=n,
    )


def dont_know_share(counts: ArrayLike) -> Floats:
    """Return the share of "cannot judge" among all who answered; above 30 % deserves a flag."""
    counts = np.asarray(counts, dtype=np.int64)
    return ratio(counts[..., -1], counts.sum(axis=-1))


def dont_know_bounds(counts: ArrayLike) -> Intervals:
    """Return the mean, and where it would lie if all who cannot judge had said 1, or the highest.

    [(sum + d) / (n + d), (sum + k d) / (n + d)] (Manski 1989), k the top of the scale.
    """
    counts = np.asarray(counts, dtype=np.int64)
    rated, unknown = counts[..., :-1], counts[..., -1]
    points = np.arange(1, counts.shape[-1])
    total, n = rated @ points, rated.sum(axis=-1)
    return Intervals(
        estimate=ratio(total, n),
        low=ratio(total + unknown, n + unknown),
        high=ratio(total + points[-1] * unknown, n + unknown),
    )


def response_rate(answered: ArrayLike, invited: ArrayLike) -> Floats:
    """Return the share of invited people who answered; NaN where nobody was invited by name.

    Answers through an open link belong to no invitation and have no rate.

    :raises ValueError: more answers than invitations, which means open-link answers were counted.
    """
    answered, invited = floats(answered), floats(invited)
    if ((invited > 0) & (answered > invited)).any():
        raise ValueError("more people answered than were invited: leave out open-link answers")
    return ratio(answered, invited)


def _part_and_whole(x: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Return both as floats of one shape.

    :raises ValueError: a part below zero or above its whole.
    """
    part, whole = np.broadcast_arrays(floats(x), floats(n))
    if (part < 0).any() or (part > whole).any():
        raise ValueError("a share needs 0 <= x <= n")
    return part, whole


def _z(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2))
