"""Several entries of the register at once: changed alike, or closed for one reason."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality.actions.log import hold_open
from materiality.actions.register import (
    close_held,
    describe_held,
    of_entry,
    refuse_nothing_to_feed,
)
from materiality.errors import BadIro
from materiality.models import Assessment, Iro
from surveys.errors import Conflict
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ALIKE = ("stage", "horizon")
Chosen = Mapping[str, int | None]
"""Codes of open entries, each with the version it was chosen at; None: as it is now."""


@transaction.atomic
def change_iros(
    *,
    assessment: Assessment,
    chosen: Chosen,
    by: "User | None",
    topic: str | None = None,
    **fields: Any,
) -> list[str]:
    """Change entries alike: all of them, or none. Each has its own line in the log.

    :param topic: the code of a topic for all; None: each stays. :param fields: of `ALIKE`.
    :returns: the codes of those that it changed.
    :raises BadIro: nothing is chosen or changed, or one of them is closed or gone.
    :raises Conflict: one of them was saved since. :raises UnknownTopic, RoundLocked
    """
    current = hold_open(assessment)
    if unknown := set(fields) - set(ALIKE):
        raise TypeError(f"several entries have no field {sorted(unknown)[0]!r} in common")
    if topic is None and not fields:
        raise BadIro({"": _("Choose what to change: a topic, a stage or a horizon.")})
    changed = []
    for row in _held(current, chosen):
        place = topic if topic != row.topic.code else None
        try:
            is_changed = describe_held(current, row, place, fields, by=by)
        except BadIro as refusal:
            raise of_entry(row, refusal) from refusal
        if is_changed:
            changed.append(row.code)
    return changed


@transaction.atomic
def close_iros(
    *, assessment: Assessment, chosen: Chosen, reason: Text, by: "User | None"
) -> list[str]:
    """Close entries for one reason: all of them, or none; return their codes.

    :raises BadIro, Conflict, RoundLocked: as for `change_iros`.
    :raises BothLanguagesNeeded: the reason lacks a language of the round.
    :raises LastEntryFeeds: as for `close_iro`.
    """
    current = hold_open(assessment)
    rows = _held(current, chosen)
    for row in rows:
        close_held(current, row, reason, by=by)
    refuse_nothing_to_feed(current)
    return [row.code for row in rows]


def _held(assessment: Assessment, chosen: Chosen) -> list[Iro]:
    """Return the open entries that are meant, as they were when they were chosen."""
    if not chosen:
        raise BadIro({"": _("Choose at least one entry.")})
    entries = (
        assessment.iros.open()
        .filter(code__in=chosen)
        .select_related("topic", "step", "evidence_file")
    )
    rows = {row.code: row for row in entries}
    if gone := sorted(set(chosen) - set(rows)):
        sentence = _("These entries are not open: %(codes)s. Nothing was changed.")
        raise BadIro({"": sentence % {"codes": _(", ").join(gone)}})
    stale = [code for code in sorted(rows) if chosen[code] not in (None, rows[code].version)]
    if stale:
        sentence = _(
            "Somebody else saved %(codes)s meanwhile. Nothing was changed: look, then save."
        )
        raise Conflict(sentence % {"codes": _(", ").join(stale)})
    for row in rows.values():
        row.assessment = assessment
    return [rows[code] for code in sorted(rows)]
