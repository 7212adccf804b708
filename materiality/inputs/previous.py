"""The round before, as a bundle holds it: its locked figures, and what became of its topics."""

from typing import Any

from materiality.bundle import read
from materiality.method.methods import method_of
from materiality.method.previous import statistics
from materiality.models import Assessment
from materiality.results import Results


def previous_of(assessment: Assessment) -> dict[str, Any] | None:
    """Return last year's topics with their locked coordinates, where that round is locked."""
    before = assessment.previous
    if before is None:
        return None
    if not before.is_locked:
        return {"year": before.year, "topics": _named_topics(before)}
    found = Results(read(before.snapshot.document))
    carried = statistics(found.inputs, successions(assessment))
    method = method_of(found.inputs, found.document["method"]["version"])
    return {"year": before.year, "topics": _locked_topics(found), "method": method, **carried}


def _named_topics(assessment: Assessment) -> list[dict[str, Any]]:
    return [{"code": topic.code, "name": topic.name} for topic in assessment.topics.short_list()]


def _locked_topics(found: Results) -> list[dict[str, Any]]:
    fields = ("code", "name", "x", "y", "overall", "tier", "overridden")
    ordered = sorted(found.topics, key=lambda topic: topic.position)
    return [{field: getattr(topic, field) for field in fields} for topic in ordered]


def successions(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the round's lines of change as the bundle holds them, in their order."""
    return [
        {
            "kind": row.kind,
            "before": row.before.code if row.before else None,
            "after": row.after.code if row.after else None,
            "reason": row.reason,
            **({} if row.comparable is None else {"comparable": row.comparable}),
        }
        for row in assessment.successions.select_related("before", "after")
    ]
