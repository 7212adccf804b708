"""Methods of impact that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, floats


@dataclass(frozen=True, slots=True, eq=False)
class TopicImpacts:
    """Per topic: the most significant negative and positive impact; the two are never netted."""

    negative: Floats
    positive: Floats
    significance: Floats
    n: Ints


def topic_impacts(
    significance: ArrayLike, topics: ArrayLike, n_topics: int, *, positive: ArrayLike = False
) -> TopicImpacts:
    """Return for each topic its most significant negative and positive impact.

    The topic's significance is the larger of the two: a benefit never cancels a harm.

    :param significance: [impacts]; NaN is left out. ``topics`` [impacts] codes 0..n_topics-1.
    """
    significance, topics = floats(significance), np.asarray(topics, dtype=np.int64)
    positive = np.broadcast_to(np.asarray(positive, dtype=bool), significance.shape)
    sides = np.full((2, n_topics), np.nan)
    np.fmax.at(sides, (positive.astype(np.int64), topics), significance)
    return TopicImpacts(
        negative=sides[0],
        positive=sides[1],
        significance=np.fmax(sides[0], sides[1]),
        n=np.bincount(topics[np.isfinite(significance)], minlength=n_topics),
    )
