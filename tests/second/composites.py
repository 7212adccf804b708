"""Axes made of several questions: impact of severity and likelihood, money over horizons."""

from math import nan

from tests.second.scores import Json

SEVERITY = ("scale", "scope", "irremediability")


def codes_of(composite: Json) -> list[str]:
    """Return the dimensions that a composite one is made of."""
    if composite["kind"] == "financial":
        return [h[key] for h in composite["horizons"] for key in ("magnitude", "likelihood")]
    both = [composite.get("parts") or {}, composite.get("positive") or {}]
    return [code for parts in both for code in parts.values()]


def severity(values: list[float], rule: str) -> float:
    judged = [value for value in values if value == value]
    if not judged:
        return nan
    highest, mean = max(judged), sum(judged) / len(judged)
    return {"max": highest, "mean": mean, "mean_max": (mean + highest) / 2}[rule]


def side(parts: Json, values: Json, composite: Json, points: int, keeps_severity: bool) -> float:
    severe = severity(
        [values[parts[name]] for name in SEVERITY if name in parts],
        composite.get("severity_rule", "max"),
    )
    if keeps_severity or "likelihood" not in parts:
        return severe
    likelihood = values[parts["likelihood"]]
    if likelihood != likelihood:
        return nan
    if composite.get("likelihood_rule", "scaled") == "capped":
        return min(severe, (severe + likelihood) / 2)
    return severe * likelihood / points


def impact(composite: Json, topic: Json, values: Json, points: int) -> Json:
    actual, rights = topic.get("actual", False), topic.get("human_rights", False)
    negative = side(composite["parts"], values, composite, points, actual or rights)
    positive = nan
    if composite.get("positive"):
        positive = side(composite["positive"], values, composite, points, actual)
    sides = [value for value in (negative, positive) if value == value]
    return {"score": max(sides, default=nan), "negative": negative, "positive": positive}


def financial(composite: Json, values: Json, points: int) -> Json:
    best, carried = nan, None
    for horizon in composite["horizons"]:
        value = values[horizon["magnitude"]] * values[horizon["likelihood"]] / points
        if value == value and not best >= value:
            best, carried = value, horizon["code"]
    return {"score": best, "horizon": carried}


def composed(dimension: Json, topic: Json, values: Json, points: int) -> Json:
    composite = dimension["composite"]
    if composite["kind"] == "financial":
        return financial(composite, values, points)
    return impact(composite, topic, values, points)
