"""Say what became of last year's topics."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from materiality import inputs as results
from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.document.schema import Succession as SuccessionRow
from materiality.errors import NotASuccession
from materiality.models import Assessment, Succession, Topic, Verb
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class SuccessionLine:
    """One line: topic codes of last year's and this year's round (None: none), kind, reason."""

    kind: str
    before: str | None
    after: str | None
    reason: Text


@transaction.atomic
def succeed(
    *,
    assessment: Assessment,
    changes: Sequence[SuccessionLine],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Replace the round's lines of change by these, in this order.

    :raises NotASuccession: there is no previous round, a code is not a topic of its round, or a
        line is there twice.
    """
    current = expect(assessment, expected_version)
    if current.previous is None:
        raise NotASuccession(_("This round succeeds no other, so nothing can have changed."))
    pairs = [(change.before, change.after) for change in changes]
    if len(set(pairs)) < len(pairs):
        raise NotASuccession(_("The same two topics stand on two lines. Keep one of them."))
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


def _record(assessment: Assessment, old: list[SuccessionRow], by: "User | None") -> None:
    """Log the lines that went and the lines that came."""
    new = results.successions(assessment)
    removals, additions = (
        [row for row in old if row not in new],
        [row for row in new if row not in old],
    )
    if removals or additions:
        record(assessment, Verb.SUCCEED, by=by, before=removals, after=additions)


def _side(topics: dict[str, Topic], code: str | None) -> Topic | None:
    if code and code not in topics:
        raise NotASuccession(_("“%(code)s” is not a topic of that round.") % {"code": code})
    return topics[code] if code else None


@transaction.atomic
def explain_method(
    *,
    assessment: Assessment,
    reason: Text,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Say, in both languages, why the method differs from the previous round's."""
    current = expect(assessment, expected_version)
    before, after = current.method_reason, dict(reason)
    if before != after:
        current.method_reason = after
        current.save(update_fields=["method_reason"])
        record(current, Verb.EXPLAIN_METHOD, by=by, before=before, after=after)


@transaction.atomic
def follow(
    *,
    assessment: Assessment,
    previous: Assessment | None,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Name the round that this one succeeds, if that was not said when it was started.

    :raises NotASuccession: it would come after itself, over however many rounds; it is another
        organisation's, has a successor already, or changes are explained against another round.
    """
    current = expect(assessment, expected_version)
    if previous is not None:
        previous = Assessment.objects.get(pk=previous.pk)
    refuse_as_previous(current.organisation_id, previous, year=current.year, successor=current)
    if previous == current.previous:
        return
    if current.successions.exists():
        raise NotASuccession(_("Changes since another round are explained. Remove them first."))
    if current.iro_lines.exists():
        raise NotASuccession(
            _("Entries of the register come from another round’s. Say so no longer, first.")
        )
    before, current.previous = current.previous, previous
    current.save(update_fields=["previous"])
    old, new = (row.year if row else None for row in (before, previous))
    record(current, Verb.FOLLOW, by=by, before=old, after=new)


def refuse_as_previous(
    organisation: int,
    previous: Assessment | None,
    *,
    year: str,
    successor: Assessment | None = None,
) -> None:
    """Refuse a round as the one before: another organisation's, taken, or a later one.

    One about the same year may be: who corrects a report that is locked makes its next version.

    :param year: of the round that is to follow.
    :raises NotASuccession: says which.
    """
    if previous is None:
        return
    if previous.organisation_id != organisation:
        raise NotASuccession(_("The previous round belongs to another organisation."))
    taken = getattr(previous, "next", None)
    if taken is not None and taken != successor:
        raise NotASuccession(_("%(round)s already has a successor.") % {"round": previous})
    if successor is not None and successor in chain(previous):
        raise NotASuccession(_("A round cannot come after itself."))
    if previous.is_after(year):
        values = {"year": previous.year, "own": year}
        raise NotASuccession(_("%(year)s is later than %(own)s. Choose an earlier round.") % values)


def chain(assessment: Assessment) -> Iterator[Assessment]:
    """Yield the round, the one before it, and so on."""
    seen: set[int] = set()
    first: Assessment | None = assessment
    while first is not None and first.pk not in seen:
        seen.add(first.pk)
        yield first
        first = first.previous
