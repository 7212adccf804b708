"""Two scores to one, one to a tier."""

from math import nan, sqrt

from tests.second.scores import Json

NEAR = 1e-9


def known(value: float | None) -> bool:
    return value is not None and value == value


def overall(rule: Json, x: float, y: float, points: int) -> float:
    kind = rule["kind"]
    if kind in {"either", "both"}:
        if kind == "both" and not (known(x) and known(y)):
            return nan
        values = [value for value in (x, y) if known(value)]
        if not values:
            return nan
        return max(values) if kind == "either" else min(values)
    if not (known(x) and known(y)):
        return nan
    if kind == "product":
        return x * y
    if kind == "distance":
        return sqrt((x - 1) ** 2 + (y - 1) ** 2) / ((points - 1) * sqrt(2))
    a, b = rule["weights"]["x"], rule["weights"]["y"]
    return (a * x + b * y) / (a + b)


def by_cuts(value: float, cuts: list[float]) -> int | None:
    if not known(value):
        return None
    for tier, cut in enumerate(cuts, 1):
        if value >= cut - NEAR:
            return tier
    return len(cuts) + 1


def with_band(value: float, cuts: list[float], band: float, last: int | None) -> int | None:
    """Enter at cut + band, leave below cut - band, otherwise stay as last round."""
    if not known(value) or last is None or not band:
        return by_cuts(value, cuts)
    for tier, cut in enumerate(cuts, 1):
        # whoever stood at this tier or above must fall below cut - band to leave
        border = cut - band if last <= tier else cut + band
        if value >= border - NEAR:
            return tier
    return len(cuts) + 1


def ranks(values: list[float]) -> list[int]:
    """Return places, 1 the highest; equal ones keep the order, unknown ones get 0."""
    order = [i for i, value in enumerate(values) if known(value)]
    order.sort(key=lambda i: (-round(values[i], 9), i))
    places = [0] * len(values)
    for place, i in enumerate(order, 1):
        places[i] = place
    return places


def shared_ranks(values: list[float]) -> list[int]:
    """Return places, 1 the highest; equal ones share the better place, unknown ones get 0."""
    places = []
    for value in values:
        higher = [v for v in values if known(v) and round(v, 9) > round(value, 9)]
        places.append(len(higher) + 1 if known(value) else 0)
    return places


def natural(values: list[float], classes: int) -> tuple[list[int | None], list[float]]:
    """Return tiers with the least spread within, and the least value of each but the last."""
    order = sorted((v for v in values if known(v)), reverse=True)
    n = len(order)
    best: Json = {}

    def cost(i: int, j: int) -> float:
        part = order[i:j]
        mean = sum(part) / len(part)
        return sum((v - mean) ** 2 for v in part)

    def split(i: int, k: int):
        if k == 1:
            return cost(i, n), [n]
        if (i, k) not in best:
            found = None
            for j in range(i + 1, n - k + 2):
                rest, ends = split(j, k - 1)
                total = cost(i, j) + rest
                if found is None or total <= found[0] + 1e-12:  # of equals the larger top class
                    found = (total, [j, *ends])
            best[i, k] = found
        return best[i, k]

    if not n:
        return [None] * len(values), [None] * (classes - 1)
    ends = split(0, min(classes, len(set(order))))[1]
    tiers = [by_cuts(value, [order[end - 1] for end in ends[:-1]]) for value in values]
    return tiers, lowest(values, tiers, classes - 1)


def by_shares(values: list[float], shares: list[float]) -> tuple[list[int | None], list[float]]:
    """Return tiers: k where the share of topics above is less than the first k shares together."""
    number = sum(known(value) for value in values)
    tiers: list[int | None] = []
    for place in shared_ranks(values):
        if not place:
            tiers.append(None)
            continue
        above = (place - 1) / number
        ends = [sum(shares[: i + 1]) for i in range(len(shares))]
        tiers.append(1 + sum(above >= end - NEAR for end in ends))
    return tiers, lowest(values, tiers, len(shares))


def lowest(values: list[float], tiers: list[int | None], cuts: int) -> list[float | None]:
    """Return, per cut, the lowest score at this tier or a better one."""
    out: list[float | None] = []
    for tier in range(1, cuts + 1):
        reached = [v for v, t in zip(values, tiers, strict=True) if t and t <= tier]
        out.append(min(reached) if reached else None)
    return out


def tiers_of(rule: Json, places: list[tuple[float, float, float]], last: list[int | None]):
    """Return the tier of each (x, y, overall), and the cuts in effect."""
    kind = rule["kind"]
    values = [value for _, _, value in places]
    if kind == "quadrants":
        cuts = rule["axis_cuts"]
        tiers: list[int | None] = []
        for x, y, _ in places:
            if not (known(x) and known(y)):
                tiers.append(None)
                continue
            tiers.append(3 - (x >= cuts["x"] - NEAR) - (y >= cuts["y"] - NEAR))
        return tiers, None
    if kind == "natural_breaks":
        return natural(values, 3)
    if kind == "quantiles":
        return by_shares(values, rule["shares"])
    band = rule.get("band") or 0
    tiers = [with_band(v, rule["cuts"], band, tier) for v, tier in zip(values, last, strict=True)]
    return tiers, rule["cuts"]
