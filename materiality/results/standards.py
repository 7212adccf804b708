"""A standard's set topics, each with a result of the double view and a reason where it is none.

SZSE 2024, articles 5 and 7: every one of 21 set topics is judged for impact and for financial
materiality; where neither holds, or the topic does not apply, the reason is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from materiality.analysis.arrays import TOLERANCE
from materiality.document.schema import (
    AXES,
    Axis,
    Evaluation,
    Inputs,
    ScreenedOut,
    Text,
    Topic,
    View,
    ViewPlace,
)
from materiality.results.onesided import has_no_entry

Row = dict[str, Any]
Key = Sequence[str]

DOUBLE, FINANCIAL_ONLY, IMPACT_ONLY = "double", "financial", "impact"
NEITHER, UNKNOWN = "neither", "unknown"
NOT_APPLICABLE, COVERED, MISSING = "not_applicable", "covered", "missing"

WITHOUT = (NEITHER, NOT_APPLICABLE, COVERED, MISSING)
SCREENED = {"not_applicable": NOT_APPLICABLE, "not_relevant": NEITHER, "covered": COVERED}


def set_topics(
    inputs: Inputs,
    results: Evaluation,
    keys: Iterable[Key],
    *,
    view: str = "double",
) -> list[Row]:
    """Return one row per set topic: its result, the round's topics behind it, and the reason.

    `result` is double, financial, impact, neither, unknown (a score is missing that could decide),
    not_applicable, covered, or missing: then nobody looked at it, and the list is not complete.
    `reason` is what people wrote, per language; `because` holds score and cut of each axis for each
    topic, the reason that the figures give. `needs_reason` where there is neither.

    :param keys: (standard, edition, code) of the catalogue, in the order they are printed.
    :raises LookupError: the results have no view of that code with cuts.
    """
    settings = next((row for row in inputs.get("views", []) if row["code"] == view), None)
    view_result = next((row for row in results.get("views", []) if row["code"] == view), None)
    if settings is None or view_result is None or not settings.get("cuts"):
        raise LookupError(f"The round has no view {view!r} with cuts on both axes.")
    placed = {row["code"]: row for row in view_result["topics"]}
    return [_set_topic(inputs, settings, placed, tuple(key)) for key in keys]


def _set_topic(inputs: Inputs, view: View, placed: Mapping[str, ViewPlace], key: Key) -> Row:
    rows = [placed[row["code"]] for row in inputs["topics"] if _refers(row, key)]
    screened = next((row for row in inputs.get("screened_out", []) if _refers(row, key)), None)
    result, material = _verdict(inputs, view, rows) if rows else (_screening(screened), False)
    screening: Text = (screened.get("reason") if screened else None) or {}
    reason = _reason(inputs, key) or dict(screening)
    written = any(text.strip() for text in reason.values())
    return {
        "key": list(key),
        "result": result,
        "material": material,
        "topics": [row["code"] for row in rows],
        "screened_out": screened["code"] if screened and not rows else None,
        "because": [_because(view, row) for row in rows],
        "reason": reason,
        "needs_reason": result in WITHOUT and not (rows or written),
    }


def _screening(screened: ScreenedOut | None) -> str:
    return SCREENED.get(screened["kind"], NEITHER) if screened else MISSING


def _refers(row: Topic, key: Key) -> bool:
    return any(tuple(reference) == key for reference in row.get("references", []))


def _verdict(inputs: Inputs, view: View, rows: Sequence[ViewPlace]) -> tuple[str, bool | None]:
    """Return the result of all topics behind a set topic, and whether it is material.

    An axis holds if it holds for one of the topics; None where a missing score could decide. A side
    of which the register has no entry misses none, as long as the other has.
    """
    impact, financial = (any(_reaches(view, row, axis) for row in rows) for axis in AXES)
    holds = impact or financial if view.get("combine", "either") == "either" else False
    if impact and financial:
        return DOUBLE, True
    if any(_lacks_score(inputs, view, row) for row in rows):
        return UNKNOWN, holds or None
    if impact:
        return IMPACT_ONLY, holds
    return FINANCIAL_ONLY if financial else NEITHER, holds


def _lacks_score(inputs: Inputs, view: View, row: ViewPlace) -> bool:
    missing = [axis for axis in AXES if row[axis] is None]
    if len(missing) == 1:
        return not has_no_entry(inputs, view, row["code"], missing[0])
    return bool(missing)


def _reaches(view: View, row: ViewPlace, axis: Axis) -> bool:
    score, cut = row[axis], _cut_of(view, axis)
    return score is not None and cut is not None and score >= cut - TOLERANCE


def _cut_of(view: View, axis: Axis) -> float | None:
    cuts = view.get("cuts")
    return cuts[axis] if cuts else None


def _because(view: View, row: ViewPlace) -> Row:
    return {
        "topic": row["code"],
        **{axis: {"score": row[axis], "cut": _cut_of(view, axis)} for axis in AXES},
    }


def _reason(inputs: Inputs, key: Key) -> dict[str, str]:
    """Return what people wrote about a set topic in `inputs.explanations`."""
    rows = inputs.get("explanations", [])
    return next((dict(row["reason"]) for row in rows if tuple(row["key"]) == key), {})
