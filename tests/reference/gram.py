"""Methods of gram that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, floats


def gram_matrix(ratings: ArrayLike) -> Floats:
    """Return [I, X]'[I, X] of ratings with 0 or NaN for "no rating": I has rated, X the rating.

    :param ratings: [respondents, topics] of one unit, any numbers.
    """
    rating = np.nan_to_num(floats(ratings))
    design = np.hstack([rating != 0, rating])
    product: Floats = design.T @ design
    return product
