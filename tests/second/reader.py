"""From a bundle's inputs to its results, method 2."""

from math import inf, nan, sqrt

import numpy as np
from scipy.special import stdtrit
from scipy.stats import f as f_distribution
from scipy.stats import kendalltau

from tests.second import changes, composites, late, moves, plan, raking, rules, years
from tests.second.draws import DRAWS, draws_of, middle
from tests.second.scores import (
    Estimate,
    Json,
    Part,
    effective_n,
    estimate,
    interval,
    moments,
    pooled_variance,
    withheld_units,
)


class Round:
    """The inputs of one round, and the questions that all fields of the results ask of them."""

    def __init__(self, inputs: Json) -> None:
        self.inputs = inputs
        self.points = inputs["scale"]["points"]
        self.rule = inputs["rule"]
        self.topics = inputs["topics"]
        self.codes = [topic["code"] for topic in self.topics]
        self.dimensions = {d["code"]: d for d in inputs["dimensions"]}
        self.axis = {d["axis"]: d["code"] for d in inputs["dimensions"] if d.get("axis")}
        self.counts = inputs["counts"]
        self.confidence = inputs.get("confidence", 0.95)
        previous = inputs.get("previous") or {"topics": []}
        self.last_tiers = {row["code"]: row["tier"] for row in previous["topics"]}
        self.identity = identity_of(inputs)

    def minimum(self, dimension: str) -> int:
        return self.dimensions[dimension].get("minimum_group", self.inputs.get("minimum_group", 5))

    def weight(self, dimension: str, unit: Json, topic: str) -> float:
        """Return a unit's weight on a topic: that of its groups that were asked about it."""
        not_asked = self.inputs.get("not_asked", {}).get(dimension, {})
        silent = [g for g in unit["groups"] if topic in not_asked.get(g, [])]
        if not silent:
            return unit["weight"]
        groups = {group["code"]: group for group in self.inputs["groups"]}
        asked = [g for g in unit["groups"] if g not in silent]
        own = {g: groups[g].get("weights", {}).get(dimension, 0) for g in unit["groups"]}
        total = sum(own.values())
        return unit["weight"] * sum(own[g] for g in asked) / total if total else unit["weight"]

    def parts(self, dimension: str, t: int) -> list[Part]:
        units = self.inputs["units"].get(dimension, [])
        return [
            Part(
                unit["code"],
                self.weight(dimension, unit, self.codes[t]),
                moments(self.counts[dimension][unit["code"]][t]),
                self.heads(dimension, unit, self.codes[t]),
                unit["weight"],
            )
            for unit in units
        ]

    def heads(self, dimension: str, unit: Json, topic: str) -> int | None:
        """Return how many people the groups that were asked have; None where one is unknown."""
        not_asked = self.inputs.get("not_asked", {}).get(dimension, {})
        groups = {group["code"]: group for group in self.inputs["groups"]}
        asked = [g for g in unit["groups"] if topic not in not_asked.get(g, [])]
        known = [groups[g].get("population") for g in asked if g in groups]
        return sum(known) if known and all(known) else None

    def rated_by_the_same(self) -> bool:
        """Say whether some group rated both axes, or a question behind each."""
        sides = []
        for axis in "xy":
            composite = self.dimensions[self.axis[axis]].get("composite")
            codes = composites.codes_of(composite) if composite else [self.axis[axis]]
            sides.append({g for c in codes for u in self.inputs["units"][c] for g in u["groups"]})
        return bool(sides[0] & sides[1])

    def last_tier(self, code: str) -> int | None:
        return self.last_tiers.get(self.identity.get(code))


def identity_of(inputs: Json) -> dict[str, str]:
    """Return, per topic that kept its identity, its code of last round."""
    return {
        row["after"]: row["before"]
        for row in inputs.get("successions", [])
        if row["kind"] in {"continued", "renamed", "widened"}
    }


def null(value):
    """Return a number as a file holds it: null where it is undefined."""
    if value is None or value != value or value in (inf, -inf):
        return None
    return float(value)


