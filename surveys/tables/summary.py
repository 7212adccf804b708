"""What an import does, as it is shown before and kept after: nothing else is imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.tables.identity import Comparison
from surveys.tables.plan import Plan
from surveys.tables.rows import AnswerReader, Summary, topic_summary
from surveys.tables.scales import Scale
from surveys.tables.target import Target


@dataclass(frozen=True)
class Findings:
    """A whole reading."""

    plan: Plan
    target: Target
    rows: AnswerReader
    fresh: Summary
    compared: Comparison
    people: Mapping[int, str]


def summary_of(findings: Findings, asks: int) -> dict[str, Any]:
    """Return the summary of a reading, ready for JSON.

    :param asks: the earlier import of which it must be said whether it holds the same people; or 0.
    """
    plan, place = findings.plan, findings.plan.place
    return {
        "program": plan.program,
        "header": plan.header,
        "place_header": list(place.header),
        "everybody": plan.everybody,
        "is_numbered": plan.column("row") is not None,
        "file": {
            "kind": place.kind,
            "encoding": place.encoding,
            "delimiter": place.delimiter,
            "sheet": place.sheet,
            "headings": list(place.headings),
            "first": place.first,
            "is_merged": place.is_merged,
        },
        "columns": {plan.header[at] or f"#{at + 1}": what for at, what in plan.columns.items()},
        "columns_left_out": [heading or f"#{at + 1}" for at, heading in plan.left_out.items()],
        "rows": findings.fresh.rows,
        "groups": dict(findings.fresh.groups),
        "group_values": {value: code for value, code in plan.groups.items() if code},
        "counts": {plan.header[at]: values for at, values in plan.counts.items()},
        "topics": [_topic(findings, at, meaning) for at, meaning in plan.topics().items()],
        "scales": _scales(plan, findings.target.scale),
        "rows_left_out": dict(findings.rows.left_out),
        "rows_left_out_first": findings.rows.rows_left_out,
        "comments": findings.fresh.comments,
        "comments_cut": findings.rows.comments_cut,
        "people": [_people(findings.compared, pk, what) for pk, what in findings.people.items()],
        "asks": asks,
    }


def _topic(findings: Findings, at: int, meaning: str) -> dict[str, Any]:
    plan = findings.plan
    prompt, _colon, topic = meaning.partition(":")
    counts = findings.fresh.values.get(at)
    values, mean = topic_summary(plan, counts, prompt) if counts else ({}, None)
    return {
        "heading": plan.header[at] or f"#{at + 1}",
        "prompt": prompt,
        "topic": topic,
        "title": findings.target.by_meaning[meaning].title,
        "values": [[value, rating, count] for value, (rating, count) in sorted(values.items())],
        "mean": None if mean is None else round(mean, 4),
    }


def _scales(plan: Plan, ours: Scale) -> dict[str, dict[str, Any]]:
    """Return the rule by which values of each prompt became ratings, and where it comes from."""
    return {
        prompt: {
            "lowest": ratings.scale.lowest,
            "highest": ratings.scale.highest,
            "most": ratings.scale.most,
            "is_mapped": ratings.scale != ours,
            "source": _source(plan, prompt),
            "ratings": ratings.ratings,
        }
        for prompt, ratings in plan.ratings.items()
    }


def _source(plan: Plan, prompt: str) -> str:
    """Return what settled a rule: a person's word, or what the table itself told."""
    is_told = plan.options.ratings.get(prompt) or plan.options.scales.get(prompt)
    return "told" if is_told else plan.ratings[prompt].source


def _people(compared: Comparison, pk: int, what: str) -> dict[str, Any]:
    both = compared.overlap(pk)
    return {
        "import": pk,
        "are": what,
        "common": both.common,
        "equal": both.equal,
        "changed": both.changed,
        "new": both.fresh,
        "gone": both.gone,
        "rows_changed": compared.changed_rows.get(pk, [])[:100],
    }


def without_answers(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a summary outlives the seal: how the table was read, not what it said."""
    topics = [topic | {"values": [], "mean": None} for topic in summary.get("topics", [])]
    rest = {**summary, "topics": topics, "groups": {}, "people": [], "rows_left_out_first": []}
    return rest if summary else {}
