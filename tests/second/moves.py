"""Why a topic changed tier: steps from last round's score to this one's."""

from math import nan

from tests.second import rules, years
from tests.second.scores import Json


def tier_moves(this, results: Json) -> list[Json]:
    """Return the topics that kept their identity and changed tier, each with its way."""
    previous = this.inputs.get("previous") or {"topics": []}
    last = {row["code"]: row for row in previous["topics"]}
    restated = restated_tiers(this, previous["topics"])
    way = way_of(this, results)
    out = []
    for t, topic in enumerate(results["topics"]):
        before = last.get(this.identity.get(topic["code"]))
        if before is None or not before["tier"] or not topic["tier"]:
            continue
        if before["tier"] != topic["tier"]:
            out.append(move(this, results, t, before, restated[before["code"]], way))
    return out


def number(value: float | None) -> float:
    return nan if value is None else value


def plain(rule: Json) -> Json:
    return {**rule, "band": 0}


def tiers_at(this, rule: Json, xs: list[float], ys: list[float]) -> tuple[list[float], list]:
    """Return the overall scores and the tiers of these places, without any band."""
    values = [rules.overall(rule, x, y, this.points) for x, y in zip(xs, ys, strict=True)]
    nobody = [None] * len(values)
    tiers, _ = rules.tiers_of(plain(rule), list(zip(xs, ys, values, strict=True)), nobody)
    return values, tiers


def restated_tiers(this, topics: list[Json]) -> Json:
    """Return the tiers that this round's rule gives last round's scores."""
    previous = this.inputs.get("previous") or {}
    if previous.get("scale", this.inputs["scale"]) != this.inputs["scale"]:
        return {row["code"]: None for row in topics}
    xs, ys = [number(row.get("x")) for row in topics], [number(row.get("y")) for row in topics]
    _, tiers = tiers_at(this, this.rule, xs, ys) if topics else ([], [])
    return dict(zip([row["code"] for row in topics], tiers, strict=True))


def way_of(this, results: Json) -> list[tuple[str, list[float], list]]:
    """Return where all topics stood after each step: its name, overall scores and tiers."""
    previous = this.inputs.get("previous") or {}
    axes = [this.axis["x"], this.axis["y"]]
    if previous.get("scale", this.inputs["scale"]) != this.inputs["scale"]:
        return []
    plainly = not any(this.dimensions[code].get("composite") for code in axes)
    if not plainly or not all(code in previous.get("counts", {}) for code in axes):
        return []
    compared = [years.Compared(this, code) for code in axes]
    places: list[list[list[float]]] = [[[], []] for _ in range(3)]
    for code in this.codes:
        came = years.origin(this, code)["before"]
        for axis, one in enumerate(compared):
            for step, value in enumerate(three_scores(one, came, code, previous)):
                places[step][axis].append(value)
    now = [[number(row[axis]) for row in results["topics"]] for axis in "xy"]
    old = old_rule(this, previous)
    names = ("list", "weights", "answers", "list")
    way = [
        (name, *tiers_at(this, old, *at)) for name, at in zip(names, [*places, now], strict=True)
    ]
    kept = this.rule
    if old["kind"] == kept["kind"] and "cuts" in old and "cuts" in kept:
        kept = {**kept, "cuts": old["cuts"]}
    final = [number(row["overall"]) for row in results["topics"]]
    way.append(("rule", final, tiers_at(this, kept, *now)[1]))
    way.append(("cuts", final, [row["suggested_tier"] for row in results["topics"]]))
    return way


def three_scores(
    compared, came: str | None, code: str, previous: Json
) -> tuple[float, float, float]:
    """Return the score over the common units: last round's, by our weights, and this round's."""
    if came not in previous["kept"]:
        return nan, nan, nan
    olds, news = compared.parts(came, code)
    pairs = [(o, n) for o, n in zip(olds, news, strict=True) if o.moments.n and n.moments.n]
    olds, news = [o for o, _ in pairs], [n for _, n in pairs]
    then = {
        "+".join(u["groups"]): old_weight(previous, compared.dimension, u) for u in compared.units
    }

    def mean(parts, weights: Json) -> float:
        total = sum(weights[part.unit] for part in parts)
        return sum(weights[p.unit] * p.moments.mean for p in parts) / total if total else nan

    ours = {part.unit: part.weight for part in news}
    return mean(olds, then), mean(olds, ours), mean(news, ours)


def old_weight(previous: Json, dimension: str, unit: Json) -> float:
    members = set(unit["groups"])
    return sum(u["weight"] for u in previous["units"][dimension] if set(u["groups"]) <= members)


def old_rule(this, previous: Json) -> Json:
    """Return last round's rule, as far as its method is told."""
    method = previous.get("method") or {}
    rule = {**this.rule, **(method.get("rule") or {})}
    if method.get("axis_weights"):
        rule["weights"] = method["axis_weights"]
    if method.get("cuts"):
        rule["cuts"] = method["cuts"]
    return rule


def move(this, results: Json, t: int, before: Json, restated: int | None, way: list) -> Json:
    topic = results["topics"][t]
    row = {
        "topic": topic["code"],
        "before": before["tier"],
        "after": topic["tier"],
        "restated": restated,
        "cause": first_cause(results, topic, before, restated),
    }
    compared = results["year_on_year"]
    if compared:
        row["verdict"] = compared["topics"][t]["overall"]["verdict"]
    steps = steps_of(before, way, t) if compared else []
    if steps:
        row["steps"] = steps
    tiers = [before["tier"], *(step["tier"] for step in steps)]
    causes = [step["what"] for i, step in enumerate(steps) if tiers[i] != tiers[i + 1]]
    if causes and row["cause"] != "decision":
        row["causes"], row["cause"] = list(dict.fromkeys(causes)), causes[-1]
    return row


def first_cause(results: Json, topic: Json, before: Json, restated: int | None) -> str:
    if before.get("overridden") or topic["overridden"]:
        return "decision"
    changed = {row["aspect"] for row in results["method_changes"]}
    if changed & {"rule", "axis_weights", "cuts"} and restated == topic["tier"]:
        return "method"
    return "scores"


def steps_of(before: Json, way: list, t: int) -> list[Json]:
    values = [before.get("overall"), *(overall[t] for _, overall, _ in way)]
    if not way or any(not rules.known(value) for value in values):
        return []
    return [
        {
            "what": name,
            "effect": values[i + 1] - values[i],
            "overall": values[i + 1],
            "tier": tiers[t],
        }
        for i, (name, _, tiers) in enumerate(way)
    ]
