"""What people tapped and chose beside rating: the top three, best and worst."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from materiality import analysis
from materiality.models import Assessment
from surveys import answers
from surveys.languages import Text
from surveys.models import Exclusion, Question, Survey
from surveys.visit.picks import MOST


@dataclass(frozen=True)
class Picked:
    """One topic.

    :param share: of everybody, those who tapped it among their three; None if nobody was asked.
    :param score: (best - worst) / shown, from -1 to 1; None if it was in no answered set.
    """

    title: Text
    tapped: int
    share: float | None
    shown: int
    score: float | None


@dataclass(frozen=True)
class Favourites:
    """The three topics of a survey that were picked most, each way; [] where that is not asked."""

    survey: Survey
    top: list[Picked]
    best: list[Picked]


def favourites(assessment: Assessment) -> list[Favourites]:
    """Return what stands out, for each survey of a round in which people picked."""
    asked = assessment.surveys.filter(Q(top_three=True) | Q(best_worst=True)).order_by("pk")
    found = [(survey, picked(survey)) for survey in asked]
    return [Favourites(survey, _tapped(rows), _best(rows)) for survey, rows in found if rows]


def _tapped(rows: Sequence[Picked]) -> list[Picked]:
    return sorted((row for row in rows if row.share), key=lambda row: -row.tapped)[:MOST]


def _best(rows: Sequence[Picked]) -> list[Picked]:
    compared = [row for row in rows if row.score is not None]
    return sorted(compared, key=lambda row: -(row.score or 0.0))[:MOST]


def picked(survey: Survey) -> list[Picked]:
    """Return the topics of a sealed survey, the most picked first; [] if nobody picked.

    Of everybody together, and only where they are at least the minimum group.
    """
    is_final = survey.is_sealed and Exclusion.objects.waiting(survey) is None
    counts = answers.pick_counts(survey) if is_final else None
    if counts is None:
        return []
    scores = analysis.best_worst_scores(counts.best, counts.worst, counts.shown).score
    titles = _titles(survey)
    rows = [
        Picked(
            title=titles.get(item, {}),
            tapped=int(counts.top[at]),
            share=float(counts.top[at]) / counts.people if survey.top_three else None,
            shown=int(counts.shown[at]),
            score=None if math.isnan(scores[at]) else float(scores[at]),
        )
        for at, item in enumerate(counts.items)
    ]
    return sorted(rows, key=lambda row: (-row.tapped, -(row.score or 0.0)))


def _titles(survey: Survey) -> dict[str, Text]:
    rows = Question.objects.filter(survey=survey).values_list("item", "pk", "title")
    return {item or str(pk): title for item, pk, title in rows}