def evaluate(inputs: Json) -> Json:
    this = Round(inputs)
    scores = {code: scores_on(this, code) for code in this.dimensions}
    results = {
        "topics": topics_of(this, scores),
        "units": {code: units_of(this, code) for code in inputs["units"]},
        "responses": {code: responses_of(this, code) for code in this.dimensions},
        "raised": {code: raised_on(this, code, scores[code]) for code in inputs["units"]},
    }
    results["cuts"] = cuts_of(this, results["topics"])
    results["variants"] = [
        variant_of(this, one, results["topics"]) for one in inputs.get("variants", [])
    ]
    results["corrected"] = {
        code: corrected_of(this, code, means, scores[code])
        for code, means in inputs.get("corrected", {}).items()
    }
    results["views"] = [view_of(this, view, scores) for view in inputs.get("views", [])]
    results["year_on_year"] = years.year_on_year(this)
    results["changes"] = changes.rows(inputs)
    results["method_changes"] = changes.method_changes(inputs)
    results["open_questions"] = changes.open_questions(inputs)
    results["tier_moves"] = moves.tier_moves(this, results)
    if found := late.late(this):
        results["late"] = found
    if inputs.get("raking"):
        results["raking"] = raking.raking(inputs)
    told = plan.registration(inputs, places_of)
    return results if told is None else results | {"registration": told}


def places_of(inputs: Json) -> Json:
    """Return, per topic, its tier by the rule and whether each view calls it material."""
    this = Round(inputs)
    scores = {code: scores_on(this, code) for code in this.dimensions}
    topics = topics_of(this, scores)
    views = [view_of(this, view, scores)["topics"] for view in inputs.get("views", [])]
    return {
        topic["code"]: (topic["suggested_tier"], *(rows[t]["material"] for rows in views))
        for t, topic in enumerate(topics)
    }


def scores_on(this: Round, dimension: str) -> list[Json]:
    if this.dimensions[dimension].get("composite"):
        return [composite_score(this, dimension, t) for t in range(len(this.codes))]
    return [simple_score(this, dimension, t) for t in range(len(this.codes))]


def reason_of(parts: list[Part], k: int) -> str | None:
    n = sum(part.moments.n for part in parts)
    carrying = [part for part in parts if part.moments.n and part.weight > 0]
    if n == 0:
        return "no_answers"
    if n < k:
        return "suppressed"
    if not carrying:
        return "zero_weight"
    if sum(part.moments.n for part in carrying) < k:
        return "suppressed"
    return None


def simple_score(this: Round, dimension: str, t: int) -> Json:
    parts, k = this.parts(dimension, t), this.minimum(dimension)
    answered = [part for part in parts if part.moments.n]
    one = estimate(parts)
    reason = reason_of(parts, k)
    hidden = withheld_units(parts, k)
    all_weight = sum(part.standing for part in parts)
    total = sum(part.weight for part in answered)
    low, high = interval(
        one, this.points, this.confidence, this.inputs.get("interval", "symmetric")
    )
    told = reason is None
    return {
        "score": null(one.score) if told else None,
        "se": null(one.se) if told else None,
        "df": null(one.df) if told else None,
        "low": null(low) if told else None,
        "high": null(high) if told else None,
        "n": one.n,
        "covered_weight": null(total / all_weight) if told and all_weight else None,
        "effective_n": null(effective_n(answered)) if told else None,
        "units": {part.unit: unit_score(part, hidden, total) for part in parts},
        "withheld": together(answered, hidden, told),
        "reason": reason,
    }


def unit_score(part: Part, hidden: set[str], total: float) -> Json:
    n = part.moments.n
    told = n > 0 and part.unit not in hidden
    return {
        "mean": part.moments.mean if told else None,
        "n": n,
        "dont_know": part.moments.cannot_judge,
        "share": part.weight / total if n and total else 0.0,
        "reason": None if told else "suppressed" if n else "no_answers",
    }


def together(answered: list[Part], hidden: set[str], told: bool) -> Json | None:
    """Return what the withheld units come to together, weighted."""
    parts = [part for part in answered if part.unit in hidden]
    if not parts:
        return None
    weight = sum(part.weight for part in parts)
    mean = sum(p.weight * p.moments.mean for p in parts) / weight if weight else nan
    return {
        "units": [part.unit for part in parts],
        "mean": null(mean) if told else None,
        "n": sum(part.moments.n for part in parts),
    }


def composite_score(this: Round, dimension: str, t: int) -> Json:
    codes = composites.codes_of(this.dimensions[dimension]["composite"])
    parts = {code: simple_score(this, code, t)["score"] for code in codes}
    values = {code: nan if value is None else value for code, value in parts.items()}
    found = composites.composed(this.dimensions[dimension], this.topics[t], values, this.points)
    answered = [simple_score(this, code, t)["n"] for code in codes]
    found_score = found.pop("score")
    return {
        "score": null(found_score),
        "se": None,
        "df": None,
        "low": None,
        "high": None,
        "n": min(answered),
        "reason": None if found_score == found_score else why(this, codes, t),
        "covered_weight": None,
        "effective_n": None,
        "units": {},
        "withheld": None,
        "parts": parts,
        **{name: value if isinstance(value, str) else null(value) for name, value in found.items()},
    }


