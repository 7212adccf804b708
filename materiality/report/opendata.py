"""The scores as open data: CSV that no spreadsheet runs, JSON with every digit."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from materiality.bundle import Results, Score, TopicResult
from materiality.report import note, tables
from materiality.report.text import plain

BOM = "\ufeff"
_DANGEROUS = tuple("=+-@\t\r＝＋－＠−")


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> inert("=1+1"), inert("ESG")
    ("'=1+1", 'ESG')
    """
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def scores_csv(results: Results, language: str) -> bytes:
    """Return one row per topic. Column names are stable and in English; numbers stay numbers."""
    rows = [_row(results, language, topic) for topic in results.topics]
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
    return (BOM + target.getvalue()).encode()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value


def _row(results: Results, language: str, topic: TopicResult) -> dict[str, Any]:
    scores = {axis: topic.scores[results.axes[axis]["code"]] for axis in "xy"}
    return {
        "rank": topic.rank,
        "code": plain(topic.code),
        "name": note.topic_name(topic, language),
        "category": tables.category(topic, language),
        "x": topic.x,
        "y": topic.y,
        "overall": topic.overall,
        "tier": topic.tier,
        "suggested_tier": topic.suggested_tier,
        "overridden": topic.overridden,
        "stability": topic.stability,
        **{f"{axis}_{key}": value for axis in "xy" for key, value in _facts(scores[axis]).items()},
        "year": plain(results.about["year"]),
        "locked": results.locked_at or "",
        "simulated": results.simulated,
        "digest": results.digest,
    }


def _facts(score: Score) -> dict[str, Any]:
    return {
        "low": score.low,
        "high": score.high,
        "n": score.n,
        "dont_know": sum(unit.dont_know for unit in score.units),
        "undefined_because": score.reason or "",
    }


def scores_json(results: Results, language: str) -> bytes:
    """Return the same numbers with group means, weights and changes, every digit kept."""
    content = {
        "about": _about(results, language),
        "topics": [_row(results, language, topic) for topic in results.topics],
        "group_means": _records(tables.group_means(results, language), _GROUP_KEYS),
        "weights": _records(tables.weights(results, language), _WEIGHT_KEYS),
        "changes": _changes(results, language),
    }
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


_GROUP_KEYS = ("number", "topic", "dimension", "unit", "mean", "n", "dont_know")
_WEIGHT_KEYS = ("dimension", "unit", "groups", "responses", "weight", "share", "note")


def _records(table: tables.Table, keys: tuple[str, ...]) -> list[Mapping[str, Any]]:
    return [dict(zip(keys, row, strict=True)) for row in table.rows]


def _changes(results: Results, language: str) -> list[Mapping[str, Any]] | None:
    """None where the table is not ready or there was no earlier year."""
    if not tables.prints_changes(results):
        return None
    return _records(tables.changes(results, language), ("before", "after", "reason"))


def _about(results: Results, language: str) -> dict[str, Any]:
    return {
        "organisation": note.organisation(results, language),
        "year": plain(results.about["year"]),
        "locked_at": results.locked_at,
        "simulated": results.simulated,
        "note": note.stamp(results, language),
        "digest": results.digest,
        "axes": {axis: note.axis_title(results, language, axis) for axis in "xy"},
        "rule": results.inputs["rule"],
        "scale_points": results.points,
        "responses": dict(results.responses),
    }
