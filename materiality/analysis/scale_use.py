"""Correcting for how people use the scale: some say 5 to everything, some never do.

For an order of topics beside the raw one, never for tiers: it removes the level of the scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Bools, Floats, floats, ratio


@dataclass(frozen=True, slots=True, eq=False)
class ScaleUse:
    """Ratings relative to each person's own: centred, standardised; and each person's level."""

    centred: Floats
    z: Floats
    mean: Floats
    sd: Floats
    is_flat: Bools


def scale_use(ratings: ArrayLike) -> ScaleUse:
    """Return ratings minus the person's mean, and over the person's standard deviation (ddof 0).

    Fischer 2004; Cunningham et al. 1977. Who gave the same rating throughout gets z = 0 and is
    marked flat. Missing ratings stay missing.

    :param ratings: [respondents, topics], NaN where blank or not judged.

    >>> scale_use([[5, 3]]).z.tolist()
    [[1.0, -1.0]]
    """
    matrix = floats(ratings)
    known = np.isfinite(matrix)
    n = known.sum(axis=1)
    mean = ratio(np.where(known, matrix, 0.0).sum(axis=1), n)
    centred = matrix - mean[:, None]
    squares = np.where(known, centred, 0.0) ** 2
    sd = np.sqrt(ratio(squares.sum(axis=1), n))
    flat = sd < 1e-12
    return ScaleUse(
        centred=centred,
        z=np.where(flat[:, None], 0.0 * centred, ratio(centred, sd[:, None])),
        mean=mean,
        sd=sd,
        is_flat=flat,
    )
