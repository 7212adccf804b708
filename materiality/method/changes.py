"""The change table: last year's topics, this year's, and what people said became of them.

Added and removed can be derived, their reasons cannot; absorbed must be said, or the absorbing
topic would read as renamed. A topic said to be unchanged under another name is a renaming that
nobody explained. A table is complete when every topic of both years stands on a row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from materiality.method.methods import method_changes

Row = dict[str, Any]
LANGUAGES = ("zh-hans", "en")
"""Those of a round that names none."""


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
    lines = [_named_as_is(line, inputs) for line in inputs.get("successions", [])]
    return _grouped(line for line in lines if line["kind"] != "continued")


def _named_as_is(line: Mapping[str, Any], inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the line, an unchanged topic under another name as what it is: renamed."""
    old, new = _names(inputs["previous"]), _names(inputs)
    before, after = old.get(line["before"], {}), new.get(line["after"], {})
    differs = any(
        before[code] != after[code] for code in before if before[code] and after.get(code)
    )
    return {**line, "kind": "renamed"} if line["kind"] == "continued" and differs else line


def _names(year: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    return {row["code"]: row.get("name") or {} for row in year["topics"]}


def languages_of(inputs: Mapping[str, Any]) -> Sequence[str]:
    """Return the languages that a round is reported in, each of which wants its reasons."""
    return (inputs.get("assessment") or {}).get("languages") or LANGUAGES


def problems(inputs: Mapping[str, Any], version: str = "") -> list[Row]:
    """Return what blocks the export: topics on neither side, rows lacking a reason.

    :param version: of the method that computes these results.
    """
    lone_before, lone_after = _unspoken(inputs) if inputs.get("previous") else ([], [])
    unplaced = [
        {"kind": "unplaced", "side": side, "topic": code}
        for side, codes in (("before", lone_before), ("after", lone_after))
        for code in codes
    ]
    said = _said(inputs) if inputs.get("previous") else []
    languages = languages_of(inputs)
    return [*unplaced, *_unexplained(said, languages), *_unexplained_method(inputs, version)]


def _unexplained(rows: Iterable[Row], languages: Sequence[str]) -> list[Row]:
    return [
        {"kind": "no_reason", "before": row["before"], "after": row["after"], "language": language}
        for row in rows
        for language in languages
        if not row["reason"].get(language, "").strip()
    ]


def _unexplained_method(inputs: Mapping[str, Any], version: str) -> list[Row]:
    changed = method_changes(inputs, version)
    return [
        {
            "kind": "no_reason",
            "before": [],
            "after": [],
            "aspects": [row["aspect"] for row in changed],
            "language": code,
        }
        for code in languages_of(inputs)
        if changed and not changed[0]["reason"].get(code, "").strip()
    ]


def tier_moves(
    inputs: Mapping[str, Any],
    topics: Iterable[Mapping[str, Any]],
    restated: Callable[[list[Row]], list[int | None]] = lambda rows: [None] * len(rows),
) -> list[Row]:
    """Return the topics that kept their identity and changed tier since the previous round.

    The cause is "method" where last round's scores fall into the new tier under this round's rule
    already, "decision" where people chose a tier in either round, else "scores".

    :param restated: last round's topics to the tiers that this round's rule gives their scores.
    """
    old = list((inputs.get("previous") or {}).get("topics", []))
    before = {
        row["code"]: row | {"restated": tier} for row, tier in zip(old, restated(old), strict=True)
    }
    came_from = {
        row["after"]: row["before"]
        for row in inputs.get("successions", [])
        if row["kind"] in ("continued", "renamed", "widened")
    }
    pairs = [(before.get(came_from.get(topic["code"], ""), {}), topic) for topic in topics]
    return [
        {
            "topic": new["code"],
            "before": was["tier"],
            "after": new["tier"],
            "restated": was["restated"],
            "cause": _cause(inputs, was, new),
        }
        for was, new in pairs
        if was.get("tier") and new["tier"] and was["tier"] != new["tier"]
    ]


def _cause(inputs: Mapping[str, Any], before: Row, after: Mapping[str, Any]) -> str:
    if after.get("overridden") or before.get("overridden"):
        return "decision"
    rule = ("rule", "axis_weights", "cuts")
    changed = {row["aspect"] for row in method_changes(inputs, "")}
    return "method" if changed & set(rule) and before["restated"] == after["tier"] else "scores"


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