def why(this: Round, codes: list[str], t: int) -> str:
    reasons = [simple_score(this, code, t)["reason"] for code in codes]
    return next((reason for reason in reasons if reason), "no_answers")


def number(value: float | None) -> float:
    return nan if value is None else value


def topics_of(this: Round, scores: dict[str, list[Json]]) -> list[Json]:
    xs = [number(score["score"]) for score in scores[this.axis["x"]]]
    ys = [number(score["score"]) for score in scores[this.axis["y"]]]
    values = [rules.overall(this.rule, x, y, this.points) for x, y in zip(xs, ys, strict=True)]
    last = [this.last_tier(code) for code in this.codes]
    tiers, _cuts = rules.tiers_of(this.rule, list(zip(xs, ys, values, strict=True)), last)
    places = rules.ranks(values)
    decided = {row["topic"]: row["tier"] for row in this.inputs.get("decisions", [])}
    firm = firmness(this, scores, decided, tiers)
    rows = []
    for t, code in enumerate(this.codes):
        tier = decided.get(code, tiers[t])
        banded = False
        if this.rule.get("band") and "cuts" in this.rule:
            banded = tiers[t] != rules.by_cuts(values[t], this.rule["cuts"])
        row = {
            "code": code,
            "x": null(xs[t]),
            "y": null(ys[t]),
            "overall": null(values[t]),
            "rank": places[t] or None,
            "suggested_tier": tiers[t],
            "tier": tier,
            "overridden": tier != tiers[t],
            "held_by_band": banded,
            "scores": {dimension: scores[dimension][t] for dimension in scores},
        }
        rows.append(row | firm[t])
    return rows


def estimates_on(this: Round, dimension: str) -> list[Estimate]:
    """Return the estimates that draws start from; a topic without spread borrows the others'."""
    all_parts = [this.parts(dimension, t) for t in range(len(this.codes))]
    spreads = [pooled_variance([p for p in parts if p.moments.n]) for parts in all_parts]
    shown = [spread for spread in spreads if spread > 0]
    borrowed = sum(shown) / len(shown) if shown else (this.points**2 - 1) / 12
    return [estimate(parts, borrowed) for parts in all_parts]


def no_spread(this: Round, scores, dimension: str, t: int) -> bool:
    """Say whether nobody differed in a question behind an axis."""
    composite = this.dimensions[dimension].get("composite")
    codes = composites.codes_of(composite) if composite else [dimension]
    asked = [scores[code][t] for code in codes]
    return any(one["score"] is not None and one["se"] is None for one in asked)


def draws_on(this: Round, dimension: str, stream: int) -> np.ndarray:
    if this.dimensions[dimension].get("composite"):
        return composite_draws(this, dimension)
    grams = this.inputs["gram"][dimension]
    return draws_of(estimates_on(this, dimension), grams, this.inputs.get("seed", 0), stream)


def composite_draws(this: Round, dimension: str) -> np.ndarray:
    order = list(this.dimensions)
    codes = composites.codes_of(this.dimensions[dimension]["composite"])
    drawn = {code: draws_on(this, code, 2 + order.index(code)) for code in set(codes)}
    out = np.full((DRAWS, len(this.codes)), nan)
    for t, topic in enumerate(this.topics):
        for row in range(DRAWS):
            values = {code: drawn[code][row, t] for code in codes}
            out[row, t] = composites.composed(
                this.dimensions[dimension], topic, values, this.points
            )["score"]
    return out


FIRMLESS = {
    "stability": None,
    "tier_probabilities": None,
    "ranks": None,
    "ellipse": None,
}


