"""What a bundle is written with: texts, numbers within bounds, counts of ratings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

try:  # on Python 3.11 the schema library reads this one only
    from typing_extensions import TypedDict as TypedDict
except ImportError:  # in an archive: the same types, never checked there
    from typing import TypedDict as TypedDict


@dataclass(frozen=True)
class Between:
    """The least and the greatest value of a number, ends included."""

    low: float
    high: float

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        schema = handler(source)
        schema.update(ge=self.low, le=self.high)
        return schema


class OneOf:
    """The values there are: a type for the border; whoever writes the value holds plain text."""

    def __init__(self, *values: str | int) -> None:
        self.values = list(values)

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        literal = {"type": "literal", "expected": self.values}
        return {"type": "chain", "steps": [handler(source), literal]}  # 1.0 is no tier


LARGEST = 1e9

LARGEST_COUNT = 2**31

Text: TypeAlias = Mapping[str, str]
"""One text per language: {"zh-hans": …, "en": …}."""

Number = Annotated[float, Between(-LARGEST, LARGEST)]

Positive = Annotated[float, Between(0, LARGEST)]

Count = Annotated[int, Between(0, LARGEST_COUNT)]

Tier = Annotated[int, OneOf(1, 2, 3, 4, 5)]

Axis = Literal["x", "y"]

Combine = Annotated[str, OneOf("either", "both")]

AXES: tuple[Axis, ...] = ("x", "y")

Counts: TypeAlias = Mapping[str, list[list[Count]]]
"""unit → one row per topic: how often 1 … points was given, then how often "cannot judge"."""

Gram: TypeAlias = Mapping[str, list[list[int]]]
"""unit → the matrix [I, X]ᵀ[I, X], twice as wide as there are topics."""
