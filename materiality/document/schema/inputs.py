"""The inputs: everything the results follow from."""

from collections.abc import Mapping
from typing import Annotated, Literal, NotRequired

from materiality.document.schema.context import Context
from materiality.document.schema.groups import Group, KnownShares, Unit
from materiality.document.schema.lineage import Lineage, ReassessedYear
from materiality.document.schema.plan import Registration
from materiality.document.schema.register import Register
from materiality.document.schema.scoring import Decision, Dimension, Rule, Scale, Variant, View
from materiality.document.schema.sources import Sources
from materiality.document.schema.surveys import SurveyFacts
from materiality.document.schema.topics import Explanation, ScreenedOut
from materiality.document.schema.values import (
    AXES,
    LARGEST_COUNT,
    Axis,
    Between,
    Count,
    Counts,
    Gram,
    Number,
    Positive,
    Text,
    TypedDict,
)


class About(TypedDict, total=False):
    """What is printed around the numbers."""

    organisation: Text
    languages: list[str]
    year: str | int
    previous_year: str | int | None
    preset: str
    simulated: bool
    opened: str | None
    closed: str | None
    word: Text | None


class Inputs(Lineage):
    """Everything the results follow from."""

    scale: Scale
    dimensions: list[Dimension]
    groups: list[Group]
    units: Mapping[str, list[Unit]]
    counts: Mapping[str, Counts]
    rule: Rule
    method_version: NotRequired[Literal["1", "2"]]
    assessment: NotRequired[About | None]
    surveys: NotRequired[list[SurveyFacts]]
    screened_out: NotRequired[list[ScreenedOut]]
    gram: NotRequired[Mapping[str, Gram] | None]
    tier_names: NotRequired[list[Text]]
    scale_mapping: NotRequired[Literal["linear"]]
    minimum_group: NotRequired[Annotated[int, Between(1, LARGEST_COUNT)]]
    confidence: NotRequired[Annotated[float, Between(0.5, 0.9999)]]
    interval: NotRequired[Literal["symmetric", "bounded"]]
    seed: NotRequired[Count]
    decisions: NotRequired[list[Decision]]
    not_asked: NotRequired[Mapping[str, Mapping[str, list[str]]]]
    standing_weights: NotRequired[Mapping[str, Mapping[str, Positive]]]
    variants: NotRequired[list[Variant]]
    corrected: NotRequired[Mapping[str, Mapping[str, list[Number | None]]]]
    flagged: NotRequired[Mapping[str, Count] | None]
    views: NotRequired[list[View]]
    explanations: NotRequired[list[Explanation]]
    registration: NotRequired[Registration | None]
    raking: NotRequired[list[KnownShares]]
    context: NotRequired[Context]
    sources: NotRequired[Sources]
    method_reason: NotRequired[Text | None]
    register: NotRequired[Register]
    reassessed: NotRequired[list[ReassessedYear]]


SINCE_VERSION_2 = ("register", "context", "sources", "reassessed")
"""Keys of the inputs that a bundle of version 1 cannot hold."""


def axis_codes(inputs: Inputs) -> dict[Axis, str]:
    """Return the code of the dimension on each axis."""
    return {
        axis: row["code"]
        for axis in AXES
        for row in inputs["dimensions"]
        if row.get("axis") == axis
    }


def version_of(inputs: Inputs) -> str:
    """Return the release of the method these inputs are for; what does not say is of the first."""
    return inputs.get("method_version", "1")
