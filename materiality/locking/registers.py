"""Is the register of a locked document that of its rows? Each difference is named by its place."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from materiality.document.comparing import first_difference

KEYS: Mapping[str, tuple[str, ...]] = {
    "entries": ("code",),
    "judgements": ("expert",),
    "thresholds": ("kind",),
    "closed": ("code",),
    "lines": ("before", "after"),
    "links": ("impact", "effect"),
    "scales": ("criterion", "horizon"),
    "chain": ("code",),
    "records": ("code",),
    "passages": ("code",),
    "comments": ("code",),
    "codings": ("coder",),
}
"""By which of its keys a row of a list is found again."""

NOT_COMPARED = ("experts",)
"""People may change their names after a lock."""

Row = Mapping[str, Any]


def register_differences(locked: Row, now: Row) -> Iterator[str]:
    """Yield where the locked register differs from what its rows say, and both values.

    What the locked one does not have is a difference if the rows say something of it: a later
    version may know more of an entry than was known when it was locked.

    >>> locked = {"entries": [{"code": "IRO-001", "kind": "risk"}]}
    >>> list(register_differences(locked, {"entries": [{"code": "IRO-001", "kind": "negative"}]}))
    ['entries IRO-001, kind: locked as “risk”, now “negative”']
    """
    yield from _in_row(locked, now, ())


def _in_row(locked: Row, now: Row, place: tuple[str, ...]) -> Iterator[str]:
    for key in dict.fromkeys((*locked, *now)):
        if key in NOT_COMPARED:
            continue
        one, other = locked.get(key), now.get(key)
        if key in KEYS and _are_rows(one) and _are_rows(other):
            yield from _in_list(key, one or [], other or [], place)
        elif isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from _in_row(one, other, (*place, key))
        elif (key in locked or other) and _differ(one, other):
            yield _line((*place, key), one, other)


def _in_list(
    name: str, locked: Sequence[Row], now: Sequence[Row], place: tuple[str, ...]
) -> Iterator[str]:
    """Compare two lists row by row, each found by its key; then their order."""
    ours, theirs = ({_key(name, row): row for row in rows} for rows in (locked, now))
    for key in dict.fromkeys((*ours, *theirs)):
        where = (*place, f"{name} {key}")
        if key in ours and key in theirs:
            yield from _in_row(ours[key], theirs[key], where)
        elif key in ours:
            yield f"{', '.join(where)}: locked, and not there now"
        else:
            yield f"{', '.join(where)}: there now, and not locked"
    if len(locked) != len(ours):
        yield f"{', '.join((*place, name))}: a row stands there twice"
    elif ours.keys() == theirs.keys() and list(ours) != list(theirs):
        yield f"{', '.join((*place, name))}: in another order"


def _are_rows(value: Any) -> bool:
    """Whether it is a list of rows; `entries` of a coding are codes, a tampered one anything."""
    if value is None:
        return True
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _key(name: str, row: Row) -> str:
    return " → ".join(str(row[key]) for key in KEYS[name] if key in row)


def _differ(locked: Any, now: Any) -> bool:
    if isinstance(locked, bool) or isinstance(now, bool):
        return locked is not now
    return first_difference(locked, now) is not None


def _line(place: Sequence[str], locked: Any, now: Any) -> str:
    return f"{', '.join(place)}: locked as {_shown(locked)}, now {_shown(now)}"


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "", {}) else f"“{str(value)[:80]}”"
