"""Methods of representativeness that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, floats, ratio


@dataclass(frozen=True, slots=True, eq=False)
class PostStratified:
    """The weight of one answer of each cell, and the mean that the weights give."""

    weights: Floats
    mean: float


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
