"""Decide each topic's tier: the rule suggests, people decide, a difference needs a reason."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from materiality import inputs as results
from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.errors import ReasonNeeded
from materiality.models import Assessment, Decision, Topic, Verb

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Choices = Mapping[str, tuple[int | None, str]]


@transaction.atomic
def decide(
    *,
    assessment: Assessment,
    decisions: Choices,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Record the tiers people chose; None takes a decision back, so that the suggestion stands.

    :param decisions: {topic code: (tier 1..3 or None, reason)}.
    :raises ReasonNeeded: a tier differs from the suggestion and has no reason; names the topics.
    """
    current = expect(assessment, expected_version)
    found = results.live(current)
    suggested = {topic.code: topic.suggested_tier for topic in found.topics}
    _refuse_without_reason(current, decisions, suggested)
    for topic in current.topics.filter(code__in=decisions).select_related("decision"):
        tier, reason = decisions[topic.code]
        _decide(current, topic, tier, reason.strip(), by)


def _refuse_without_reason(
    assessment: Assessment, decisions: Choices, suggested: Mapping[str, int | None]
) -> None:
    unexplained = {
        code
        for code, (tier, reason) in decisions.items()
        if tier is not None and tier != suggested.get(code) and not reason.strip()
    }
    if unexplained:
        raise ReasonNeeded([str(topic) for topic in assessment.topics.filter(code__in=unexplained)])


def _decide(
    assessment: Assessment, topic: Topic, tier: int | None, reason: str, by: "User | None"
) -> None:
    before = getattr(topic, "decision", None)
    old = {"tier": before.tier, "reason": before.reason} if before else None
    new = {"tier": tier, "reason": reason} if tier is not None else None
    if old == new:
        return
    if new is None:
        Decision.objects.filter(topic=topic).delete()
    else:
        values = {**new, "decided_by": by, "decided_at": timezone.now()}
        Decision.objects.update_or_create(topic=topic, defaults=values)
    record(assessment, Verb.DECIDE, by=by, subject=topic.code, before=old, after=new, reason=reason)
