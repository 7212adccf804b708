"""Whether the method was fixed before the answers were known, and what changes of it moved."""

from tests.second import raking
from tests.second.scores import Json

ASPECTS = (
    "rule", "axis_weights", "cuts", "double", "impact", "weights", "raking", "tiers", "tests",
)  # fmt: skip


def registration(inputs: Json, place) -> Json | None:
    """Return the state and the changes.

    :param place: inputs to the (tier, verdicts) of each topic.
    """
    told = inputs.get("registration")
    if not told:
        return None
    if not told["fixed"]:
        return {"state": "not_fixed", "changes": []}
    plans = [told["fixed"]["plan"], *(change["plan"] for change in told["changes"])]
    numbers = [change["number"] for change in told["changes"]]
    if differing(plans[-1], told["now"]):
        plans.append(told["now"])
        numbers.append(None)
    rows = []
    for i, number in enumerate(numbers):
        before, after = place(under(inputs, plans[i])), place(under(inputs, plans[i + 1]))
        late = number is None or (told["known"] is not None and number > told["known"])
        rows.append(
            {
                "number": number,
                "aspects": differing(plans[i], plans[i + 1]),
                "after_answers": late,
                "topics": [code for code in before if before[code] != after[code]],
            }
        )
    state = "changed" if differing(told["fixed"]["plan"], told["now"]) else "kept"
    return {"state": state, "changes": rows}


def differing(one: Json, other: Json) -> list[str]:
    return [aspect for aspect in ASPECTS if one.get(aspect) != other.get(aspect)]


def under(inputs: Json, plan: Json) -> Json:
    """Return the inputs with what a plan says of rule, weights and composition."""
    rule = {**plan["rule"], "weights": plan["axis_weights"]}
    if plan["cuts"] is not None:
        rule["cuts"] = plan["cuts"]
    weights = plan["weights"]
    units = {}
    for code, rows in inputs["units"].items():
        own = weights.get(code.split(".")[0])
        units[code] = rows
        if own is not None:
            units[code] = [{**u, "weight": sum(own.get(g, 0) for g in u["groups"])} for u in rows]
            units[code] = raking.weigh(units[code], plan.get("raking", []), own)
    groups = []
    for group in inputs["groups"]:
        shares = {code: row[group["code"]] for code, row in weights.items() if group["code"] in row}
        groups.append({**group, "weights": shares})
    dimensions = []
    for row in inputs["dimensions"]:
        composite = row.get("composite")
        if composite and composite["kind"] == "impact" and plan.get("impact"):
            row = {**row, "composite": composite | plan["impact"]}
        dimensions.append(row)
    views = inputs.get("views", [])
    if plan.get("double"):
        views = [view | plan["double"] if view.get("cuts") else view for view in views]
    changed = {"rule": rule, "units": units, "groups": groups, "dimensions": dimensions}
    return inputs | changed | {"views": views, "gram": None}
