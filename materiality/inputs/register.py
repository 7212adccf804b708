"""The register as the rules see it: rows in, what follows for entries and topics out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from materiality.method.register import (
    HORIZONS,
    Entry,
    Judgement,
    Scored,
    TopicOutcome,
    outcomes,
    score,
    significance,
)
from materiality.models import Assessment, Iro, IroScore, IroThreshold, Topic
from materiality.models.register import IMPACT_MARKS


@dataclass(frozen=True)
class ScoredIro:
    """An entry, its scores, and what follows.

    :param stale: scores from when the entry was of another kind; they do not count.
    """

    iro: Iro
    scored: Scored
    scores: Sequence[IroScore]
    consensus: IroScore | None
    stale: Sequence[IroScore]

    @property
    def value_of(self) -> Mapping[str, float | None]:
        """Return each expert's value, by the key of the expert."""
        return dict(self.scored.singles)

    @property
    def lines(self) -> list[tuple[IroScore, float | None]]:
        """Return each single score and the value that it comes to."""
        return [(row, self.value_of[str(row.expert_id)]) for row in self.scores]


@dataclass(frozen=True)
class TopicVerdict:
    """A topic and what its entries make of it."""

    topic: Topic
    outcome: TopicOutcome

    @property
    def impact(self) -> Scored | None:
        return self.outcome.on("impact")

    @property
    def financial(self) -> Scored | None:
        return self.outcome.on("financial")


class Register:
    """The open entries of a round with what was said of them: four queries."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment

    @cached_property
    def thresholds(self) -> dict[str, IroThreshold]:
        return {row.kind: row for row in self.assessment.iro_thresholds.select_related("by")}

    @cached_property
    def entries(self) -> list[ScoredIro]:
        rows = self.assessment.iros.open().select_related("topic")
        return [self.scored(iro) for iro in rows.prefetch_related("scores__expert")]

    @cached_property
    def topics(self) -> list[TopicVerdict]:
        """Return the topics that have entries, in the order of the list."""
        found = {one.topic: one for one in outcomes(row.scored for row in self.entries)}
        topics = {row.iro.topic.code: row.iro.topic for row in self.entries}
        return [TopicVerdict(topic, found[code]) for code, topic in topics.items()]

    @property
    def by_code(self) -> dict[str, ScoredIro]:
        return {row.iro.code: row for row in self.entries}

    def scored(self, iro: Iro) -> ScoredIro:
        """Return an entry with what follows from its scores, prefetched or not."""
        every = list(iro.scores.all())
        current = [row for row in every if row.sheet == iro.sheet]
        singles = [row for row in current if row.expert_id is not None]
        consensus = next((row for row in current if row.expert_id is None), None)
        threshold = self.thresholds.get(iro.kind)
        entry = _entry(
            iro,
            judgements=tuple(map(_judgement, singles)),
            consensus=_judgement(consensus) if consensus else None,
        )
        scored = score(
            entry,
            threshold=threshold.value if threshold else None,
            top=float(self.assessment.points),
            likelihood_rule=self.assessment.likelihood_rule,
        )
        stale = [row for row in every if row.sheet != iro.sheet]
        return ScoredIro(iro, scored, singles, consensus, stale)


def value_of(iro: Iro, said: IroScore) -> float | None:
    """Return how significant an entry is by one score; None: no value follows from its marks."""
    assessment = iro.assessment
    return significance(
        _entry(iro),
        _judgement(said),
        top=float(assessment.points),
        likelihood_rule=assessment.likelihood_rule,
    ).value


def _entry(iro: Iro, **said: Any) -> Entry:
    return Entry(
        code=iro.code,
        topic=iro.topic.code,
        kind=iro.kind,
        is_actual=iro.is_actual,
        human_rights=iro.human_rights,
        **said,
    )


def _judgement(row: IroScore) -> Judgement:
    marks = {mark: getattr(row, mark) for mark in IMPACT_MARKS}
    effects = {
        at: (getattr(row, f"magnitude_{at}"), getattr(row, f"likelihood_{at}")) for at in HORIZONS
    }
    return Judgement(expert=str(row.expert_id), effects=effects, **marks)
