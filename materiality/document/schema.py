"""The types of a bundle: what stands under each key, as plain dictionaries, lists and numbers.

Nothing here needs more than the standard library, because the archive's `recompute.py` has NumPy
alone. `border` turns the same types into the check of a foreign file, `docs/bundle.schema.json`
into one for other programs. A key that may be left out is `NotRequired`; `docs/bundle.md` says
what then holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired, TypeAlias

try:  # on Python 3.11 the schema library reads this one only
    from typing_extensions import TypedDict
except ImportError:  # in an archive: the same types, never checked there
    from typing import TypedDict


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


class Group(TypedDict):
    """A stakeholder group. Numbers that are unknown or may not be told are null or left out."""

    code: str
    name: NotRequired[Text | None]
    kind: NotRequired[str]
    invited: NotRequired[Count | None]
    responses: NotRequired[Count | None]
    expectations: NotRequired[list[Text]]
    channels: NotRequired[list[Text]]
    how_chosen: NotRequired[Text | None]
    frequency: NotRequired[Text | None]
    weights: NotRequired[Mapping[str, Positive]]
    population: NotRequired[Count | None]
    invited_answered: NotRequired[Count | None]


class Unit(TypedDict):
    """What is disclosed alone: one group, or several pooled because one was too small."""

    code: str
    groups: list[str]
    weight: Positive
    name: NotRequired[Text | None]
    responses: NotRequired[Count]
    population: NotRequired[Count | None]


class Topic(TypedDict):
    """A topic of the short list."""

    code: str
    name: NotRequired[Text | None]
    definition: NotRequired[Text | None]
    category: NotRequired[str]
    references: NotRequired[list[list[str]]]
    sources: NotRequired[list[str]]
    actual: NotRequired[bool]
    human_rights: NotRequired[bool]


class ScreenedOut(Topic):
    """A topic of the long list that was not asked about."""

    kind: str
    reason: NotRequired[Text | None]
    by: NotRequired[str]
    at: NotRequired[str | None]


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


FEEDS = ("survey", "beside", "register", "worst")
"""How the register takes part in the axes."""

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


class Explanation(TypedDict):
    """Why a set topic (standard, edition, code) is not material or does not apply."""

    key: list[str]
    reason: Text


class Category(TypedDict):
    """A category of a group's people: its name, its known share of all, the groups asked of it."""

    name: str
    share: Positive
    groups: list[str]


class Margin(TypedDict):
    """What is known of a group's people by one characteristic: every part in one category."""

    name: str
    categories: list[Category]


class KnownShares(TypedDict):
    """A group asked in parts (`groups`), weighted among themselves by known shares."""

    name: str
    groups: list[str]
    margins: list[Margin]


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


class Source(TypedDict):
    """How many answers came in one way; null where that would tell of a few."""

    source: Annotated[str, OneOf("personal", "open", "staff", "imported")]
    answers: Count | None


class ExclusionFacts(TypedDict):
    """By what a reviewer leaves answers out, how many meet it, how many that leaves out."""

    criterion: str
    met: Count | None
    left_out: Count


class LaterGroup(TypedDict):
    """A group that a running survey was opened to, and the day from which it was asked."""

    group: str
    asked_from: str


class ReadingRule(TypedDict):
    """How values under one question of imported tables became ratings (0 blank, 255 cannot judge).

    Numbers lie from `lowest` to `highest`, of which `most` means most. `by` says what settled it:
    words of the survey itself, words of a known scale, plain numbers, or a person.
    """

    dimension: str
    lowest: int
    highest: int
    most: int
    by: Annotated[str, OneOf("own", "known", "numbers", "told")]
    ratings: Mapping[str, Annotated[int, Between(0, 255)]]


class TableFacts(TypedDict):
    """Tables from elsewhere that were read alike: of which program, how many, by what rules."""

    program: str
    tables: Annotated[int, Between(1, LARGEST_COUNT)]
    rules: list[ReadingRule]


class SurveyFacts(TypedDict):
    """How a survey was held: what every sentence about asking is made from."""

    code: str
    dimensions: list[str]
    mode: Annotated[str, OneOf("anonymous", "named")]
    opened: NotRequired[str | None]
    closed: NotRequired[str | None]
    sources: list[Source]
    invited: NotRequired[Count | None]
    reached: NotRequired[Count | None]
    answered: Count
    counted: Count
    exclusions: NotRequired[list[ExclusionFacts]]
    wordings: NotRequired[Count]
    later: NotRequired[list[LaterGroup]]
    after_reminder: NotRequired[Count]
    imports: NotRequired[list[TableFacts]]


