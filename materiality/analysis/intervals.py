"""Confidence intervals of a score on a scale with two ends."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import TOLERANCE, Floats, floats, ratio


def symmetric_interval(
    score: ArrayLike, se: ArrayLike, df: ArrayLike, *, top: float = 5.0, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return score -+ t_df se, clipped to the scale from 1 to ``top``.

    >>> [end.round(3).item() for end in symmetric_interval(4.0, 0.5, 10)]
    [2.886, 5.0]
    """
    score, half = floats(score), _half_width(se, df, confidence)
    return np.maximum(score - half, 1.0), np.minimum(score + half, top)


def bounded_interval(
    score: ArrayLike, se: ArrayLike, df: ArrayLike, *, top: float = 5.0, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return an interval that knows the ends of the scale from 1 to ``top``.

    All mu with (S - mu)^2 <= t_df^2 SE^2 (top - mu)(mu - 1) / ((top - S)(S - 1)): Wilson's (1927)
    score interval, with the spread at mu instead of the spread at S, scaled as the answers were
    scattered (a quasi-binomial variance; McCullagh & Nelder 1989, 4.5), and t for z. In the middle
    of the scale it is the symmetric one; near an end, where few answers show too little spread, it
    reaches further inwards. A score at the very end keeps the symmetric one.

    >>> [end.round(3).item() for end in bounded_interval(4.0, 0.5, 10)]
    [2.726, 4.689]
    """
    score, half = floats(score), _half_width(se, df, confidence)
    room = (top - score) * (score - 1)
    k = ratio(half**2, np.where(room > TOLERANCE, room, 0.0))
    centre = (score + k * (top + 1) / 2) / (1 + k)
    reach = np.sqrt(np.maximum(centre**2 - (score**2 + k * top) / (1 + k), 0.0))
    plain = symmetric_interval(score, se, df, top=top, confidence=confidence)
    return (
        np.where(np.isnan(k), plain[0], centre - reach),
        np.where(np.isnan(k), plain[1], centre + reach),
    )


def _half_width(se: ArrayLike, df: ArrayLike, confidence: float) -> Floats:
    from scipy.special import stdtrit

    t = np.where(floats(se) > 0, stdtrit(floats(df), 0.5 + confidence / 2), 0.0)
    return t * floats(se)


INTERVALS: MappingProxyType[str, Callable[..., tuple[Floats, Floats]]] = MappingProxyType(
    {"symmetric": symmetric_interval, "bounded": bounded_interval}
)
"""The ways to an interval, by the name a setting uses."""
