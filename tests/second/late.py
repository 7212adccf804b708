"""Those who answered after a reminder against those before it (docs/bundle.md, Late answers)."""

from tests.second import years
from tests.second.scores import Json, Part, estimate, moments


def late(this) -> Json:
    """Return, per dimension of the variant, a row a topic."""
    told = [one for one in this.inputs.get("variants", []) if one["code"] == "without_late"]
    out: Json = {}
    for dimension, early in (told[0]["counts"] if told else {}).items():
        if early:
            units = [u for u in this.inputs["units"][dimension] if u["code"] in early]
            out[dimension] = [row_of(this, dimension, units, early, t) for t in this.codes]
    if out:
        pairs = [{"dimensions": {}, "overall": row} for rows in out.values() for row in rows]
        years.correct(this, pairs)
    return out


def row_of(this, dimension: str, units: list[Json], early: Json, topic: str) -> Json:
    at = this.codes.index(topic)
    olds, news = [], []
    for unit in units:
        whole = this.counts[dimension][unit["code"]][at]
        first = early[unit["code"]][at]
        rest = [a - b for a, b in zip(whole, first, strict=True)]
        before, after = moments(first), moments(rest)
        weight = this.weight(dimension, unit, topic) if before.n and after.n else 0.0
        olds.append(Part(unit["code"], weight, before))
        news.append(Part(unit["code"], weight, after))
    if not sum(part.weight for part in olds):
        row = years.refused("")
    else:
        old, new = estimate(olds), estimate(news)
        row = years.tested(old.score, new.score, *years.together(old, new, {}))
    numbers = ("change", "se", "df", "low", "high", "p", "p_adjusted", "verdict")
    return {name: row[name] for name in numbers} | {
        "topic": topic,
        "early": row["before"],
        "late": row["after"],
    }
