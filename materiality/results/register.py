"""The register of a bundle as objects: entries, what experts say of them, what topics come to."""

from collections.abc import Mapping
from dataclasses import dataclass

from materiality.document import schema
from materiality.method.feeding import FED
from materiality.method.register import AXES
from materiality.method.sureness import why_missing
from materiality.results.records import Text


@dataclass(frozen=True)
class Expert:
    code: str
    name: str


@dataclass(frozen=True)
class IroThreshold:
    """From which value on entries of a kind are material; None where nobody told how many scores
    were known when it was set."""

    kind: str
    value: float
    reason: Text
    scores_before: int | None

    @property
    def is_set_before_scores(self) -> bool | None:
        return None if self.scores_before is None else self.scores_before == 0


@dataclass(frozen=True)
class IroScale:
    """What the numbers of a criterion mean, from 1 on: a text for each, or money bands, or both.

    :param horizon: "": whatever the horizon is. :param limits: where one band ends and the next
        begins, one fewer than numbers, in `currency`. :param scores_before: how many scores by the
        criterion were known when it was set; None where nobody told.
    """

    criterion: str
    horizon: str
    words: tuple[Text, ...]
    currency: str
    limits: tuple[float, ...]
    scores_before: int | None

    @property
    def points(self) -> int:
        """Return how many numbers have a meaning."""
        return len(self.words) or len(self.limits) + 1

    def band(self, point: int) -> tuple[float | None, float | None]:
        """Return from where on and to under where a number reaches; None where it has no end.

        >>> IroScale("magnitude", "", (), "CNY", (1e6, 5e6), 0).band(1)
        (None, 1000000.0)
        """
        ends = (None, *self.limits, None)
        return ends[point - 1], ends[point]


@dataclass(frozen=True)
class IroJudgement:
    """What an expert says, or what all agreed on (no expert).

    :param marks: scale, scope, irremediability, likelihood; those not given are not in it.
    :param effects: (magnitude, likelihood) by horizon.
    :param value: what the marks come to; None where no value follows.
    """

    expert: Expert | None
    marks: Mapping[str, float]
    effects: Mapping[str, tuple[float, float]]
    reason: str
    value: float | None


@dataclass(frozen=True)
class Iro:
    """An entry: as it is written, as it is judged, and what follows.

    :param is_read_twice: gross and net are judged; `is_net` says which counts, `beside` is the
        value of the other, `judgements_beside` what was said of it, the consensus last. What each
        of those comes to alone is not worked out: their value is None.
    :param probability: how likely it is material; None: not given, and `probability_missing` says
        why: "few" (scores), "consensus", "threshold" (there is none), "older" (the document is).
    :param is_closed: it was closed in this round (`closing_reason`) and nothing follows from it.
    """

    code: str
    topic: str
    kind: str
    title: Text
    is_actual: bool = False
    human_rights: bool = False
    description: Text | None = None
    stage: str = ""
    step: str = ""
    place: str = ""
    horizon: str = ""
    affected: Text | None = None
    involvement: str = ""
    dependency: Text | None = None
    mitigation: Text | None = None
    is_net: bool = False
    evidence: str = ""
    evidence_digest: str = ""
    judgements: tuple[IroJudgement, ...] = ()
    consensus: IroJudgement | None = None
    value: float | None = None
    spread: float | None = None
    by_consensus: bool = False
    is_material: bool | None = None
    is_disputed: bool = False
    carried_by: tuple[str, ...] = ()
    probability: float | None = None
    probability_missing: str = ""
    is_read_twice: bool = False
    beside: float | None = None
    judgements_beside: tuple[IroJudgement, ...] = ()
    is_closed: bool = False
    closing_reason: Text | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the experts' judgements were disputed and a consensus counts instead."""
        return self.is_disputed and self.by_consensus

    @property
    def axis(self) -> str:
        """Return "impact" or "financial"."""
        return "impact" if self.kind in AXES["impact"] else "financial"


