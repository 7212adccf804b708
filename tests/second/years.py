"""This round against the last: what moved, as one family of tests."""

from math import inf, nan, sqrt

from scipy.special import stdtr, stdtrit

from tests.second import rules
from tests.second.scores import Estimate, Json, Part, estimate, moments, withheld_units

TIES = {"continued", "renamed"}


def common_units(this_units: list[Json], last_units: list[Json]) -> list[Json]:
    """Return the finest units that both rounds can form, of groups that both asked."""
    now = {group for unit in this_units for group in unit["groups"]}
    before = {group for unit in last_units for group in unit["groups"]}
    clusters: list[set[str]] = []
    for unit in [*this_units, *last_units]:
        merged = set(unit["groups"])
        rest = []
        for cluster in clusters:
            if cluster & merged:
                merged |= cluster
            else:
                rest.append(cluster)
        clusters = [*rest, merged]
    rows = []
    for cluster in clusters:
        if not cluster <= (now & before):
            continue
        weight = sum(unit["weight"] for unit in this_units if set(unit["groups"]) <= cluster)
        rows.append({"groups": sorted(cluster), "weight": float(weight)})
    return sorted(rows, key=lambda row: row["groups"])


def summed(counts: Json, units: list[Json], groups: set[str], row: int) -> list[int]:
    chosen = [counts[unit["code"]][row] for unit in units if set(unit["groups"]) <= groups]
    return [sum(column) for column in zip(*chosen, strict=True)]


def heads(units: list[Json], groups: set[str]) -> int | None:
    numbers = [unit.get("population") for unit in units if set(unit["groups"]) <= groups]
    return sum(numbers) if all(numbers) else None


class Compared:
    """One dimension of both rounds over the units common to them."""

    def __init__(self, this, dimension: str) -> None:
        self.this, self.dimension = this, dimension
        self.previous = this.inputs["previous"]
        self.now_units = this.inputs["units"].get(dimension, [])
        self.last_units = self.previous["units"].get(dimension, [])
        self.units = common_units(self.now_units, self.last_units)
        old = {d["code"]: d for d in self.previous["dimensions"]}
        self.last_minimum = old.get(dimension, {}).get(
            "minimum_group", self.previous.get("minimum_group", this.inputs.get("minimum_group", 5))
        )

    def silenced(self, units: list[Json], counts: Json, row: int, minimum: int) -> set[str]:
        """Return the groups of the units whose mean one year withholds on a topic."""
        parts = [Part(u["code"], u["weight"], moments(counts[u["code"]][row])) for u in units]
        hidden = withheld_units(parts, minimum)
        return {group for unit in units if unit["code"] in hidden for group in unit["groups"]}

    def covariances(self, before: str, olds: list[Part], news: list[Part]) -> dict[str, float]:
        """Return, per common unit, the covariance of its two means over people of both rounds.

        Sums over pairs are of all people of the groups, the sizes are those of the two samples.
        """
        sums = self.previous.get("twice", {}).get(self.dimension, {})
        at = self.previous["kept"].index(before)
        found = {}
        for old, new in zip(olds, news, strict=True):
            lines = [sums[group][at] for group in old.unit.split("+") if group in sums]
            n, first, second, both = (
                (sum(column) for column in zip(*lines, strict=True)) if lines else (0,) * 4
            )
            if n >= 2 and old.moments.n and new.moments.n:
                c = (both - first * second / n) / (n - 1)
                found[old.unit] = c * n / (old.moments.n * new.moments.n)
        return found

    def parts(self, before: str, after: str) -> tuple[list[Part], list[Part]]:
        """Return the parts of both years on one topic; a unit that a year withholds is silent."""
        row_before = self.previous["kept"].index(before)
        row_after = self.this.codes.index(after)
        olds, news = [], []
        counts = self.previous["counts"][self.dimension]
        now = self.this.counts[self.dimension]
        gone = self.silenced(self.last_units, counts, row_before, self.last_minimum)
        quiet = self.silenced(self.now_units, now, row_after, self.this.minimum(self.dimension))
        for unit in self.units:
            groups = set(unit["groups"])
            name = "+".join(unit["groups"])
            old = moments(summed(counts, self.last_units, groups, row_before))
            new = moments(
                summed(self.this.counts[self.dimension], self.now_units, groups, row_after)
            )
            old = moments([0]) if groups & gone else old
            new = moments([0]) if groups & quiet else new
            # who spoke in one year only has no weight, but still tells of that year's spread
            weight = unit["weight"] if old.n and new.n else 0.0
            olds.append(Part(name, weight, old, heads(self.last_units, groups)))
            news.append(Part(name, weight, new, heads(self.now_units, groups)))
        return olds, news