IRO_KINDS = ("negative", "positive", "risk", "opportunity")
IroKind = Annotated[str, OneOf(*IRO_KINDS)]


class Effect(TypedDict):
    """A financial effect at one horizon: marks from 1 to the top of the scale."""

    magnitude: Number
    likelihood: Number


class Marks(TypedDict):
    """What is said of an entry, and why; a mark that nobody could give is left out.

    `effects` is by horizon ("short", "medium", "long"), of risks and opportunities alone.
    """

    scale: NotRequired[Number]
    scope: NotRequired[Number]
    irremediability: NotRequired[Number]
    likelihood: NotRequired[Number]
    effects: NotRequired[Mapping[str, Effect]]
    reason: str


class IroJudgement(Marks):
    """What one expert says of an entry; `expert` is a code of the register's `experts`."""

    expert: str


class Expert(TypedDict):
    """One of the named experts; their marks are theirs by name, so no minimum holds."""

    code: str
    name: NotRequired[str]


class IroThreshold(TypedDict):
    """From which value on entries of a kind are material, and why there.

    `scores_before`: how many scores of the kind were known when it was set.
    """

    kind: IroKind
    value: Number
    reason: NotRequired[Text]
    scores_before: NotRequired[Count]


class IroHead(TypedDict):
    """What an entry is known by."""

    code: str
    topic: str
    kind: IroKind
    title: NotRequired[Text]


class IroBeside(TypedDict):
    """What is said of the reading that does not count: gross where the entry is net, or net."""

    judgements: NotRequired[list[IroJudgement]]
    consensus: NotRequired[Marks]


class IroEntry(IroHead):
    """An impact, risk or opportunity of a topic; what is said of it, and by whom."""

    is_actual: NotRequired[bool]
    human_rights: NotRequired[bool]
    description: NotRequired[Text]
    stage: NotRequired[Annotated[str, OneOf("own", "upstream", "downstream")]]
    step: NotRequired[str]
    place: NotRequired[str]
    horizon: NotRequired[Annotated[str, OneOf("short", "medium", "long")]]
    affected: NotRequired[Text]
    involvement: NotRequired[Annotated[str, OneOf("", "caused", "contributed", "linked")]]
    dependency: NotRequired[Text]
    mitigation: NotRequired[Text]
    is_net: NotRequired[bool]
    evidence: NotRequired[str]
    evidence_digest: NotRequired[str]
    judgements: NotRequired[list[IroJudgement]]
    consensus: NotRequired[Marks]
    beside: NotRequired[IroBeside]


class ClosedIro(IroHead):
    """An entry that was closed in this round, and why."""

    reason: Text


class IroLine(TypedDict):
    """What became of an entry of last round's register: it goes on in `after`, or ends (null)."""

    before: str
    before_title: NotRequired[Text]
    after: str | None
    reason: NotRequired[Text]


class IroLink(TypedDict):
    """An impact and a risk or opportunity that comes from it, or depends on what it acts on."""

    impact: str
    effect: str
    kind: Annotated[str, OneOf("impact", "dependency")]


class IroMeaning(TypedDict):
    """What the numbers of a criterion mean: a text for each, or money bands; see docs/bundle.md.

    `scores_before`: how many scores by the criterion were known when it was set.
    """

    criterion: Annotated[str, OneOf("scale", "scope", "irremediability", "likelihood", "magnitude")]
    horizon: NotRequired[Annotated[str, OneOf("short", "medium", "long")]]
    words: NotRequired[list[Text]]
    currency: NotRequired[str]
    limits: NotRequired[list[Number]]
    scores_before: NotRequired[Count]


class Register(TypedDict):
    """Impacts, risks and opportunities one by one, as experts judged them.

    `feeds` is how they take part in the axes; the likelihood rule that of `composite`.
    """

    feeds: Annotated[str, OneOf(*FEEDS)]
    likelihood_rule: Annotated[str, OneOf("scaled", "capped")]
    entries: list[IroEntry]
    experts: NotRequired[list[Expert]]
    thresholds: NotRequired[list[IroThreshold]]
    closed: NotRequired[list[ClosedIro]]
    lines: NotRequired[list[IroLine]]
    links: NotRequired[list[IroLink]]
    scales: NotRequired[list[IroMeaning]]


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


SOURCE_KINDS = (
    *("standard", "media", "peers", "due_diligence", "grievances", "interview"),
    *("focus_group", "expert", "science", "internal", "other"),
)
SIDES = ("upstream", "own", "downstream")


class Framework(TypedDict):
    """A standard that the company reports by, in one edition."""

    code: str
    edition: str
    title: NotRequired[Text]


