"""The whole method as one pure function: the inputs of a bundle in, its results out.

The live page, the locked document and `manage.py recompute` all call `evaluate`, so they cannot
disagree. Numbers leave unrounded; what is undefined is None with a reason.
"""

from collections.abc import Mapping
from functools import cache, partial

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, floats
from materiality.document.schema import (
    AXES,
    Decision,
    Evaluation,
    Inputs,
    PreviousTopic,
    Score,
    TierResult,
    TopicResult,
    UnitResult,
    axis_codes,
    version_of,
)
from materiality.method import changes
from materiality.method.causes import tier_moves
from materiality.method.coding import coded
from materiality.method.composites import all_scores, base_dimensions, composite, parts
from materiality.method.engagement import topics_raised
from materiality.method.iros import assessed, entries_of
from materiality.method.late import late_against_early
from materiality.method.methods import method_changes
from materiality.method.raking import raked
from materiality.method.registration import registered
from materiality.method.rules import (
    combine,
    cuts_in_effect,
    held_by_band,
    overall_scores,
    suggested_tiers,
)
from materiality.method.scoring import counts_of, number
from materiality.method.uncertainty import uncertainty
from materiality.method.validation import validate
from materiality.method.variants import corrected_order, variants
from materiality.method.views import views
from materiality.method.years import common_units, year_on_year

__all__ = ["combine", "evaluate"]


def evaluate(inputs: Inputs) -> Evaluation:
    """Return the results of these inputs: scores, ranks, tiers, changes.

    :raises BundleError: the inputs are not usable; the message names the field.
    """
    validate(inputs)
    version = version_of(inputs)
    entries = entries_of(inputs)
    scored = all_scores(inputs, entries)
    topics = _place(inputs, scored)
    common = cache(partial(common_units, inputs))
    restated = partial(_tiers_under_this_rule, inputs)
    compared = year_on_year(inputs, topics, common)
    results: Evaluation = {
        "topics": topics,
        "cuts": _cuts(inputs, topics),
        "units": {code: _units(inputs, code) for code in base_dimensions(inputs)},
        "responses": {code: _responses(inputs, code) for code in scored},
        "raised": topics_raised(inputs, {code: scored[code] for code in base_dimensions(inputs)}),
        "changes": changes.rows(inputs),
        "open_questions": changes.problems(inputs, version),
        "tier_moves": tier_moves(inputs, topics, restated, compared, common),
        "method_changes": method_changes(inputs, version),
        "year_on_year": compared,
        "variants": variants(inputs, topics, entries),
        "views": views(inputs, scored),
        "corrected": corrected_order(inputs, topics),
    }
    plan = registered(inputs)
    if plan is not None:
        results["registration"] = plan
    late = late_against_early(inputs)
    if late:
        results["late"] = late
    if inputs.get("raking"):
        results["raking"] = raked(inputs)
    register = assessed(inputs, entries)
    if register is not None:
        results["register"] = register
    coding = coded(inputs)
    if coding is not None:
        results["coding"] = coding
    return results


def _place(inputs: Inputs, scored: Mapping[str, list[Score]]) -> list[TopicResult]:
    """Return each topic with both coordinates, overall score, rank and tier."""
    axis = axis_codes(inputs)
    x, y = (_coordinates(scored[axis[name]]) for name in AXES)
    overall, suggested = overall_scores(inputs, x, y), suggested_tiers(inputs, x, y)
    ranks, steadied = analysis.ranks(overall), held_by_band(inputs, x, y)
    decided = {row["topic"]: row for row in inputs.get("decisions", [])}
    tiers = [
        _tier(int(tier) or None, decided.get(topic["code"]))
        for topic, tier in zip(inputs["topics"], suggested, strict=True)
    ]
    tiers_now = [tier["tier"] for tier in tiers]
    firm = uncertainty(inputs, tiers_now, [np.isfinite(x), np.isfinite(y)], scored)
    places: list[TopicResult] = []
    for at, topic in enumerate(inputs["topics"]):
        places.append(
            {
                "code": topic["code"],
                "x": number(x[at]),
                "y": number(y[at]),
                "overall": number(overall[at]),
                "rank": int(ranks[at]) or None,
                **tiers[at],
                "held_by_band": steadied[at],
                **firm[at],
                "scores": {code: rows[at] for code, rows in scored.items()},
            }
        )
    return places


def _cuts(inputs: Inputs, topics: list[TopicResult]) -> list[float | None] | None:
    overall = np.array([row["overall"] for row in topics], dtype=np.float64)
    tiers = np.array([row["suggested_tier"] or 0 for row in topics], dtype=np.int64)
    return cuts_in_effect(inputs, overall, tiers)


def _tiers_under_this_rule(inputs: Inputs, topics: list[PreviousTopic]) -> list[int | None]:
    """Return the tiers this rule gives the scores that topics had, last round's for instance."""
    if not topics:
        return []
    x, y = (floats([row.get(axis) for row in topics]) for axis in AXES)
    plain: Inputs = {**inputs, "rule": {**inputs["rule"], "band": 0}}
    return [int(tier) or None for tier in suggested_tiers(plain, x, y)]


def _coordinates(rows: list[Score]) -> Floats:
    return floats([row["score"] for row in rows])


def _tier(suggested: int | None, decision: Decision | None) -> TierResult:
    """The suggestion stands unless people decided; both are kept."""
    tier = decision["tier"] if decision else suggested
    return {"suggested_tier": suggested, "tier": tier, "overridden": tier != suggested}


def _units(inputs: Inputs, dimension: str) -> list[UnitResult]:
    """Return each unit with the share of weight it really carries, silent ones at zero."""
    units = inputs["units"][dimension]
    answered = counts_of(inputs, dimension).sum(axis=(1, 2)) > 0
    total = sum(unit["weight"] for unit, spoke in zip(units, answered, strict=True) if spoke)
    return [
        {
            "code": unit["code"],
            "answered": bool(spoke),
            "share": unit["weight"] / total if spoke and total else 0.0,
        }
        for unit, spoke in zip(units, answered, strict=True)
    ]


def _responses(inputs: Inputs, dimension: str) -> int:
    """Return how many people rated a dimension; of a composite one, its best-answered part."""
    if made_of := composite(inputs, dimension):
        return max(_responses(inputs, code) for code in parts(made_of))
    return sum(unit.get("responses", 0) for unit in inputs["units"][dimension])
