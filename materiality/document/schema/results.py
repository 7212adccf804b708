"""The results: scores, tiers and intervals, and what changed since the round before."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired

from materiality.document.schema.plan import Registered
from materiality.document.schema.register import RegisterResult
from materiality.document.schema.sources import CodingResult
from materiality.document.schema.values import OneOf, Text, TypedDict

Reason = Literal["no_answers", "suppressed", "zero_weight", "not_in_register"]
"""Why a score or a mean is undefined."""


class UnitScore(TypedDict):
    """A unit's mean on a topic, or the reason why there is none.

    `share` is the share of the weight it carries on this topic, so that the shown means times
    their shares, and the withheld one times the rest, add up to the score.
    """

    share: NotRequired[float]
    mean: float | None
    n: int
    dont_know: int
    reason: NotRequired[Reason | None]


class Withheld(TypedDict):
    """What the units whose means are withheld come to together."""

    units: list[str]
    mean: float | None
    n: int


class ScoreNumbers(TypedDict):
    """A score with its standard error, degrees of freedom, interval and what it rests on."""

    score: float | None
    se: float | None
    df: float | None
    low: float | None
    high: float | None
    covered_weight: float | None
    effective_n: float | None


class CompositeDetails(TypedDict, total=False):
    """What carried a score that is made of several.

    The horizon, or the negative and the positive side, of a composite one; where the register takes
    part, what survey and register come to, and why the survey comes to nothing.
    """

    horizon: str | None
    negative: float | None
    positive: float | None
    survey: float | None
    survey_reason: Reason | None
    register: float | None


class Score(ScoreNumbers, CompositeDetails):
    """A topic on one dimension: null with a `reason` where it is undefined."""

    n: int
    reason: Reason | None
    units: Mapping[str, UnitScore]
    withheld: NotRequired[Withheld | None]
    parts: NotRequired[Mapping[str, float | None]]


class Ellipse(TypedDict):
    """The joint 95 % region: half axes in scale points, the angle in degrees."""

    rx: float
    ry: float
    angle: float


class TierResult(TypedDict):
    """What the rule suggests, what holds, and whether people chose differently."""

    suggested_tier: int | None
    tier: int | None
    overridden: bool


class Interval(TypedDict):
    """The sampling range of the overall score."""

    se: float
    low: float
    high: float


class Firmness(TypedDict):
    """How firm a topic's place is, from joint draws; null without Gram matrices.

    `undetermined` is "no_spread" where nobody differed on an axis: nothing can then be said.
    """

    undetermined: NotRequired[Literal["no_spread"] | None]
    overall_interval: NotRequired[Interval | None]

    stability: NotRequired[float | None]
    tier_probabilities: NotRequired[list[float] | None]
    ellipse: NotRequired[Ellipse | None]
    ranks: NotRequired[list[int] | None]


class TopicResult(TierResult, Firmness):
    """One topic's place, and how firm it is."""

    code: str
    x: float | None
    y: float | None
    overall: float | None
    rank: int | None
    scores: Mapping[str, Score]
    held_by_band: NotRequired[bool]


class UnitResult(TypedDict):
    """The share of weight a unit really carried."""

    code: str
    answered: bool
    share: float


class ChangeRow(TypedDict):
    """A row of the change table."""

    kind: str
    before: list[str]
    after: list[str]
    reason: Text


class OpenQuestion(TypedDict):
    """What must be answered before the change table is printed."""

    kind: Literal["unplaced", "no_reason"]
    side: NotRequired[str]
    topic: NotRequired[str]
    before: NotRequired[list[str]]
    after: NotRequired[list[str]]
    aspects: NotRequired[list[str]]
    language: NotRequired[str]


class Step(TypedDict):
    """One step from last round's overall score to this one's: what it changed, and its tier."""

    what: str
    effect: float
    overall: float
    tier: int | None


class TierMove(TypedDict):
    """A topic that kept its identity and changed tier."""

    topic: str
    before: int
    after: int
    restated: NotRequired[int | None]
    cause: NotRequired[str]
    causes: NotRequired[list[str]]
    steps: NotRequired[list[Step]]
    verdict: NotRequired[str]


