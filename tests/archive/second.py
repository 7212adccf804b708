"""A second implementation of the method, in plain Python and exact fractions. No numpy, no product.

Written from docs/method.md and docs/bundle.md, one person at a time where the product counts, so
that the two have as little in common as can be.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

Person = tuple[str, list[int]]  # group, a rating a topic: 1 to 5, 0 blank, 255 cannot judge
CANNOT_JUDGE = 255
Quantile = Callable[[float, float], float]


def round_of(
    people: Mapping[str, Sequence[Person]],
    weights: Mapping[str, Mapping[str, Fraction]],
    rule: Mapping[str, Any],
    *,
    k: Mapping[str, int],
    topics: int,
    quantile: Quantile,
) -> list[dict[str, Any]]:
    """Return each topic's scores on x and y, overall, rank and tier.

    :param people: per axis; ``k`` likewise.
    :param weights: per axis, group to weight, in the order of the groups.
    """
    scored = {
        axis: [_score(people[axis], weights[axis], at, k[axis], quantile) for at in range(topics)]
        for axis in ("x", "y")
    }
    overall = [_overall(rule, scored["x"][at], scored["y"][at]) for at in range(topics)]
    order = sorted(
        (at for at in range(topics) if overall[at] is not None),
        key=lambda at: (-round(float(overall[at]), 9), at),
    )
    return [
        {
            "x": scored["x"][at],
            "y": scored["y"][at],
            "overall": overall[at],
            "rank": order.index(at) + 1 if at in order else None,
            "tier": _tier(overall[at], rule["cuts"]),
        }
        for at in range(topics)
    ]


def units_of(people: Sequence[Person], groups: Sequence[str], k: int) -> list[tuple[str, ...]]:
    """Pool the smallest group under k with the smallest other, until none is under k."""
    size = {group: sum(1 for whose, _ in people if whose == group) for group in groups}
    units = [(group,) for group in groups]
    while True:
        spoken = [unit for unit in units if sum(size[group] for group in unit)]
        spoken.sort(key=lambda unit: (sum(size[g] for g in unit), [groups.index(g) for g in unit]))
        if len(spoken) < 2 or sum(size[group] for group in spoken[0]) >= k:
            return units
        first, second = spoken[:2]
        joined = tuple(sorted(first + second, key=groups.index))
        units = [unit for unit in units if unit not in (first, second)] + [joined]


def _score(
    people: Sequence[Person],
    weights: Mapping[str, Fraction],
    topic: int,
    k: int,
    quantile: Quantile,
) -> dict[str, Any]:
    groups = list(weights)
    units = sorted(units_of(people, groups, k), key=lambda unit: groups.index(unit[0]))
    ratings = {unit: [r[topic] for whose, r in people if whose in unit] for unit in units}
    given = {
        unit: [r for r in result if r not in (0, CANNOT_JUDGE)] for unit, result in ratings.items()
    }
    weight = {unit: sum(weights[group] for group in unit) for unit in units}
    means = {unit: Fraction(sum(result), len(result)) for unit, result in given.items() if result}
    total = sum(weight[unit] for unit in means)
    n = sum(map(len, given.values()))
    backing = sum(len(given[unit]) for unit in means if weight[unit] > 0)
    undefined = n < k or 0 < backing < k or total == 0
    result: dict[str, Any] = {
        "score": None if undefined else sum(weight[u] * means[u] for u in means) / total,
        "n": n,
        "units": {
            "+".join(unit): {
                "mean": means.get(unit),
                "n": len(given[unit]),
                "dont_know": ratings[unit].count(CANNOT_JUDGE),
            }
            for unit in units
        },
    }
    if undefined:
        return result | dict.fromkeys(("se", "df", "low", "high"))
    shares = {unit: weight[unit] / total for unit in means if weight[unit] > 0}
    return result | _interval(result["score"], shares, means, given, quantile)


def _interval(score: Fraction, shares: Any, means: Any, given: Any, quantile: Quantile) -> Any:
    squares = {unit: sum((r - means[unit]) ** 2 for r in given[unit]) for unit in means}
    freedom = sum(len(given[unit]) - 1 for unit in means)
    pooled = sum(squares.values()) / freedom if freedom else Fraction(0)
    parts = {}
    for unit, share in shares.items():
        n = len(given[unit])
        own = squares[unit] / (n - 1) if n > 1 else Fraction(0)
        if n < 5 or own == 0:
            if not pooled:
                return dict.fromkeys(("se", "df", "low", "high"))
            own = max(own, pooled)
        parts[unit] = share**2 * own / n
    total = sum(parts.values())
    below = sum(part**2 / max(len(given[unit]) - 1, 1) for unit, part in parts.items())
    df, se = float(total**2 / below), math.sqrt(total)
    reach = (quantile(df, 0.975) * se) ** 2
    low, high = (_end(float(score), reach, towards) for towards in (1.0, 5.0))
    return {"se": se, "df": df, "low": low, "high": high}


def _end(score: float, reach: float, towards: float) -> float:
    """Return where (S - mu)^2 = reach (5 - mu)(mu - 1) / ((5 - S)(S - 1)), by halving."""
    if score in (1.0, 5.0):
        return min(max(score + math.copysign(math.sqrt(reach), towards - 3), 1.0), 5.0)
    inside, outside, spread = score, towards, (5 - score) * (score - 1)
    for _step in range(100):
        middle = (inside + outside) / 2
        if (score - middle) ** 2 * spread <= reach * (5 - middle) * (middle - 1):
            inside = middle
        else:
            outside = middle
    return inside


def _overall(rule: Mapping[str, Any], x: Any, y: Any) -> Fraction | None:
    values = [one["score"] for one in (x, y)]
    known = [value for value in values if value is not None]
    if rule["kind"] == "either":
        return max(known, default=None)
    if len(known) < 2:
        return None
    if rule["kind"] == "both":
        return min(known)
    a, b = Fraction(rule["weights"]["x"]), Fraction(rule["weights"]["y"])
    return (a * values[0] + b * values[1]) / (a + b)


def _tier(overall: Fraction | None, cuts: Sequence[float]) -> int | None:
    if overall is None:
        return None
    return 1 + sum(float(overall) < cut - 1e-9 for cut in cuts)
