"""Weights of groups: value judgements, made in the open. Equal unless there is a written reason."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, checked_weights


def direct_weights(points: ArrayLike) -> Floats:
    """Return points (0 to 100, or multipliers such as 1, 3, 6) as shares that sum to one.

    :raises ValueError: a negative point, or no positive one.

    >>> direct_weights([2, 6]).tolist()
    [0.25, 0.75]
    """
    points = checked_weights(points, np.size(points))
    if points.sum() == 0:
        raise ValueError("at least one weight must be above 0")
    shares: Floats = points / points.sum()
    return shares
