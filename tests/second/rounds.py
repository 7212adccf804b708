"""Random bundles: people answer, small groups are pooled, and a year may have gone before."""

from collections.abc import Iterable
from random import Random
from typing import Any

import numpy as np

from tests.second import raking

Json = dict[str, Any]
GROUPS = ("owners", "clients", "staff", "state", "chain", "place")
PANELS = ("board", "experts")
CANNOT_JUDGE = 0
BLANK = -1


def random_inputs(world: Random) -> Json:
    """Return the inputs of one random round of method 2."""
    points = world.choice([5, 5, 5, 4, 7])
    codes = [f"t{number}" for number in range(1, world.choice([4, 6, 9, 14]) + 1)]
    last_codes = [code for code in codes if world.random() < 0.8]
    inputs = round_of(world, points, codes)
    inputs |= settings(world, points, codes)
    if world.random() < 0.25:
        make_of_criteria(world, inputs)
    if world.random() < 0.3:
        inputs["variants"] = [{"code": "without_flagged", "counts": fewer(world, inputs)}]
    if world.random() < 0.3:
        inputs["corrected"] = {"stakeholder": corrected(world, inputs)}
    if world.random() < 0.7 and last_codes:
        inputs |= year_before(world, inputs, last_codes, points)
    if world.random() < 0.3:
        inputs["registration"] = registered(world, inputs)
    if world.random() < 0.4:
        know_shares(world, inputs)
    if world.random() < 0.4:
        late = {"code": "without_late", "counts": come_late(world, inputs)}
        inputs["variants"] = [*inputs.get("variants", []), late]
    return inputs


