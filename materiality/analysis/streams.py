"""Random numbers that can be drawn again in ten years.

NumPy keeps only the raw 64-bit stream of a bit generator stable across versions (NEP 19), so every
distribution here is a fixed formula on ``PCG64(seed, stream).random_raw``. A stored seed therefore
repeats a published result; the stream number keeps two uses of one seed apart.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from materiality.analysis.arrays import Floats, floats

NORMALS, CHI_SQUARES, INDICES, PROPOSALS, COINS, BOOSTS = range(6)
"""Parts of a stream: one seed and stream serve several distributions without sharing numbers."""

_PROPOSALS = 8  # a gamma proposal is accepted with at least 95 %, so 8 fail once in 10^10


def raw(seed: int, stream: int, part: int, size: int) -> NDArray[np.uint64]:
    """Return raw 64-bit integers of the generator for this seed, stream and part.

    >>> raw(2020, 0, 0, 2).tolist()
    [8638749399453870742, 9487939504240076983]
    """
    return np.random.PCG64(np.random.SeedSequence([seed, stream, part])).random_raw(size)


def uniforms(seed: int, stream: int, part: int, size: int) -> Floats:
    """Return numbers strictly between 0 and 1: (top 52 bits + 1/2) / 2^52, exact in a double."""
    return floats(raw(seed, stream, part, size) >> np.uint64(12)) / 2.0**52 + 2.0**-53


@lru_cache(maxsize=16)
def normals(seed: int, stream: int, rows: int, columns: int, part: int = NORMALS) -> Floats:
    """Return standard normals [rows, columns] by the inverse of the distribution function."""
    from scipy.special import ndtri

    numbers = ndtri(uniforms(seed, stream, part, rows * columns))
    return _frozen(numbers.reshape(rows, columns))


@lru_cache(maxsize=64)
def chi_squares(seed: int, stream: int, rows: int, df: int) -> Floats:
    """Return chi-squared numbers; the same seed and stream give the same quantiles for any df."""
    from scipy.special import gammaincinv

    quantiles = uniforms(seed, stream, CHI_SQUARES, rows)
    return _frozen(2.0 * gammaincinv(df / 2.0, quantiles))


def dirichlets(seed: int, stream: int, rows: int, alpha: ArrayLike) -> Floats:
    """Return weights [rows, parts] that sum to one, distributed as Dirichlet(alpha).

    Gamma numbers divided by their sum. A part with alpha 0 is always 0.
    """
    alpha = floats(alpha)
    drawn = np.where(alpha > 0, _gammas(seed, stream, rows, np.where(alpha > 0, alpha, 1.0)), 0.0)
    weights: Floats = drawn / drawn.sum(axis=1, keepdims=True)
    return weights


def _gammas(seed: int, stream: int, rows: int, shape: Floats) -> Floats:
    """Return gamma numbers [rows, shapes] by Marsaglia & Tsang (2000): first accepted of eight.

    d (1 + c z)^3 with d = a - 1/3, c = 1 / sqrt(9 d); for a < 1 that of a + 1 times U^(1/a).
    """
    d = np.where(shape < 1, shape + 1, shape) - 1 / 3
    cells = (_PROPOSALS, rows, shape.size)
    size = _PROPOSALS * rows
    z = normals(seed, stream, size, shape.size, PROPOSALS).reshape(cells)
    log_u = np.log(uniforms(seed, stream, COINS, size * shape.size)).reshape(cells)
    cube = np.maximum(1 + z / np.sqrt(9 * d), 1e-100) ** 3
    accepted = log_u < z**2 / 2 + d * (1 - cube + np.log(cube))
    first = accepted.argmax(axis=0)
    chosen = floats(d * np.take_along_axis(cube, first[None], axis=0)[0])
    boost = uniforms(seed, stream, BOOSTS, rows * shape.size).reshape(rows, shape.size)
    return floats(np.where(shape < 1, chosen * boost ** (1 / shape), chosen))


def _frozen(values: ArrayLike) -> Floats:
    """Return the values read-only, because the caches hand out the same array again."""
    values = floats(values)
    values.setflags(write=False)
    return values
