"""The `inputs` of a round’s bundle (docs/bundle.md): its answers and its settings."""

from collections.abc import Mapping
from typing import Any

from materiality.document.envelope import METHOD_VERSION
from materiality.document.schema import (
    XY,
    About,
    Dimension,
    Explanation,
    Inputs,
    Plan,
    Rule,
    Variant,
)
from materiality.inputs.collection import surveys_of
from materiality.inputs.context import context_of
from materiality.inputs.dimensions import descriptions
from materiality.inputs.groups import group_rows, invited_of
from materiality.inputs.plan import plan_of, registration_of
from materiality.inputs.previous import previous_of, reassessed_years, successions
from materiality.inputs.records import Records, dimensions_of, groups_of, records_of
from materiality.inputs.register import register_of
from materiality.inputs.scored import require_scores
from materiality.inputs.shares import parts_of, raking_of
from materiality.inputs.sources import sources_with
from materiality.inputs.topics import decisions_of, screened_row, topic_row
from materiality.inputs.twice import twice
from materiality.inputs.units import NOTHING_ASKED, DimensionPart, Weights, part_of
from materiality.method.composites import part_code
from materiality.method.rules import MOST_TIERS, USUAL_TIERS
from materiality.method.scales import LINEAR
from materiality.method.views import standard_views
from materiality.models import Assessment, TierRule, Topic


def inputs_of(assessment: Assessment, *, weights: Weights | None = None) -> Inputs:
    """Return the `inputs` of the round's bundle (docs/bundle.md)."""
    every = list(assessment.topics.select_related("screened_by"))
    topics = [topic for topic in every if not topic.screened_out]
    records, invited = records_of(assessment), invited_of(assessment)
    if records.is_without_survey:
        require_scores(assessment)
    codes, described = _questions(records)
    parts = _parts(assessment, records, topics, weights or {})
    units = {code: part.units for code, part in parts.items()}
    rated = {code: part for code, part in parts.items() if part.units}
    inputs: Inputs = {
        "method_version": METHOD_VERSION,
        "assessment": _about(assessment, records),
        "surveys": surveys_of(records, codes, invited),
        "scale": {"points": assessment.points},
        "dimensions": described,
        "views": standard_views(
            list(codes),
            combine=assessment.double_rule,
            cuts=_axis_cuts(assessment),
        ),
        "groups": group_rows(records, units, weights or {}, invited),
        "units": units,
        "counts": {code: part.counts for code, part in rated.items()},
        "gram": {code: part.gram for code, part in rated.items()},
        "flagged": {code: part.quality["flagged"] for code, part in rated.items()},
        "corrected": _corrected(parts),
        "variants": _variants(parts),
        "topics": [topic_row(topic) for topic in topics],
        "screened_out": [screened_row(topic) for topic in every if topic.screened_out],
        "rule": rule_of(assessment),
        "minimum_group": assessment.minimum_group,
        "confidence": 0.95,
        "interval": "bounded",  # no end of it leaves the scale
        "seed": assessment.seed,
        "decisions": decisions_of(assessment),
        "previous": previous_of(assessment),
        "successions": successions(assessment),
        "method_reason": assessment.method_reason,
        "registration": registration_of(assessment, _plan(assessment, records, weights)),
    }
    _add_who_answered_twice(inputs, assessment, records)
    _add_what_few_rounds_have(inputs, assessment, records, parts)
    _add_what_was_looked_at(inputs, assessment)
    return inputs


def _add_who_answered_twice(inputs: Inputs, assessment: Assessment, records: Records) -> None:
    """Add to the round before the pairs of ratings of those who answered in both."""
    before = inputs["previous"]
    if not before:
        return
    if pairs := twice(assessment, records, before, inputs["successions"]):
        before["twice"] = pairs


def _add_what_few_rounds_have(
    inputs: Inputs, assessment: Assessment, records: Records, parts: Mapping[str, DimensionPart]
) -> None:
    """Add it where the round has it; left out elsewhere, so that documents keep their bytes."""
    if skipped := {code: part.not_asked for code, part in parts.items() if part.not_asked}:
        inputs["not_asked"] = skipped
    if raking := raking_of(assessment, [group.code for group in records.groups]):
        inputs["raking"] = raking
    if assessment.tier_names:
        inputs["tier_names"] = assessment.tier_names
    if assessment.maps_last_scale:
        inputs["scale_mapping"] = LINEAR
    if explanations := _explanations(assessment):
        inputs["explanations"] = explanations


def _add_what_was_looked_at(inputs: Inputs, assessment: Assessment) -> None:
    """Add context, sources, register and years reassessed, each where the round has it."""
    if context := context_of(assessment):
        inputs["context"] = context
    register = register_of(assessment)
    if sources := sources_with(assessment, register):
        inputs["sources"] = sources
    if register:
        inputs["register"] = register
    if years := reassessed_years(assessment):
        inputs["reassessed"] = years


