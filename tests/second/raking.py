"""The parts of a group, weighted among themselves by known shares (docs/bundle.md)."""

from tests.second.scores import Json

CLOSE, SWEEPS, TRIM = 1e-8, 200, 5


def raking(inputs: Json) -> Json:
    """Return, per dimension with units, what became of each group with known shares."""
    out: Json = {}
    for code, units in inputs["units"].items():
        rows = [outcome(told, units) for told in inputs["raking"]]
        out[code] = [row for row in rows if row]
    return out


def weigh(units: list[Json], told: list[Json], own: Json) -> list[Json]:
    """Return the units, those that known shares weigh with the weight they come to."""
    new = {}
    for one in told:
        row = outcome(one, units)
        if row and row["state"] == "weighted":
            total = sum(own.get(group, 0.0) for group in one["groups"])
            for unit, share in row["weights"].items():
                new[unit] = total * share
    return [unit | {"weight": new.get(unit["code"], unit["weight"])} for unit in units]


def outcome(told: Json, units: list[Json]) -> Json | None:
    members = set(told["groups"])
    inside = [unit for unit in units if not set(unit["groups"]) - members]
    across = [unit for unit in units if unit not in inside and set(unit["groups"]) & members]
    if not inside and not across:
        return None
    tables = [classes(margin, inside) for margin in told["margins"]]
    row: Json = {
        "name": told["name"], "answers": sum(unit["responses"] for unit in inside), "weights": {},
        "error": None, "trimmed": False, "deff": None, "effective_n": None,
        "margins": [
            [
                {
                    "margin": margin["name"],
                    "names": [category["name"] for category in together],
                    "share": sum(category["share"] for category in together)
                    / sum(category["share"] for category in margin["categories"]),
                    "answers": sum(unit["responses"] for unit in people),
                }
                for together, people in table
            ]
            for margin, table in zip(told["margins"], tables, strict=True)
        ],
    }  # fmt: skip
    heard = [unit for unit in inside if unit["responses"]]
    if across or len(heard) < 2:
        return row | {"state": "too_few"}
    if any(one["share"] > 0 and not one["answers"] for rows in row["margins"] for one in rows):
        return row | {"state": "silent"}
    n = {unit["code"]: unit["responses"] for unit in heard}
    margins = [
        [
            (one["share"], [unit["code"] for unit in people if unit["responses"]])
            for one, (_names, people) in zip(rows, table, strict=True)
        ]
        for rows, table in zip(row["margins"], tables, strict=True)
    ]
    weights, error = sweep({code: float(number) for code, number in n.items()}, margins)
    limit = TRIM * middle(weights, n)
    trimmed = any(weights[code] / n[code] > limit * (1 + 1e-9) for code in n)
    weights, error = sweep({c: min(w, limit * n[c]) for c, w in weights.items()}, margins)
    if error >= CLOSE:
        return row | {"state": "not_met", "error": error}
    total = sum(weights.values())
    shares = {unit["code"]: weights.get(unit["code"], 0.0) / total for unit in inside}
    deff = sum(n.values()) * sum(shares[code] ** 2 / n[code] for code in n)
    return row | {
        "state": "weighted", "weights": shares, "error": error, "trimmed": trimmed, "deff": deff,
        "effective_n": sum(n.values()) / deff,
    }  # fmt: skip


def classes(margin: Json, units: list[Json]) -> list[tuple[list[Json], list[Json]]]:
    """Return the categories that can be told apart, each with the units whose people are of it."""
    found: list[list[Json]] = [[category] for category in margin["categories"]]
    for unit in units:
        touched = [one for one in found if any(set(c["groups"]) & set(unit["groups"]) for c in one)]
        for other in touched[1:]:
            touched[0].extend(other)
            found.remove(other)
    order = {id(category): i for i, category in enumerate(margin["categories"])}
    found = [sorted(one, key=lambda c: order[id(c)]) for one in found]
    found.sort(key=lambda one: order[id(one[0])])
    return [
        (one, [u for u in units if any(set(u["groups"]) & set(c["groups"]) for c in one)])
        for one in found
    ]


def sweep(weights: Json, margins: list[list[tuple[float, list[str]]]]) -> tuple[Json, float]:
    error = float("inf")
    for _number in range(SWEEPS):
        for margin in margins:
            held = [sum(weights[code] for code in codes) for _share, codes in margin]
            for (share, codes), sum_ in zip(margin, held, strict=True):
                for code in codes:
                    weights = weights | {code: weights[code] * share / sum_ if sum_ else 0.0}
        error = max(
            abs(sum(weights[code] for code in codes) / share - 1)
            for margin in margins
            for share, codes in margin
            if share
        )
        if error < CLOSE:
            break
    return weights, error


def middle(weights: Json, n: Json) -> float:
    """Return the weight of the person in the middle, of those who weigh anything."""
    people = sorted((weights[code] / n[code], n[code]) for code in n if weights[code] > 0)
    half, seen = sum(number for _weight, number in people) / 2, 0
    for weight, number in people:
        seen += number
        if seen >= half:
            return weight
    raise ValueError("nobody weighs anything")
