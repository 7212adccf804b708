"""The register: as the rules see it, for pages, and as a bundle holds it, for results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects

from materiality.document import schema
from materiality.method.register import (
    HORIZONS,
    Entry,
    Judgement,
    Place,
    Scored,
    TopicOutcome,
    outcomes,
    score,
    significance,
)
from materiality.method.register import place as place_of
from materiality.method.sureness import Sureness, sureness, why_missing
from materiality.models import (
    Assessment,
    Iro,
    IroLine,
    IroLink,
    IroScale,
    IroScore,
    IroThreshold,
    Topic,
)
from materiality.models.register import IMPACT_MARKS


@dataclass(frozen=True)
class Reading:
    """An entry read before mitigation (gross) or after (net): its scores, and what follows."""

    scored: Scored
    scores: Sequence[IroScore]
    consensus: IroScore | None

    @property
    def lines(self) -> list[tuple[IroScore, float | None]]:
        """Return each single score and the value that it comes to."""
        value_of = dict(self.scored.singles)
        return [(row, value_of[str(row.expert_id)]) for row in self.scores]


@dataclass(frozen=True)
class ScoredIro:
    """An entry, its scores, and what follows.

    :param counting: gross or net, as the entry says. :param beside: the other one; it is shown and
        counts nowhere. :param stale: scores from when the entry was of another kind.
        :param probability: how likely it is material, where that was asked and is given.
        :param probability_missing: why it is not given, where that was asked: see `why_missing`.
    """

    iro: Iro
    counting: Reading
    beside: Reading
    stale: Sequence[IroScore]
    probability: float | None = None
    probability_missing: str = ""

    @property
    def scored(self) -> Scored:
        return self.counting.scored

    @property
    def scores(self) -> Sequence[IroScore]:
        return self.counting.scores

    @property
    def consensus(self) -> IroScore | None:
        return self.counting.consensus

    @property
    def lines(self) -> list[tuple[IroScore, float | None]]:
        return self.counting.lines

    @property
    def place(self) -> Place | None:
        """Return where it lies on a heat map."""
        return place_of(
            self.scored.entry,
            top=float(self.iro.assessment.points),
            likelihood_rule=self.iro.assessment.likelihood_rule,
        )

    @property
    def gross(self) -> Reading:
        return self.beside if self.iro.is_net else self.counting

    @property
    def net(self) -> Reading:
        return self.counting if self.iro.is_net else self.beside


@dataclass(frozen=True)
class TopicVerdict:
    """A topic and what its entries make of it."""

    topic: Topic
    outcome: TopicOutcome
    probability: float | None

    @property
    def probability_missing(self) -> str:
        """Return why it is not given: one of the entries has none. "": it is given."""
        return "entries" if self.probability is None else ""

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
        rows = self.assessment.iros.open().select_related("topic", "step")
        return [self._scored(iro) for iro in rows.prefetch_related("scores__expert")]

    @cached_property
    def topics(self) -> list[TopicVerdict]:
        """Return the topics that have entries, in the order of the list."""
        verdicts = {one.topic: one for one in outcomes(row.scored for row in self.entries)}
        topics = {row.iro.topic.code: row.iro.topic for row in self.entries}
        sure = self.sureness.topics
        return [TopicVerdict(topic, verdicts[code], sure[code]) for code, topic in topics.items()]

    @cached_property
    def sureness(self) -> Sureness:
        thresholds = {kind: row.value for kind, row in self.thresholds.items()}
        return sureness(
            [row.scored for row in self.entries],
            thresholds,
            top=float(self.assessment.points),
            likelihood_rule=self.assessment.likelihood_rule,
        )

    @property
    def sure_entries(self) -> list[ScoredIro]:
        """Return the entries with how likely they are material."""
        return [self._sure(row) for row in self.entries]

    def _sure(self, row: ScoredIro) -> ScoredIro:
        missing = why_missing(
            known=len(row.scored.known),
            by_consensus=row.scored.by_consensus,
            has_threshold=row.iro.kind in self.thresholds,
        )
        probability = self.sureness.entries[row.iro.code]
        return replace(row, probability=probability, probability_missing=missing)

    @property
    def by_code(self) -> dict[str, ScoredIro]:
        return {row.iro.code: row for row in self.entries}

    def scored(self, iro: Iro) -> ScoredIro:
        """Return an entry with what follows from its scores: two queries, if not prefetched."""
        prefetch_related_objects([iro], "scores__expert")
        return self._scored(iro)

    def _scored(self, iro: Iro) -> ScoredIro:
        every = list(iro.scores.all())
        current = [row for row in every if row.sheet == iro.sheet]
        return ScoredIro(
            iro,
            counting=self._reading(iro, [row for row in current if row.is_net == iro.is_net]),
            beside=self._reading(iro, [row for row in current if row.is_net != iro.is_net]),
            stale=[row for row in every if row.sheet != iro.sheet],
        )

    def _reading(self, iro: Iro, scores: Sequence[IroScore]) -> Reading:
        singles = [row for row in scores if row.expert_id is not None]
        consensus = next((row for row in scores if row.expert_id is None), None)
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
        return Reading(scored, singles, consensus)


def value_of(iro: Iro, single: IroScore) -> float | None:
    """Return how significant an entry is by one score; None: no value follows from its marks."""
    assessment = iro.assessment
    return significance(
        _entry(iro),
        _judgement(single),
        top=float(assessment.points),
        likelihood_rule=assessment.likelihood_rule,
    ).value


def _entry(iro: Iro, **judgements: Any) -> Entry:
    return Entry(
        code=iro.code,
        topic=iro.topic.code,
        kind=iro.kind,
        is_actual=iro.is_actual,
        human_rights=iro.human_rights,
        **judgements,
    )


def _judgement(row: IroScore) -> Judgement:
    marks = {mark: getattr(row, mark) for mark in IMPACT_MARKS}
    effects = {
        at: (getattr(row, f"magnitude_{at}"), getattr(row, f"likelihood_{at}")) for at in HORIZONS
    }
    return Judgement(expert=str(row.expert_id), effects=effects, **marks)


def register_of(assessment: Assessment) -> schema.Register | None:
    """Return the register as a bundle holds it; None for a round that never had an entry.

    One query where there is none, else six. Scores from when an entry was of another kind do not
    count and are left out. Where all entries were closed, they and their lineage are the register.
    """
    rows = list(assessment.iros.select_related("topic", "step", "evidence_file"))
    if not rows:
        return None
    entries = [row for row in rows if not row.is_closed]
    scores = _scores_by_entry(entries)
    codes = _codes_of(scores.values())
    register: schema.Register = {
        "feeds": assessment.register_feeds,
        "likelihood_rule": assessment.likelihood_rule,
        "experts": [{"code": code, "name": name} for code, name in codes.values()],
        "thresholds": [
            {
                "kind": row.kind,
                "value": row.value,
                "reason": row.reason,
                "scores_before": row.scores_before,
            }
            for row in assessment.iro_thresholds.order_by("kind")
        ],
        "entries": [_entry_row(row, scores.get(row.pk, []), codes) for row in entries],
    }
    if closed := [_closed_row(row) for row in rows if row.is_closed]:
        register["closed"] = closed
    if lines := [_line_row(line) for line in _lines_of(assessment)]:
        register["lines"] = lines
    if links := [_link_row(link) for link in _links_of(assessment)]:
        register["links"] = links
    if scales := [_scale_row(row) for row in _scales_of(assessment)]:
        register["scales"] = scales
    return register


def _scores_by_entry(entries: Sequence[Iro]) -> dict[int, list[IroScore]]:
    """Return the scores of both readings by the key of their entry, experts in one order."""
    sheets = {row.pk: row.sheet.value for row in entries}
    scores = IroScore.objects.filter(iro__in=entries).select_related("expert")
    by_entry: dict[int, list[IroScore]] = {}
    for score_ in scores.order_by("expert", "pk"):
        if score_.sheet == sheets[score_.iro_id]:
            by_entry.setdefault(score_.iro_id, []).append(score_)
    return by_entry


def _codes_of(scores: Iterable[Sequence[IroScore]]) -> dict[int, tuple[str, str]]:
    """Return code and name of every expert who is heard, by their key: e1 joined first."""
    heard = {row.expert.pk: row.expert for rows in scores for row in rows if row.expert is not None}
    return {
        key: (f"e{at}", heard[key].get_full_name() or heard[key].get_username())
        for at, key in enumerate(sorted(heard), start=1)
    }


def _entry_row(
    iro: Iro, scores: Sequence[IroScore], codes: Mapping[int, tuple[str, str]]
) -> schema.IroEntry:
    counting = [one for one in scores if one.is_net == iro.is_net]
    other = [one for one in scores if one.is_net != iro.is_net]
    row: schema.IroEntry = {
        "code": iro.code,
        "topic": iro.topic.code,
        "kind": iro.kind,
        "title": iro.title,
        "is_actual": iro.is_actual,
        "human_rights": iro.human_rights,
        "description": iro.description,
        "stage": iro.stage,
        "place": iro.place,
        "horizon": iro.horizon,
        "affected": iro.affected,
        "involvement": iro.involvement,
        "dependency": iro.dependency,
        "mitigation": iro.mitigation,
        "is_net": iro.is_net,
        "evidence": iro.evidence,
        "judgements": _judgement_rows(counting, codes),
    }
    if iro.step:
        row["step"] = iro.step.code
    if iro.evidence_file:
        row["evidence"] = iro.evidence or iro.evidence_file.name
        row["evidence_digest"] = iro.evidence_file.digest
    for one in counting:
        if one.expert_id is None:
            row["consensus"] = _marks_row(one)
    if other:
        row["beside"] = {"judgements": _judgement_rows(other, codes)}
    for one in other:
        if one.expert_id is None:
            row["beside"]["consensus"] = _marks_row(one)
    return row


def _judgement_rows(
    scores: Sequence[IroScore], codes: Mapping[int, tuple[str, str]]
) -> list[schema.IroJudgement]:
    return [
        {"expert": codes[one.expert_id][0], **_marks_row(one)}
        for one in scores
        if one.expert_id is not None
    ]


def _marks_row(single: IroScore) -> schema.Marks:
    """Return the marks that somebody gave; what they could not say is left out."""
    judged = _judgement(single)
    row: schema.Marks = {"reason": single.reason}
    if judged.scale is not None:
        row["scale"] = judged.scale
    if judged.scope is not None:
        row["scope"] = judged.scope
    if judged.irremediability is not None:
        row["irremediability"] = judged.irremediability
    if judged.likelihood is not None:
        row["likelihood"] = judged.likelihood
    effects: dict[str, schema.Effect] = {}
    for horizon, (magnitude, likelihood) in judged.effects.items():
        if magnitude is not None and likelihood is not None:
            effects[horizon] = {"magnitude": magnitude, "likelihood": likelihood}
    if effects:
        row["effects"] = effects
    return row


def _closed_row(iro: Iro) -> schema.ClosedIro:
    return {
        "code": iro.code,
        "topic": iro.topic.code,
        "kind": iro.kind,
        "title": iro.title,
        "reason": iro.closing_reason,
    }


def _lines_of(assessment: Assessment) -> Iterable[IroLine]:
    return assessment.iro_lines.select_related("before", "after").order_by("before__code", "pk")


def _links_of(assessment: Assessment) -> Iterable[IroLink]:
    links = assessment.iro_links.select_related("impact", "effect")
    return links.order_by("impact__code", "effect__code")


def _link_row(link: IroLink) -> schema.IroLink:
    return {"impact": link.impact.code, "effect": link.effect.code, "kind": link.kind}


def _scales_of(assessment: Assessment) -> Iterable[IroScale]:
    return assessment.iro_scales.order_by("criterion", "horizon")


def _scale_row(scale: IroScale) -> schema.IroMeaning:
    row: schema.IroMeaning = {
        "criterion": scale.criterion,
        "scores_before": scale.scores_before,
    }
    if scale.horizon:
        row["horizon"] = scale.horizon
    if scale.words:
        row["words"] = scale.words
    if scale.limits:
        row |= {"currency": scale.currency, "limits": scale.limits}
    return row


def _line_row(line: IroLine) -> schema.IroLine:
    return {
        "before": line.before.code,
        "before_title": line.before.title,
        "after": line.after.code if line.after else None,
        "reason": line.reason,
    }
