"""Every action holds its round and writes its entry here, within its own transaction."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from materiality.document import log
from materiality.errors import RoundLocked
from materiality.models import Assessment, Event

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def hold(assessment: Assessment) -> Assessment:
    """Return the round held for this transaction, so that entries of the log stay in order."""
    current: Assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    return current


def hold_open(assessment: Assessment) -> Assessment:
    """Hold a round that is not locked.

    Unlike `settings.expect`, this leaves the version alone: who edits meanwhile is not disturbed.

    :raises RoundLocked: a snapshot exists.
    """
    current = hold(assessment)
    if current.is_locked:
        raise RoundLocked
    return current


def record(
    assessment: Assessment,
    verb: str,
    *,
    by: "User | None",
    subject: str = "",
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> Event:
    """Add an entry to the round's log. The caller holds the round."""
    event = Event(
        assessment=assessment,
        number=assessment.events.count() + 1,
        at=timezone.now(),
        by=by,
        name=name_of(by),
        verb=verb,
        subject=subject[:100],
        before=before,
        after=after,
        reason=reason.strip(),
        previous_hash=assessment.log_head or log.START,
    )
    event.hash = log.hash_of(event.entry())
    event.save()
    assessment.log_head = event.hash
    assessment.save(update_fields=["log_head"])
    return event


def name_of(person: "User | None") -> str:
    return (person.get_full_name() or person.get_username())[:200] if person else ""
