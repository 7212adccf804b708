"""Decide each topic's tier: the rule suggests, people decide, a difference needs a reason."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from materiality import inputs as results
from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.errors import NoSuchTier, NothingToUndo, ReasonNeeded
from materiality.models import Assessment, Decision, Topic, Verb
from materiality.selectors.decisions import last_decision, values_of
from surveys.languages import Text, by_language, in_language

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Reason = str | Text
Choices = Mapping[str, tuple[int | None, Reason]]


@transaction.atomic
def decide(
    *,
    assessment: Assessment,
    decisions: Choices,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Record the tiers people chose; None takes a decision back, so that the suggestion stands.

    :param decisions: {topic code: (a tier of the round or None, reason)}; a reason is a text in
        each language of the round, or in its first one.
    :raises NoSuchTier: a tier that the round does not have.
    :raises ReasonNeeded: a tier differs from the suggestion and has no reason; names the topics.
    """
    current = expect(assessment, expected_version)
    for tier, _reason in decisions.values():
        if tier is not None and tier not in current.tiers:
            raise NoSuchTier(tier, current.tier_count)
    live = results.live(current)
    suggested = {topic.code: topic.suggested_tier for topic in live.topics}
    _refuse_without_reason(current, decisions, suggested)
    for topic in current.topics.filter(code__in=decisions).select_related("decision"):
        tier, reason = decisions[topic.code]
        _decide(current, topic, tier, by_language(reason, current.languages), by)


@transaction.atomic
def undo_decision(
    *, assessment: Assessment, number: int, by: "User | None", expected_version: int | None = None
) -> None:
    """Put back what stood before the last decision; the log keeps both.

    :param number: the entry of the log that is to be undone, as the page showed it.
    :raises NothingToUndo: it is not the last decision any more.
    """
    current = expect(assessment, expected_version)
    last = last_decision(current)
    if last is None or last.number != number:
        raise NothingToUndo
    undone = values_of(last.topic)
    _store(last.topic, last.before, by)
    record(
        current,
        Verb.UNDO_DECISION,
        by=by,
        subject=last.topic.code,
        before=undone,
        after=last.before,
    )


def _refuse_without_reason(
    assessment: Assessment, decisions: Choices, suggested: Mapping[str, int | None]
) -> None:
    unexplained = {
        code
        for code, (tier, reason) in decisions.items()
        if tier is not None
        and tier != suggested.get(code)
        and not any(by_language(reason, assessment.languages).values())
    }
    if unexplained:
        raise ReasonNeeded([str(topic) for topic in assessment.topics.filter(code__in=unexplained)])


def _decide(
    assessment: Assessment, topic: Topic, tier: int | None, reasons: Text, by: "User | None"
) -> None:
    old = values_of(topic)
    reason = in_language(reasons, assessment.languages[0])
    new: dict[str, Any] | None = {"tier": tier, "reason": reason} if tier is not None else None
    if new and reasons and len(assessment.languages) > 1:
        new["reasons"] = dict(reasons)
    if old == new:
        return
    _store(topic, new, by)
    record(assessment, Verb.DECIDE, by=by, subject=topic.code, before=old, after=new, reason=reason)


def _store(topic: Topic, values: dict[str, Any] | None, by: "User | None") -> None:
    """Write a decision; None takes it away, so that the suggestion stands."""
    if values is None:
        Decision.objects.filter(topic=topic).delete()
        return
    stored = {"reasons": {}, **values, "decided_by": by, "decided_at": timezone.now()}
    Decision.objects.update_or_create(topic=topic, defaults=stored)
