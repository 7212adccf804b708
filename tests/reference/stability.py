"""Methods of stability that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Bools, Floats, floats, ratio
from materiality.analysis.stability import LIKELY


def probability_at_least(score: ArrayLike, se: ArrayLike, df: ArrayLike, cut: float) -> Floats:
    """Return the probability that each score reaches a fixed cut, in closed form.

    P(S >= c) = 1 - T_df((c - S) / SE); 0 or 1 where SE is 0.
    """
    from scipy.special import stdtr

    score, se, df = np.broadcast_arrays(floats(score), floats(se), floats(df))
    certain = np.where(np.isfinite(score), (score >= cut - 1e-9).astype(float), np.nan)
    return np.where(se == 0, certain, stdtr(df, ratio(score - cut, se)))


def decided_probability(probabilities: ArrayLike, tiers: ArrayLike) -> Floats:
    """Return the probability of each topic's decided tier, from :func:`tier_probabilities`."""
    probabilities, tiers = floats(probabilities), np.asarray(tiers, dtype=np.int64)
    chosen = np.take_along_axis(probabilities, np.maximum(tiers - 1, 0)[:, None], axis=1)[:, 0]
    return np.where(tiers > 0, chosen, np.nan)


def is_borderline(decided: ArrayLike) -> Bools:
    """Return where the decided tier has a probability under 80 %."""
    return floats(decided) < LIKELY
