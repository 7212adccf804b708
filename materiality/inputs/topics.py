"""The topics of a round as a bundle holds them, and what people decided on each."""

from materiality.document import schema
from materiality.models import Assessment, Decision, Topic


def topic_row(topic: Topic) -> schema.Topic:
    row: schema.Topic = {
        "code": topic.code,
        "name": topic.name,
        "definition": topic.definition,
        "category": topic.category,
        "references": topic.references,
        "sources": topic.sources,
    }
    if topic.actual:
        row["actual"] = True
    if topic.human_rights:
        row["human_rights"] = True
    return row


def screened_row(topic: Topic) -> schema.ScreenedOut:
    """Return a topic of the long list that was not asked about, and why."""
    return {
        **topic_row(topic),
        "kind": topic.screened_out,
        "reason": topic.screening_reason,
        "by": topic.screened_by.get_full_name() if topic.screened_by else "",
        "at": topic.screened_at.date().isoformat() if topic.screened_at else None,
    }


def decisions_of(assessment: Assessment) -> list[schema.Decision]:
    rows = Decision.objects.filter(topic__assessment=assessment).select_related(
        "topic", "decided_by"
    )
    return [
        {
            "topic": row.topic.code,
            "tier": row.tier,
            "reason": row.reason,
            "by": row.decided_by.get_full_name() if row.decided_by else "",
            "at": row.decided_at.date().isoformat(),
            **_reasons(row),
        }
        for row in rows.order_by("topic__position", "topic_id")
    ]


def _reasons(decision: Decision) -> schema.Reasons:
    """Return the reason in each language, where it was written in several."""
    return {"reasons": decision.reasons} if decision.reasons else {}
