"""What depends on what: weights over the simplex, a group left out, a cut moved."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Bools, Floats, floats, ratio
from materiality.analysis.streams import dirichlets
from materiality.analysis.weights import direct_weights


def weights_around(
    weights: ArrayLike, *, draws: int = 2000, seed: int, concentration: float = 50.0
) -> Floats:
    """Draw weights around the chosen ones: Dirichlet(concentration * w), [draws, units].

    The standard deviation of each is sqrt(w (1 - w) / (concentration + 1)); a weight of 0 stays 0.
    """
    return dirichlets(seed, 0, draws, concentration * direct_weights(weights))


def scores_under(means: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the scores of all topics under each of many weights, silent units left out.

    :param means: [units, topics]; ``weights`` [draws, units]. Returns [draws, topics].
    """
    means, weights = floats(means), floats(weights)
    return ratio(weights @ np.nan_to_num(means), weights @ np.isfinite(means))


def outranking_share(differences: ArrayLike) -> Floats:
    """Return the share of all weights under which a weighted sum of differences is positive.

    P(sum w d > 0), w uniform on the simplex: exact by Varsi's recursion (Ali 1973; Varsi 1973),
    which equals sum_{d_i > 0} d_i^(K-1) / prod_{j != i} (d_i - d_j) but stands ties. All equal to
    0: one half.

    :param differences: [..., units], topic A minus topic B in each unit.

    >>> outranking_share([1.0, -1.0]).item()
    0.5
    """
    u = np.sort(-floats(differences), axis=-1)
    units = u.shape[-1]
    wins = (u < 0).sum(axis=-1)
    share = np.ones((*u.shape[:-1], units + 1))
    share[..., 0] = np.where((u == 0).all(axis=-1), 0.5, 0.0)
    for h in range(units):
        for j in range(1, units + 1):
            loss, gain = u[..., h], u[..., j - 1]
            step = ratio(loss * share[..., j - 1] - gain * share[..., j], loss - gain)
            share[..., j] = np.where((loss > 0) & (gain < 0), step, share[..., j])
    result = np.take_along_axis(share, wins[..., None], axis=-1)[..., 0]
    return np.where(np.isnan(u).any(axis=-1), np.nan, result)


def outranking_matrix(means: ArrayLike) -> Floats:
    """Return :func:`outranking_share` of every topic over every other: [topics, topics].

    :param means: [units, topics]; pairs with a silent unit are NaN, the diagonal one half.
    """
    by_topic = floats(means).T
    return outranking_share(by_topic[:, None, :] - by_topic[None, :, :])


def tiers_changed(before: ArrayLike, after: ArrayLike) -> Bools:
    """Return where the tier differs; arrays broadcast, so one may hold many variants."""
    changed: Bools = np.asarray(before) != np.asarray(after)
    return changed
