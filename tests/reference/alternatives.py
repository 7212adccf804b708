"""Methods of alternatives that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, floats, ratio

LEAST_FOR_DISPERSION = 30
"""Weights from dispersion are refused when any group has fewer answers than this."""


def _refuse_small_groups(answers: ArrayLike | None) -> None:
    if answers is not None and (floats(answers) < LEAST_FOR_DISPERSION).any():
        raise ValueError(
            f"dispersion weights need at least {LEAST_FOR_DISPERSION} answers in every group: "
            f"with fewer they reward sampling noise"
        )


def entropy_weights(matrix: ArrayLike, *, answers: ArrayLike | None = None) -> Floats:
    """Weigh groups by how unevenly they rate the topics ("dispersion weight").

    p_ij = x_ij / sum_i x_ij; E_j = -sum p ln p / ln m (0 ln 0 = 0); w_j = (1 - E_j) / sum (1 - E).
    All constant: equal weights. Zeleny 1982; Hwang & Yoon 1981. Show equal weights beside it.

    :param matrix: [topics, groups], at least 0.
    :param answers: [groups] numbers of answers; refused under 30.
    :raises ValueError: negative entries, fewer than two topics, or a small group.
    """
    _refuse_small_groups(answers)
    matrix = floats(matrix)
    if matrix.ndim != 2 or matrix.shape[0] < 2 or not (matrix >= 0).all():
        raise ValueError("entropy weights need a matrix of at least two topics, none negative")
    share = np.nan_to_num(ratio(matrix, matrix.sum(axis=0)))
    log = np.log(np.where(share > 0, share, 1.0))
    entropy = -(share * log).sum(axis=0) / np.log(len(matrix))
    return _normalised(np.where(matrix.any(axis=0), 1 - entropy, 0.0))


def critic_weights(
    matrix: ArrayLike, *, cost: ArrayLike | None = None, answers: ArrayLike | None = None
) -> Floats:
    """Weigh columns by spread and conflict (CRITIC; Diakoulaki, Mavrotas & Papayannakis 1995).

    z = min-max per column (cost columns reversed); C_j = s_j sum_k (1 - r_jk); w = C / sum C.
    A constant column has no spread and gets 0; all constant: equal weights.

    :param matrix: [topics, columns]; ``cost`` marks columns where less is better.
    :raises ValueError: a small group.
    """
    _refuse_small_groups(answers)
    matrix = floats(matrix)
    span = matrix.max(axis=0) - matrix.min(axis=0)
    z = np.nan_to_num(ratio(matrix - matrix.min(axis=0), span))
    if cost is not None:
        z = np.where(np.asarray(cost, dtype=bool), 1 - z, z)
    centred = z - z.mean(axis=0)
    product = centred.T @ centred
    sd = np.sqrt(np.diagonal(product) / len(matrix))
    varies = span > 0
    correlation = np.nan_to_num(ratio(product, len(matrix) * np.outer(sd, sd)))
    conflict = np.where(np.outer(varies, varies), 1 - correlation, 0.0).sum(axis=1)
    return _normalised(np.where(varies, sd * conflict, 0.0))


def combined_weights(subjective: ArrayLike, dispersion: ArrayLike) -> Floats:
    """Combine stated and dispersion weights: w = sqrt(w_a w_e), normalised."""
    return _normalised(np.sqrt(floats(subjective) * floats(dispersion)))


def _normalised(values: Floats) -> Floats:
    """Return shares that sum to one; equal ones where nothing differs."""
    values = np.where(np.abs(values) < 1e-15, 0.0, values)
    if values.sum() == 0:
        return np.full(values.size, 1.0 / values.size)
    shares: Floats = values / values.sum()
    return shares


def bayesian_bootstrap_moments(values: ArrayLike) -> tuple[float, float]:
    """Return mean and variance of the Bayesian bootstrap of a mean (Rubin 1981), exactly.

    E = mean, Var = sum (x - mean)^2 / (n (n + 1)): narrower than the ordinary bootstrap.
    """
    values = floats(values)
    return float(values.mean()), float(values.var() / (values.size + 1))


def dirichlet_posterior(counts: ArrayLike, prior: ArrayLike) -> tuple[Floats, Floats]:
    """Return posterior mean and variance of a group mean under a Dirichlet prior on the ratings.

    p = (c + a) / sum (c + a); mean = sum r p; Var = (sum r^2 p - mean^2) / (sum (c + a) + 1).
    Not used: Dirichlet(1/2) puts a group without answers at 3.0 and drags small ones there.

    :param counts: [..., scale]; ``prior`` [scale].
    """
    posterior = floats(counts) + floats(prior)
    total = posterior.sum(axis=-1)
    points = np.arange(1, posterior.shape[-1] + 1)
    share = posterior / total[..., None]
    mean = share @ points
    return mean, (share @ points**2 - mean**2) / (total + 1)
