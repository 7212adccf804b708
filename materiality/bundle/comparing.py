"""Are results still what they were? Numbers to nine digits: the last ones are the processor's."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

TOLERANCE = 1e-9


def first_difference(kept: Any, found: Any, place: str = "results") -> str | None:
    """Return where what was kept is not found again, or None.

    What a later version finds in addition is no difference: a locked round keeps its own.

    >>> first_difference({"a": [1.0]}, {"a": [1.0], "b": 2}) is None
    True
    >>> first_difference({"a": [1.0]}, {"a": [1.1]})
    'results.a[0]'
    """
    if isinstance(kept, Mapping):
        return _in_mapping(kept, found, place)
    if isinstance(kept, Sequence) and not isinstance(kept, str):
        return _in_sequence(kept, found, place)
    return None if _same(kept, found) else place


def _in_mapping(kept: Mapping[str, Any], found: Any, place: str) -> str | None:
    if not isinstance(found, Mapping):
        return place
    for key in kept:
        where = f"{place}.{key}"
        if key not in found:
            return where
        if difference := first_difference(kept[key], found[key], where):
            return difference
    return None


def _in_sequence(kept: Sequence[Any], found: Any, place: str) -> str | None:
    if not isinstance(found, Sequence) or len(kept) != len(found):
        return place
    for at, (one, other) in enumerate(zip(kept, found, strict=True)):
        if difference := first_difference(one, other, f"{place}[{at}]"):
            return difference
    return None


def _same(kept: Any, found: Any) -> bool:
    numbers = (int, float)
    if isinstance(kept, bool) or not (isinstance(kept, numbers) and isinstance(found, numbers)):
        return bool(kept == found)
    return math.isclose(kept, found, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
