"""Methods of disclosure that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Bools, Floats, checked_weights
from materiality.analysis.counting import SufficientStatistics
from materiality.analysis.disclosure import Pooling


def pool_statistics(statistics: SufficientStatistics, pooling: Pooling) -> SufficientStatistics:
    """Return the statistics of the units: counts and Gram matrices add up."""
    units = [list(groups) for groups in pooling.units]
    return SufficientStatistics(
        counts=np.stack([statistics.counts[groups].sum(axis=0) for groups in units]),
        gram=np.stack([statistics.gram[groups].sum(axis=0) for groups in units]),
    )


def pool_weights(weights: ArrayLike, pooling: Pooling) -> Floats:
    """Return the weight of each unit: the sum of its groups'."""
    checked = checked_weights(weights, len(pooling.unit_of))
    return np.stack([checked[list(groups)].sum(axis=0) for groups in pooling.units])


def unanimous(counts: ArrayLike) -> Bools:
    """Return where all people of a unit gave a topic the same rating: its mean tells each answer.

    :param counts: [units, topics, scale + 1], the last column "cannot judge".
    """
    rated = np.asarray(counts, dtype=np.int64)[..., :-1]
    alike: Bools = (rated > 0).sum(axis=-1) == 1
    return alike