@dataclass(frozen=True)
class IroTopic:
    """A topic and what its entries make of it.

    :param basis: on which axes it is material: "both", "impact", "financial" or "".
    :param entries: all of them, `unscored` those without a value.
    :param worst: by kind the entry that counts.
    :param probability: how likely any of its entries is material; None: not given, and
        `probability_missing` says why: "entries" (one of them has none), "older" (the document is).
    """

    code: str
    is_material: bool | None
    basis: str
    entries: tuple[Iro, ...]
    unscored: int
    worst: Mapping[str, Iro]
    impact: float | None
    financial: float | None
    probability: float | None = None
    probability_missing: str = ""

    def on(self, axis: str) -> Iro | None:
        """Return the entry that carries the topic on "impact" or "financial"."""
        entries = [self.worst[kind] for kind in AXES[axis] if kind in self.worst]
        return min(entries, key=_worst_first) if entries else None


@dataclass(frozen=True)
class IroLine:
    """What became of an entry of last round: it goes on in `after`, or ends (None)."""

    before: str
    before_title: Text
    after: Iro | None
    reason: Text


@dataclass(frozen=True)
class IroLink:
    """An impact and a risk or opportunity: `kind` is "impact" (it comes from it) or
    "dependency" (it depends on what the impact acts on)."""

    impact: Iro
    effect: Iro
    kind: str


@dataclass(frozen=True)
class Register:
    """The register of a round.

    :param feeds: how it takes part in the axes: "survey" (not at all), "beside", "register",
        "worst".
    """

    feeds: str
    likelihood_rule: str
    experts: tuple[Expert, ...]
    thresholds: tuple[IroThreshold, ...]
    scales: tuple[IroScale, ...]
    entries: tuple[Iro, ...]
    topics: tuple[IroTopic, ...]
    closed: tuple[Iro, ...]
    lines: tuple[IroLine, ...]
    links: tuple[IroLink, ...] = ()

    @property
    def is_fed(self) -> bool:
        """Whether scores of the axes come from it, all of them or some."""
        return self.feeds in FED

    def entry(self, code: str) -> Iro:
        return next(one for one in (*self.entries, *self.closed) if one.code == code)

    def topic(self, code: str) -> IroTopic | None:
        """Return what the entries of a topic make of it; None where it has none."""
        return next((one for one in self.topics if one.code == code), None)

    def threshold(self, kind: str) -> IroThreshold | None:
        return next((one for one in self.thresholds if one.kind == kind), None)


def register_of(document: schema.Document) -> Register | None:
    """Return the register of a bundle; None where it has none."""
    inputs, results = document["inputs"].get("register"), document["results"].get("register")
    if inputs is None or results is None:
        return None
    experts = {
        row["code"]: Expert(row["code"], row.get("name", "")) for row in inputs.get("experts", [])
    }
    thresholds = {row["kind"] for row in inputs.get("thresholds", [])}
    entries = {
        row["code"]: _entry(row, result, experts, has_threshold=row["kind"] in thresholds)
        for row, result in zip(inputs["entries"], results["entries"], strict=True)
    }
    closed = {row["code"]: _closed(row) for row in inputs.get("closed", [])}
    return Register(
        feeds=inputs["feeds"],
        likelihood_rule=inputs["likelihood_rule"],
        experts=tuple(experts.values()),
        thresholds=tuple(_threshold(row) for row in inputs.get("thresholds", [])),
        scales=tuple(_scale(row) for row in inputs.get("scales", [])),
        entries=tuple(entries.values()),
        topics=tuple(_topic(row, entries) for row in results["topics"]),
        closed=tuple(closed.values()),
        lines=tuple(_line(row, entries | closed) for row in inputs.get("lines", [])),
        links=tuple(_link(row, entries | closed) for row in inputs.get("links", [])),
    )


def _entry(
    row: schema.IroEntry,
    result: schema.IroResult,
    experts: Mapping[str, Expert],
    *,
    has_threshold: bool,
) -> Iro:
    values = {one["expert"]: one["value"] for one in result["singles"]}
    judgements = tuple(
        _judgement(judgement, experts[judgement["expert"]], values[judgement["expert"]])
        for judgement in row.get("judgements", [])
    )
    agreed = row.get("consensus")
    return Iro(
        code=row["code"],
        topic=row["topic"],
        kind=row["kind"],
        title=row.get("title", {}),
        is_actual=row.get("is_actual", False),
        human_rights=row.get("human_rights", False),
        description=row.get("description"),
        stage=row.get("stage", ""),
        step=row.get("step", ""),
        place=row.get("place", ""),
        horizon=row.get("horizon", ""),
        affected=row.get("affected"),
        involvement=row.get("involvement", ""),
        dependency=row.get("dependency"),
        mitigation=row.get("mitigation"),
        is_net=row.get("is_net", False),
        evidence=row.get("evidence", ""),
        evidence_digest=row.get("evidence_digest", ""),
        judgements=judgements,
        consensus=_agreed(agreed, result) if agreed else None,
        value=result["value"],
        spread=result["spread"],
        by_consensus=result["by_consensus"],
        is_material=result["is_material"],
        is_disputed=result["is_disputed"],
        carried_by=tuple(result["carried_by"]),
        probability=result.get("probability"),
        probability_missing=_why_missing(result, has_threshold=has_threshold),
        is_read_twice="beside" in row,
        beside=result.get("beside"),
        judgements_beside=_judgements_beside(row, experts),
    )


