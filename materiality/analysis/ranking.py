"""Ranks of topics: 1 is the highest score, 0 means "not ranked"."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, floats


def ranks(scores: ArrayLike) -> Ints:
    """Rank topics from 1, the highest; equal scores keep the order of the list.

    A permutation of 1..k over the defined scores; undefined ones get 0. Scores that agree to nine
    decimals are equal. Works along the last axis.

    >>> ranks([3.1, 4.5, None, 4.5])
    array([3, 1, 0, 2])
    """
    scores = np.round(floats(scores), 9)
    order = np.argsort(-scores, axis=-1, kind="stable")
    result = np.empty(scores.shape, dtype=np.int64)
    places = np.broadcast_to(np.arange(1, scores.shape[-1] + 1), scores.shape)
    np.put_along_axis(result, order, places, axis=-1)
    return np.where(np.isfinite(scores), result, 0)


def shared_ranks(scores: ArrayLike) -> Ints:
    """Rank topics from 1; equal scores share the better rank ("1, 2, 2, 4"); undefined get 0.

    >>> shared_ranks([3.1, 4.5, None, 4.5])
    array([3, 1, 0, 1])
    """
    scores = np.round(floats(scores), 9)
    above = (scores[..., None, :] > scores[..., :, None]).sum(axis=-1)
    return np.where(np.isfinite(scores), above + 1, 0)


def midranks(values: ArrayLike) -> Floats:
    """Rank values upwards from 1, ties sharing the mean of their places; NaN stays NaN.

    The ranks of rank statistics (Kendall, Kruskal-Wallis), along the last axis.

    >>> midranks([10, 20, 20, 5])
    array([2. , 3.5, 3.5, 1. ])
    """
    values = floats(values)
    below = (values[..., None, :] < values[..., :, None]).sum(axis=-1)
    equal = (values[..., None, :] == values[..., :, None]).sum(axis=-1)
    return np.where(np.isnan(values), np.nan, below + (equal + 1) / 2)
