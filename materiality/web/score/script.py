"""What the results page's script needs to recompute exactly what the server computes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from materiality.method.composites import FINANCIAL, SEVERITY
from materiality.method.rules import number_of_tiers, previous_tiers
from materiality.models import Assessment
from materiality.report.signs import shapes
from materiality.results import Results, TopicResult
from materiality.web.score.axes import dimensions_of, units_behind
from materiality.web.score.results_forms import shown_weights
from surveys.languages import in_language

Row = dict[str, Any]


def payload(results: Results, assessment: Assessment) -> Row:
    """Return points, rule, weights and disclosed means; the script asks the server about more."""
    before = previous_tiers(results.inputs).tolist()
    decided = {row["topic"] for row in results.inputs.get("decisions", [])}
    return {
        "points": results.points,
        "rule": _rule(results),
        "axes": {axis: _axis(results, axis) for axis in "xy"},
        "units": {axis: _unit_weights(results, axis) for axis in "xy"},
        "topics": [
            {
                **_topic(results, topic),
                "before": before[topic.position],
                "decided": topic.code in decided,
            }
            for topic in results.topics
        ],
        "texts": texts(assessment),
    }


def _rule(results: Results) -> Row:
    rule = results.inputs["rule"]
    made_of = [row.get("composite") for row in results.axes.values()]
    # Known shares spread a group's weight over its parts: two sliders would move each other.
    by_server = any(one.get("positive") for one in made_of if one) or results.inputs.get("raking")
    is_fed = bool(results.register and results.register.is_fed)
    return {
        "kind": "asked" if by_server or is_fed else rule["kind"],
        "x": rule["weights"]["x"],
        "y": rule["weights"]["y"],
        "cuts": rule.get("cuts", []),
        "axisCuts": _axis_cuts(results),
        "tiers": number_of_tiers(rule),
        "shares": rule.get("shares", []),
        "band": rule.get("band", 0),
    }


def _axis_cuts(results: Results) -> Row | None:
    """Return the boundaries of "quadrants" per axis, the higher first."""
    rule = results.rule
    return {"x": rule.cuts_x, "y": rule.cuts_y} if rule.cuts_x else None


def _axis(results: Results, axis: str) -> Row:
    row = results.axes[axis]
    made_of = row.get("composite")
    return {"code": row["code"], "composite": _composite(made_of, results.points, row)}


def _composite(
    made_of: Mapping[str, Any] | None, points: int, row: Mapping[str, Any]
) -> Row | None:
    """Return how the parts of an axis become one number (docs/method.md, 7)."""
    if not made_of:
        return None
    if made_of["kind"] == FINANCIAL:
        return {"kind": FINANCIAL, "points": points, "horizons": made_of["horizons"]}
    parts = made_of["parts"]
    return {
        "kind": made_of["kind"],
        "points": points,
        "factors": [parts[name] for name in SEVERITY if name in parts],
        "likelihood": parts.get("likelihood"),
        "severityRule": made_of.get("severity_rule", "max"),
        "likelihoodRule": made_of.get("likelihood_rule", "scaled"),
    }


def _unit_weights(results: Results, axis: str) -> list[Row]:
    saved = shown_weights(results, axis)
    return [
        {"code": unit.code, "name": in_language(unit.name), "weight": saved[unit.code]}
        for unit in units_behind(results, axis)
    ]


def _topic(results: Results, topic: TopicResult) -> Row:
    about = results.inputs["topics"][topic.position]
    x, y = (topic.scores[results.axes[axis]["code"]] for axis in "xy")
    return {
        "code": topic.code,
        "name": in_language(topic.name),
        "x": topic.x,
        "y": topic.y,
        "tier": topic.tier,
        "suggested": topic.suggested_tier,
        "overall": topic.overall,
        "actual": bool(about.get("actual")),
        "humanRights": bool(about.get("human_rights")),
        "parts": {
            dimension: _part(results, topic, dimension)
            for axis in "xy"
            for dimension in dimensions_of(results, axis)
        },
        "ends": {"x": [x.low, x.high], "y": [y.low, y.high]},
        "unknown": y.dont_know_share,
        "stability": topic.stability,
        "chances": topic.tier_probabilities,
    }


def _part(results: Results, topic: TopicResult, dimension: str) -> Row:
    score = topic.scores[dimension]
    return {
        "means": [row.mean for row in score.units],
        "counts": [row.n for row in score.units],
        "held": _suppressed(results, topic, dimension),
        "n": score.n,
        "minimum": score.minimum_group,
    }


def _suppressed(results: Results, topic: TopicResult, dimension: str) -> Row | None:
    """Return the units whose means are withheld, as places in the list, and their mean together."""
    score = results.document["results"]["topics"][topic.position]["scores"][dimension]
    held = score.get("withheld")
    if not held:
        return None
    places = {row.unit.code: at for at, row in enumerate(topic.scores[dimension].units)}
    return {"units": [places[code] for code in held["units"]], "mean": held["mean"]}


def texts(assessment: Assessment) -> Mapping[str, Any]:
    """Return the sentences that the script writes, as templates with the same marks as here."""
    return {
        "same": _("Same as the saved weights."),
        "moved": _("Positions move, no tier changes."),
        "tiers": _("%(count)d would change tier: %(names)s"),
        "only": _("Only: %(group)s. Vertical weights do not apply."),
        "wait": _("Working it out…"),
        "none": _("At least one weight must be above 0."),
        "comma": _(", "),
        "rank": _("Rank %(rank)s"),
        "suggested": _("Suggested: %(tier)s"),
        "would": _("With these weights: %(tier)s"),
        "unknown": _("%(share)s chose “don’t know”"),
        "tierNames": [_("Not tiered"), *(assessment.tier_name(tier) for tier in assessment.tiers)],
        "shapes": ["", *shapes(assessment.tier_count)],
    }
