"""Methods of changes that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import (
    Bools,
    Floats,
    checked_weights,
    floats,
)
from materiality.analysis.scores import (
    weighted_mean,
)


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A crude change of the mean, split into change of opinion and change of who answered."""

    crude: float
    standardised: float
    rate_effect: float
    composition_effect: float


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """Per topic of this round: what stood in its place in the last one.

    ``mean``, ``low`` and ``high`` over its predecessors, NaN for a new topic; ``comparable`` where
    one topic became one topic, so that an interval of the change makes sense.
    """

    mean: Floats
    low: Floats
    high: Floats
    comparable: Bools


@dataclass(frozen=True, slots=True, eq=False)
class WeightEffect:
    """The old scores with the old weights, with the new ones, and the new scores."""

    old_weights: Floats
    new_weights: Floats
    new_answers: Floats


def decompose_change(
    n_before: ArrayLike,
    mean_before: ArrayLike,
    n_after: ArrayLike,
    mean_after: ArrayLike,
    weights: ArrayLike | None = None,
) -> Decomposition:
    """Split the change of a crude mean into opinion and composition (Kitagawa 1955).

    Rate effect = sum (P1 + P2) / 2 (m2 - m1), composition effect = sum (m1 + m2) / 2 (P2 - P1),
    P the shares of the groups among respondents; they add up to the crude change. Standardised:
    sum w (m2 - m1) with the weights given (default equal).

    >>> round(decompose_change([80, 20], [4.0, 2.0], [20, 80], [4.2, 2.2]).crude, 9)
    -1.0
    """
    n1, m1, n2, m2 = (floats(v) for v in (n_before, mean_before, n_after, mean_after))
    p1, p2 = n1 / n1.sum(), n2 / n2.sum()
    w = checked_weights(np.ones(m1.size) if weights is None else weights, m1.size)
    return Decomposition(
        crude=float((p2 * m2).sum() - (p1 * m1).sum()),
        standardised=float((w * (m2 - m1)).sum() / w.sum()),
        rate_effect=float(((p1 + p2) / 2 * (m2 - m1)).sum()),
        composition_effect=float(((m1 + m2) / 2 * (p2 - p1)).sum()),
    )


def effect_of_new_weights(
    before: ArrayLike, after: ArrayLike, old_weights: ArrayLike, new_weights: ArrayLike
) -> WeightEffect:
    """Return the three scores that keep a change of weights apart from a change of opinion.

    Old answers with old weights, old answers with new weights, new answers with new weights.

    :param before: [units, topics] means; ``after`` likewise.
    """
    return WeightEffect(
        old_weights=weighted_mean(before, old_weights).mean,
        new_weights=weighted_mean(before, new_weights).mean,
        new_answers=weighted_mean(after, new_weights).mean,
    )


def carried_scores(scores: ArrayLike, predecessors: Sequence[Sequence[int]]) -> Carried:
    """Return last round's score for each topic of this round, through renames, merges and splits.

    Renamed: the predecessor's score. Merged: the unweighted mean of the predecessors and their
    range (the same people rated them, so numbers of answers mean nothing). Split: each part is
    held against the whole. New: nothing.

    :param scores: [topics of the last round].
    :param predecessors: for each topic of this round the positions of its predecessors.
    """
    scores = floats(scores)
    parents = [floats(scores[list(one)]) for one in predecessors]
    children = np.bincount([i for one in predecessors for i in one], minlength=scores.size)
    return Carried(
        mean=floats([one.mean() if one.size else np.nan for one in parents]),
        low=floats([one.min() if one.size else np.nan for one in parents]),
        high=floats([one.max() if one.size else np.nan for one in parents]),
        comparable=np.array([len(one) == 1 and children[one[0]] == 1 for one in predecessors]),
    )
