"""What of the method differs from the previous round: a topic may change tier without a new score.

A change of method is told apart from a change of opinion (GRI 3-2-b, SZSE Art. 6, ESRS 2 IRO-1):
each differing aspect is a row of the change table, and the round says once why.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from materiality.document.schema import AXES, Inputs, KnownShares, MethodChange, previous_of
from materiality.method.feeding import SURVEY, feeds_of
from materiality.method.rules import number_of_tiers

Row = dict[str, Any]

ASPECTS = (
    "method_version",
    "dimensions",
    "scale",
    "tiers",
    "rule",
    "axis_weights",
    "cuts",
    "groups",
    "weights",
    "raking",
    "register",
    "minimum_group",
)


OF_FEW = ("raking", "register")
"""Aspects that most rounds do not have: one that comes or goes is a change too."""


def method_of(inputs: Inputs, version: str) -> Row:
    """Return how these inputs are scored, aspect by aspect; None where they do not say.

    Weights are shares of their sum, all that counts of them; x and y likewise.
    """
    rule = inputs["rule"]
    apart = ("weights", "cuts", "tiers")
    raking, feeds = inputs.get("raking"), feeds_of(inputs)
    method: Row = {
        "method_version": version,
        "dimensions": _dimensions(inputs),
        "scale": inputs.get("scale"),
        "tiers": number_of_tiers(rule),
        "rule": {key: value for key, value in rule.items() if key not in apart},
        "axis_weights": _shares({axis: rule["weights"][axis] for axis in AXES}),
        "cuts": rule.get("cuts"),
        "groups": {code: sorted(row) for code, row in _weights(inputs).items()} or None,
        "weights": {code: _shares(row) for code, row in _weights(inputs).items()} or None,
        "minimum_group": inputs.get("minimum_group"),
    }
    if raking:  # few rounds have these two: others keep their bytes
        method["raking"] = _known(raking)
    if feeds != SURVEY:
        method["register"] = feeds
    return method


def method_changes(inputs: Inputs, version: str) -> list[MethodChange]:
    """Return one row per aspect in which this round's method differs from the previous round's.

    None without a previous round that is locked: there is nothing to compare with.
    """
    before = previous_of(inputs).get("method")
    if not before:
        return []
    after, reason = method_of(inputs, version), dict(inputs.get("method_reason") or {})
    return [
        {
            "kind": "method_changed",
            "aspect": aspect,
            "before": before.get(aspect),
            "after": after.get(aspect),
            "reason": reason,
        }
        for aspect in ASPECTS
        if (before.get(aspect) is not None or aspect in OF_FEW)
        and before.get(aspect) != after.get(aspect)
    ]


def _known(raking: Sequence[KnownShares]) -> Row:
    """Return {group: {characteristic: {category: share}}}, as people read it."""
    known: Row = {}
    for row in raking:
        margins = {}
        for margin in row["margins"]:
            margins[margin["name"]] = {one["name"]: one["share"] for one in margin["categories"]}
        known[row["name"]] = margins
    return known


def _dimensions(inputs: Inputs) -> list[Row]:
    rows = inputs.get("dimensions", [])
    return [{"code": row["code"], "axis": row.get("axis", "")} for row in rows]


def _weights(inputs: Inputs) -> dict[str, dict[str, float]]:
    """Return {dimension: {group: weight}}, from the groups and not from pooled units."""
    table: dict[str, dict[str, float]] = {}
    for group in inputs.get("groups", []):
        for dimension, value in (group.get("weights") or {}).items():
            table.setdefault(dimension, {})[group["code"]] = value
    return table


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {name: round(value / total, 9) if total else 0.0 for name, value in weights.items()}
