"""Everything a method note has to say, as figures and settings; the sentences are the report's."""

from collections import Counter
from typing import Any

from materiality.document.schema import Dimension
from materiality.method.rules import BY_SCORES
from materiality.method.uncertainty import DRAWS
from materiality.results.records import Group, Unit
from materiality.results.results import Results

Row = dict[str, Any]

CEILING = 0.8
"""With this share of top ratings and few answers the interval is too narrow (docs/method.md, 3)."""

FEW = 30


def method_facts(results: Results) -> Row:
    """Return the figures and settings of a method note (docs/bundle.md, Method facts)."""
    inputs = results.inputs
    return {
        "about": dict(inputs.get("assessment") or {}),
        "method_version": results.method_version,
        "digest": results.document.get("digest"),
        "locked": {"at": results.locked_at, "by": results.locked_by},
        "approved": {"at": results.approved_at, "by": results.approved_by},
        "scale": dict(inputs["scale"]),
        "topics": _topics(results),
        "groups": [_group(group) for group in results.groups],
        "dimensions": [_dimension(results, row) for row in inputs["dimensions"]],
        "rule": {**inputs["rule"], "cuts_in_effect": results.document["results"].get("cuts")},
        "minimum_group": results.minimum_group,
        "confidence": inputs.get("confidence", 0.95),
        "interval": inputs.get("interval", "symmetric"),
        "seed": inputs.get("seed", 1),
        "draws": DRAWS if inputs.get("gram") else 0,
        "exclusions": _exclusions(results),
        "decisions": {
            "made": len(inputs.get("decisions", [])),
            "differing": [topic.code for topic in results.topics if topic.overridden],
        },
        "borderline": [topic.code for topic in results.topics if topic.is_borderline],
        "year_on_year": _verdicts(results),
        "limits": _limits(results),
    }


def _topics(results: Results) -> Row:
    return {
        "asked": len(results.topics),
        "scored": sum(topic.rank is not None for topic in results.topics),
        "screened_out": dict(Counter(row.kind for row in results.screened_out)),
        "tiers": [len(results.tier(tier)) for tier in results.tiers],
    }


def _group(group: Group) -> Row:
    """Return who was invited and answered; None where that is not known or not disclosed."""
    return {
        "code": group.code,
        "name": dict(group.name),
        "kind": group.kind,
        "invited": group.invited,
        "valid": group.responses,
        "rate": group.response_rate,
    }


def _dimension(results: Results, row: Dimension) -> Row:
    code = row["code"]
    invited = {group.code: group.invited for group in results.groups}
    invitations = [invited.get(group) for unit in results.units[code] for group in unit.groups]
    known = [number for number in invitations if number]
    valid = results.responses[code]
    complete = len(known) == len(invitations) and sum(known) >= valid
    return {
        "code": code,
        "axis": row.get("axis", ""),
        "name": dict(row.get("name") or {}),
        "question": row.get("question"),
        "labels": row.get("labels"),
        "invited": sum(known) if complete else None,
        "valid": valid,
        "rate": valid / sum(known) if complete and known else None,
        "flagged": (results.inputs.get("flagged") or {}).get(code),
        "units": [_unit(unit) for unit in results.units[code]],
    }


def _unit(unit: Unit) -> Row:
    return {
        "code": unit.code,
        "name": dict(unit.name),
        "groups": list(unit.groups),
        "weight": unit.weight,
        "share": unit.share,
        "responses": unit.responses,
        "answered": unit.answered,
        "pooled": unit.is_pooled,
    }


def _exclusions(results: Results) -> Row:
    """Return what is not in the scores or not shown. Flagged answers count; none is deleted."""
    scores = [
        (topic.code, code, score)
        for topic in results.topics
        for code, score in topic.scores.items()
    ]
    variants = results.document["results"].get("variants", [])
    return {
        "cannot_judge": sum(unit.dont_know for _, _, score in scores for unit in score.units),
        "ratings": sum(score.n for _, _, score in scores),
        "suppressed_scores": [
            [topic, code] for topic, code, score in scores if score.why_no_answers == "suppressed"
        ],
        "withheld_means": sum(
            unit.reason == "suppressed" for _, _, score in scores for unit in score.units
        ),
        "tier_changes_without": {row["code"]: list(row["tier_changes"]) for row in variants},
    }


def _verdicts(results: Results) -> Row:
    """Return per dimension how many topics moved, stayed within noise, cannot be compared."""
    tally: dict[str, Counter[str]] = {}
    for row in results.year_on_year.values():
        for code, change in row["dimensions"].items():
            tally.setdefault(code, Counter())[change["verdict"]] += 1
    return {code: dict(counts) for code, counts in tally.items()}


def _limits(results: Results) -> list[str]:
    """Return what a reader must know about the limits of these figures, as codes."""
    units = [unit for rows in results.units.values() for unit in rows]
    limits = {
        "covers_sampling_only": not results.is_without_survey,
        "simulated": results.simulated,
        "draft": not results.is_locked,
        "pooled_groups": any(unit.is_pooled for unit in units),
        "silent_groups": any(not unit.answered for unit in units),
        "few_answers": any(unit.answered and unit.responses < FEW for unit in units),
        "at_the_ceiling": any(_at_the_ceiling(results, code) for code in results.inputs["counts"]),
        "no_response_rate": not results.is_without_survey
        and any(group.invited is None for group in results.groups),
        "no_joint_draws": not (results.inputs.get("gram") or results.is_without_survey),
        "tiers_move_with_the_scores": results.rule.kind in BY_SCORES,
    }
    return [code for code, holds in limits.items() if holds]


def _at_the_ceiling(results: Results, dimension: str) -> bool:
    """Return whether on some topic few people answered and nearly all gave the top rating."""
    for rows in results.inputs["counts"][dimension].values():
        for *ratings, _unknown in rows:
            if 0 < sum(ratings) < FEW and ratings[-1] >= CEILING * sum(ratings):
                return True
    return False
