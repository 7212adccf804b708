"""The scores as open data: CSV that no spreadsheet runs, JSON with every digit."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from materiality.catalogue import Entry
from materiality.catalogue.clauses import Profile, profiles
from materiality.document.schema import AXES
from materiality.document.schema import Axis as AxisName
from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.sentences import counts, note
from materiality.report.tables import Cell, clauses, double, register, set_topics
from materiality.report.tables.set_topics import Row
from materiality.report.text import name_in, plain
from materiality.report.words import WORDS
from materiality.results import Iro, Results, Score, TopicResult, UnitScore
from materiality.results.standards import WITHOUT

CLAUSE_COLUMNS = ("clause", "asks", "state", "where", "missing")
BOM = "\ufeff"
OWN = {
    "groups.csv": "unit",
    "set_topics.csv": "set",
    "clauses.csv": "clause",
    "iros.csv": "iro",
}  # where a column means something else
_DANGEROUS = tuple("=+-@\t\r＝＋－＠−")


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> inert("=1+1"), inert("ESG")
    ("'=1+1", 'ESG')
    """
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def scores_csv(edition: Edition) -> bytes:
    """Return one row per topic. Column names are stable and in English; numbers stay numbers."""
    return _csv([_row(edition, topic) for topic in edition.results.topics])


def groups_csv(edition: Edition) -> bytes:
    """Return one row per topic, dimension and unit; nothing of fewer than the minimum."""
    return _csv(
        [
            _unit_row(edition, topic, dimension, unit)
            for topic in edition.results.topics
            for dimension in topic.scores
            for unit in topic.scores[dimension].units
        ]
    )


def set_topics_csv(edition: Edition) -> bytes:
    """Return one row per topic that SZSE sets: its result, the figures behind it, the reason."""
    return _csv([_set_row(edition, *row) for row in set_topics.verdicts(edition.results)])


def clauses_csv(edition: Edition) -> bytes:
    """Return one row per clause of each standard: where it is answered, what is missing."""
    return _csv(
        [
            _clause_row(edition, profile, row)
            for profile in profiles()
            for row in clauses.table(edition, profile).rows
        ]
    )


def _clause_columns(edition: Edition) -> tuple[str, ...]:
    """Return the columns of a clause: with a register also what it says."""
    if not register.is_kept(edition.results):
        return CLAUSE_COLUMNS
    return (*CLAUSE_COLUMNS[:-1], "says", CLAUSE_COLUMNS[-1])


def _clause_row(edition: Edition, profile: Profile, row: Sequence[Cell]) -> dict[str, Any]:
    columns = dict(zip(_clause_columns(edition), row, strict=True))
    return {"standard": profile.code, "edition": profile.edition, **columns}


def _set_row(edition: Edition, entry: Entry, row: Row) -> dict[str, Any]:
    because = row["because"]
    scores = {axis: [line[axis]["score"] for line in because] for axis in "xy"}
    known = {
        axis: [value for value in score if value is not None] for axis, score in scores.items()
    }
    cuts = double.cuts_of(edition.results.views[double.VIEW].settings)
    return {
        "code": entry.code,
        "name": set_topics.name(entry, edition.language),
        "result": row["result"],
        "topics": "+".join(map(plain, row["topics"])),
        "impact": max(known["x"], default=None),
        "financial": max(known["y"], default=None),
        "impact_cut": cuts["x"],
        "financial_cut": cuts["y"],
        "reason": name_in(row["reason"], edition.language) if row["result"] in WITHOUT else "",
        **_round(edition.results),
    }