def reason_against(this, dimension: str, row: Json) -> str | None:
    """Say why a topic cannot be compared on a dimension, None where it can."""
    previous = this.inputs["previous"]
    if dimension not in previous["counts"]:
        return "not_asked_before"
    if previous["scale"]["points"] != this.points:
        return "scale_changed"
    old = {d["code"]: d for d in previous["dimensions"]}.get(dimension, {})
    for words, reason in (("question", "question_changed"), ("labels", "scale_changed")):
        now, then = this.dimensions[dimension].get(words), old.get(words)
        if now and then and now != then:
            return reason
    if row["obstacle"]:
        return row["obstacle"]
    return None if row["before"] in previous["kept"] else "no_answers"


def origin(this, code: str) -> Json:
    """Return where a topic comes from, and what stands against comparing it."""
    lines = [line for line in this.inputs.get("successions", []) if line["after"] == code]
    if not lines or any(line["kind"] == "added" for line in lines):
        return {"before": None, "kind": "added", "obstacle": "added"}
    own = next((line for line in lines if line["kind"] in TIES), lines[0])
    strange = [line["kind"] for line in lines if line["kind"] not in TIES]
    same = own.get("comparable", own["kind"] in TIES and len(lines) == 1)
    obstacle = None if same else (strange or [own["kind"]])[0]
    return {"before": own["before"], "kind": own["kind"], "obstacle": obstacle}


NOTHING = dict.fromkeys(
    ("reason", "before", "after", "change", "se", "df", "low", "high", "p", "p_adjusted")
)


def refused(reason: str) -> Json:
    return NOTHING | {"verdict": "not_comparable", "reason": reason}


def change_of(
    olds: list[Part], news: list[Part], pairs: dict[str, float]
) -> tuple[Estimate, Estimate, float, float]:
    """Return both scores, the standard error of the difference and its degrees of freedom."""
    old, new = estimate(olds), estimate(news)
    return (old, new, *together(old, new, pairs))


def together(old: Estimate, new: Estimate, pairs: dict[str, float]) -> tuple[float, float]:
    if old.se != old.se or new.se != new.se:
        return nan, nan
    terms = []
    now = {part.unit: part for part in new.parts}
    for one in (old, new):
        total = sum(part.weight for part in one.parts)
        for part in one.parts:
            if not part.weight:
                continue
            share = (part.weight / total) ** 2
            v = share * one.variances[part.unit]
            if part.unit not in pairs:
                terms.append((v, part.freedom))
            elif one is old:  # both years in one term
                both = v + share * new.variances[part.unit] - 2 * share * pairs[part.unit]
                terms.append((max(both, 0.0), min(part.freedom, now[part.unit].freedom)))
    square = sum(v for v, _ in terms)
    below = sum(v * v / freedom for v, freedom in terms)
    return sqrt(square), (square**2 / below if below else inf)