def _why_missing(result: schema.IroResult, *, has_threshold: bool) -> str:
    if "probability" not in result:
        return "older"
    if result["probability"] is not None:
        return ""
    known = sum(one["value"] is not None for one in result["singles"])
    return why_missing(
        known=known, by_consensus=result["by_consensus"], has_threshold=has_threshold
    )


def _judgements_beside(
    row: schema.IroEntry, experts: Mapping[str, Expert]
) -> tuple[IroJudgement, ...]:
    beside = row.get("beside")
    if beside is None:
        return ()
    judgements = [
        _judgement(one, experts[one["expert"]], None) for one in beside.get("judgements", [])
    ]
    if agreed := beside.get("consensus"):
        judgements.append(_judgement(agreed, None, None))
    return tuple(judgements)


def _agreed(marks: schema.Marks, result: schema.IroResult) -> IroJudgement:
    return _judgement(marks, None, result["value"] if result["by_consensus"] else None)


def _judgement(marks: schema.Marks, expert: Expert | None, value: float | None) -> IroJudgement:
    given = {
        "scale": marks.get("scale"),
        "scope": marks.get("scope"),
        "irremediability": marks.get("irremediability"),
        "likelihood": marks.get("likelihood"),
    }
    effects = marks.get("effects", {})
    return IroJudgement(
        expert=expert,
        marks={name: mark for name, mark in given.items() if mark is not None},
        effects={at: (one["magnitude"], one["likelihood"]) for at, one in effects.items()},
        reason=marks["reason"],
        value=value,
    )


def _closed(row: schema.ClosedIro) -> Iro:
    return Iro(
        code=row["code"],
        topic=row["topic"],
        kind=row["kind"],
        title=row.get("title", {}),
        is_closed=True,
        closing_reason=row["reason"],
    )


def _threshold(row: schema.IroThreshold) -> IroThreshold:
    return IroThreshold(row["kind"], row["value"], row.get("reason", {}), row.get("scores_before"))


def _scale(row: schema.IroMeaning) -> IroScale:
    return IroScale(
        criterion=row["criterion"],
        horizon=row.get("horizon", ""),
        words=tuple(row.get("words", [])),
        currency=row.get("currency", ""),
        limits=tuple(row.get("limits", [])),
        scores_before=row.get("scores_before"),
    )


def _topic(row: schema.IroTopicResult, entries: Mapping[str, Iro]) -> IroTopic:
    return IroTopic(
        code=row["code"],
        is_material=row["is_material"],
        basis=row["basis"],
        entries=tuple(one for one in entries.values() if one.topic == row["code"]),
        unscored=row["unscored"],
        worst={kind: entries[code] for kind, code in row["worst"].items()},
        impact=row["impact"],
        financial=row["financial"],
        probability=row.get("probability"),
        probability_missing=_why_topic_lacks(row),
    )


def _why_topic_lacks(row: schema.IroTopicResult) -> str:
    if "probability" not in row:
        return "older"
    return "entries" if row["probability"] is None else ""


def _line(row: schema.IroLine, entries: Mapping[str, Iro]) -> IroLine:
    after = entries[row["after"]] if row["after"] is not None else None
    return IroLine(row["before"], row.get("before_title", {}), after, row.get("reason", {}))


def _link(row: schema.IroLink, entries: Mapping[str, Iro]) -> IroLink:
    return IroLink(entries[row["impact"]], entries[row["effect"]], row["kind"])


def _worst_first(row: Iro) -> tuple[float, str]:
    return -(row.value or 0.0), row.code
