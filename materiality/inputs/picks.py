"""What people chose beside rating: a table of every kind's measures, and what stands out."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from materiality import analysis
from materiality.models import Assessment
from surveys import answers
from surveys.answers import PickCounts
from surveys.kinds import Balance, Count, Measure, Share, kinds_of
from surveys.languages import Text
from surveys.models import Exclusion, Question, Survey

MOST = 3
"""Topics named where something stands out."""

Figure = int | float | None


@dataclass(frozen=True)
class Picked:
    """One topic.

    :param figures: measure (`surveys.kinds`) → its figure; None where nobody was asked, or too few.
    :param tallies: measure → how many that were, where it is a share.
    """

    title: Text
    figures: dict[str, Figure]
    tallies: dict[str, int]

    def cell(self, measure: Measure) -> tuple[str, Figure, int | None]:
        """Return how a figure is written (share, balance or count), it, and how many that were."""
        written = type(measure).__name__.lower()
        return written, self.figures[measure.name], self.tallies.get(measure.name)


@dataclass(frozen=True)
class PickTable:
    """The topics of a survey by what people chose, the most chosen first."""

    survey: Survey
    measures: list[Measure]
    rows: list[Picked]

    @property
    def cells(self) -> Iterator[tuple[Text, list[tuple[str, Figure, int | None]]]]:
        """Yield each topic's name with a cell a measure."""
        for row in self.rows:
            yield row.title, [row.cell(measure) for measure in self.measures]

    @property
    def headlines(self) -> Iterator[tuple[str, list[tuple[Text, str, Figure]]]]:
        """Yield the words of a measure, and the topics that have most of it."""
        for measure in self.measures:
            rows = [row for row in self.rows if _stands_out(row, measure)]
            rows.sort(key=lambda row: -(row.figures[measure.name] or 0.0))
            if measure.headline and rows:
                yield str(measure.headline), [_name_and_value(row, measure) for row in rows[:MOST]]


def _stands_out(row: Picked, measure: Measure) -> bool:
    """A balance of nought says something; a share of nought only that nobody chose it."""
    figure = row.figures[measure.name]
    return figure is not None and (isinstance(measure, Balance) or figure > 0)


def _name_and_value(row: Picked, measure: Measure) -> tuple[Text, str, Figure]:
    written, figure, _tally = row.cell(measure)
    return row.title, written, figure


def favourites(assessment: Assessment) -> list[PickTable]:
    """Return what people chose, for each survey of a round in which they did."""
    surveys = [one for one in assessment.surveys.order_by("pk") if one.kinds]
    tables = [pick_table(survey) for survey in surveys]
    return [table for table in tables if table.rows]


def pick_table(survey: Survey) -> PickTable:
    measures = [one for kind in kinds_of(survey) for one in kind.measures if one.heading]
    return PickTable(survey, measures, pick_counts(survey))


def pick_counts(survey: Survey) -> list[Picked]:
    """Return the topics of a sealed survey, the most picked first; [] if nobody picked.

    Of everybody together, and only where they are at least the minimum group.
    """
    is_final = survey.is_sealed and Exclusion.objects.waiting(survey) is None
    counts = answers.pick_counts(survey) if is_final else None
    if counts is None:
        return []
    measures = [measure for kind in kinds_of(survey) for measure in kind.measures]
    columns = {measure.name: _column(measure, counts) for measure in measures}
    shares = {one.name: counts.of[one.bit] for one in measures if isinstance(one, Share)}
    titles = _titles(survey)
    rows = [
        Picked(
            title=titles.get(item, {}),
            figures={name: column[at] for name, column in columns.items()},
            tallies={name: int(tally[at]) for name, tally in shares.items()},
        )
        for at, item in enumerate(counts.items)
    ]
    ranked = [one.name for one in measures if one.headline]
    return sorted(rows, key=lambda row: [-(row.figures[name] or 0.0) for name in ranked])


def _column(measure: Measure, counts: PickCounts) -> list[Figure]:
    """Return a measure of each item."""
    if isinstance(measure, Share):
        return [float(times) / counts.people for times in counts.of[measure.bit]]
    if isinstance(measure, Balance):
        of = sum(counts.of[bit] for bit in measure.of)
        plus, minus = counts.of[measure.plus], counts.of[measure.minus]
        scores = analysis.best_worst_scores(plus, minus, of).score
        return [None if math.isnan(score) else float(score) for score in scores]
    assert isinstance(measure, Count)
    return [int(times) for times in counts.of[measure.bit]]


def _titles(survey: Survey) -> dict[str, Text]:
    rows = Question.objects.filter(survey=survey).values_list("item", "pk", "title")
    return {item or str(pk): title for item, pk, title in rows}
