"""What was decided last, and how a decision stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from materiality.models import Assessment, Event, Topic, Verb


@dataclass(frozen=True)
class LastDecision:
    """The last decision that stands as it was saved, and what was there before it."""

    number: int
    topic: Topic
    tier: int | None
    before: dict[str, Any] | None
    name: str
    at: datetime


def last_decision(assessment: Assessment) -> LastDecision | None:
    """Return what `undo_decision` would take back; None if there is nothing, or no more."""
    verbs = (Verb.DECIDE, Verb.UNDO_DECISION)
    taken_back = 0
    for event in assessment.events.filter(verb__in=verbs).order_by("-number"):
        if event.verb == Verb.UNDO_DECISION:
            taken_back += 1
        elif taken_back:
            taken_back -= 1
        else:
            return _as_it_stands(assessment, event)
    return None


def _as_it_stands(assessment: Assessment, event: Event) -> LastDecision | None:
    """Return the decision of this entry, unless its topic is gone or was decided elsewise since."""
    topic = assessment.topics.filter(code=event.subject).select_related("decision").first()
    if topic is None or values_of(topic) != event.after:
        return None
    tier = event.after["tier"] if event.after else None
    return LastDecision(event.number, topic, tier, event.before, event.name, event.at)


def values_of(topic: Topic) -> dict[str, Any] | None:
    """Return the decision on a topic as the log holds it; None: the suggestion stands."""
    decision = getattr(topic, "decision", None)
    if decision is None:
        return None
    values = {"tier": decision.tier, "reason": decision.reason}
    return values | ({"reasons": decision.reasons} if decision.reasons else {})
