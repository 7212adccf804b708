"""How ratings become scores and tiers: the scale, dimensions, the rule, views, decisions."""

from collections.abc import Mapping
from typing import Annotated, NotRequired

from materiality.document.schema.values import (
    LARGEST_COUNT,
    Between,
    Combine,
    Counts,
    Number,
    OneOf,
    Positive,
    Text,
    Tier,
    TypedDict,
)


class Scale(TypedDict):
    """Ratings run from 1 to `points`."""

    points: Annotated[int, Between(2, 100)]


class XY(TypedDict):
    """A number for each axis."""

    x: Number
    y: Number


class Horizon(TypedDict):
    """One time horizon of a financial effect: the dimensions of its two questions."""

    code: str
    magnitude: str
    likelihood: str


class Composite(TypedDict):
    """How several questions become one dimension: `parts` of an impact, or `horizons`."""

    kind: Annotated[str, OneOf("impact", "financial")]
    parts: NotRequired[Mapping[str, str]]
    positive: NotRequired[Mapping[str, str] | None]
    severity_rule: NotRequired[Annotated[str, OneOf("max", "mean", "mean_max")]]
    likelihood_rule: NotRequired[Annotated[str, OneOf("scaled", "capped")]]
    horizons: NotRequired[list[Horizon]]


class Dimension(TypedDict):
    """What was asked about every topic; the axes of the matrix are two of them."""

    code: str
    axis: NotRequired[Annotated[str, OneOf("x", "y", "")]]
    name: NotRequired[Text | None]
    question: NotRequired[Text | None]
    labels: NotRequired[Mapping[str, list[str]] | None]
    composite: NotRequired[Composite | None]
    minimum_group: NotRequired[Annotated[int, Between(1, LARGEST_COUNT)]]


RULES = (
    "weighted_sum",
    "either",
    "both",
    "distance",
    "product",
    "quadrants",
    "natural_breaks",
    "quantiles",
)


class Rule(TypedDict):
    """The tier rule. Which of the optional keys are needed depends on `kind`.

    `tiers` is how many there are where neither cuts nor shares tell; 3 where it is left out.
    """

    kind: Annotated[str, OneOf(*RULES)]
    weights: XY
    cuts: NotRequired[list[Number]]
    axis_cuts: NotRequired[XY]
    axis_cuts_low: NotRequired[XY]
    tiers: NotRequired[Annotated[int, OneOf(2, 3, 4, 5)]]
    shares: NotRequired[list[Positive]]
    band: NotRequired[Positive]


class Reasons(TypedDict, total=False):
    """A reason in each language, where it was written in several."""

    reasons: Text


class Decision(Reasons):
    """A tier that people gave."""

    topic: str
    tier: Tier
    reason: NotRequired[str]
    by: NotRequired[str]
    at: NotRequired[str | None]


class Variant(TypedDict):
    """The counts without some respondents, or with others, for the units whose counts differ."""

    code: str
    counts: Mapping[str, Counts]


class View(TypedDict):
    """A further matrix of two dimensions; with `cuts` it says what is material."""

    code: str
    x: str
    y: str
    rule: NotRequired[Rule | None]
    cuts: NotRequired[XY | None]
    combine: NotRequired[Combine]
