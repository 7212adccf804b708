"""Weights inside a group by shares that are known of all its people, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, floats, ratio

TRIM = 5.0
"""Weights of one answer above this multiple of their median are cut before raking once more."""


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """Weights that meet every margin, and how well they do."""

    weights: Floats
    max_error: float
    sweeps: int
    converged: bool
    widest_total_gap: float
    trimmed: bool


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """The variance inflation by unequal weights, and the number of equal answers left."""

    deff: float
    effective_n: float


def rake(
    weights: ArrayLike,
    margins: Sequence[tuple[ArrayLike, ArrayLike]],
    *,
    tolerance: float = 1e-8,
    sweeps: int = 200,
    trim: float | None = None,
    people: ArrayLike | None = None,
) -> Raked:
    """Adjust weights until they meet several known margins (Deming & Stephan 1940).

    Over each margin in turn w <- w N_k / sum_{i in k} w, until the largest relative error is below
    the tolerance. Margins with different totals are rescaled to the first; the widest gap is
    reported (worth a warning above 1 %). Keeps the odds ratios of the start.

    :param weights: [rows] starting weights of people, or counts of cells; zeros stay zero.
    :param margins: pairs of a category code 0..k-1 for each row and the k known totals.
    :param trim: cut the weights of people at this multiple of their median and rake once more.
    :param people: [rows] how many people stand behind each row; 1 where it is not given.
    :raises ValueError: a category with people but no weight to adjust.
    """
    start = floats(weights).copy()
    codes = [np.asarray(code, dtype=np.int64) for code, _ in margins]
    targets = [floats(target) for _, target in margins]
    totals = floats([target.sum() for target in targets])
    targets = [target * totals[0] / target.sum() for target in targets]
    _refuse_empty_categories(start, codes, targets)
    raked, error, used = _sweep(start, codes, targets, tolerance, sweeps)
    trimmed = False
    if trim is not None:
        behind = np.ones(raked.size) if people is None else floats(people)
        limit = trim * _median_weight(raked, behind) * behind
        trimmed = bool((raked > limit * (1 + 1e-9)).any())
        raked, error, used = _sweep(np.minimum(raked, limit), codes, targets, tolerance, sweeps)
    return Raked(
        weights=raked,
        max_error=error,
        sweeps=used,
        converged=error < tolerance,
        widest_total_gap=float(np.abs(totals / totals[0] - 1).max()),
        trimmed=trimmed,
    )


def _median_weight(weights: ArrayLike, people: ArrayLike) -> float:
    """Return the median weight of a person, of those who count: half of them weigh no more.

    :param weights: [rows] together; ``people`` [rows] how many stand behind each.

    >>> _median_weight([10.0, 90.0], [10, 30])
    3.0
    """
    weights, people = floats(weights), floats(people)
    own, behind = ratio(weights, people)[weights > 0], people[weights > 0]
    order = np.argsort(own, kind="stable")
    below = np.cumsum(behind[order])
    return float(own[order][np.searchsorted(below, below[-1] / 2)])


def _refuse_empty_categories(weights: Floats, codes: list[Ints], targets: list[Floats]) -> None:
    for code, target in zip(codes, targets, strict=True):
        held = np.bincount(code, weights, minlength=target.size)
        if ((held == 0) & (target > 0)).any():
            raise ValueError("a category has people but no answers: merge it with a neighbour")


def _sweep(
    weights: Floats, codes: list[Ints], targets: list[Floats], tolerance: float, sweeps: int
) -> tuple[Floats, float, int]:
    error = np.inf
    for used in range(1, sweeps + 1):
        for code, target in zip(codes, targets, strict=True):
            held = np.bincount(code, weights, minlength=target.size)
            weights = weights * np.nan_to_num(ratio(target, held))[code]
        error = _margin_error(weights, codes, targets)
        if error < tolerance:
            return weights, error, used
    return weights, error, sweeps


def _margin_error(weights: Floats, codes: list[Ints], targets: list[Floats]) -> float:
    """Return the largest relative distance of any margin from its target."""
    worst = 0.0
    for code, target in zip(codes, targets, strict=True):
        held = np.bincount(code, weights, minlength=target.size)
        worst = max(worst, float(np.nanmax(np.abs(ratio(held, target) - 1), initial=0.0)))
    return worst


def design_effect(weights: ArrayLike, people: ArrayLike | None = None) -> DesignEffect:
    """Return Kish's design effect of weights: n sum w^2 / (sum w)^2, and n_eff = n / deff.

    Kish 1965, sec. 11.7; 1992. NaN when all weights are zero.

    :param weights: of each person; or, with ``people``, of rows of so many alike, together.

    >>> design_effect([1, 2, 3, 4])
    DesignEffect(deff=1.2, effective_n=3.3333333333333335)
    """
    weights = floats(weights)
    behind = np.ones(weights.size) if people is None else floats(people)
    squares = np.nan_to_num(ratio(weights**2, behind)).sum()
    deff = float(ratio(behind.sum() * squares, weights.sum() ** 2))
    return DesignEffect(deff=deff, effective_n=float(ratio(behind.sum(), deff)))
