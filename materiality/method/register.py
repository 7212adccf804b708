"""The rules of the register: how significant an entry is, and what follows for its topic.

Who judges says how grave, how far-reaching, how hard to remedy and how likely; the rules put that
together as the standards ask, and every one is printed. Positive and negative never net.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median

from materiality.analysis.arrays import TOLERANCE
from materiality.analysis.impact import financial_scores, impact_significance, severity

NEGATIVE, POSITIVE, RISK, OPPORTUNITY = KINDS = ("negative", "positive", "risk", "opportunity")
IMPACTS = (NEGATIVE, POSITIVE)
HORIZONS = ("short", "medium", "long")
AXES: Mapping[str, tuple[str, ...]] = {"impact": IMPACTS, "financial": (RISK, OPPORTUNITY)}
UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person says of an entry, on 1 … top; None where nothing is said.

    :param effects: per horizon the financial magnitude and its likelihood.
    """

    expert: str = ""
    scale: float | None = None
    scope: float | None = None
    irremediability: float | None = None
    likelihood: float | None = None
    effects: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An impact, risk or opportunity of a topic, and what was said of it."""

    code: str
    topic: str
    kind: str
    is_actual: bool = False
    human_rights: bool = False
    judgements: Sequence[Judgement] = ()
    consensus: Judgement | None = None

    @property
    def likelihood_counts(self) -> bool:
        """Return whether likelihood counts: not of what has happened nor of human rights."""
        return self.kind not in IMPACTS or not (self.is_actual or self.human_rights)


@dataclass(frozen=True, slots=True)
class Significance:
    """How significant an entry is by one judgement.

    :param carried_by: the criteria that reach the severity, or the horizon that carries the effect.
    """

    value: float | None
    carried_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """What follows for an entry.

    :param value: by the consensus where there is one, else the median of the single judgements.
    :param singles: value by expert, None where somebody could not judge.
    :param is_material: whether it reaches the threshold of its kind; None: not known yet.
    :param is_disputed: some judgements reach the threshold and some do not.
    """

    entry: Entry
    value: float | None
    by_consensus: bool
    singles: tuple[tuple[str, float | None], ...]
    is_material: bool | None
    is_disputed: bool
    carried_by: tuple[str, ...] = ()

    @property
    def known(self) -> list[float]:
        return [value for _expert, value in self.singles if value is not None]

    @property
    def is_settled(self) -> bool:
        """Whether the judgements were disputed and a consensus counts instead."""
        return self.is_disputed and self.by_consensus

    @property
    def spread(self) -> float | None:
        """Return how far the highest judgement is from the lowest; None for fewer than two."""
        return max(self.known) - min(self.known) if len(self.known) > 1 else None


@dataclass(frozen=True, slots=True)
class TopicOutcome:
    """A topic is as material as the worst of its entries, kind by kind.

    :param worst: per kind the entry that counts; kinds without a scored entry are not in it.
    :param is_material: one entry reaches its threshold; None: none does, and some are not known.
    """

    topic: str
    worst: Mapping[str, Scored]
    entries: int
    unscored: int
    is_material: bool | None

    def on(self, axis: str) -> Scored | None:
        """Return the entry that carries the topic on "impact" or "financial"."""
        entries = [self.worst[kind] for kind in AXES[axis] if kind in self.worst]
        return min(entries, key=_worst_first) if entries else None

    @property
    def basis(self) -> str:
        """Return on which axes the topic is material: "both", "impact", "financial" or ""."""
        material = {kind for kind, row in self.worst.items() if row.is_material}
        axes = [axis for axis, kinds in AXES.items() if not material.isdisjoint(kinds)]
        return "both" if len(axes) == 2 else "".join(axes)


def significance(
    entry: Entry, judgement: Judgement, *, top: float = 5.0, likelihood_rule: str = "scaled"
) -> Significance:
    """Return how significant an entry is by one judgement, on 1 … top (products can go below 1).

    Impacts: severity is the highest of scale, scope and, for negative ones, irremediability, since
    any one makes an impact severe (ESRS 1 (2023) par. 45, AR 11; GRI 3 (2021) step 3). Likelihood
    counts for potential impacts alone and never lowers a harm to human rights. Risks and
    opportunities: magnitude times likelihood over the top, the highest of the horizons
    (ESRS 1 par. 51, AR 14; IFRS S1 B19-B28).

    >>> significance(Entry("a", "t", "negative", is_actual=True), Judgement("x", 2, 5, 1)).value
    5.0
    """
    if entry.kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {entry.kind!r}")
    if entry.kind in IMPACTS:
        return _impact(entry, judgement, top, likelihood_rule)
    return _effect(judgement, top)


def _impact(entry: Entry, judgement: Judgement, top: float, likelihood_rule: str) -> Significance:
    named = {"scale": judgement.scale, "scope": judgement.scope}
    if entry.kind == NEGATIVE:
        named["irremediability"] = judgement.irremediability
    known = {name: value for name, value in named.items() if value is not None}
    if not known:
        return Significance(None)
    value = _impact_value(
        tuple(named.get(name) for name in ("scale", "scope", "irremediability")),
        judgement.likelihood,
        entry.is_actual,
        entry.human_rights,
        top,
        likelihood_rule,
    )
    highest = max(known.values())
    return Significance(_or_none(value), tuple(n for n in known if known[n] == highest))


@lru_cache(maxsize=10_000)  # of a large register the same few marks come again and again
def _impact_value(
    marks: tuple[float | None, ...],
    likelihood: float | None,
    actual: bool,
    human_rights: bool,
    top: float,
    rule: str,
) -> float:
    return impact_significance(
        severity(*map(_number, marks)),
        _number(likelihood),
        actual=actual,
        human_rights=human_rights,
        rule=rule,
        top=top,
    ).item()


def _effect(judgement: Judgement, top: float) -> Significance:
    rows = tuple(judgement.effects.get(horizon, (None, None)) for horizon in HORIZONS)
    value, at = _effect_value(rows, top)
    return Significance(_or_none(value), (HORIZONS[at],) if at >= 0 else ())


@lru_cache(maxsize=10_000)
def _effect_value(
    rows: tuple[tuple[float | None, float | None], ...], top: float
) -> tuple[float, int]:
    scores = financial_scores(
        [[_number(magnitude) for magnitude, _likely in rows]],
        [[_number(likely) for _magnitude, likely in rows]],
        top=top,
    )
    return float(scores.score[0]), int(scores.horizon[0])


def _number(value: float | None) -> float:
    return UNKNOWN if value is None else float(value)


def _or_none(value: float) -> float | None:
    return None if value != value else value  # NaN alone differs from itself


def score(
    entry: Entry,
    *,
    threshold: float | None = None,
    top: float = 5.0,
    likelihood_rule: str = "scaled",
) -> Scored:
    """Return what the judgements of an entry come to; their order does not matter.

    The consensus stands where there is one; else the median, which one outlier does not move. The
    single values stay beside it.
    """

    def of(judgement: Judgement) -> Significance:
        return significance(entry, judgement, top=top, likelihood_rule=likelihood_rule)

    judged = [(judgement.expert, of(judgement)) for judgement in entry.judgements]
    judged.sort(key=_by_expert)
    known = [single.value for _expert, single in judged if single.value is not None]
    agreed = of(entry.consensus) if entry.consensus else Significance(None)
    value = agreed.value
    if value is None and known:
        value = median(known)
    reached = {_reaches(one, threshold) for one in known}
    carried = {name for _expert, single in judged for name in single.carried_by}
    return Scored(
        entry=entry,
        value=value,
        by_consensus=agreed.value is not None,
        singles=tuple((expert, single.value) for expert, single in judged),
        is_material=None if value is None else _reaches(value, threshold),
        is_disputed=len(reached) > 1,
        carried_by=agreed.carried_by or tuple(sorted(carried)),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry lies on a heat map, on 1 … top.

    :param gravity: the severity of an impact, or the magnitude of a financial effect.
    :param likelihood: None where it does not count: an actual impact, a harm to human rights.
    """

    gravity: float
    likelihood: float | None


