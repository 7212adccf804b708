"""The round before, what became of its topics, and the years between."""

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypeAlias

from materiality.document.schema.groups import Unit
from materiality.document.schema.scoring import Dimension, Scale
from materiality.document.schema.topics import Topic
from materiality.document.schema.values import (
    Count,
    Counts,
    Gram,
    Number,
    OneOf,
    Positive,
    Text,
    Tier,
    TypedDict,
)

SUCCESSIONS = (
    "continued",
    "renamed",
    "widened",
    "split",
    "merged",
    "absorbed",
    "added",
    "removed",
)


class Succession(TypedDict):
    """What became of a topic: codes of last round's and of this round's, or null."""

    kind: Annotated[str, OneOf(*SUCCESSIONS)]
    before: str | None
    after: str | None
    reason: NotRequired[Text | None]
    comparable: NotRequired[bool]


class PreviousTopic(TypedDict):
    """A topic as the previous round printed it."""

    code: str
    name: NotRequired[Text | None]
    x: NotRequired[Number | None]
    y: NotRequired[Number | None]
    overall: NotRequired[Number | None]
    tier: NotRequired[Tier | None]
    overridden: NotRequired[bool]


class PreviousStatistics(TypedDict, total=False):
    """The statistics of the round before, of the topics (`kept`) that live on."""

    kept: list[str]
    scale: Scale
    dimensions: list[Dimension]
    units: Mapping[str, list[Unit]]
    standing_weights: Mapping[str, Mapping[str, Positive]]
    minimum_group: Count
    counts: Mapping[str, Counts]
    gram: Mapping[str, Gram] | None


Pairs: TypeAlias = dict[str, Mapping[str, list[list[Count]]]]
"""dimension → group → per topic [pairs, Σ before, Σ after, Σ before · after]."""


class Previous(PreviousStatistics):
    """The round before; its statistics are there if it was locked."""

    topics: list[PreviousTopic]
    year: NotRequired[str]
    tiers: NotRequired[Annotated[int, OneOf(2, 3, 4, 5)]]
    tier_names: NotRequired[list[Text]]
    preset: NotRequired[str]
    method: NotRequired[Mapping[str, Any] | None]
    twice: NotRequired[Mapping[str, Mapping[str, list[list[Count]]]]]


class ReassessedYear(TypedDict):
    """A year between the previous round and this one in which nothing material had changed.

    `confirmed`: a second person stands for it.
    """

    year: str
    concluded_on: str
    people: str
    looked_at: Text
    reason: Text
    confirmed: bool


class Lineage(TypedDict):
    """This round's topics, last round's, and what became of them."""

    topics: list[Topic]
    previous: NotRequired[Previous | None]
    successions: NotRequired[list[Succession]]


def topics_before(inputs: Lineage) -> list[PreviousTopic]:
    """Return the topics of the previous round; none without one."""
    return previous_of(inputs)["topics"]


def previous_of(inputs: Lineage) -> Previous:
    """Return the previous round; one without topics where there is none."""
    return inputs.get("previous") or {"topics": []}