def firmness(this: Round, scores, decided: Json, suggested: list) -> list[Json]:
    x, y = this.axis["x"], this.axis["y"]
    topics = range(len(this.codes))
    if this.inputs.get("gram") is None:
        return [dict(FIRMLESS) for t in topics]
    xs, ys = draws_on(this, x, 0), draws_on(this, y, 1)
    for axis, drawn in ((x, xs), (y, ys)):
        for t in topics:
            if scores[axis][t]["score"] is None:
                drawn[:, t] = nan
    values = np.array(
        [
            [rules.overall(this.rule, xs[d, t], ys[d, t], this.points) for t in topics]
            for d in range(DRAWS)
        ]
    )
    last = [this.last_tier(code) for code in this.codes]
    tiers = [
        rules.tiers_of(this.rule, list(zip(xs[d], ys[d], values[d], strict=True)), last)[0]
        for d in range(DRAWS)
    ]
    places = np.array([rules.ranks(list(row)) for row in values])
    classes = 3
    rows = []
    for t in topics:
        if any(no_spread(this, scores, code, t) for code in (x, y)):
            rows.append(FIRMLESS | {"undetermined": "no_spread"})
            continue
        if decided.get(this.codes[t], suggested[t]) is None or not rules.known(values[0, t]):
            rows.append(dict(FIRMLESS))
            continue
        drawn = [row[t] for row in tiers]
        shares = [drawn.count(tier) / DRAWS for tier in range(1, classes + 1)]
        low, high = middle(places[:, t])
        rows.append(
            {
                "stability": shares[decided.get(this.codes[t], suggested[t]) - 1],
                "tier_probabilities": shares,
                "ranks": [int(low), int(high)],
                "ellipse": ellipse(this, scores, t, xs[:, t], ys[:, t]),
                "overall_interval": overall_interval(this, scores, t, values[:, t]),
            }
        )
    return rows


def ellipse(this: Round, scores, t: int, xs, ys) -> Json | None:
    one, other = scores[this.axis["x"]][t], scores[this.axis["y"]][t]
    variances = []
    freedoms = []
    for score, drawn in ((one, xs), (other, ys)):
        if score["score"] is None:
            return None
        if score["se"] is None:
            variances.append(float(np.var(drawn)))
        else:
            variances.append(score["se"] ** 2)
            freedoms.append(score["df"] if score["df"] is not None else inf)
    reach = 2 * f_distribution.ppf(0.95, 2, min(freedoms)) if freedoms else 5.991464547107979
    if any(variance != variance for variance in variances):
        return None
    rx, ry = (sqrt(variance * reach) for variance in variances)
    return {"rx": max(rx, ry), "ry": min(rx, ry), "angle": 0.0 if rx >= ry else 90.0}


def overall_interval(this: Round, scores, t: int, drawn) -> Json | None:
    closed = closed_interval(this, scores, t)
    composite = [this.dimensions[this.axis[axis]].get("composite") for axis in "xy"]
    sums = {"weighted_sum", "quadrants", "natural_breaks", "quantiles"}
    if this.rule["kind"] in sums and not any(composite):
        return closed
    low, high = middle(drawn, this.confidence)
    return {"se": float(np.std(drawn)), "low": float(low), "high": float(high)}


def closed_interval(this: Round, scores, t: int) -> Json | None:
    one, other = scores[this.axis["x"]][t], scores[this.axis["y"]][t]
    if one["se"] is None or other["se"] is None:
        return None
    a, b = this.rule["weights"]["x"], this.rule["weights"]["y"]
    terms = [(a / (a + b) * one["se"], one["df"]), (b / (a + b) * other["se"], other["df"])]
    square = sum(part**2 for part, _ in terms)
    se = sum(part for part, _ in terms) if this.rated_by_the_same() else sqrt(square)
    score = (a * one["score"] + b * other["score"]) / (a + b)
    if se == 0:
        return {"se": 0.0, "low": score, "high": score}
    below = sum(part**4 / df for part, df in terms if df)
    reach = stdtrit(square**2 / below if below else inf, (1 + this.confidence) / 2) * se
    return {
        "se": se,
        "low": max(1.0, score - reach),
        "high": min(float(this.points), score + reach),
    }


def units_of(this: Round, dimension: str) -> list[Json]:
    rows = []
    units = this.inputs["units"][dimension]
    answered = {
        u["code"]: bool(np.array(this.counts[dimension][u["code"]])[:, :-1].sum()) for u in units
    }
    total = sum(unit["weight"] for unit in units if answered[unit["code"]])
    for unit in units:
        code = unit["code"]
        share = unit["weight"] / total if answered[code] and total else 0.0
        rows.append({"code": code, "answered": answered[code], "share": share})
    return rows


def responses_of(this: Round, dimension: str) -> int:
    composite = this.dimensions[dimension].get("composite")
    if composite:  # of its best-answered part
        return max(responses_of(this, code) for code in composites.codes_of(composite))
    return sum(unit.get("responses", 0) for unit in this.inputs["units"][dimension])


def raised_on(this: Round, dimension: str, scores: list[Json]) -> Json:
    found = {}
    for unit in this.inputs["units"][dimension]:
        means = [score["units"][unit["code"]]["mean"] for score in scores]
        found[unit["code"]] = raised_by(this, means)
    return found


