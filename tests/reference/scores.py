"""Methods of scores that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, floats
from materiality.analysis.scores import group_means


def pooled_mean(counts: ArrayLike) -> Floats:
    """Return the mean over all people of each topic: another estimand, never mixed with the score.

    >>> pooled_mean([[[0, 0, 0, 0, 9, 0]], [[1, 0, 0, 0, 0, 0]]]).tolist()
    [4.6]
    """
    return group_means(np.asarray(counts).sum(axis=0)).mean


def combine_experts(
    stakeholders: ArrayLike, experts: ArrayLike, *, share: float, geometric: bool = False
) -> Floats:
    """Combine the stakeholders' score with the experts' on one scale.

    C = (1 - b) S + b E, or S^(1-b) E^b, which punishes imbalance. Without experts, S alone; without
    stakeholders, undefined. For experts as one more group, give them a weight instead.

    :param share: b, the experts' share, between 0 and 1.

    >>> combine_experts(3.8, 4.5, share=0.3).round(2).item()
    4.01
    """
    if not 0 <= share <= 1:
        raise ValueError(f"the experts' share must lie between 0 and 1, got {share}")
    s, e = floats(stakeholders), floats(experts)
    both = s ** (1 - share) * e**share if geometric else (1 - share) * s + share * e
    return np.where(np.isnan(e), s, both)


def percent_of_scale(scores: ArrayLike, *, low: float = 1.0, high: float = 5.0) -> Floats:
    """Return scores as 0 (lowest possible) to 100 (highest): (S - low) / (high - low) * 100."""
    return (floats(scores) - low) / (high - low) * 100.0
