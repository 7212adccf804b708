"""Methods of representativeness that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, floats, ratio


@dataclass(frozen=True, slots=True, eq=False)
class PostStratified:
    """The weight of one answer of each cell, and the mean that the weights give."""

    weights: Floats
    mean: float


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """Weights that meet every margin, and how well they do."""

    weights: Floats
    max_error: float
    sweeps: int
    converged: bool
    widest_total_gap: float


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """The variance inflation by unequal weights, and the number of equal answers left."""

    deff: float
    effective_n: float


@dataclass(frozen=True, slots=True)
class StratifiedMean:
    """A population mean from strata of known size, with its standard error."""

    mean: float
    se: float


def post_stratify(n: ArrayLike, population: ArrayLike, means: ArrayLike) -> PostStratified:
    """Weigh the answers of each cell to its known size: w_h = N_h / n_h, mean = sum (N_h / N) m_h.

    :param n: [cells] answers; ``population`` [cells] known sizes; ``means`` [cells].
    :raises ValueError: a cell of the population without answers; merge it with a neighbour first.
    """
    n, population, means = floats(n), floats(population), floats(means)
    if ((n == 0) & (population > 0)).any():
        raise ValueError("a cell has people but no answers: merge it with a neighbouring cell")
    share = population / population.sum()
    return PostStratified(
        weights=ratio(population, n), mean=float(np.where(share > 0, share * means, 0.0).sum())
    )


def rake(
    weights: ArrayLike,
    margins: Sequence[tuple[ArrayLike, ArrayLike]],
    *,
    tolerance: float = 1e-8,
    sweeps: int = 200,
    trim: float | None = None,
) -> Raked:
    """Adjust weights until they meet several known margins (Deming & Stephan 1940).

    Over each margin in turn w <- w N_k / sum_{i in k} w, until the largest relative error is below
    the tolerance. Margins with different totals are rescaled to the first; the widest gap is
    reported (worth a warning above 1 %). Keeps the odds ratios of the start.

    :param weights: [rows] starting weights of people, or counts of cells; zeros stay zero.
    :param margins: pairs of a category code 0..k-1 for each row and the k known totals.
    :param trim: cut weights at this multiple of their median and rake once more.
    :raises ValueError: a category with people but no weight to adjust.
    """
    start = floats(weights).copy()
    codes = [np.asarray(code, dtype=np.int64) for code, _ in margins]
    targets = [floats(target) for _, target in margins]
    totals = floats([target.sum() for target in targets])
    targets = [target * totals[0] / target.sum() for target in targets]
    _refuse_empty_categories(start, codes, targets)
    raked, error, used = _sweep(start, codes, targets, tolerance, sweeps)
    if trim is not None:
        limit = trim * np.median(raked[raked > 0])
        raked, error, used = _sweep(np.minimum(raked, limit), codes, targets, tolerance, sweeps)
    return Raked(
        weights=raked,
        max_error=error,
        sweeps=used,
        converged=error < tolerance,
        widest_total_gap=float(np.abs(totals / totals[0] - 1).max()),
    )


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


def design_effect(weights: ArrayLike) -> DesignEffect:
    """Return Kish's design effect of weights: n sum w^2 / (sum w)^2, and n_eff = n / deff.

    Kish 1965, sec. 11.7; 1992. NaN when all weights are zero.

    >>> design_effect([1, 2, 3, 4])
    DesignEffect(deff=1.2, effective_n=3.3333333333333335)
    """
    weights = floats(weights)
    deff = float(ratio(weights.size * (weights**2).sum(), weights.sum() ** 2))
    return DesignEffect(deff=deff, effective_n=float(ratio(weights.size, deff)))


def mean_standard_error(
    variance: ArrayLike, n: ArrayLike, population: ArrayLike | None = None
) -> Floats:
    """Return the standard error of a mean, sqrt(s2 / n (1 - n / N)) where N is known.

    :param variance: s2 with ddof 1.
    """
    n = floats(n)
    unsampled = 1.0 if population is None else 1 - ratio(n, population)
    return np.sqrt(ratio(variance, n) * unsampled)


def stratified_mean(
    means: ArrayLike, variances: ArrayLike, n: ArrayLike, population: ArrayLike
) -> StratifiedMean:
    """Return the mean of a population from its strata (Cochran 1977, ch. 5).

    mean = sum W_h m_h, SE^2 = sum W_h^2 s2_h / n_h (1 - n_h / N_h), W_h = N_h / N.
    """
    population = floats(population)
    share = population / population.sum()
    errors = mean_standard_error(variances, n, population)
    return StratifiedMean(
        mean=float((share * floats(means)).sum()),
        se=float(np.sqrt((share**2 * errors**2).sum())),
    )
