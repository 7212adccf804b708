"""The register of impacts, risks and opportunities, and what follows from it."""

from collections.abc import Mapping
from typing import Annotated, NotRequired

from materiality.document.schema.values import Count, Number, OneOf, Text, TypedDict

FEEDS = ("survey", "beside", "register", "worst")
"""How the register takes part in the axes."""

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