def place(entry: Entry, *, top: float = 5.0, likelihood_rule: str = "scaled") -> Place | None:
    """Return where an entry lies; None where no value follows from what was said.

    By the consensus where there is one; else by the judgement whose value is the median, of an even
    number the mean of both in the middle. So one judgement lies where its value says, and several
    near it.
    """

    def of(judgement: Judgement) -> tuple[float, float, float | None] | None:
        result = significance(entry, judgement, top=top, likelihood_rule=likelihood_rule)
        if result.value is None:
            return None
        return result.value, *_gravity_and_likelihood(entry, judgement, result)

    agreed = of(entry.consensus) if entry.consensus else None
    judged = [row for row in map(of, entry.judgements) if row is not None]
    rows = [agreed] if agreed else sorted(judged, key=_by_value)
    if not rows:
        return None
    low, high = rows[(len(rows) - 1) // 2], rows[len(rows) // 2]
    likelihood = None if low[2] is None or high[2] is None else (low[2] + high[2]) / 2
    return Place((low[1] + high[1]) / 2, likelihood)


def _by_value(row: tuple[float, float, float | None]) -> tuple[float, float, float]:
    return row[0], row[1], row[2] or 0.0


def _gravity_and_likelihood(
    entry: Entry, judgement: Judgement, result: Significance
) -> tuple[float, float | None]:
    if entry.kind not in IMPACTS:
        magnitude, likely = judgement.effects[result.carried_by[0]]
        return float(magnitude or 0.0), likely
    # Those that carry it are equally high, so the first speaks for all.
    gravity = float(getattr(judgement, result.carried_by[0]))
    return gravity, judgement.likelihood if entry.likelihood_counts else None


def value_at(gravity: float, likelihood: float | None, *, top: float, rule: str) -> float:
    """Return how significant an impact of this severity and likelihood is, see `significance`.

    A financial effect is always worked out by the rule "scaled".

    >>> value_at(4, 3, top=5, rule="scaled"), value_at(4, None, top=5, rule="scaled")
    (2.4, 4.0)
    """
    return impact_significance(
        gravity, _number(likelihood), actual=likelihood is None, rule=rule, top=top
    ).item()


def _by_expert(row: tuple[str, Significance]) -> tuple[str, float]:
    return row[0], -1.0 if row[1].value is None else row[1].value


def _reaches(value: float, threshold: float | None) -> bool | None:
    return None if threshold is None else value >= threshold - TOLERANCE


def outcomes(entries: Iterable[Scored]) -> list[TopicOutcome]:
    """Return what follows for each topic that has entries, by code of the topic.

    Impact and financial effect each suffice (ESRS 1 par. 28); within a kind the worst entry counts
    and no mean is taken (par. 43-46, QC 7: no netting).
    """
    of_topic: dict[str, list[Scored]] = {}
    for one in entries:
        of_topic.setdefault(one.entry.topic, []).append(one)
    return [_outcome(topic, rows) for topic, rows in sorted(of_topic.items())]


def _outcome(topic: str, rows: Sequence[Scored]) -> TopicOutcome:
    worst: dict[str, Scored] = {}
    for kind in KINDS:
        known = [row for row in rows if row.entry.kind == kind and row.value is not None]
        if known:
            worst[kind] = min(known, key=_worst_first)
    verdicts = [row.is_material for row in rows]
    is_material: bool | None = any(verdicts)
    if not is_material and None in verdicts:
        is_material = None
    return TopicOutcome(
        topic=topic,
        worst=worst,
        entries=len(rows),
        unscored=sum(row.value is None for row in rows),
        is_material=is_material,
    )


def _worst_first(row: Scored) -> tuple[float, str]:
    """Order by value, the highest first; of equal ones the lowest code, whatever their order."""
    return -(row.value or 0.0), row.entry.code