class MethodChange(TypedDict):
    """An aspect of the method that differs from the previous round's."""

    kind: str
    aspect: str
    before: Any
    after: Any
    reason: Text


class ChangeNumbers(TypedDict):
    """A change with its standard error, interval and test."""

    change: float | None
    se: float | None
    df: float | None
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None


class Change(ChangeNumbers):
    """A topic's change on one dimension since the previous round."""

    verdict: str
    reason: str | None
    before: float | None
    after: float | None


class CommonUnit(TypedDict):
    """A unit that both rounds can form."""

    groups: list[str]
    weight: float


class TopicChange(TypedDict):
    """A topic against the previous round, per dimension."""

    topic: str
    before: str | None
    kind: str
    dimensions: Mapping[str, Change]
    overall: NotRequired[Change]


class TestFamily(TypedDict):
    """The tests of the round, corrected together."""

    procedure: str
    tests: int
    confidence: float


class YearOnYear(TypedDict):
    """What moved since the previous round, over the units common to both."""

    family: NotRequired[TestFamily]
    units: Mapping[str, list[CommonUnit]]
    topics: list[TopicChange]


class Place(TypedDict):
    """A topic's place under other answers or in another matrix."""

    code: str
    x: float | None
    y: float | None
    overall: float | None
    suggested_tier: int | None


class Verdict(TypedDict):
    """Whether a topic is material in a view with cuts, and on which side."""

    material: bool | None
    basis: str | None


class ViewPlace(Place, Verdict):
    """A topic's place in another matrix."""

    rank: int | None


class VariantResult(TypedDict):
    """The same round from other answers."""

    code: str
    topics: list[Place]
    tier_changes: list[str]
    tau_b: float | None


class ViewResult(TypedDict):
    """Another matrix of the round."""

    code: str
    topics: list[ViewPlace]


class CorrectedTopic(TypedDict):
    """A topic in the order with scale use corrected."""

    code: str
    score: float | None
    rank: int | None
    raw_rank: int | None


class CorrectedOrder(TypedDict):
    """The order of the topics with each person's use of the scale corrected."""

    topics: list[CorrectedTopic]
    tau_b: float | None


class LateTopic(ChangeNumbers):
    """What those rated who answered after a reminder, against those before it."""

    topic: str
    early: float | None
    late: float | None
    verdict: str


class RakedCategory(TypedDict):
    """A category, or several of which nobody can be told apart: known share, answers."""

    margin: str
    names: list[str]
    share: float
    answers: int


class RakedGroup(TypedDict):
    """How the parts of a group are weighted on a dimension, and what that costs."""

    name: str
    state: Annotated[str, OneOf("weighted", "too_few", "silent", "not_met")]
    answers: int
    weights: Mapping[str, float]
    margins: list[list[RakedCategory]]
    error: float | None
    trimmed: bool
    deff: float | None
    effective_n: float | None


class Evaluation(TypedDict):
    """The results: what `evaluate(inputs)` returns. Keys a release did not know are left out."""

    topics: list[TopicResult]
    units: Mapping[str, list[UnitResult]]
    responses: Mapping[str, int]
    changes: list[ChangeRow]
    open_questions: list[OpenQuestion]
    tier_moves: list[TierMove]
    cuts: NotRequired[list[float | None] | None]
    raised: NotRequired[Mapping[str, Mapping[str, list[str]]]]
    method_changes: NotRequired[list[MethodChange]]
    year_on_year: NotRequired[YearOnYear | None]
    variants: NotRequired[list[VariantResult]]
    views: NotRequired[list[ViewResult]]
    corrected: NotRequired[Mapping[str, CorrectedOrder]]
    registration: NotRequired[Registered]
    raking: NotRequired[Mapping[str, list[RakedGroup]]]
    late: NotRequired[Mapping[str, list[LateTopic]]]
    register: NotRequired[RegisterResult]
    coding: NotRequired[CodingResult]
