"""Weights of groups: value judgements, made in the open. Equal unless there is a written reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, checked_weights, floats, ratio

RANDOM_INDEX: MappingProxyType[str, tuple[float, ...]] = MappingProxyType(
    {
        "alonso_lamata_2006": (
            *(0.0, 0.0, 0.5247, 0.8816, 1.1086),
            *(1.2479, 1.3417, 1.4057, 1.4499, 1.4854),
        ),
        "saaty_1980": (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
        "saaty_later": (0.0, 0.0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49),
    }
)
"""Mean consistency index of random matrices of 1 to 10 items; tables differ, so name yours."""


@dataclass(frozen=True, slots=True, eq=False)
class AhpWeights:
    """Weights from pairwise comparisons: principal eigenvector and row geometric means."""

    weights: Floats
    geometric: Floats
    lambda_max: float
    consistency_index: float
    consistency_ratio: float

    @property
    def is_consistent(self) -> bool:
        """Whether the consistency ratio is at most 0.10 (Saaty)."""
        return self.consistency_ratio <= 0.10


@dataclass(frozen=True, slots=True, eq=False)
class BestWorstWeights:
    """Weights from comparisons with the best and the worst item, and how far these disagree."""

    weights: Floats
    xi: float
    consistency_ratio: float


def direct_weights(points: ArrayLike) -> Floats:
    """Return points (0 to 100, or multipliers such as 1, 3, 6) as shares that sum to one.

    :raises ValueError: a negative point, or no positive one.

    >>> direct_weights([2, 6]).tolist()
    [0.25, 0.75]
    """
    points = checked_weights(points, np.size(points))
    if points.sum() == 0:
        raise ValueError("at least one weight must be above 0")
    shares: Floats = points / points.sum()
    return shares


def reciprocal_matrix(upper: Sequence[float], items: int) -> Floats:
    """Return the comparison matrix from its upper triangle, row by row: a_ji = 1 / a_ij.

    :raises ValueError: not items (items - 1) / 2 comparisons.

    >>> reciprocal_matrix([4], items=2).tolist()
    [[1.0, 4.0], [0.25, 1.0]]
    """
    if len(upper) != items * (items - 1) // 2:
        raise ValueError(f"{items} items need {items * (items - 1) // 2} comparisons")
    matrix = np.eye(items)
    rows, columns = np.triu_indices(items, 1)
    matrix[rows, columns] = upper
    matrix[columns, rows] = ratio(1.0, upper)
    return matrix


def ahp_weights(
    matrix: ArrayLike, *, random_index: str | float = "alonso_lamata_2006"
) -> AhpWeights:
    """Weigh items by pairwise comparison (analytic hierarchy process, Saaty 1977, 1980).

    w = principal right eigenvector; lambda_max = mean((A w)_i / w_i);
    CI = (lambda_max - n) / (n - 1); CR = CI / RI(n), 0 for n <= 2. ``geometric`` holds the row
    geometric means (Crawford & Williams 1985), equal to w for n <= 3 or consistent judgements.

    :param matrix: complete and reciprocal, a_ij = how many times i matters more than j.
    :param random_index: a name in ``RANDOM_INDEX``, or the number RI(n) itself.
    :raises ValueError: not square, not positive, not reciprocal, or n > 10 without a number.
    """
    matrix = _checked_comparisons(matrix)
    n = len(matrix)
    weights = _principal_eigenvector(matrix)
    lambda_max = float((matrix @ weights / weights).mean())
    index = max(0.0, (lambda_max - n) / (n - 1)) if n > 2 else 0.0
    return AhpWeights(
        weights=weights,
        geometric=_row_geometric_means(matrix),
        lambda_max=lambda_max,
        consistency_index=index,
        consistency_ratio=index / _random_index(n, random_index) if n > 2 else 0.0,
    )


def _checked_comparisons(matrix: ArrayLike) -> Floats:
    matrix = floats(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"a comparison matrix must be square, got shape {matrix.shape}")
    if not (np.isfinite(matrix).all() and (matrix > 0).all()):
        raise ValueError("every comparison must be made, by a number above 0")
    if not np.allclose(matrix * matrix.T, 1.0, rtol=0, atol=1e-6):
        raise ValueError("comparisons must be reciprocal: a_ji = 1 / a_ij")
    return matrix


def _random_index(n: int, random_index: str | float) -> float:
    if not isinstance(random_index, str):
        return float(random_index)
    table = RANDOM_INDEX[random_index]
    if n > len(table):
        raise ValueError(f"{random_index} holds no random index for {n} items")
    return table[n - 1]


def _principal_eigenvector(matrix: Floats) -> Floats:
    """Return the positive eigenvector that sums to one, by power iteration."""
    weights = np.full(len(matrix), 1.0 / len(matrix))
    for _ in range(10_000):
        previous, weights = weights, matrix @ weights
        weights = weights / weights.sum()
        if np.abs(weights - previous).max() < 1e-15:
            break
    return weights


def _row_geometric_means(matrix: Floats) -> Floats:
    means = np.exp(np.log(matrix).mean(axis=1))
    shares: Floats = means / means.sum()
    return shares


def best_worst_weights(
    best_to_others: ArrayLike,
    others_to_worst: ArrayLike,
    *,
    best: int,
    worst: int,
    linear: bool = True,
) -> BestWorstWeights:
    """Weigh items by comparing each with the best and the worst one (2n - 3 comparisons).

    Linear (Rezaei 2016, unique): min xi, |w_B - a_Bj w_j| <= xi, |w_j - a_jW w_W| <= xi, sum w = 1.
    Otherwise (Rezaei 2015): min xi, |w_B / w_j - a_Bj| <= xi, |w_j / w_W - a_jW| <= xi; its weights
    are not unique for n > 3, the middles of their ranges are returned.
    CR = xi / CI(a_BW), CI to two decimals as Rezaei's table prints it, belongs to the second; for
    the linear model xi itself should be near 0.

    :param best_to_others: [n] a_Bj in 1..9, 1 for the best; ``others_to_worst`` [n] a_jW likewise.
    :raises ValueError: comparisons outside 1..9, or inconsistent about the best and the worst.
    """
    to_others, to_worst = floats(best_to_others), floats(others_to_worst)
    _check_best_worst(to_others, to_worst, best, worst)
    solve = _linear_best_worst if linear else _nonlinear_best_worst
    weights, xi = solve(to_others, to_worst, best, worst)
    index = round(best_worst_consistency_index(float(to_others[worst])), 2)
    return BestWorstWeights(weights, xi, consistency_ratio=xi / index if index > 0 else 0.0)


def _check_best_worst(to_others: Floats, to_worst: Floats, best: int, worst: int) -> None:
    if to_others.shape != to_worst.shape or to_others.ndim != 1:
        raise ValueError("best_to_others and others_to_worst must have one number per item")
    if not ((to_others >= 1) & (to_others <= 9) & (to_worst >= 1) & (to_worst <= 9)).all():
        raise ValueError("comparisons must lie between 1 and 9")
    if to_others[best] != 1 or to_worst[worst] != 1 or to_others[worst] != to_worst[best]:
        raise ValueError(
            "the best against itself and the worst against itself must be 1, "
            "and the best against the worst the same number in both lists"
        )


def best_worst_consistency_index(best_to_worst: float) -> float:
    """Return the largest possible xi: the smaller root of xi^2 - (1 + 2a) xi + (a^2 - a) = 0.

    >>> best_worst_consistency_index(3)
    1.0
    """
    a = best_to_worst
    return float(((1 + 2 * a) - np.sqrt(1 + 8 * a)) / 2)


def _linear_best_worst(
    to_others: Floats, to_worst: Floats, best: int, worst: int
) -> tuple[Floats, float]:
    from scipy.optimize import linprog

    n, eye = to_others.size, np.eye(to_others.size)
    gaps = np.vstack(
        [eye[best] - to_others[:, None] * eye, eye - to_worst[:, None] * eye[worst][None, :]]
    )
    limits = np.vstack([gaps, -gaps])
    solution = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=np.hstack([limits, -np.ones((len(limits), 1))]),
        b_ub=np.zeros(len(limits)),
        A_eq=np.append(np.ones(n), 0.0)[None, :],
        b_eq=[1.0],
    )
    solution_values = np.asarray(solution.x, dtype=np.float64)
    return solution_values[:-1], float(solution_values[-1])


def _nonlinear_best_worst(
    to_others: Floats, to_worst: Floats, best: int, worst: int
) -> tuple[Floats, float]:
    """Bisect on xi: w_B / w_W must fit the ranges that all items together leave for it."""
    low, high = 0.0, 10.0
    for _ in range(200):
        xi = (low + high) / 2
        least, most = _ratio_range(to_others, to_worst, best, worst, xi)
        low, high = (low, xi) if least <= most else (xi, high)
    least, most = _ratio_range(to_others, to_worst, best, worst, high)
    middle = (least + most) / 2
    below = np.maximum(to_worst - high, middle / (to_others + high))
    above = np.minimum(to_worst + high, ratio(middle, np.maximum(to_others - high, 1e-12)))
    weights = (below + above) / 2
    weights[best], weights[worst] = middle, 1.0
    return floats(weights / weights.sum()), high


def _ratio_range(
    to_others: Floats, to_worst: Floats, best: int, worst: int, xi: float
) -> tuple[float, float]:
    """Return the values of w_B / w_W that all comparisons allow, if the lower is not above."""
    between = np.ones(to_others.size, dtype=bool)
    between[[best, worst]] = False
    direct = to_others[worst]
    least = np.maximum(to_others - xi, 0) * np.maximum(to_worst - xi, 0)
    most = (to_others + xi) * (to_worst + xi)
    return (
        float(max(direct - xi, least[between].max(initial=0.0))),
        float(min(direct + xi, most[between].min(initial=np.inf))),
    )
