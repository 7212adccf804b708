"""Random numbers that can be drawn again in ten years.

NumPy keeps only the raw 64-bit stream of a bit generator stable across versions (NEP 19), so every
distribution here is a fixed formula on ``PCG64(seed, stream).random_raw``. A stored seed therefore
repeats a published result; the stream number keeps two uses of one seed apart.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from materiality.analysis.arrays import Floats, Ints, floats


def raw(seed: int, stream: int, size: int) -> NDArray[np.uint64]:
    """Return raw 64-bit integers of the generator for this seed and stream.

    >>> raw(2020, 0, 2).tolist()
    [8638749399453870742, 9487939504240076983]
    """
    return np.random.PCG64(np.random.SeedSequence([seed, stream])).random_raw(size)


def uniforms(seed: int, stream: int, size: int) -> Floats:
    """Return numbers strictly between 0 and 1: (top 52 bits + 1/2) / 2^52, exact in a double."""
    return floats(raw(seed, stream, size) >> np.uint64(12)) / 2.0**52 + 2.0**-53


@lru_cache(maxsize=16)
def normals(seed: int, stream: int, rows: int, columns: int) -> Floats:
    """Return standard normals [rows, columns] by the inverse of the distribution function."""
    from scipy.special import ndtri

    return _frozen(ndtri(uniforms(seed, stream, rows * columns)).reshape(rows, columns))


@lru_cache(maxsize=64)
def chi_squares(seed: int, stream: int, rows: int, df: int) -> Floats:
    """Return chi-squared numbers; the same seed and stream give the same quantiles for any df."""
    from scipy.special import gammaincinv

    return _frozen(2.0 * gammaincinv(df / 2.0, uniforms(seed, stream, rows)))


def indices(seed: int, stream: int, size: int, n: int) -> Ints:
    """Return whole numbers 0..n-1, as likely as one another: high 32 bits times n, over 2^32."""
    halves = raw(seed, stream, -(-size // 2)).view(np.uint32)[:size]
    return ((halves.astype(np.uint64) * np.uint64(n)) >> np.uint64(32)).astype(np.int64)


def dirichlets(seed: int, stream: int, rows: int, alpha: ArrayLike) -> Floats:
    """Return weights [rows, parts] that sum to one, distributed as Dirichlet(alpha).

    Gamma numbers by the inverse of the distribution function, divided by their sum. A part with
    alpha 0 is always 0.
    """
    from scipy.special import gammaincinv

    alpha = floats(alpha)
    u = uniforms(seed, stream, rows * alpha.size).reshape(rows, alpha.size)
    gammas = np.where(alpha > 0, gammaincinv(np.where(alpha > 0, alpha, 1.0), u), 0.0)
    weights: Floats = gammas / gammas.sum(axis=1, keepdims=True)
    return weights


def _frozen(values: ArrayLike) -> Floats:
    """Return the values read-only, because the caches hand out the same array again."""
    values = floats(values)
    values.setflags(write=False)
    return values
