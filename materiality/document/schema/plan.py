"""What was fixed before the answers were known, and what was changed after."""

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired

from materiality.document.schema.groups import KnownShares
from materiality.document.schema.register import FEEDS
from materiality.document.schema.scoring import XY
from materiality.document.schema.values import (
    Combine,
    Count,
    Number,
    OneOf,
    Positive,
    Text,
    TypedDict,
)


class PlanTests(TypedDict):
    """How changes are tested and how firm tiers are: fixed with the plan."""

    method_version: str
    procedure: str
    error: Positive
    draws: Count
    seed: int
    minimum_group: Count


class DoubleRule(TypedDict):
    """When a topic is material in double materiality."""

    combine: Combine
    cuts: XY


class RegisterPlan(TypedDict):
    """How the register feeds the axes, and from which value on an entry of a kind is material."""

    feeds: Annotated[str, OneOf(*FEEDS)]
    likelihood_rule: Annotated[str, OneOf("scaled", "capped")]
    thresholds: Mapping[str, Number]


class Plan(TypedDict):
    """What can be fixed before the answers are known; weights are shares."""

    rule: Mapping[str, Any]
    axis_weights: XY
    cuts: list[Number] | None
    weights: Mapping[str, Mapping[str, Positive]]
    tiers: list[Text]
    tests: PlanTests
    double: NotRequired[DoubleRule]
    impact: NotRequired[Mapping[str, str]]
    raking: NotRequired[list[KnownShares]]
    register: NotRequired[RegisterPlan]


class Stamp(TypedDict):
    """A time stamp (RFC 3161) over the hash of the log's entry; `token` in base64."""

    at: str
    authority: str
    token: str


class FixedPlan(TypedDict):
    """The plan as it was fixed: number and hash of the log's entry, by whom, its digest."""

    number: Count
    at: str
    by: str
    digest: str
    entry: str
    plan: Plan
    stamp: Stamp | None


class PlanChange(TypedDict):
    """A change after a plan was fixed, with the plan it gave."""

    number: Count
    at: str
    by: str
    reason: str
    plan: Plan


class Registration(TypedDict):
    """What the log tells of the plan; `known` is the entry since which answers are known."""

    fixed: FixedPlan | None
    known: Count | None
    changes: list[PlanChange]
    now: Plan


class PlanEffect(TypedDict):
    """What a change of the plan did: in what it differs, and which topics it moved."""

    number: int | None
    aspects: list[str]
    after_answers: bool
    topics: list[str]


class Registered(TypedDict):
    """Whether the plan was fixed before the answers were known, and kept."""

    state: Annotated[str, OneOf("not_fixed", "kept", "changed")]
    changes: list[PlanEffect]
