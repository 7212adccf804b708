"""The change table: last year's topics, this year's, and what people said became of them.

Added and removed can be derived, their reasons cannot; absorbed must be said, or the absorbing
topic would read as renamed. A topic said to be unchanged under another name is a renaming that
nobody explained. A table is complete when every topic of both years stands on a row.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from materiality.document.schema import (
    ChangeRow,
    Inputs,
    Lineage,
    OpenQuestion,
    PreviousTopic,
    Succession,
    Text,
    TierMove,
    Topic,
    TopicResult,
    topics_before,
)
from materiality.method.methods import method_changes
from materiality.method.rules import has_as_many_tiers
from materiality.method.scales import topics_on_scale

Row = dict[str, Any]
LANGUAGES = ("zh-hans", "en")
"""Those of a round that names none."""


def rows(inputs: Lineage) -> list[ChangeRow]:
    """Return the rows of the change table: what was said, then what had to be derived.

    A split or a combination is one row with several topics on one side.
    """
    if not inputs.get("previous"):
        return []
    lone_before, lone_after = _unspoken(inputs)
    removed = [_row("removed", [code], [], {}) for code in lone_before]
    added = [_row("added", [], [code], {}) for code in lone_after]
    return _lines(inputs) + removed + added


def _lines(inputs: Lineage) -> list[ChangeRow]:
    lines = [_named_as_is(line, inputs) for line in inputs.get("successions", [])]
    return _group(line for line in lines if line["kind"] != "continued")


def _named_as_is(line: Succession, inputs: Lineage) -> Succession:
    """Return the line, an unchanged topic under another name as what it is: renamed."""
    old, new = _names(topics_before(inputs)), _names(inputs["topics"])
    before, after = old.get(line["before"] or "", {}), new.get(line["after"] or "", {})
    differs = any(
        before[code] != after[code] for code in before if before[code] and after.get(code)
    )
    return {**line, "kind": "renamed"} if line["kind"] == "continued" and differs else line


def _names(topics: Iterable[Topic | PreviousTopic]) -> dict[str, Text]:
    return {row["code"]: row.get("name") or {} for row in topics}


def languages_of(inputs: Inputs) -> Sequence[str]:
    """Return the languages that a round is reported in, each of which wants its reasons."""
    return (inputs.get("assessment") or {}).get("languages") or LANGUAGES


def problems(inputs: Inputs, version: str = "") -> list[OpenQuestion]:
    """Return what blocks the export: topics on neither side, rows lacking a reason.

    :param version: of the method that computes these results.
    """
    lone_before, lone_after = _unspoken(inputs) if inputs.get("previous") else ([], [])
    unplaced: list[OpenQuestion] = [
        {"kind": "unplaced", "side": side, "topic": code}
        for side, codes in (("before", lone_before), ("after", lone_after))
        for code in codes
    ]
    lines = _lines(inputs) if inputs.get("previous") else []
    languages = languages_of(inputs)
    return [*unplaced, *_open_questions(lines, languages), *_unexplained_method(inputs, version)]


def _open_questions(rows: Iterable[ChangeRow], languages: Sequence[str]) -> list[OpenQuestion]:
    return [
        {"kind": "no_reason", "before": row["before"], "after": row["after"], "language": language}
        for row in rows
        for language in languages
        if not row["reason"].get(language, "").strip()
    ]


def _unexplained_method(inputs: Inputs, version: str) -> list[OpenQuestion]:
    changed = method_changes(inputs, version)
    questions: list[OpenQuestion] = []
    for code in languages_of(inputs):
        if changed and not changed[0]["reason"].get(code, "").strip():
            questions.append(
                {
                    "kind": "no_reason",
                    "before": [],
                    "after": [],
                    "aspects": [row["aspect"] for row in changed],
                    "language": code,
                }
            )
    return questions


def tier_moves(
    inputs: Inputs,
    topics: Iterable[TopicResult],
    restated: Callable[[list[PreviousTopic]], list[int | None]] = lambda rows: [None] * len(rows),
) -> list[TierMove]:
    """Return the topics that kept their identity and changed tier since the previous round.

    The cause is "method" where last round's scores fall into the new tier under this round's rule
    already, "decision" where people chose a tier in either round, else "scores". None where the
    previous round had another number of tiers: nothing says which of them answers to which.

    :param restated: last round's topics to the tiers that this round's rule gives their scores.
    """
    if not has_as_many_tiers(inputs):
        return []
    old = topics_on_scale(inputs)
    before: dict[str, Row] = {
        row["code"]: {**row, "restated": tier} for row, tier in zip(old, restated(old), strict=True)
    }
    came_from = {
        row["after"]: row["before"]
        for row in inputs.get("successions", [])
        if row["kind"] in ("continued", "renamed", "widened")
    }
    pairs = [(before.get(came_from.get(topic["code"]) or "", {}), topic) for topic in topics]
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


def _cause(inputs: Inputs, before: Row, after: TopicResult) -> str:
    if after.get("overridden") or before.get("overridden"):
        return "decision"
    rule = ("rule", "axis_weights", "cuts")
    changed = {row["aspect"] for row in method_changes(inputs, "")}
    return "method" if changed & set(rule) and before["restated"] == after["tier"] else "scores"


def _row(kind: str, before: list[str], after: list[str], reason: Text) -> ChangeRow:
    return {"kind": kind, "before": before, "after": after, "reason": dict(reason)}


def _group(successions: Iterable[Succession]) -> list[ChangeRow]:
    """Collect the lines of one split (same before) or one combination (same after) into one row."""
    lines: dict[tuple[str, Any], ChangeRow] = {}
    for at, line in enumerate(successions):
        key = {"split": line["before"], "merged": line["after"]}.get(line["kind"], at)
        row = lines.setdefault(
            (line["kind"], key), _row(line["kind"], [], [], line.get("reason") or {})
        )
        for codes, code in ((row["before"], line["before"]), (row["after"], line["after"])):
            if code and code not in codes:
                codes.append(code)
    return list(lines.values())


def _unspoken(inputs: Lineage) -> tuple[list[str], list[str]]:
    """Return the topics of last year and of this year that no succession mentions."""
    lines = inputs.get("successions", [])
    spoken_before = {line["before"] for line in lines}
    spoken_after = {line["after"] for line in lines}
    before = [row["code"] for row in topics_before(inputs)]
    after = [row["code"] for row in inputs["topics"]]
    return (
        [code for code in before if code not in spoken_before],
        [code for code in after if code not in spoken_after],
    )