def plan_in_force(assessment: Assessment) -> Plan:
    """Return rule, weights, tiers and tests of the round as they are set now."""
    return plan_of(
        assessment,
        rule_of(assessment),
        _axis_cuts(assessment),
        dimensions=dimensions_of(assessment),
        groups=groups_of(assessment),
    )


def _plan(assessment: Assessment, records: Records, weights: Weights | None) -> Plan:
    """Return the same, or with weights that are tried, from rows that were read already."""
    return plan_of(
        assessment,
        rule_of(assessment),
        _axis_cuts(assessment),
        dimensions=records.dimensions,
        groups=records.groups,
        weights=weights,
    )


def _questions(records: Records) -> tuple[dict[str, list[str]], list[Dimension]]:
    """Return the codes of the questions behind each dimension, and how each was asked."""
    codes: dict[str, list[str]] = {}
    described: list[Dimension] = []
    for row in records.dimensions:
        criteria = records.criteria(row)
        codes[row.code] = [part_code(row.code, criterion) for criterion in criteria]
        described.extend(descriptions(records, row, criteria))
    return codes, described


def _parts(
    assessment: Assessment, records: Records, topics: list[Topic], weights: Weights
) -> dict[str, DimensionPart]:
    """Return the units and counts of each question, by its code."""
    least = assessment.minimum_group
    parts = {}
    codes = {group.code for group in records.groups}
    raking, together = raking_of(assessment, codes), parts_of(assessment, codes)
    for row in records.dimensions:
        if records.is_without_survey:
            parts[row.code] = NOTHING_ASKED
            continue
        for criterion in records.criteria(row):
            part = part_of(
                records,
                row,
                criterion,
                topics,
                weights,
                minimum_group=least,
                raking=raking,
                parts=together,
            )
            parts[part_code(row.code, criterion)] = part
    return parts


def _corrected(parts: Mapping[str, DimensionPart]) -> dict[str, Any]:
    """Return the means with scale use corrected, of the questions that have any."""
    corrected = {}
    for code, part in parts.items():
        if means := part.quality["corrected"]:
            corrected[code] = means
    return corrected


def _variants(parts: Mapping[str, DimensionPart]) -> list[Variant]:
    names = ("without_flagged", "with_excluded", "without_late")
    counts = {
        name: {code: part.quality["variants"][name] for code, part in parts.items()}
        for name in names
    }
    variants = {name: {c: rows for c, rows in counts[name].items() if rows} for name in names}
    return [{"code": name, "counts": rows} for name, rows in variants.items() if rows]


def _about(assessment: Assessment, records: Records) -> About:
    days = [(survey.opens_at, survey.closes_at) for survey in records.surveys]
    codes = [row.code for row in records.dimensions]
    return {
        "organisation": assessment.organisation.name,
        "languages": assessment.languages,
        "year": assessment.year,
        "previous_year": assessment.previous.year if assessment.previous else None,
        "preset": "double" if "financial" in codes else "classic",
        "simulated": assessment.simulated,
        "opened": min(day.date() for day, _end in days).isoformat() if days else None,
        "closed": max(day.date() for _start, day in days).isoformat() if days else None,
    }


def rule_of(assessment: Assessment) -> Rule:
    """Return the rule and what its kind needs (docs/bundle.md, Rules)."""
    kind = assessment.tier_rule
    rule: Rule = {
        "kind": kind,
        "weights": {"x": assessment.axis_weight_x, "y": assessment.axis_weight_y},
    }
    if (
        kind in (TierRule.QUADRANTS, TierRule.NATURAL_BREAKS)
        and assessment.tier_count != USUAL_TIERS
    ):
        rule["tiers"] = assessment.tier_count
    if kind == TierRule.QUADRANTS:
        rule["axis_cuts"] = _axis_cuts(assessment)
        if assessment.tier_count == MOST_TIERS:
            low: XY = {"x": assessment.axis_cut_x_low, "y": assessment.axis_cut_y_low}
            rule["axis_cuts_low"] = low
        return rule
    if kind == TierRule.QUANTILES:
        return {**rule, "shares": assessment.shares}
    if kind == TierRule.NATURAL_BREAKS:
        return rule
    rule["cuts"] = assessment.cuts
    return {**rule, "band": assessment.band} if assessment.band else rule


def _axis_cuts(assessment: Assessment) -> XY:
    return {"x": assessment.axis_cut_x, "y": assessment.axis_cut_y}


def _explanations(assessment: Assessment) -> list[Explanation]:
    """Return why set topics of standards are not material or do not apply, if anybody said so."""
    return [
        {"key": [row.standard, row.edition, row.code], "reason": row.reason}
        for row in assessment.explanations.all()
    ]
