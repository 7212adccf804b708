"""The event log as a chain: each entry's hash covers its content and the hash before it.

Whoever edits, removes, adds or reorders an entry breaks every hash from there on; whoever cuts the
tail no longer arrives at the head, which is kept apart. An entry is an object with the keys of
`FIELDS` and `hash`; `previous` of the first entry is `START`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from materiality.document.envelope import canonical

FIELDS = (
    "round",
    "number",
    "at",
    "by",
    "name",
    "verb",
    "subject",
    "before",
    "after",
    "reason",
    "previous",
)
START = "0" * 64
SKEW = timedelta(minutes=2)

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """The first entry that is not as it was written, and what is wrong with it."""

    number: int
    why: str


def moment(entry: Entry) -> str:
    """Return when an entry was written, in ISO form to the second, UTC."""
    return str(entry["at"])[:19] + "+00:00"


def hash_of(entry: Entry) -> str:
    """Return the SHA-256, 64 hexadecimal digits, of the canonical form of an entry's `FIELDS`."""
    content = {field: entry[field] for field in FIELDS}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def first_fault(entries: Sequence[Entry], head: str) -> Fault | None:
    """Return the first broken entry of a log, or None if it is whole.

    :param entries: all entries of one round, by number.
    :param head: the hash of the last entry, kept elsewhere; "" for a log that never began.
    """
    previous, latest = START, ""
    for number, entry in enumerate(entries, start=1):
        why = _why_broken(entry, number, previous) or _why_dated_back(entry, latest)
        if why:
            return Fault(number, why)
        previous, latest = entry["hash"], max(latest, str(entry["at"] or ""))
    if previous != (head or START):
        return Fault(len(entries) + 1, "the entries after the last one were cut off")
    return None


def _why_dated_back(entry: Entry, latest: str) -> str:
    """Say what is wrong with an entry that is older than one before it.

    Clocks of several hosts differ a little; more than `SKEW` is no clock's doing.
    """
    if not latest or not entry["at"]:
        return ""
    gap = datetime.fromisoformat(latest) - datetime.fromisoformat(str(entry["at"]))
    return "it is dated before an entry that was written earlier" if gap > SKEW else ""


def _why_broken(entry: Entry, number: int, previous: str) -> str:
    if entry["number"] != number:
        return f"entry {number} is missing; the next one is number {entry['number']}"
    if entry["previous"] != previous:
        return "it does not follow the entry before it"
    if entry["hash"] != hash_of(entry):
        return "its hash is not that of its content"
    return ""
