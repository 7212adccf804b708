"""The rows of a bundle's results as objects: units, scores, topics, changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from materiality.bundle.schema import Ellipse, PreviousTopic

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
    """A unit's mean on a topic; None with a `reason`: `no_answers`, or `suppressed` (too few)."""

    unit: Unit
    mean: float | None
    n: int
    dont_know: int
    reason: str | None = None


@dataclass(frozen=True)
class Score:
    """A topic on one dimension. `score` is None with a `reason` where it is undefined.

    `together` is what the units whose means are withheld come to, all that may be known of them.
    `minimum_group` is the fewest ratings that any figure of it rests on.
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
    scores: Mapping[str, Score]
    stability: float | None
    tier_probabilities: tuple[float, ...]
    ellipse: Ellipse | None
    rank_interval: tuple[int, int] | None
    previous: PreviousTopic | None
    is_new: bool

    @property
    def is_borderline(self) -> bool:
        return self.stability is not None and self.stability < 0.8

    @property
    def change(self) -> float | None:
        """Overall score against last year's, where the topic can be compared."""
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

    @property
    def response_rate(self) -> float | None:
        return (
            self.responses / self.invited if self.invited and self.responses is not None else None
        )


@dataclass(frozen=True)
class Rule:
    """The tier rule; the cuts are those in effect, NaN where a rule has none of that kind."""

    kind: str
    weight_x: float
    weight_y: float
    cut_high: float
    cut_low: float
    axis_cuts: tuple[float, float] | None = None


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
            _joined(self.before, language),
            _joined(after, language),
            self.reason.get(language, ""),
        )


@dataclass(frozen=True)
class TierMove:
    """A topic that changed tier, because of its scores, of the method or of a decision."""

    topic: TopicResult
    before: int
    after: int
    cause: str
    restated: int | None


def _joined(names: Sequence[Text], language: str) -> str:
    mark = "、" if language.startswith("zh") else "; "
    return mark.join(name.get(language, "") for name in names) or "/"
