"""What was fixed before the answers were known, and what changes to it did.

`inputs.registration` tells what the log holds: the plan that was fixed last before the answers were
known, each change since, and the plan in force. Here every change is taken apart into its aspects,
and the topics are named that it moved, all under the answers as they are now.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from materiality.document.schema import (
    AXES,
    Composite,
    Dimension,
    Inputs,
    Plan,
    PlanEffect,
    Register,
    Registered,
    RegisterPlan,
    Rule,
    Unit,
    axis_codes,
)
from materiality.method.composites import all_scores
from materiality.method.feeding import SURVEY, is_fed
from materiality.method.iros import entries_of
from materiality.method.raking import weighted_units
from materiality.method.rules import suggested_tiers
from materiality.method.views import views

ASPECTS = (
    "rule",
    "axis_weights",
    "cuts",
    "double",
    "impact",
    "weights",
    "raking",
    "register",
    "tiers",
    "tests",
)
NOT_FIXED, KEPT, CHANGED = "not_fixed", "kept", "changed"


def registered(inputs: Inputs) -> Registered | None:
    """Return whether the plan was fixed in advance and kept, and what each change moved.

    None where the bundle does not say. A change that nobody logged as one (a group that came or
    went, a new release of the method) is the last row, without a number.
    """
    registration = inputs.get("registration")
    if registration is None:
        return None
    fixed = registration["fixed"]
    if fixed is None:
        return {"state": NOT_FIXED, "changes": []}
    known = registration["known"]
    rows: list[PlanEffect] = []
    before = fixed["plan"]
    for change in registration["changes"]:
        is_late = known is not None and change["number"] > known
        rows.append(_effect(inputs, before, change["plan"], change["number"], is_late))
        before = change["plan"]
    if differing(before, registration["now"]):
        rows.append(_effect(inputs, before, registration["now"], None, True))
    state = CHANGED if differing(fixed["plan"], registration["now"]) else KEPT
    return {"state": state, "changes": rows}


def differing(one: Plan, other: Plan) -> list[str]:
    """Return the aspects in which two plans differ."""
    return [aspect for aspect in ASPECTS if one.get(aspect) != other.get(aspect)]


def _effect(
    inputs: Inputs, before: Plan, after: Plan, number: int | None, is_late: bool
) -> PlanEffect:
    old, new = _places(inputs, before), _places(inputs, after)
    codes = [topic["code"] for topic in inputs["topics"]]
    moved = [code for at, code in enumerate(codes) if old[at] != new[at]]
    return {
        "number": number,
        "aspects": differing(before, after),
        "after_answers": is_late,
        "topics": moved,
    }


def _places(inputs: Inputs, plan: Plan) -> list[tuple[int, ...]]:
    """Return per topic the tier under a plan, and whether each view calls it material."""
    planned = under(inputs, plan)
    entries = entries_of(planned) if is_fed(planned) else []
    scored = all_scores(planned, entries)
    codes = axis_codes(planned)
    x, y = ([row["score"] for row in scored[codes[axis]]] for axis in AXES)
    columns = [suggested_tiers(planned, x, y).tolist()]
    for view in views(planned, scored):
        columns.append([_as_number(row["material"]) for row in view["topics"]])
    return list(zip(*columns, strict=True))


def _as_number(material: bool | None) -> int:
    return -1 if material is None else int(material)


def under(inputs: Inputs, plan: Plan) -> Inputs:
    """Return the inputs with rule, weights and composition of a plan, and the answers as they are.

    A group that a plan does not know counts nothing under it; a dimension it does not know keeps
    its weights.
    """
    planned: Inputs = {
        **inputs,
        "rule": _rule(plan),
        "dimensions": [_dimension(row, plan) for row in inputs["dimensions"]],
        "units": {
            code: _weighted(units, plan["weights"].get(code.split(".")[0]), plan)
            for code, units in inputs["units"].items()
        },
        "groups": [
            {**group, "weights": _own_weights(group["code"], plan)} for group in inputs["groups"]
        ],
    }
    register, plan_of_register = inputs.get("register"), plan.get("register")
    if register:
        planned["register"] = _register(register, plan_of_register)
    double = plan.get("double")
    if double:
        planned["views"] = [
            {**view, "cuts": double["cuts"], "combine": double["combine"]}
            if view.get("cuts")
            else view
            for view in inputs.get("views", [])
        ]
    return planned


def _register(register: Register, plan: RegisterPlan | None) -> Register:
    """Return the register with feeding, likelihood and thresholds of a plan; reasons are not kept.

    A plan that does not name it took nothing from it.
    """
    if plan is None:
        return {**register, "feeds": SURVEY}
    return {
        **register,
        "feeds": plan["feeds"],
        "likelihood_rule": plan["likelihood_rule"],
        "thresholds": [{"kind": kind, "value": at} for kind, at in plan["thresholds"].items()],
    }


def _rule(plan: Plan) -> Rule:
    rule = cast(Rule, {**plan["rule"], "weights": plan["axis_weights"]})
    if plan["cuts"] is not None:
        rule["cuts"] = plan["cuts"]
    return rule


def _dimension(row: Dimension, plan: Plan) -> Dimension:
    made_of, rules = row.get("composite"), plan.get("impact")
    if not made_of or not rules or made_of["kind"] != "impact":
        return row
    return {**row, "composite": cast(Composite, {**made_of, **rules})}


def _own_weights(group: str, plan: Plan) -> dict[str, float]:
    return {code: row[group] for code, row in plan["weights"].items() if group in row}


def _weighted(units: Sequence[Unit], shares: Mapping[str, float] | None, plan: Plan) -> list[Unit]:
    if shares is None:
        return list(units)
    planned: list[Unit] = [
        {**unit, "weight": sum(shares.get(group, 0.0) for group in unit["groups"])}
        for unit in units
    ]
    return weighted_units(planned, plan.get("raking") or [], shares)