def come_late(world: Random, inputs: Json) -> Json:
    """Return the counts of some units of one dimension without those who answered late."""
    dimension = world.choice(list(inputs["units"]))
    out: Json = {}
    for unit in inputs["units"][dimension]:
        rows = inputs["counts"][dimension][unit["code"]]
        if world.random() < 0.7:
            out[unit["code"]] = [[world.randint(n // 3, n) for n in row] for row in rows]
    return {dimension: out}


def know_shares(world: Random, inputs: Json) -> None:
    """Make some groups parts of one, with known shares by one or two characteristics."""
    units = inputs["units"]["stakeholder"]
    some = world.sample(units, k=min(len(units), world.choice([2, 3, 4])))
    parts = [code for unit in some for code in unit["groups"]]
    if world.random() < 0.15:  # a part that is pooled with other groups stands across
        parts = [g["code"] for g in inputs["groups"] if "stakeholder" in g["weights"]][:2]
    if len(parts) < 2:
        return
    told = {"name": "people", "groups": parts, "margins": [known(world, "by place", parts)]}
    if world.random() < 0.5:
        told["margins"].append(known(world, "by age", world.sample(parts, k=len(parts))))
    inputs["raking"] = [told]
    for dimension, units in inputs["units"].items():
        whole = dimension.split(".")[0]
        own = {g["code"]: g["weights"].get(whole, 0.0) for g in inputs["groups"]}
        inputs["units"][dimension] = raking.weigh(units, inputs["raking"], own)
    registration = inputs.get("registration")
    if registration:
        plans = [registration["now"], *(row["plan"] for row in registration["changes"])]
        for plan in plans[: world.choice([1, 2])]:
            plan["raking"] = inputs["raking"]


def known(world: Random, name: str, parts: list[str]) -> Json:
    """Return the categories of one characteristic, each part in one, with shares of the whole."""
    cut = world.randrange(1, len(parts))
    first = world.choice([0.5, 0.7, 0.98])
    return {
        "name": name,
        "categories": [
            {"name": "one", "share": first, "groups": parts[:cut]},
            {"name": "other", "share": 1 - first, "groups": parts[cut:]},
        ],
    }


def registered(world: Random, inputs: Json) -> Json:
    """Return what a log would tell: a plan that was fixed, perhaps changed, perhaps not."""
    now = plan_of(world, inputs)
    fixed, between = (world.choice([now, plan_of(world, inputs)]) for _ in range(2))
    change = {"number": world.choice([5, 9]), "at": "2020-02-01T00:00:00+00:00", "by": "li"}
    entry = {"number": 3, "at": "2020-01-01T00:00:00+00:00", "by": "li", "digest": "", "entry": ""}
    return {
        "fixed": world.choice([None, entry | {"plan": fixed, "stamp": None}]),
        "known": 7,
        "changes": [] if between == fixed else [change | {"reason": "so", "plan": between}],
        "now": now,
    }


def plan_of(world: Random, inputs: Json) -> Json:
    rule = inputs["rule"]
    names: Json = {}
    for group in inputs["groups"]:
        for code in group["weights"]:
            names.setdefault(code, []).append(group["code"])
    cuts = rule.get("cuts")
    return {
        "rule": {key: value for key, value in rule.items() if key not in ("weights", "cuts")},
        "axis_weights": world.choice([{"x": 0.5, "y": 0.5}, {"x": 0.2, "y": 0.8}]),
        "cuts": cuts and world.choice([cuts, [cuts[0], cuts[1] - 0.1 * cuts[1]]]),
        "weights": {
            code: {group: world.choice([0.2, 0.5]) for group in row} for code, row in names.items()
        },
        "tiers": [],
        "tests": {
            "method_version": "2", "procedure": "holm", "error": 0.05, "draws": 1000, "seed": 1,
            "minimum_group": inputs["minimum_group"],
        },
    }  # fmt: skip


def round_of(world: Random, points: int, codes: list[str], dimensions: Json | None = None) -> Json:
    """Return groups, units, counts and Gram matrices of one year."""
    k = world.choice([3, 5, 5])
    plan = dimensions or {"stakeholder": GROUPS, "impact": PANELS}
    if world.random() < 0.15:
        plan = plan | {"impact": (*PANELS, "staff")}  # who rates both axes
    members = {
        name: [g for g in groups if world.random() < 0.9] or list(groups[:1])
        for name, groups in plan.items()
    }
    units: Json = {}
    counts: Json = {}
    gram: Json = {}
    groups: dict[str, Json] = {}
    not_asked: Json = {}
    for name, names in members.items():
        least = 1 if name == "impact" and world.random() < 0.5 else k
        answers = {group: people(world, points, len(codes)) for group in names}
        for group in names:
            weight = world.choice([1, 1, 1, 2, 0.5, 0 if len(names) > 2 else 1])
            groups.setdefault(group, {"code": group, "weights": {}, "population": None})
            groups[group]["weights"][name] = weight
            if world.random() < 0.2:
                groups[group]["population"] = len(answers[group]) + world.choice([0, 1, 30])
        if len(names) > 1 and world.random() < 0.2:
            left_out = world.choice(names)
            topic = world.randrange(len(codes))
            answers[left_out][:, topic] = BLANK
            not_asked[name] = {left_out: [codes[topic]]}
        units[name] = pooled(world, answers, groups, name, least)
        counts[name] = {
            u["code"]: table(together(answers, u["groups"]), points) for u in units[name]
        }
        gram[name] = {u["code"]: products(together(answers, u["groups"])) for u in units[name]}
        if least == 1:
            groups["_least"] = {"code": name}
    own = groups.pop("_least", None)
    rows = [
        {"code": "stakeholder", "axis": "y", "name": {"en": "Importance"}},
        {"code": "impact", "axis": "x", "name": {"en": "Impact"}},
    ]
    for row in rows:
        if world.random() < 0.5:
            row["question"] = {"en": world.choice(["How much?", "How much?", "How large?"])}
            row["labels"] = {"en": [f"{n} of {points}" for n in range(1, points + 1)]}
    if own:
        rows[1]["minimum_group"] = 1
    return {
        "scale": {"points": points},
        "dimensions": rows,
        "minimum_group": k,
        "groups": list(groups.values()),
        "units": units,
        "counts": counts,
        "gram": gram,
        "not_asked": not_asked,
        "topics": [{"code": code} for code in codes],
    }


def make_of_criteria(world: Random, inputs: Json) -> None:
    """Turn the impact into several questions, and ask about money over two horizons."""
    rows, topics = inputs["dimensions"], len(inputs["topics"])
    criteria = ["impact.scale", "impact.scope", "impact.likelihood"]
    money = ["financial.magnitude.short", "financial.likelihood.short"]
    money += ["financial.magnitude.long", "financial.likelihood.long"]
    panel = inputs["units"].pop("impact")
    for name in ("counts", "gram", "not_asked"):
        inputs[name].pop("impact", None)
    for code in [*criteria, *money]:
        inputs["units"][code] = panel
        answers = {u["code"]: people(world, inputs["scale"]["points"], topics) for u in panel}
        most = {u["code"]: u["responses"] for u in panel}
        answers = {unit: rows_[: most[unit]] for unit, rows_ in answers.items()}
        points = inputs["scale"]["points"]
        inputs["counts"][code] = {unit: table(one, points) for unit, one in answers.items()}
        inputs["gram"][code] = {unit: products(one) for unit, one in answers.items()}
        rows.append({"code": code, "axis": ""})
    parts = {code.split(".")[1]: code for code in criteria}
    rows[1]["composite"] = {
        "kind": "impact",
        "parts": parts,
        "severity_rule": world.choice(["max", "mean", "mean_max"]),
        "likelihood_rule": world.choice(["scaled", "capped"]),
    }
    horizons = [
        {
            "code": when,
            "magnitude": f"financial.magnitude.{when}",
            "likelihood": f"financial.likelihood.{when}",
        }
        for when in ("short", "long")
    ]
    rows.append(
        {"code": "financial", "axis": "", "composite": {"kind": "financial", "horizons": horizons}}
    )
    for topic in inputs["topics"]:
        topic["actual"] = world.random() < 0.3
        topic["human_rights"] = world.random() < 0.3
    cuts = {"x": world.choice([2.5, 3.0]), "y": world.choice([1.5, 2.5])}
    combine = world.choice(["either", "both"])
    double = {"code": "double", "x": "impact", "y": "financial", "cuts": cuts, "combine": combine}
    inputs["views"] = [*inputs["views"], double]


def fewer(world: Random, inputs: Json) -> Json:
    """Return the counts of one unit with some answers gone."""
    unit = world.choice(inputs["units"]["stakeholder"])["code"]
    rows = inputs["counts"]["stakeholder"][unit]
    return {"stakeholder": {unit: [[max(0, number - 1) for number in row] for row in rows]}}


def corrected(world: Random, inputs: Json) -> Json:
    topics = inputs["topics"]
    found = {}
    for unit in inputs["units"]["stakeholder"]:
        rated = [sum(row[:-1]) for row in inputs["counts"]["stakeholder"][unit["code"]]]
        found[unit["code"]] = [world.gauss(0, 1) if rated[t] else None for t in range(len(topics))]
    return found


def people(world: Random, points: int, topics: int) -> np.ndarray:
    """Return ratings, a row a person: 1 to points, 0 cannot judge, -1 blank."""
    number = world.choice([0, 1, 3, 5, 6, 9, 14, 40])
    taste = world.choice(
        [list(range(1, points + 1)), [points - 1, points], [points], [1, points], [2, 3]]
    )
    blanks = world.choice([0.0, 0.0, 0.1, 0.4])
    rows = np.full((number, topics), BLANK)
    for i in range(number):
        for t in range(topics):
            chance = world.random()
            if chance < blanks:
                rows[i, t] = BLANK if chance < blanks / 2 else CANNOT_JUDGE
            else:
                rows[i, t] = world.choice(taste)
    return rows


def pooled(world: Random, answers: Json, groups: Json, dimension: str, least: int) -> list[Json]:
    """Return units of at least `least` people; a group that nobody answered for stays apart."""
    small = [name for name, rows in answers.items() if 0 < len(rows) < least]
    if small:
        rest = sorted(
            (n for n, r in answers.items() if n not in small and len(r)),
            key=lambda n: len(answers[n]),
        )
        while rest and sum(len(answers[n]) for n in small) < least:
            small.append(rest.pop(0))
    parts = [[name] for name in answers if name not in small] + ([small] if small else [])
    units = []
    for part in parts:
        heads = [groups[name]["population"] for name in part]
        unit = {
            "code": "+".join(part),
            "groups": part,
            "weight": float(sum(groups[name]["weights"][dimension] for name in part)),
            "responses": sum(len(answers[name]) for name in part),
            "population": None if None in heads else sum(heads),
        }
        units.append(unit)
    return units


def together(answers: Json, names: Iterable[str]) -> np.ndarray:
    return np.concatenate([answers[name] for name in names])


def table(rows: np.ndarray, points: int) -> list[list[int]]:
    """Return, per topic, how often each rating was given, then how often "cannot judge"."""
    out = []
    for column in rows.T:
        out.append(
            [int((column == value).sum()) for value in [*range(1, points + 1), CANNOT_JUDGE]]
        )
    return out


def products(rows: np.ndarray) -> list[list[int]]:
    rated = rows > 0
    both = np.hstack([rated, np.where(rated, rows, 0)]).astype(int)
    return (both.T @ both).tolist()


def settings(world: Random, points: int, codes: list[str]) -> Json:
    kind = world.choice(
        ["weighted_sum"] * 4
        + ["either", "both", "product", "distance", "quadrants", "natural_breaks", "quantiles"]
    )
    low = world.choice([0.45, 0.55, 0.65])
    high = low + world.choice([0.1, 0.2])
    top = {"product": points**2, "distance": 1.0}.get(kind, points)
    bottom = {"distance": 0.0}.get(kind, 1.0)
    rule: Json = {
        "kind": kind,
        "weights": {"x": world.choice([0.5, 0.3, 1.0]), "y": world.choice([0.5, 0.7])},
    }
    if kind == "quadrants":
        rule["axis_cuts"] = {"x": 1 + (points - 1) * low, "y": 1 + (points - 1) * high}
    elif kind == "quantiles":
        rule["shares"] = [0.3, 0.3]
    elif kind != "natural_breaks":
        rule["cuts"] = [bottom + (top - bottom) * high, bottom + (top - bottom) * low]
        if world.random() < 0.3:
            rule["band"] = 0.1
    decided = world.sample(codes, k=world.choice([0, 0, 2]))
    return {
        "rule": rule,
        "method_version": "2",
        "interval": world.choice(["bounded", "bounded", "symmetric"]),
        "confidence": world.choice([0.95, 0.95, 0.9]),
        "seed": world.randrange(10_000),
        "decisions": [
            {
                "topic": code,
                "tier": world.choice([1, 2, 3]),
                "reason": "as we see it",
                "by": "li",
                "at": "2020-03-01",
            }
            for code in decided
        ],
        "views": [
            {"code": "other", "x": "stakeholder", "y": "impact", "cuts": {"x": 3.5, "y": 3.2}}
        ],
    }


def year_before(world: Random, inputs: Json, codes: list[str], points: int) -> Json:
    """Return `previous` and `successions`: most topics live on, some are new or changed."""
    old = round_of(world, points if world.random() < 0.9 else points + 1, codes)
    successions = []
    for topic in inputs["topics"]:
        code = topic["code"]
        if code not in codes:
            successions.append(
                {"kind": "added", "before": None, "after": code, "reason": {"en": "new"}}
            )
            continue
        kind = world.choice(
            ["continued"] * 9 + ["renamed", "widened", "split", "merged", "absorbed"]
        )
        successions.append(
            {"kind": kind, "before": code, "after": code, "reason": {"en": "as it was"}}
        )
    topics = [
        {
            "code": code,
            "x": round(world.uniform(2, 4.5), 3),
            "y": round(world.uniform(2, 4.5), 3),
            "overall": round(world.uniform(2, 4.5), 3),
            "tier": world.choice([1, 2, 3]),
            "overridden": world.random() < 0.1,
        }
        for code in codes
    ]
    method = method_before(world, inputs, old) if world.random() < 0.5 else {}
    kept = ("scale", "dimensions", "units", "minimum_group", "counts", "gram")
    previous = (
        {"year": "2019", "topics": topics, "kept": codes}
        | {name: old[name] for name in kept}
        | method
    )
    if world.random() < 0.4:
        previous["twice"] = rated_twice(world, inputs, old, codes)
    return {"previous": previous, "successions": successions}


def rated_twice(world: Random, inputs: Json, old: Json, codes: list[str]) -> Json:
    """Return sums over people of one group who rated in both rounds."""
    top = min(inputs["scale"]["points"], old["scale"]["points"])
    names = [unit["groups"][0] for unit in old["units"]["impact"]]
    rows = []
    for _code in codes:
        pairs = world.choice([0, 1, 3, 6])
        first = [world.randint(1, top) for _ in range(pairs)]
        second = [min(top, max(1, one + world.choice([-1, 0, 1]))) for one in first]
        both = sum(a * b for a, b in zip(first, second, strict=True))
        rows.append([pairs, sum(first), sum(second), both])
    return {"impact": {world.choice(names): rows}}


def method_before(world: Random, inputs: Json, old: Json) -> Json:
    """Return how last round was scored, as a locked round tells it."""
    rule = inputs["rule"]
    kind = world.choice([rule["kind"], "weighted_sum", "either"])
    names = {
        code: sorted(g for unit in units for g in unit["groups"])
        for code, units in old["units"].items()
    }
    method = {
        "method_version": world.choice(["1", "2"]),
        "dimensions": [{"code": row["code"], "axis": row["axis"]} for row in old["dimensions"]],
        "scale": old["scale"],
        "rule": {key: value for key, value in rule.items() if key not in ("weights", "cuts")}
        | {"kind": kind},
        "axis_weights": {"x": 0.5, "y": 0.5},
        "cuts": rule.get("cuts", [4.0, 3.0]),
        "groups": names,
        "weights": {code: {g: round(1 / len(row), 9) for g in row} for code, row in names.items()},
        "minimum_group": old["minimum_group"],
    }
    return {"method": method}