class Period(TypedDict):
    """First and last day of what is reported on, as ISO dates."""

    start: str
    end: str


class HorizonYears(TypedDict):
    """Until how many years short and medium term last; `reason` where ESRS says 1 and 5."""

    short: Annotated[int, Between(1, 100)]
    medium: Annotated[int, Between(2, 100)]
    reason: NotRequired[Text]


class ChainStep(TypedDict):
    """A stage of the value chain: on which side of the company, where, in what relation."""

    code: str
    side: Annotated[str, OneOf(*SIDES)]
    name: Text
    places: NotRequired[str]
    relation: NotRequired[Text]


class Context(TypedDict, total=False):
    """What a round is about; what nobody has said is left out."""

    entity: Text
    scope: Text
    as_annual_report: bool
    period: Period
    standards: list[Framework]
    approach: Annotated[str, OneOf("top_down", "bottom_up", "both")]
    due_diligence: Text
    horizons: HorizonYears
    approver: Text
    approved_on: str
    last_revision: str
    next_revision: str
    chain: list[ChainStep]


class PassageCoding(TypedDict):
    """What one coder found a passage to be about; nothing named: none of them."""

    coder: str
    topics: list[str]
    entries: list[str]


class SourcePassage(TypedDict):
    """A passage and who coded it to what; `text` is what of it may leave."""

    code: str
    codings: list[PassageCoding]
    place: NotRequired[str]
    text: NotRequired[str]


class SourceFacts(TypedDict):
    """A source; of a confidential one neither text nor place, its title only where allowed."""

    code: str
    kind: Annotated[str, OneOf(*SOURCE_KINDS)]
    confidentiality: Annotated[str, OneOf("public", "internal", "confidential")]
    passages: list[SourcePassage]
    title: NotRequired[str]
    dated: NotRequired[str]
    origin: NotRequired[str]
    language: NotRequired[str]
    digest: NotRequired[str]


class Sources(TypedDict):
    """What the assessment rests on: sources with their passages, and coded comments of surveys."""

    records: list[SourceFacts]
    comments: NotRequired[list[SourcePassage]]


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


class ExpertValue(TypedDict):
    """What one expert's marks come to; null: no value follows from them."""

    expert: str
    value: float | None


class IroResult(TypedDict):
    """What follows for an entry: its value on the scale, and what stands behind it.

    `is_material` is null while there is no value or no threshold; `spread` is the highest value of
    an expert less the lowest, null for fewer than two; `carried_by` are the criteria or the horizon
    that made the value. `beside` is the value of the reading that does not count, if it is judged.
    `probability` is that of being material, null where it is not given; the first documents with a
    register have none.
    """

    code: str
    value: float | None
    singles: list[ExpertValue]
    spread: float | None
    by_consensus: bool
    is_material: bool | None
    is_disputed: bool
    carried_by: list[str]
    beside: NotRequired[float | None]
    probability: NotRequired[float | None]


class IroTopicResult(TypedDict):
    """What its entries make of a topic: by kind the entry that counts, by axis its value.

    `probability` is that of any of its entries being material, null where it is not given.
    """

    code: str
    is_material: bool | None
    basis: Annotated[str, OneOf("", "impact", "financial", "both")]
    entries: int
    unscored: int
    worst: Mapping[str, str]
    impact: float | None
    financial: float | None
    probability: NotRequired[float | None]


class RegisterResult(TypedDict):
    """What follows from the register: entries in their order, topics in that of the inputs."""

    entries: list[IroResult]
    topics: list[IroTopicResult]


class RestsOn(TypedDict):
    """A topic or an entry and the codes of the sources that somebody coded to it."""

    code: str
    sources: list[str]


class CodingResult(TypedDict):
    """What codings come to. `alpha` is null where too few passages were coded by two."""

    passages: Count
    coded_twice: Count
    coders: Count
    alpha: float | None
    topics: list[RestsOn]
    entries: list[RestsOn]


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


class Method(TypedDict):
    """The release of the method that computed the results."""

    version: str


class Document(TypedDict):
    """A whole bundle."""

    format: Literal["materiality-bundle"]
    version: Literal[1, 2]
    inputs: Inputs
    digest: NotRequired[str]
    method: NotRequired[Method]
    results: NotRequired[Evaluation]


def topics_before(inputs: Lineage) -> list[PreviousTopic]:
    """Return the topics of the previous round; none without one."""
    return previous_of(inputs)["topics"]


def previous_of(inputs: Lineage) -> Previous:
    """Return the previous round; one without topics where there is none."""
    return inputs.get("previous") or {"topics": []}


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
