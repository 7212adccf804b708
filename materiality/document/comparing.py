"""Are results still what they were? Numbers to nine digits: the last ones are the processor's."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

TOLERANCE = 1e-9


def first_difference(stored: Any, recomputed: Any, place: str = "results") -> str | None:
    """Return where recomputed results differ from the stored ones, or None.

    What a later version finds in addition is no difference: a locked round keeps its own.

    >>> first_difference({"a": [1.0]}, {"a": [1.0], "b": 2}) is None
    True
    >>> first_difference({"a": [1.0]}, {"a": [1.1]})
    'results.a[0]'
    """
    if isinstance(stored, Mapping):
        return _in_mapping(stored, recomputed, place)
    if isinstance(stored, Sequence) and not isinstance(stored, str):
        return _in_sequence(stored, recomputed, place)
    return None if _same(stored, recomputed) else place


def _in_mapping(stored: Mapping[str, Any], recomputed: Any, place: str) -> str | None:
    if not isinstance(recomputed, Mapping):
        return place
    for key in stored:
        where = f"{place}.{key}"
        if key not in recomputed:
            return where
        if difference := first_difference(stored[key], recomputed[key], where):
            return difference
    return None


def _in_sequence(stored: Sequence[Any], recomputed: Any, place: str) -> str | None:
    if not isinstance(recomputed, Sequence) or len(stored) != len(recomputed):
        return place
    for at, (one, other) in enumerate(zip(stored, recomputed, strict=True)):
        if difference := first_difference(one, other, f"{place}[{at}]"):
            return difference
    return None


def _same(stored: Any, recomputed: Any) -> bool:
    numbers = (int, float)
    if isinstance(stored, bool) or not (
        isinstance(stored, numbers) and isinstance(recomputed, numbers)
    ):
        return bool(stored == recomputed)
    return math.isclose(stored, recomputed, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
