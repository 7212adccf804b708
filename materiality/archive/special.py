"""The distribution functions the method needs, on numpy and the standard library alone.

The product takes them from SciPy. The evidence archive carries this file instead, so that whoever
recomputes a round needs nothing but Python and numpy; a test holds both against one another. The
arguments and their order are SciPy's (`scipy.special`), formulas those of DLMF chapters 7 and 8.
"""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_TINY = 1e-300
_CLOSE = 1e-15
_STEPS = 5000

_lgamma = np.vectorize(math.lgamma, otypes=[np.float64])
_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def ndtr(x: ArrayLike) -> Floats:
    """Return P(Z <= x) of a standard normal."""
    return 0.5 * _erfc(-_floats(x)[0] / math.sqrt(2))  # type: ignore[no-any-return]


def ndtri(p: ArrayLike) -> Floats:
    """Return the quantile of a standard normal, by Wichura's AS 241."""
    quantile = NormalDist().inv_cdf
    return np.vectorize(lambda one: _edge(one) or quantile(one), otypes=[np.float64])(p)  # type: ignore[no-any-return]


def _edge(p: float) -> float:
    if math.isnan(p) or not 0 <= p <= 1:
        return math.nan
    return {0.0: -math.inf, 1.0: math.inf}.get(p, 0.0)


def stdtr(df: ArrayLike, t: ArrayLike) -> Floats:
    """Return P(T <= t) of Student's t; infinite degrees of freedom are normal."""
    df, t = _floats(df, t)
    finite = np.where(np.isfinite(df), df, 1.0)
    x, y = finite / (finite + t**2), t**2 / (finite + t**2)
    tail = 0.5 * _betainc(finite / 2, np.full_like(t, 0.5), x, y)
    return np.where(np.isfinite(df), np.where(t > 0, 1 - tail, tail), ndtr(t))


def stdtrit(df: ArrayLike, p: ArrayLike) -> Floats:
    """Return the quantile of Student's t, from its lower half."""
    df, p = _floats(df, p)
    half, reach = np.minimum(p, 1 - p), np.ones_like(p)
    while (short := (stdtr(df, -reach) > half) & (reach < 1e12)).any():
        reach = np.where(short, reach * 2, reach)
    quantiles = _inverse(lambda t: stdtr(df, t), half, -reach, np.zeros_like(p))
    return np.where(np.isfinite(df), np.where(p > 0.5, -quantiles, quantiles), ndtri(p))


def fdtri(dfn: ArrayLike, dfd: ArrayLike, p: ArrayLike) -> Floats:
    """Return the quantile of F with two degrees of freedom above: d/2 ((1 - p)^(-2/d) - 1)."""
    dfn, dfd, p = _floats(dfn, dfd, p)
    if (dfn != 2).any():
        raise ValueError("only two degrees of freedom above are needed")
    return dfd / 2 * np.expm1(-2 / dfd * np.log1p(-p))


def chdtrc(df: ArrayLike, x: ArrayLike) -> Floats:
    """Return P(X > x) of chi-squared."""
    df, x = _floats(df, x)
    return 1 - gammainc(df / 2, x / 2)


def gammaincinv(a: ArrayLike, p: ArrayLike) -> Floats:
    """Return x with P(a, x) = p, the regularised lower incomplete gamma function."""
    a, p = _floats(a, p)
    reach = a + 1
    while (short := gammainc(a, reach) < p).any() and (reach < 1e12).all():
        reach = np.where(short, reach * 2, reach)
    return _inverse(lambda x: gammainc(a, x), p, np.zeros_like(p), reach)


def betaincinv(a: ArrayLike, b: ArrayLike, p: ArrayLike) -> Floats:
    """Return x with I_x(a, b) = p, the regularised incomplete beta function."""
    a, b, p = _floats(a, b, p)
    return _inverse(lambda x: _betainc(a, b, x, 1 - x), p, np.zeros_like(p), np.ones_like(p))


