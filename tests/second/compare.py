"""Where two results differ: every field, numbers to nine digits."""

from collections.abc import Iterator
from typing import Any

NEAR = 1e-9


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(set(one) | set(other)):
            if key not in one or key not in other:
                yield f"{place}.{key}: only in the {'first' if key in one else 'second'}"
            else:
                yield from differences(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from differences(a, b, f"{place}[{i}]")
    elif not equal(one, other):
        yield f"{place}: {one!r} and {other!r}"


def equal(one: Any, other: Any) -> bool:
    numbers = (int, float)
    if isinstance(one, numbers) and isinstance(other, numbers):
        if isinstance(one, bool) or isinstance(other, bool):
            return one is other
        return abs(one - other) <= NEAR * max(1.0, abs(one))
    return bool(one == other)
