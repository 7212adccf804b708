"""The register once more, by the sentences of `docs/method.md`: plain numbers, no arrays."""

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


def fed(survey: Any, register: Any, feeds: str) -> Any:
    """Return the coordinate of a topic on one axis, from what each side comes to."""
    if feeds == "register":
        return register
    if feeds == "worst":
        known = [value for value in (survey, register) if value is not None]
        return max(known) if known else None
    return survey
