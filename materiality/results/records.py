"""The rows of a bundle's results as objects: units, scores, topics, changes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from materiality.analysis import quadrants
from materiality.document import schema
from materiality.document.schema import Change, Ellipse, Interval, PreviousTopic, Step
from materiality.method.rules import axis_boundaries, number_of_tiers

Text = Mapping[str, str]


@dataclass(frozen=True)
class Unit:
    """What is disclosed alone: one group, or several pooled because one was too small."""

    code: str
    name: Text
    groups: tuple[str, ...]
    weight: float
    share: float
    responses: int
    answered: bool

    @property
    def is_pooled(self) -> bool:
        return len(self.groups) > 1


@dataclass(frozen=True)
class UnitScore:
    """A unit's mean on a topic; None with a `reason`: `no_answers`, or `suppressed` (too few).

    `share` is the share of the weight it carries on this topic.
    """

    unit: Unit
    mean: float | None
    n: int
    dont_know: int
    reason: str | None = None
    share: float = 0.0


@dataclass(frozen=True)
class Score:
    """A topic on one dimension. `score` is None with a `reason` where it is undefined.

    `together` is what the units whose means are withheld come to, all that may be known of them.
    `minimum_group` is the fewest ratings that any figure of it rests on. Where the register feeds
    it (`is_fed`), `survey` and `register` are what each comes to alone; `survey_reason` is why the
    survey comes to nothing.
    """

    score: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int
    covered_weight: float | None
    effective_n: float | None
    reason: str | None
    units: tuple[UnitScore, ...]
    minimum_group: int
    together: float | None = None
    survey: float | None = None
    register: float | None = None
    is_fed: bool = False
    survey_reason: str | None = None

    @property
    def of_answers(self) -> float | None:
        """What people rated, whatever the register says; None where it may not be told."""
        return self.survey if self.is_fed else self.score

    @property
    def why_no_answers(self) -> str | None:
        """Why their ratings come to nothing that may be told."""
        return self.survey_reason if self.is_fed else self.reason

    @property
    def dont_know_share(self) -> float | None:
        unknown = sum(unit.dont_know for unit in self.units)
        return unknown / (self.n + unknown) if self.n + unknown else None


@dataclass(frozen=True)
class TopicResult:
    code: str
    name: Text
    definition: Text
    category: str
    references: tuple[tuple[str, str, str], ...]
    sources: tuple[str, ...]
    position: int
    rank: int | None
    x: float | None
    y: float | None
    overall: float | None
    suggested_tier: int | None
    tier: int | None
    overridden: bool
    reason: str
    reasons: Text
    scores: Mapping[str, Score]
    stability: float | None
    tier_probabilities: tuple[float, ...]
    ellipse: Ellipse | None
    rank_interval: tuple[int, int] | None
    previous: PreviousTopic | None
    is_new: bool
    undetermined: str | None = None
    overall_interval: Interval | None = None
    overall_change: Change | None = None

    def reason_in(self, language: str) -> str:
        """Return the reason in a language; as it was written, where it was written in one."""
        return self.reasons.get(language, "") if self.reasons else self.reason

    @property
    def is_borderline(self) -> bool:
        return self.stability is not None and self.stability < 0.8

    @property
    def suggested_probability(self) -> float | None:
        """The share of draws in the tier that the rule suggests."""
        if not self.tier_probabilities or not self.suggested_tier:
            return None
        return self.tier_probabilities[self.suggested_tier - 1]

    @property
    def verdict(self) -> str | None:
        """Whether the overall score moved since last year: moved, within_noise, cannot_tell, …"""
        return self.overall_change["verdict"] if self.overall_change else None

    @property
    def is_noise(self) -> bool:
        """Whether the difference to last year is no more than chance, or nobody can tell."""
        return self.verdict in ("within_noise", "cannot_tell")

    @property
    def change(self) -> float | None:
        """Overall score against last year's, where the topic can be compared."""
        if self.verdict == "not_comparable":
            return None
        old = self.previous.get("overall") if self.previous else None
        return None if old is None or self.overall is None else self.overall - float(old)


