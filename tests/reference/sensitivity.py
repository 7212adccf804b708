"""Methods of sensitivity that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Bools, Floats, Ints, checked_weights, floats, ratio
from materiality.analysis.ranking import ranks
from materiality.analysis.scores import answering_shares, weighted_mean
from materiality.analysis.sensitivity import tiers_changed
from materiality.analysis.streams import dirichlets
from materiality.analysis.tiering import tiers


@dataclass(frozen=True, slots=True, eq=False)
class Acceptability:
    """Over many weights: the share that gives each topic each rank, and each pair its order."""

    rank: Floats
    wins: Floats


def weights_anywhere(units: int, *, draws: int = 2000, seed: int) -> Floats:
    """Draw weights uniformly from all that sum to one: Dirichlet(1, ..., 1), [draws, units]."""
    return dirichlets(seed, 0, draws, np.ones(units))


def acceptability(scores: ArrayLike) -> Acceptability:
    """Return rank acceptability and pairwise winning indices (SMAA; Lahdelma et al. 1998).

    rank[t, r] = share of draws with topic t at rank r + 1; wins[a, b] = share with a above b,
    ties half.

    :param scores: [draws, topics], from :func:`scores_under`.
    """
    scores = np.round(floats(scores), 9)
    draws, topics = scores.shape
    cells = ranks(scores) + (topics + 1) * np.arange(topics)
    held = np.bincount(cells.ravel(), minlength=topics * (topics + 1)).reshape(topics, -1)
    wins = np.stack([_wins(scores, topic) for topic in range(topics)])
    return Acceptability(rank=held[:, 1:] / draws, wins=wins)


def _wins(scores: Floats, topic: int) -> Floats:
    """Return the share of draws in which a topic beats each other, ties half."""
    own, each = scores[:, [topic]], np.ones(len(scores), dtype=np.float32)
    ahead, level = (each @ np.asarray(cell, np.float32) for cell in (own > scores, own == scores))
    defined = np.asarray(np.isfinite(scores).all(axis=0))
    return np.where(defined & defined[[topic]], (ahead + level / 2) / len(scores), np.nan)


def leave_one_out(means: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the scores without each unit in turn: S - w_g (m_g - S) / (1 - w_g).

    The other units keep their proportions. NaN where the unit carries all the weight.

    :param means: [units, topics]; returns [units, topics], row g without unit g.
    """
    means = floats(means)
    weights = checked_weights(weights, means.shape[0])
    kept = 1.0 - np.eye(weights.size)
    return np.stack([weighted_mean(means, weights * row).mean for row in kept])


def weight_slopes(means: ArrayLike, weights: ArrayLike) -> Floats:
    """Return how fast each score moves with each weight, the others in proportion.

    dS/dw_g = (m_g - S) / (1 - w_g) for weights that sum to one: [units, topics].
    """
    means = floats(means)
    share = answering_shares(means, weights)
    share = ratio(share, share.sum(axis=0))
    return ratio(means - weighted_mean(means, weights).mean, 1 - share)


def tornado(means: ArrayLike, weights: ArrayLike, *, change: float = 0.5) -> Floats:
    """Return each score with each weight lowered and raised by a part of itself, renormalised.

    :returns: [units, 2, topics]: unit g's weight times (1 - change), then times (1 + change).
    """
    means = floats(means)
    weights = checked_weights(weights, means.shape[0])
    factors = (1 - change, 1 + change)
    eye = np.eye(weights.size)
    rows = [[weights * (1 + (f - 1) * row) for f in factors] for row in eye]
    return np.stack([[weighted_mean(means, row).mean for row in pair] for pair in rows])


def switching_weights(means: ArrayLike, weights: ArrayLike, cut: float) -> Floats:
    """Return the share unit g would need for topic t to stand exactly at a cut, if there is one.

    With the others in proportion S(w) = w m_g + (1 - w) S(-g), so w* = (c - S(-g)) / (m_g - S(-g));
    NaN where no share between 0 and 1 does it.

    :returns: [units, topics].
    """
    means = floats(means)
    without = leave_one_out(means, weights)
    share = ratio(cut - without, means - without)
    return np.where((share >= 0) & (share <= 1), share, np.nan)


def deciding_units(means: ArrayLike, weights: ArrayLike, rule: Callable[[Floats], Ints]) -> Bools:
    """Return which units decide each topic's tier: it changes when the unit is left out.

    "Depends on investors." Where nothing would be left to score, the unit decides too.

    :param rule: scores [..., topics] to tiers, e.g. ``partial(tiers, cuts=(4.0, 3.5))``, or a
        function that first combines the scores with the other axis.
    :returns: [units, topics].
    """
    means = floats(means)
    current = rule(weighted_mean(means, weights).mean)
    return tiers_changed(current, rule(leave_one_out(means, weights)))


def cut_sweep(
    scores: ArrayLike, cuts: Sequence[float], *, shifts: Sequence[float] = (-0.25, 0.25)
) -> Ints:
    """Return the tiers under shifted cuts: [shifts, topics]."""
    return np.stack([tiers(scores, [cut + shift for cut in cuts]) for shift in shifts])
