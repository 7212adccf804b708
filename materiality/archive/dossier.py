"""One topic from the answers to the approval: what a page shows, and an auditor walks through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from materiality.locking.snapshots import results_for
from materiality.models import (
    Approval,
    Assessment,
    Event,
    EvidenceFile,
    IndexRow,
    Remark,
    Topic,
)
from materiality.results import LongChange, Results, Score, TopicResult, UnitScore
from materiality.selectors.approvals import standing_approval


@dataclass(frozen=True)
class DossierStep:
    """What one unit contributed to a score: its share of the weight times its mean.

    The share is of the units that rated this topic. A mean that is withheld contributes unseen.
    """

    row: UnitScore
    share: float

    @property
    def contribution(self) -> float | None:
        return None if self.row.mean is None else self.share * self.row.mean


@dataclass(frozen=True)
class Trail:
    """From the means of the units to the score on one dimension."""

    dimension: str
    name: Mapping[str, str]
    axis: str
    steps: tuple[DossierStep, ...]
    score: Score


@dataclass(frozen=True)
class Dossier:
    """Everything about one topic, in the order in which it came about."""

    topic: TopicResult
    row: Topic
    results: Results
    trails: tuple[Trail, ...]
    decision: Mapping[str, Any] | None
    approval: Approval | None
    changes: tuple[LongChange, ...]
    index_rows: tuple[IndexRow, ...]
    files: tuple[EvidenceFile, ...]
    remarks: tuple[Remark, ...]
    events: tuple[Event, ...]


def dossier(assessment: Assessment, code: str, results: Results | None = None) -> Dossier:
    """Return what is known of a topic of the short list.

    :param results: of the round, if the page has them already.
    :raises NoResultsYet: the answers are not sealed. :raises Topic.DoesNotExist: no such topic.
    """
    row = assessment.topics.short_list().get(code=code)
    results = results or results_for(assessment)
    topic = results.topic(code)
    decisions = {rows["topic"]: rows for rows in results.inputs.get("decisions", [])}
    return Dossier(
        topic=topic,
        row=row,
        results=results,
        trails=tuple(_trail(results, name, score) for name, score in topic.scores.items()),
        decision=decisions.get(code),
        approval=standing_approval(assessment),
        changes=tuple(one for one in results.change_report if topic.name in one.after),
        index_rows=tuple(row.index_rows.select_related("heading")),
        files=tuple(row.evidence_files.all()),
        remarks=tuple(row.remarks.select_related("by")),
        events=tuple(assessment.events.filter(subject=code).order_by("number")),
    )


def _trail(results: Results, dimension: str, score: Score) -> Trail:
    about = next(row for row in results.inputs["dimensions"] if row["code"] == dimension)
    return Trail(
        dimension=dimension,
        name=about.get("name") or {},
        axis=about.get("axis", ""),
        steps=tuple(DossierStep(row, row.share) for row in score.units),
        score=score,
    )
