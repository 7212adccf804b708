"""Weights tried out: the same inputs with other numbers, evaluated, never saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from materiality.document.schema import AXES, Axis, Dimension, Inputs, Previous
from materiality.document.schema import Unit as BundleUnit
from materiality.inputs import results_from
from materiality.method.raking import weighted_units
from materiality.results import Results, Unit
from materiality.web.score.axes import dimensions_of, units_behind
from surveys.languages import in_language

NOTICEABLE = 0.005


def reweigh(
    results: Results, weights: Mapping[str, Mapping[str, float]], *, alone: bool = False
) -> Results:
    """Return the results under other weights.

    The saved weights go along as the standing ones: withheld means stay combined in their
    proportion, or trying weights would tell them apart.

    :param weights: {dimension: {unit: weight}}; dimensions that are not named stay.
    :param alone: leave each unit its weight, though known shares would spread it over others.
    """
    units = {
        dimension: [_with_weight(unit, weights.get(dimension, {})) for unit in rows]
        for dimension, rows in results.inputs["units"].items()
    }
    if not alone:
        units = {dimension: _spread(results, rows) for dimension, rows in units.items()}
    standing = results.inputs.get("standing_weights") or saved_weights(results)
    return results_from({**results.inputs, "units": units, "standing_weights": standing})


def saved_weights(results: Results) -> dict[str, dict[str, float]]:
    weights = {}
    for dimension, units in results.units.items():
        weights[dimension] = {unit.code: unit.weight for unit in units}
    return weights


def _with_weight(unit: BundleUnit, weights: Mapping[str, float]) -> BundleUnit:
    return {**unit, "weight": weights.get(unit["code"], unit["weight"])}


def _spread(results: Results, units: list[BundleUnit]) -> list[BundleUnit]:
    """Return the units with the weight of groups of known shares spread as saving would do it."""
    raking = results.inputs.get("raking") or []
    own = {unit["groups"][0]: unit["weight"] for unit in units}
    return weighted_units(units, raking, own) if raking else units


def only(results: Results, unit: Unit) -> Results:
    """Return the results with the vertical axis as one unit sees it."""
    one = {other.code: float(other.code == unit.code) for other in units_behind(results, "y")}
    return reweigh(results, dict.fromkeys(dimensions_of(results, "y"), one), alone=True)


def seen_as(results: Results, view: str) -> Results:
    """Return the results with another of the round's matrices as the main one.

    Decisions, last round's places and the band belong to the main one and stay behind.
    """
    wanted = next((row for row in results.inputs.get("views", []) if row["code"] == view), None)
    axis = {row["code"]: name for name, row in results.axes.items()}
    if wanted is None or all(axis.get(wanted[name]) == name for name in AXES):
        return results
    places: dict[str, Axis] = {wanted[name]: name for name in AXES}
    rows: list[Dimension] = [
        {**row, "axis": places.get(row["code"], "")} for row in results.inputs["dimensions"]
    ]
    before = results.inputs.get("previous")
    inputs: Inputs = {
        **results.inputs,
        "dimensions": rows,
        "rule": {**(wanted.get("rule") or results.inputs["rule"]), "band": 0},
        "decisions": [],
        "previous": _without_statistics(before) if before else None,
    }
    return results_from(inputs)


def _without_statistics(before: Previous) -> Previous:
    """Return last round's names and places without its statistics."""
    return {"year": before["year"], "topics": before["topics"]}


@dataclass(frozen=True)
class Effect:
    """What other weights do, in a sentence."""

    sentence: str
    changes: bool = False


def effect(saved: Results, draft: Results) -> Effect:
    """Say what the draft's weights would do to positions and to the tiers that the rule gives.

    A decided tier stays whatever the weights are, so the rule's suggestions are compared.
    """
    pairs = [(saved.topic(topic.code), topic) for topic in draft.topics]
    moved = [new for old, new in pairs if old.suggested_tier != new.suggested_tier]
    if moved:
        names = _(", ").join(in_language(topic.name) for topic in moved)
        values = {"count": len(moved), "names": names}
        return Effect(_("%(count)d would change tier: %(names)s") % values, changes=True)
    if all(_near(old.x, new.x) and _near(old.y, new.y) for old, new in pairs):
        return Effect(_("Same as the saved weights."))
    return Effect(_("Positions move, no tier changes."))


def _near(old: float | None, new: float | None) -> bool:
    return old == new if old is None or new is None else abs(old - new) < NOTICEABLE