def dictionary_csv(edition: Edition) -> bytes:
    """Return what each column of the other files means."""
    topic = edition.results.topics[0]
    columns = {"scores.csv": _row(edition, topic)}
    if not edition.results.is_without_survey:
        dimension = next(code for code, score in topic.scores.items() if score.units)
        unit = topic.scores[dimension].units[0]
        columns["groups.csv"] = _unit_row(edition, topic, dimension, unit)
    columns |= {
        "clauses.csv": dict.fromkeys(("standard", "edition", *_clause_columns(edition))),
    }
    if set_topics.are_used(edition.results):
        columns["set_topics.csv"] = _set_row(edition, *set_topics.verdicts(edition.results)[0])
    if register.is_kept(edition.results):
        columns["iros.csv"] = _iro_row(edition, register.register_of(edition).entries[0])
    return _csv(
        [
            {
                edition.say("dictionary_file"): name,
                edition.say("dictionary_column"): column,
                edition.say("dictionary_meaning"): _meaning(edition, name, column),
            }
            for name, row in columns.items()
            for column in row
        ]
    )


def _meaning(edition: Edition, name: str, column: str) -> str:
    axes = {axis: note.axis_title(edition, axis) for axis in "xy"}
    axis, _, rest = column.partition("_")
    if axis in axes and rest:
        title = edition.say(f"dictionary_{axis}", **axes)
        return f"{title} · {edition.say(f'dictionary_{rest}')}"
    own = f"dictionary_{OWN.get(name, '')}_{column}"
    key = own if own in WORDS[edition.language] else f"dictionary_{column}"
    return edition.say(key, k=edition.results.minimum_group, **axes)


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
    return (BOM + target.getvalue()).encode()


def _unit_row(
    edition: Edition, topic: TopicResult, dimension: str, score: UnitScore
) -> dict[str, Any]:
    units = counts.printable(topic.scores[dimension])
    enough = score.unit.code in units
    return {
        "topic": plain(topic.code),
        "dimension": plain(dimension),
        "unit": plain(score.unit.code),
        "unit_name": note.unit_name(score.unit, edition.language),
        "weight": score.unit.weight,
        "share": score.share,
        "mean": score.mean if enough else None,
        "n": score.n if enough else None,
        "dont_know": score.dont_know if enough else None,
        **_round(edition.results),
    }


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value


def _row(edition: Edition, topic: TopicResult) -> dict[str, Any]:
    scores = {axis: topic.scores[edition.results.axes[axis]["code"]] for axis in AXES}
    return {
        "rank": topic.rank,
        "code": plain(topic.code),
        "name": note.topic_name(topic, edition.language),
        "category": tables.category(topic, edition.language),
        "x": topic.x,
        "y": topic.y,
        "overall": topic.overall,
        "tier": topic.tier,
        "suggested_tier": topic.suggested_tier,
        "overridden": topic.overridden,
        "stability": topic.stability,
        **dict(zip(("rank_low", "rank_high"), topic.rank_interval or (None, None), strict=True)),
        **{
            f"{axis}_{key}": value
            for axis in AXES
            for key, value in _facts(edition.results, topic, axis, scores[axis]).items()
        },
        **_round(edition.results),
    }


def _round(results: Results) -> dict[str, Any]:
    """Return which round a row is from; every row says so."""
    return {
        "year": plain(results.about["year"]),
        "version": results.version,
        "locked": results.locked_at or "",
        "simulated": results.simulated,
        "digest": results.digest,
    }


def _facts(results: Results, topic: TopicResult, axis: AxisName, score: Score) -> dict[str, Any]:
    high = results.high_shares.get((topic.code, results.axes[axis]["code"])) or {}
    return {
        "low": score.low,
        "high": score.high,
        "n": counts.total(score),
        "dont_know": sum(unit.dont_know for unit in score.units),
        "undefined_because": score.reason or "",
        "high_share": high.get("share"),
        "high_share_low": high.get("low"),
        "high_share_high": high.get("high"),
    }


def iros_csv(edition: Edition) -> bytes:
    """Return one row per entry of the register. Column names are stable and in English."""
    return _csv(
        [_iro_row(edition, row) for row in register.by_topic(register.register_of(edition))]
    )