def _floats(*values: ArrayLike) -> list[Floats]:
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
    return [np.array(one) for one in arrays]


def _inverse(function: Callable[[Floats], Floats], p: Floats, low: Floats, high: Floats) -> Floats:
    """Halve until low and high are neighbours."""
    for _ in range(200):
        middle = (low + high) / 2
        if ((middle <= low) | (middle >= high)).all():
            break
        below = function(middle) < p
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(np.isnan(p), np.nan, (low + high) / 2)


def gammainc(a: ArrayLike, x: ArrayLike) -> Floats:
    """Return P(a, x): its series below a + 1, its continued fraction above (DLMF 8.7, 8.9)."""
    a, x = _floats(a, x)
    small = x < a + 1
    safe = np.where(x > 0, x, 1.0)
    scale = np.exp(a * np.log(safe) - safe - _lgamma(a))
    lower = scale * _gamma_series(a, np.where(small, safe, 1.0))
    upper = scale * _gamma_fraction(a, np.where(small, a + 2, safe))
    return np.where(x <= 0, 0.0, np.where(small, lower, 1 - upper))


def _gamma_series(a: Floats, x: Floats) -> Floats:
    term = total = 1 / a
    for step in range(1, _STEPS):
        term = term * x / (a + step)
        total = total + term
        if (np.abs(term) <= 1e-17 * np.abs(total)).all():
            break
    return total


def _gamma_fraction(a: Floats, x: Floats) -> Floats:
    b = x + 1 - a
    c, d = np.full_like(x, 1 / _TINY), 1 / b
    h = d
    for step in range(1, _STEPS):
        factor = -step * (step - a)
        b = b + 2
        d = 1 / _nonzero(factor * d + b)
        c = _nonzero(b + factor / c)
        h = h * d * c
        if (np.abs(d * c - 1) <= _CLOSE).all():
            break
    return h


def _betainc(a: Floats, b: Floats, x: Floats, y: Floats) -> Floats:
    """Return I_x(a, b) by its continued fraction (DLMF 8.17.22), on the side where it is quick.

    :param y: 1 - x, given apart because near x = 1 the difference would have lost its digits.
    """
    log_x, log_y = _log(x, y), _log(y, x)
    front = np.exp(a * log_x + b * log_y + _log_ratio(a, b) - _lgamma(b))
    turned = x > (a + 1) / (a + b + 2)
    first, second = np.where(turned, b, a), np.where(turned, a, b)
    part = front * _beta_fraction(first, second, np.where(turned, y, x)) / first
    value = np.where(turned, 1 - part, part)
    return np.where(x <= 0, 0.0, np.where(y <= 0, 1.0, value))


def _log(x: Floats, y: Floats) -> Floats:
    """Return log x, from y = 1 - x where x is near one."""
    return np.where(y < 0.5, np.log1p(-np.minimum(y, 0.5)), np.log(np.maximum(x, _TINY)))


def _log_ratio(a: Floats, b: Floats) -> Floats:
    """Return log gamma(a + b) - log gamma(a); for b = 1/2 and large a by its series (DLMF 5.11)."""
    large = (a > 1000) & (b == 0.5)
    series = np.log(a) / 2 - 1 / (8 * a) + 1 / (192 * a**3)
    return np.where(large, series, _lgamma(a + b) - _lgamma(a))


def _beta_fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    c = np.ones_like(x)
    d = 1 / _nonzero(1 - (a + b) * x / (a + 1))
    h = d
    for step in range(1, _STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        for factor in (even, odd):
            d = 1 / _nonzero(1 + factor * d)
            c = _nonzero(1 + factor / c)
            h = h * d * c
        if (np.abs(d * c - 1) <= _CLOSE).all():
            break
    return h


def _nonzero(value: Floats) -> Floats:
    return np.where(np.abs(value) < _TINY, _TINY, value)
