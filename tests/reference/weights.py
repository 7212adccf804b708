"""Methods of weights that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, floats
from materiality.analysis.weights import _checked_comparisons, direct_weights


def equal_weights(groups: int) -> Floats:
    """Return the same weight for every group.

    :raises ValueError: no group.
    """
    if groups < 1:
        raise ValueError(f"weights need at least one group, got {groups}")
    return np.full(groups, 1.0 / groups)


def aggregate_judgements(matrices: ArrayLike, judges: ArrayLike | None = None) -> Floats:
    """Combine several judges' comparison matrices by the element-wise geometric mean (AIJ).

    The only mean that keeps a matrix reciprocal (Aczel & Saaty 1983). With weights from row
    geometric means it equals the geometric mean of the judges' weights (AIP).

    :param matrices: [judges, n, n], each complete and reciprocal.
    :param judges: optional weights of the judges.
    """
    checked = np.stack([_checked_comparisons(matrix) for matrix in np.asarray(matrices)])
    shares = direct_weights(np.ones(len(checked)) if judges is None else judges)
    combined: Floats = np.exp(np.einsum("j,jkl->kl", shares, np.log(checked)))
    return combined


def aggregate_priorities(weights: ArrayLike) -> Floats:
    """Combine several judges' weights by the normalised geometric mean (AIP; Forman & Peniwati).

    :param weights: [judges, n], all above 0.
    """
    means = np.exp(np.log(floats(weights)).mean(axis=0))
    shares: Floats = means / means.sum()
    return shares
