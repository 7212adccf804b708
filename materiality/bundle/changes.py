"""The change table: last year's topics, this year's, and what people said became of them.

Added and removed can be derived, their reasons cannot; absorbed must be said, or the absorbing
topic would read as renamed. A table is complete when every topic of both years stands on a row.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]


def rows(inputs: Mapping[str, Any]) -> list[Row]:
    """Return the rows of the change table: what was said, then what had to be derived.

    A split or a combination is one row with several topics on one side.
    """
    if not inputs.get("previous"):
        return []
    lone_before, lone_after = _unspoken(inputs)
    removed = [_row("removed", [code], [], {}) for code in lone_before]
    added = [_row("added", [], [code], {}) for code in lone_after]
    return _said(inputs) + removed + added


def _said(inputs: Mapping[str, Any]) -> list[Row]:
    lines = inputs.get("successions", [])
    return _grouped(line for line in lines if line["kind"] != "continued")


def problems(inputs: Mapping[str, Any]) -> list[Row]:
    """Return what blocks the export: topics on neither side, rows lacking a reason."""
    lone_before, lone_after = _unspoken(inputs) if inputs.get("previous") else ([], [])
    unplaced = [
        {"kind": "unplaced", "side": side, "topic": code}
        for side, codes in (("before", lone_before), ("after", lone_after))
        for code in codes
    ]
    return unplaced + [
        {"kind": "no_reason", "before": row["before"], "after": row["after"], "language": language}
        for row in _said(inputs)
        for language in ("zh-hans", "en")
        if not row["reason"].get(language, "").strip()
    ]


def tier_moves(inputs: Mapping[str, Any], topics: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return the topics that kept their identity and changed tier since the previous round."""
    before = {row["code"]: row for row in (inputs.get("previous") or {}).get("topics", [])}
    came_from = {
        row["after"]: row["before"]
        for row in inputs.get("successions", [])
        if row["kind"] in ("continued", "renamed", "widened")
    }
    moves = []
    for topic in topics:
        old = before.get(came_from.get(topic["code"], ""), {}).get("tier")
        if old and topic["tier"] and old != topic["tier"]:
            moves.append({"topic": topic["code"], "before": old, "after": topic["tier"]})
    return moves


def _row(kind: str, before: list[str], after: list[str], reason: Mapping[str, str]) -> Row:
    return {"kind": kind, "before": before, "after": after, "reason": dict(reason)}


def _grouped(successions: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Collect the lines of one split (same before) or one combination (same after) into one row."""
    found: dict[tuple[str, Any], Row] = {}
    for at, line in enumerate(successions):
        key = {"split": line["before"], "merged": line["after"]}.get(line["kind"], at)
        row = found.setdefault((line["kind"], key), _row(line["kind"], [], [], line["reason"]))
        for side in ("before", "after"):
            if line[side] and line[side] not in row[side]:
                row[side].append(line[side])
    return list(found.values())


def _unspoken(inputs: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the topics of last year and of this year that no succession mentions."""
    lines = inputs.get("successions", [])
    spoken_before = {line["before"] for line in lines}
    spoken_after = {line["after"] for line in lines}
    before = [row["code"] for row in inputs["previous"]["topics"]]
    after = [row["code"] for row in inputs["topics"]]
    return (
        [code for code in before if code not in spoken_before],
        [code for code in after if code not in spoken_after],
    )