def iros_json(edition: Edition) -> bytes:
    """Return the same with topics and thresholds, every digit kept; no expert by name."""
    iros = register.register_of(edition)
    content = {
        "about": _about(edition),
        "feeds": iros.feeds,
        "entries": [_iro_row(edition, row) for row in register.by_topic(iros)],
        "topics": [
            {
                "code": plain(row.code),
                "name": register.topic_name(edition, row.code),
                "material": row.is_material,
                "basis": row.basis,
                "impact": row.impact,
                "financial": row.financial,
                "probability": row.probability,
                "probability_missing": row.probability_missing,
                "worst": {kind: plain(one.code) for kind, one in row.worst.items()},
            }
            for row in iros.topics
        ],
        "thresholds": [
            {
                "kind": row.kind,
                "value": row.value,
                "reason": name_in(row.reason, edition.language),
                "scores_before": row.scores_before,
            }
            for row in iros.thresholds
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _iro_row(edition: Edition, row: Iro) -> dict[str, Any]:
    place = edition.results.iro_places.get(row.code)
    threshold = register.register_of(edition).threshold(row.kind)
    texts = ("description", "affected", "dependency", "mitigation")
    spoken = {name: name_in(getattr(row, name) or {}, edition.language) for name in texts}
    return {
        "code": plain(row.code),
        "topic": plain(row.topic),
        "topic_name": register.topic_name(edition, row.topic),
        "kind": row.kind,
        "actual": row.is_actual if row.axis == "impact" else None,
        "human_rights": row.human_rights,
        "title": register.title(edition, row),
        "description": spoken["description"],
        "stage": row.stage,
        "named_stage": register.step_name(edition, row),
        "place": plain(row.place),
        "horizon": row.horizon,
        "affected": spoken["affected"],
        "involvement": row.involvement,
        "dependency": spoken["dependency"],
        "mitigation": spoken["mitigation"],
        "net": row.is_net,
        "beside": row.beside,
        "linked_with": "+".join(register.linked_codes(edition, row)),
        "value": row.value,
        "severity_or_magnitude": place.gravity if place else None,
        "likelihood": place.likelihood if place else None,
        "by_consensus": row.by_consensus if row.value is not None else None,
        "scored_by": len(row.judgements),
        "spread": row.spread,
        "carried_by": "+".join(row.carried_by),
        "threshold": threshold.value if threshold else None,
        "material": row.is_material,
        "disputed": row.is_disputed,
        "probability": row.probability,
        "probability_missing": row.probability_missing,
        **_round(edition.results),
    }


def scores_json(edition: Edition) -> bytes:
    """Return the same numbers with group means, weights and changes, every digit kept."""
    content = {
        "about": _about(edition),
        "topics": [_row(edition, topic) for topic in edition.results.topics],
        "group_means": _records(tables.group_means(edition), _GROUP_KEYS),
        "weights": _records(tables.weights(edition), _WEIGHT_KEYS),
        "changes": _changes(edition),
    }
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


_GROUP_KEYS = ("number", "topic", "dimension", "unit", "mean", "n", "dont_know")
_WEIGHT_KEYS = ("dimension", "unit", "groups", "responses", "weight", "share", "note")


def _records(table: tables.Table, keys: tuple[str, ...]) -> list[Mapping[str, Any]]:
    return [dict(zip(keys, row, strict=True)) for row in table.rows]


def _changes(edition: Edition) -> list[Mapping[str, Any]] | None:
    """None where the table is not ready or there was no earlier year."""
    if not tables.prints_changes(edition.results):
        return None
    return _records(tables.changes(edition), ("before", "after", "reason"))


def _about(edition: Edition) -> dict[str, Any]:
    return {
        "organisation": edition.organisation,
        "year": plain(edition.results.about["year"]),
        "version": edition.results.version,
        "locked_at": edition.results.locked_at,
        "simulated": edition.results.simulated,
        "note": note.stamp(edition),
        "digest": edition.results.digest,
        "axes": {axis: note.axis_title(edition, axis) for axis in "xy"},
        "rule": edition.results.inputs["rule"],
        "scale_points": edition.results.points,
        "responses": dict(edition.results.responses),
    }