def raised_by(this: Round, means: list[float | None]) -> list[str]:
    """Return the topics rated highest: whole ties, at most three and at most half of them."""
    rated = [(mean, code) for mean, code in zip(means, this.codes, strict=True) if mean is not None]
    most = min(3, len(rated) // 2)
    chosen: list[str] = []
    for level in sorted({round(mean, 9) for mean, _ in rated}, reverse=True):
        level_codes = [code for mean, code in rated if round(mean, 9) == level]
        if len(chosen) + len(level_codes) > most:
            break
        chosen += level_codes
    return chosen


def cuts_of(this: Round, topics: list[Json]) -> list | None:
    last = [this.last_tier(code) for code in this.codes]
    places = [(number(t["x"]), number(t["y"]), number(t["overall"])) for t in topics]
    return rules.tiers_of(this.rule, places, last)[1]


def variant_of(this: Round, variant: Json, topics: list[Json]) -> Json:
    counts = {code: rows | variant["counts"].get(code, {}) for code, rows in this.counts.items()}
    other = Round({**this.inputs, "counts": counts, "gram": None})
    places = topics_of(other, {code: scores_on(other, code) for code in other.dimensions})
    names = ("code", "x", "y", "overall", "suggested_tier")
    changed = [
        one["code"]
        for one, two in zip(topics, places, strict=True)
        if one["suggested_tier"] != two["suggested_tier"]
    ]
    return {
        "code": variant["code"],
        "topics": [{name: place[name] for name in names} for place in places],
        "tier_changes": changed,
        "tau_b": tau_b([t["overall"] for t in topics], [t["overall"] for t in places]),
    }


def tau_b(one: list, other: list) -> float | None:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    if len(pairs) < 2:
        return None
    return null(kendalltau([a for a, _ in pairs], [b for _, b in pairs]).statistic)


def corrected_of(this: Round, dimension: str, means: Json, scores: list[Json]) -> Json:
    values = []
    for t, code in enumerate(this.codes):
        rows = [
            (this.weight(dimension, unit, code), means[unit["code"]][t])
            for unit in this.inputs["units"][dimension]
            if unit["code"] in means and means[unit["code"]][t] is not None
        ]
        total = sum(weight for weight, _ in rows)
        scored = scores[t]["score"] is not None
        values.append(sum(w * m for w, m in rows) / total if total and scored else nan)
    raw = [number(score["score"]) for score in scores]
    places, raw_places = rules.ranks(values), rules.ranks(raw)
    topics = [
        {
            "code": code,
            "score": null(values[t]),
            "rank": places[t] or None,
            "raw_rank": raw_places[t] or None,
        }
        for t, code in enumerate(this.codes)
    ]
    return {"topics": topics, "tau_b": tau_b([null(v) for v in values], [null(v) for v in raw])}


def view_of(this: Round, view: Json, scores) -> Json:
    rule = view.get("rule") or this.rule
    xs = [number(score["score"]) for score in scores[view["x"]]]
    ys = [number(score["score"]) for score in scores[view["y"]]]
    values = [rules.overall(rule, x, y, this.points) for x, y in zip(xs, ys, strict=True)]
    last = [this.last_tier(code) for code in this.codes]
    tiers, _ = rules.tiers_of(rule, list(zip(xs, ys, values, strict=True)), last)
    places = rules.ranks(values)
    rows = []
    for t, code in enumerate(this.codes):
        material, basis = verdict(view, xs[t], ys[t])
        rows.append(
            {
                "code": code,
                "x": null(xs[t]),
                "y": null(ys[t]),
                "overall": null(values[t]),
                "rank": places[t] or None,
                "suggested_tier": tiers[t],
                "material": material,
                "basis": basis,
            }
        )
    return {"code": view["code"], "topics": rows}


def verdict(view: Json, x: float, y: float) -> tuple[bool | None, str | None]:
    """Say whether a topic is material, and on which basis; unknown where a score may change it."""
    cuts = view.get("cuts")
    if not cuts:
        return None, None
    reached = {
        axis: None if value != value else value >= cuts[axis] - rules.NEAR
        for axis, value in (("x", x), ("y", y))
    }
    deciding = view.get("combine", "either") == "either"  # one axis that is so decides alone
    if None in reached.values() and deciding not in reached.values():
        return None, "unknown"
    material = any(reached.values()) if deciding else all(reached.values())
    if all(reached.values()):
        return material, "both"
    if reached["x"]:
        return material, "impact"
    return material, "financial" if reached["y"] else "none"
