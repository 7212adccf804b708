"""Say what became of last year's topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality import results
from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.errors import NotASuccession
from materiality.models import Assessment, Succession, Topic, Verb
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Change:
    """One line: topic codes of last year's and this year's round (None: none), kind, reason."""

    kind: str
    before: str | None
    after: str | None
    reason: Text


@transaction.atomic
def succeed(
    *,
    assessment: Assessment,
    changes: Sequence[Change],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Replace the round's lines of change by these, in this order.

    :raises NotASuccession: there is no previous round, or a code is not a topic of its round.
    """
    current = expect(assessment, expected_version)
    if current.previous is None:
        raise NotASuccession(_("This round succeeds no other, so nothing can have changed."))
    before = {topic.code: topic for topic in current.previous.topics.short_list()}
    after = {topic.code: topic for topic in current.topics.short_list()}
    lines = [
        Succession(
            assessment=current,
            kind=change.kind,
            before=_side(before, change.before),
            after=_side(after, change.after),
            reason=dict(change.reason),
            position=position,
        )
        for position, change in enumerate(changes)
    ]
    old = results.successions(current)
    current.successions.all().delete()
    Succession.objects.bulk_create(lines)
    _record(current, old, by)


def _record(assessment: Assessment, old: list[dict[str, Any]], by: "User | None") -> None:
    """Log the lines that went and the lines that came."""
    new = results.successions(assessment)
    gone, come = [row for row in old if row not in new], [row for row in new if row not in old]
    if gone or come:
        record(assessment, Verb.SUCCEED, by=by, before=gone, after=come)


def _side(topics: dict[str, Topic], code: str | None) -> Topic | None:
    if code and code not in topics:
        raise NotASuccession(_("“%(code)s” is not a topic of that round.") % {"code": code})
    return topics[code] if code else None