@dataclass(frozen=True)
class Engagement:
    expectations: tuple[Text, ...]
    channels: tuple[Text, ...]
    how_chosen: Text
    frequency: Text


@dataclass(frozen=True)
class Group:
    code: str
    name: Text
    kind: str
    invited: int | None
    responses: int | None
    engagement: Engagement
    population: int | None = None
    invited_answered: int | None = None

    @property
    def response_rate(self) -> float | None:
        """The share of the people with a personal link whose answer counts; None if unknown.

        Where a bundle does not say which way answers came, all of them over the invitations, unless
        that passes 1: then others answered too.
        """
        answered = self.responses if self.invited_answered is None else self.invited_answered
        if not self.invited or answered is None or answered > self.invited:
            return None
        return answered / self.invited


@dataclass(frozen=True)
class Rule:
    """The tier rule; `cuts` are those in effect, the highest first, NaN where none is known.

    `cuts_x` and `cuts_y` are those of each axis, for "quadrants" alone.
    """

    kind: str
    weight_x: float
    weight_y: float
    cuts: tuple[float, ...]
    cuts_x: tuple[float, ...] = ()
    cuts_y: tuple[float, ...] = ()
    tiers: int = 3

    @classmethod
    def of(cls, rule: schema.Rule, cuts: Sequence[float | None] = ()) -> "Rule":
        """Return the rule of a bundle.

        :param cuts: those the scores of the year gave, where the rule has none of its own.
        """
        known = () if rule["kind"] == "quadrants" else rule.get("cuts") or cuts
        has_axes = bool(rule.get("axis_cuts"))
        return cls(
            rule["kind"],
            rule["weights"]["x"],
            rule["weights"]["y"],
            tuple(math.nan if cut is None else cut for cut in known),
            tuple(axis_boundaries(rule, "x")) if has_axes else (),
            tuple(axis_boundaries(rule, "y")) if has_axes else (),
            number_of_tiers(rule),
        )

    def quadrant(self, x: float, y: float) -> int:
        """Return the tier of a place under "quadrants"."""
        tiers = quadrants([x], [y], cuts_x=self.cuts_x, cuts_y=self.cuts_y, tiers=self.tiers)
        return int(tiers[0])

    @property
    def axis_cuts(self) -> tuple[float, float] | None:
        """The upper cut of x and of y; None where the rule has none."""
        return (self.cuts_x[0], self.cuts_y[0]) if self.cuts_x else None

    @property
    def cut_high(self) -> float:
        """The cut of the top tier; NaN where the rule has none on the overall score."""
        return self.cuts[0] if self.cuts else math.nan

    @property
    def cut_low(self) -> float:
        """The cut of the second tier; NaN where there is none."""
        return self.cuts[1] if len(self.cuts) > 1 else math.nan


@dataclass(frozen=True)
class ChangeRow:
    """One row of the change table, as it is printed."""

    kind: str
    before: tuple[Text, ...]
    after: tuple[Text, ...]
    reason: Text

    def columns(self, language: str) -> tuple[str, str, str]:
        """Return last year's topics, this year's, the reason; "/" for none.

        An absorbed topic prints "/" as in a removal: its new home has a row of its own.
        """
        after = () if self.kind == "absorbed" else self.after
        return (
            _join(self.before, language),
            _join(after, language),
            self.reason.get(language, ""),
        )


@dataclass(frozen=True)
class TierMove:
    """A topic that changed tier; `causes` are the steps at which it did, `cause` is the last one.

    `verdict` says of the overall score whether it moved by more than chance.
    """

    topic: TopicResult
    before: int
    after: int
    cause: str
    restated: int | None
    causes: tuple[str, ...] = ()
    verdict: str | None = None
    steps: tuple[Step, ...] = ()


def _join(names: Sequence[Text], language: str) -> str:
    mark = "、" if language.startswith("zh") else "; "
    return mark.join(name.get(language, "") for name in names) or "/"