def year_on_year(this) -> Json | None:
    previous = this.inputs.get("previous") or {}
    if not previous.get("counts"):
        return None
    asked = [code for code, row in this.dimensions.items() if not row.get("composite")]
    compared = {code: Compared(this, code) for code in asked if code in previous["counts"]}
    origins = {code: origin(this, code) for code in this.codes}
    rows = []
    raw: Json = {}
    for code in this.codes:
        succession = origins[code]
        dimensions = {}
        for dimension in asked:
            reason = reason_against(this, dimension, succession)
            if reason is None and not compared[dimension].units:
                reason = "no_common_groups"
            if reason is None:
                olds, news = compared[dimension].parts(succession["before"], code)
                pairs = compared[dimension].covariances(succession["before"], olds, news)
                if not sum(part.weight for part in olds):
                    reason = "no_answers"
            if reason:
                dimensions[dimension] = refused(reason)
                continue
            old, new, se, df = change_of(olds, news, pairs)
            raw[code, dimension] = (old, new, se, df)
            dimensions[dimension] = tested(old.score, new.score, se, df)
        row = {
            "topic": code,
            "before": succession["before"],
            "kind": succession["kind"],
            "dimensions": dimensions,
        }
        row["overall"] = overall_change(this, code, dimensions, raw)
        rows.append(row)
    family = correct(this, rows)
    units = {}
    for code in asked:
        reasons = [reason_against(this, code, one) for one in origins.values()]
        units[code] = [] if all(reasons) else compared[code].units
    return {"units": units, "topics": rows, "family": family}


def tested(before: float, after: float, se: float, df: float) -> Json:
    change = after - before
    p: float | None = None
    if se == 0:  # everybody was asked in both years: any change is certain
        p = 1.0 if abs(change) < 1e-9 else 0.0
    elif se == se:
        p = float(2 * stdtr(df, -abs(change) / se))
    return NOTHING | {
        "before": before,
        "after": after,
        "change": change,
        "se": None if se != se else se,
        "df": None if df != df or df == inf else df,
        "p": p,
        "verdict": "cannot_tell" if p is None else "",
    }


def slopes(
    rule: Json, x0: float, x1: float, y0: float, y1: float, points: int
) -> tuple[float, float]:
    """Return how the overall score follows each axis between the two rounds."""
    step = 1e-4
    x, y = (x0 + x1) / 2, (y0 + y1) / 2

    def at(a: float, b: float) -> float:
        return rules.overall(rule, a, b, points)

    return (
        (at(x + step, y) - at(x - step, y)) / (2 * step),
        (at(x, y + step) - at(x, y - step)) / (2 * step),
    )


def overall_change(this, code: str, dimensions: Json, raw: Json) -> Json:
    x, y = this.axis["x"], this.axis["y"]
    for dimension in (x, y):
        if dimension not in dimensions:
            return refused("several_questions")
        if dimensions[dimension]["verdict"] == "not_comparable":
            return refused(dimensions[dimension]["reason"])
    one, other = raw[code, x], raw[code, y]
    before = rules.overall(this.rule, one[0].score, other[0].score, this.points)
    after = rules.overall(this.rule, one[1].score, other[1].score, this.points)
    fx, fy = slopes(
        this.rule, one[0].score, one[1].score, other[0].score, other[1].score, this.points
    )
    terms = [(fx * one[2], one[3]), (fy * other[2], other[3])]
    square = sum(part**2 for part, _ in terms)
    se = sqrt(square)
    if se != se:
        return tested(before, after, nan, nan)
    if this.rated_by_the_same():
        se = sum(abs(part) for part, _ in terms)
    below = sum(part**4 / df for part, df in terms)
    return tested(before, after, se, square**2 / below if below else inf)


def correct(this, rows: list[Json]) -> Json:
    """Correct all tests together (Holm) and give the intervals of the level it stopped at."""
    tests = [one for row in rows for one in [*row["dimensions"].values(), row["overall"]]]
    told = sorted((one for one in tests if one["p"] is not None), key=lambda one: one["p"])
    running = 0.0
    error = 1 - this.confidence
    rejected = 0
    for i, one in enumerate(told):
        running = max(running, min(1.0, one["p"] * (len(told) - i)))
        one["p_adjusted"] = running
        one["verdict"] = "moved" if running <= error else "within_noise"
        rejected += running <= error
    confidence = 1 - error / max(1, len(told) - rejected)
    for one in told:
        df = inf if one["df"] is None else one["df"]
        reach = float(stdtrit(df, (1 + confidence) / 2)) * one["se"] if one["se"] else 0.0
        one["low"], one["high"] = one["change"] - reach, one["change"] + reach
    return {"procedure": "holm", "tests": len(told), "confidence": confidence}
