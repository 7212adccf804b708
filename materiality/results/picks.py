"""What people tapped and chose beside rating: the top three, best and worst."""

import math
from dataclasses import dataclass

from materiality import analysis
from surveys import answers
from surveys.actions.exclude import waiting
from surveys.languages import Text
from surveys.models import Question, Survey


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


def picked(survey: Survey) -> list[Picked]:
    """Return the topics of a sealed survey, the most picked first; [] if nobody picked.

    Of everybody together, and only where they are at least the minimum group.
    """
    is_final = survey.is_sealed and waiting(survey) is None
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
