"""Impact and financial significance of topics, and the two together.

The standards demand judgement, not arithmetic; every rule here is a printed setting. "Cannot judge"
(NaN) is never a zero: it leaves a number undefined or is left out, as each function says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from materiality.analysis.arrays import TOLERANCE, Bools, Floats, Ints, floats, ratio


@dataclass(frozen=True, slots=True, eq=False)
class FinancialScores:
    """Per topic: the financial score and the horizon (column) that carried it, -1 if undefined."""

    score: Floats
    horizon: Ints


@dataclass(frozen=True, slots=True, eq=False)
class DoubleMateriality:
    """Per topic: whether it is material, and on which basis."""

    material: Bools
    basis: NDArray[np.str_]


def _mean(factors: Floats) -> Floats:
    known = np.isfinite(factors)
    return ratio(np.where(known, factors, 0.0).sum(axis=0), known.sum(axis=0))


def _highest(factors: Floats) -> Floats:
    result: Floats = np.fmax.reduce(factors, axis=0)
    return result


def _mean_and_highest(factors: Floats) -> Floats:
    return (_mean(factors) + _highest(factors)) / 2


SEVERITY_RULES: MappingProxyType[str, Callable[[Floats], Floats]] = MappingProxyType(
    {"max": _highest, "mean": _mean, "mean_max": _mean_and_highest}
)
"""How scale, scope and irremediability make one severity. "max": any one can make it severe."""


def severity(
    scale: ArrayLike,
    scope: ArrayLike,
    irremediability: ArrayLike = np.nan,
    *,
    rule: str = "max",
) -> Floats:
    """Return the severity of impacts from scale, scope and irremediable character.

    ESRS 1 (2023) par. 45: any of the three can make an impact severe, hence the default "max";
    "mean" and "mean_max" ((mean + max) / 2) are other printed choices. A factor that was not
    judged, or does not apply (irremediability of positive impacts), is left out.

    :raises ValueError: an unknown rule.

    >>> severity(2, 5, 1).item()
    5.0
    """
    if rule not in SEVERITY_RULES:
        raise ValueError(f"rule must be one of {', '.join(SEVERITY_RULES)}, got {rule!r}")
    factors = np.broadcast_arrays(floats(scale), floats(scope), floats(irremediability))
    return SEVERITY_RULES[rule](np.stack(factors))


def impact_significance(
    severity: ArrayLike,
    likelihood: ArrayLike = np.nan,
    *,
    actual: ArrayLike = False,
    human_rights: ArrayLike = False,
    rule: str = "scaled",
    top: float = 5.0,
) -> Floats:
    """Return the significance of impacts: severity, lowered by likelihood where that may count.

    Actual impacts: severity alone. Potential ones: severity * likelihood / top ("scaled"), or
    min(severity, (severity + likelihood) / 2) ("capped"). A potential human-rights impact keeps
    its severity whatever its likelihood (ESRS 1 par. 45). An unknown likelihood that matters
    leaves the result undefined, never 0.
    """
    severity, likelihood = floats(severity), floats(likelihood)
    if rule not in ("scaled", "capped"):
        raise ValueError(f"rule must be 'scaled' or 'capped', got {rule!r}")
    scaled = severity * likelihood / top
    capped = np.minimum(severity, (severity + likelihood) / 2)
    certain = np.asarray(actual, dtype=bool) | np.asarray(human_rights, dtype=bool)
    return np.where(certain, severity, scaled if rule == "scaled" else capped)


def financial_scores(
    magnitude: ArrayLike, likelihood: ArrayLike, *, top: float = 5.0
) -> FinancialScores:
    """Return magnitude * likelihood / top of each topic, the highest over its horizons.

    Horizons where either is unknown are left out; all unknown leaves the topic undefined.

    :param magnitude: [topics] or [topics, horizons]; ``likelihood`` likewise, on 1..top.
    """
    effect = floats(magnitude) * floats(likelihood) / top
    effect = effect.reshape(effect.shape[0], -1)
    known = np.isfinite(effect)
    filled = np.where(known, effect, -np.inf)
    some = known.any(axis=1)
    return FinancialScores(
        score=np.where(some, filled.max(axis=1), np.nan),
        horizon=np.where(some, filled.argmax(axis=1), -1),
    )


def double_materiality(
    impact: ArrayLike,
    financial: ArrayLike,
    *,
    cut_impact: float,
    cut_financial: float,
    rule: str = "either",
) -> DoubleMateriality:
    """Decide which topics are material, from impact and financial scores with a cut each.

    "either": on one axis or both (ESRS 1 par. 28; SZSE 2024); "both": on both axes. The basis is
    "both", "impact", "financial", "none", or "unknown" where a missing score could change the
    verdict; unknown is not material yet.
    """
    if rule not in ("either", "both"):
        raise ValueError(f"rule must be 'either' or 'both', got {rule!r}")
    x, y = np.broadcast_arrays(floats(impact), floats(financial))
    by_impact, by_finance = x >= cut_impact - TOLERANCE, y >= cut_financial - TOLERANCE
    missing = np.isnan(x) | np.isnan(y)
    if rule == "either":
        material = by_impact | by_finance
        undecided = missing & ~material
    else:
        material = by_impact & by_finance
        fails = (~by_impact & ~np.isnan(x)) | (~by_finance & ~np.isnan(y))
        undecided = missing & ~fails
    reached = [undecided, by_impact & by_finance, by_impact, by_finance]
    basis = np.select(reached, ["unknown", "both", "impact", "financial"], "none")
    return DoubleMateriality(material=material, basis=basis)
