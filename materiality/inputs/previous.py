"""The round before, as a bundle holds it: its locked figures, and what became of its topics."""

from typing import cast

from materiality import models
from materiality.document import reopen
from materiality.document.schema import Previous, PreviousTopic, ReassessedYear, Succession
from materiality.method.methods import method_of
from materiality.method.previous import statistics
from materiality.models import Assessment
from materiality.results import Results


def previous_of(assessment: Assessment) -> Previous | None:
    """Return last year's topics with their locked coordinates, where that round is locked."""
    before = assessment.previous
    if before is None:
        return None
    if not before.is_locked:
        return {"year": before.year, "topics": _named_topics(before)}
    results = Results(reopen(before.snapshot.document))
    previous: Previous = {
        "year": before.year,
        "topics": _locked_topics(results),
        "tiers": len(results.tiers),
        "tier_names": results.inputs.get("tier_names") or [],
        "preset": results.about.get("preset") or "classic",
        "method": method_of(results.inputs, results.method_version),
    }
    previous.update(cast(Previous, statistics(results.inputs, successions(assessment))))
    return previous


def reassessed_years(assessment: Assessment) -> list[ReassessedYear]:
    """Return the years since the previous round in which nothing material had changed."""
    if assessment.previous is None:
        return []
    return [
        {
            "year": row.year,
            "concluded_on": row.concluded_on.isoformat(),
            "people": row.people,
            "looked_at": row.looked_at,
            "reason": row.reason,
            "confirmed": hasattr(row, "confirmation"),
        }
        for row in assessment.previous.reassessments.standing()
    ]


def _named_topics(assessment: Assessment) -> list[PreviousTopic]:
    return [{"code": topic.code, "name": topic.name} for topic in assessment.topics.short_list()]


def _locked_topics(results: Results) -> list[PreviousTopic]:
    ordered = sorted(results.topics, key=lambda topic: topic.position)
    return [
        {
            "code": topic.code,
            "name": topic.name,
            "x": topic.x,
            "y": topic.y,
            "overall": topic.overall,
            "tier": topic.tier,
            "overridden": topic.overridden,
        }
        for topic in ordered
    ]


def successions(assessment: Assessment) -> list[Succession]:
    """Return the round's lines of change as the bundle holds them, in their order."""
    return [_line(row) for row in assessment.successions.select_related("before", "after")]


def _line(row: models.Succession) -> Succession:
    line: Succession = {
        "kind": row.kind,
        "before": row.before.code if row.before else None,
        "after": row.after.code if row.after else None,
        "reason": row.reason,
    }
    if row.comparable is not None:
        line["comparable"] = row.comparable
    return line
