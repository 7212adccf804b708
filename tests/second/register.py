"""The register once more, by the sentences of `docs/method.md`: plain numbers, no arrays."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

Marks = Mapping[str, Any]


def value_of(kind: str, actual: bool, human: bool, said: Marks, top: int, rule: str) -> Any:
    """Return what one judgement of an entry comes to, or None."""
    if kind in ("risk", "opportunity"):
        effects = []
        for horizon in ("short", "medium", "long"):
            size, likely = said[f"magnitude_{horizon}"], said[f"likelihood_{horizon}"]
            if size is not None and likely is not None:
                effects.append(size * likely / top)
        return max(effects) if effects else None
    names = ["scale", "scope"] + (["irremediability"] if kind == "negative" else [])
    known = [said[name] for name in names if said[name] is not None]
    if not known:
        return None
    severity = max(known)
    if actual or human:
        return severity
    if said["likelihood"] is None:
        return None
    if rule == "scaled":
        return severity * said["likelihood"] / top
    return min(severity, (severity + said["likelihood"]) / 2)


def middle(values: Sequence[float]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def entry_of(row: Mapping[str, Any], top: int, rule: str) -> Any:
    """Return the value of an entry: of its consensus, else the median of what is known."""

    def of(said: Marks) -> Any:
        return value_of(row["kind"], row["actual"], row["human"], said, top, rule)

    if row["consensus"] is not None and of(row["consensus"]) is not None:
        return of(row["consensus"])
    known = [value for value in map(of, row["said"]) if value is not None]
    return middle(known) if known else None


def topics_of(
    rows: Sequence[Mapping[str, Any]], thresholds: Mapping[str, float], top: int, rule: str
) -> dict[str, Any]:
    """Return by topic: the value that counts of each kind, and whether it is material."""
    told: dict[str, Any] = {}
    for topic in {row["topic"] for row in rows}:
        of_topic = [(row, entry_of(row, top, rule)) for row in rows if row["topic"] == topic]
        worst = {}
        for kind in ("negative", "positive", "risk", "opportunity"):
            values = [value for row, value in of_topic if row["kind"] == kind and value is not None]
            if values:
                worst[kind] = max(values)
        reached = any(
            kind in thresholds and value >= thresholds[kind] - 1e-9 for kind, value in worst.items()
        )
        is_open = any(value is None or row["kind"] not in thresholds for row, value in of_topic)
        told[topic] = (worst, True if reached else None if is_open else False)
    return told


def probabilities_of(
    rows: Sequence[Mapping[str, Any]], thresholds: Mapping[str, float], top: int, rule: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return how likely each entry, and any entry of each topic, reaches its threshold."""
    entries: dict[str, Any] = {row["code"]: None for row in rows}
    none: dict[str, Any] = {row["topic"]: 1.0 for row in rows}
    for kind in {row["kind"] for row in rows}:
        told, limits, agreed, topics = {}, {}, set(), {}
        for row in rows:
            if row["kind"] != kind:
                continue
            every = [value_of(kind, row["actual"], row["human"], x, top, rule) for x in row["said"]]
            is_product = kind in ("risk", "opportunity") or (
                rule == "scaled" and not row["actual"] and not row["human"]
            )
            told[row["code"]] = [value for value in every if value is not None]
            limits[row["code"]] = thresholds.get(kind, 0)
            if is_product:  # back to two marks: what both would have to be
                told[row["code"]] = [(value * top) ** 0.5 for value in told[row["code"]]]
                limits[row["code"]] = (limits[row["code"]] * top) ** 0.5
            topics.setdefault(row["topic"], []).append(row["code"])
            last = row["consensus"]
            if last and value_of(kind, row["actual"], row["human"], last, top, rule) is not None:
                agreed.add(row["code"])
        given = [code for code, values in told.items() if len(values) > 2 and code not in agreed]
        if kind not in thresholds or not given:
            none |= dict.fromkeys(topics)
            continue
        each, together = _reaching(told, given, topics, limits)
        entries |= each
        for topic, codes in topics.items():
            if none[topic] is None or not set(codes) <= set(given):
                none[topic] = None
            else:
                none[topic] *= together[topic]
    return entries, {topic: None if value is None else 1 - value for topic, value in none.items()}


def _reaching(told: Any, given: Any, topics: Any, limits: Any) -> Any:
    """Walk over all noises, spreads and means of a kind, one after another."""
    known = {code: (len(x), sum(x) / len(x)) for code, x in told.items() if x}
    df = sum(n - 1 for n, _mean in known.values())
    squares = sum((x - known[code][1]) ** 2 for code in known for x in told[code])
    variance = max(squares / df, 1 / 24)
    found = []
    for step in range(-4, 13):
        noise = math.sqrt(variance) * math.exp(step / math.sqrt(2 * df))
        for part in range(32):
            angle = (part + 0.5) / 32 * math.pi / 2
            spread = noise * math.tan(angle)
            each = [(mean, noise**2 / n + spread**2) for n, mean in known.values()]
            precision = sum(1 / v for _mean, v in each)
            middle = sum(mean / v for mean, v in each) / precision
            log = -df * math.log(noise) - df * variance / (2 * noise**2)
            log += math.log(math.sin(angle) * math.cos(angle))
            log -= math.log(precision) / 2
            log -= sum(math.log(v) + (mean - middle) ** 2 / v for mean, v in each) / 2
            found.append((log, noise, spread, middle, 1 / math.sqrt(precision)))
    highest = max(log for log, *_others in found)
    entries = dict.fromkeys(given, 0.0)
    together = dict.fromkeys(topics, 0.0)
    total = 0.0
    for log, noise, spread, middle, error in found:
        for at, share in SEVEN:
            weight = math.exp(log - highest) * share
            total += weight
            below = {}
            for code in given:
                n, mean = known[code]
                precision = n / noise**2 + 1 / spread**2
                true = (mean * n / noise**2 + (middle + at * error) / spread**2) / precision
                z = (limits[code] - true) * math.sqrt(precision)
                below[code] = math.erfc(-z / math.sqrt(2)) / 2
                entries[code] += weight * (1 - below[code])
            for topic, codes in topics.items():
                together[topic] += weight * math.prod(below.get(code, 1.0) for code in codes)
    return (
        {code: value / total for code, value in entries.items()},
        {topic: value / total for topic, value in together.items()},
    )


SEVEN = (
    (0.0, 0.45714285714285714),
    (1.1544053947399682, 0.24012317860501272), (-1.1544053947399682, 0.24012317860501272),
    (2.3667594107345415, 0.030757123967586491), (-2.3667594107345415, 0.030757123967586491),
    (3.7504397177257425, 0.00054826885597221778), (-3.7504397177257425, 0.00054826885597221778),
)  # fmt: skip
"""Where a standard normal is looked at, and how much each place counts (Gauss and Hermite)."""


def fed(survey: Any, register: Any, feeds: str) -> Any:
    """Return the coordinate of a topic on one axis, from what each side comes to."""
    if feeds == "register":
        return register
    if feeds == "worst":
        known = [value for value in (survey, register) if value is not None]
        return max(known) if known else None
    return survey
