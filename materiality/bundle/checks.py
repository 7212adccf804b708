"""What a value in a bundle must be. Every refusal says where, what was found, what is wanted."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from materiality.bundle.document import BundleError

LARGEST = 1e9
LARGEST_COUNT = 2**31


def refuse(where: str, wanted: str, found: Any) -> NoReturn:
    raise BundleError(f"{where}: expected {wanted}, found {str(found)[:80]!r}.")


def an_object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        refuse(where, "an object", value)
    return value


def a_list(value: Any, where: str) -> Sequence[Any]:
    if not isinstance(value, list):
        refuse(where, "a list", value)
    return value


def a_number(value: Any, where: str, *, low: float = -LARGEST, high: float = LARGEST) -> float:
    if type(value) not in (int, float) or not low <= value <= high:
        refuse(where, f"a number from {low:g} to {high:g}", value)
    return float(value)


def a_whole_number(value: Any, where: str, *, low: int = 0, high: int = LARGEST_COUNT) -> int:
    if type(value) is not int or not low <= value <= high:
        refuse(where, f"a whole number from {low} to {high}", value)
    return int(value)
