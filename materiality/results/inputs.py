"""The `inputs` of a round’s bundle (docs/bundle.md): its answers and its settings."""

from collections.abc import Mapping
from typing import Any

from materiality.asked import criteria_of, described
from materiality.bundle.composites import part_code
from materiality.bundle.views import standard_views
from materiality.models import Assessment
from materiality.results.groups import groups_of
from materiality.results.previous import previous_of, successions
from materiality.results.topics import decisions_of, screened_row, topic_row
from materiality.results.units import Weights, part_of
from surveys.models import SCALE


def inputs_of(assessment: Assessment, *, weights: Weights | None = None) -> dict[str, Any]:
    """Return the `inputs` of the round's bundle (docs/bundle.md)."""
    topics = list(assessment.topics.short_list())
    asked = [(row, criteria_of(row)) for row in assessment.dimensions.all()]
    parts = {
        part_code(row.code, criterion): part_of(assessment, row, criterion, topics, weights or {})
        for row, criteria in asked
        for criterion in criteria
    }
    units = {code: part["units"] for code, part in parts.items()}
    return {
        "assessment": _about(assessment),
        "scale": {"points": SCALE},
        "dimensions": [one for row, criteria in asked for one in described(row, criteria)],
        "views": standard_views(
            [row.code for row, _ in asked], combine="either", cut=assessment.cut_low
        ),
        "groups": groups_of(assessment, units, weights or {}),
        "units": units,
        "counts": {code: part["counts"] for code, part in parts.items()},
        "gram": {code: part["gram"] for code, part in parts.items()},
        "flagged": {code: part["flagged"] for code, part in parts.items()},
        "corrected": {code: part["corrected"] for code, part in parts.items() if part["corrected"]},
        "variants": _variants(parts),
        "topics": [topic_row(topic) for topic in topics],
        "screened_out": [screened_row(topic) for topic in assessment.topics.screened()],
        "rule": _rule(assessment),
        "minimum_group": assessment.minimum_group,
        "confidence": 0.95,
        "seed": assessment.seed,
        "decisions": decisions_of(assessment),
        "previous": previous_of(assessment),
        "successions": successions(assessment),
        "method_reason": assessment.method_reason,
    }


def _variants(parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    without = {code: part["without"] for code, part in parts.items() if part["without"]}
    return [{"code": "without_flagged", "counts": without}] if without else []


def _about(assessment: Assessment) -> dict[str, Any]:
    days = assessment.surveys.values_list("opens_at", "closes_at")
    return {
        "organisation": assessment.organisation.name,
        "year": assessment.year,
        "previous_year": assessment.previous.year if assessment.previous else None,
        "preset": "double" if assessment.dimensions.filter(code="financial") else "classic",
        "simulated": assessment.simulated,
        "opened": min(day.date() for day, _end in days).isoformat() if days else None,
        "closed": max(day.date() for _start, day in days).isoformat() if days else None,
    }


def _rule(assessment: Assessment) -> dict[str, Any]:
    return {
        "kind": assessment.tier_rule,
        "weights": {"x": assessment.axis_weight_x, "y": assessment.axis_weight_y},
        "cuts": [assessment.cut_high, assessment.cut_low],
    }
