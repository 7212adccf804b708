"""What the results page shows: the saved results, and what the visitor tries out."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.document.schema import AXES, RakedGroup
from materiality.models import Assessment
from materiality.report.edition import Edition, Look, Options
from materiality.report.figure.svg import page_figure
from materiality.report.text import percents
from materiality.results import Results, TopicResult, Unit, UnitScore
from materiality.selectors.weights import weight_sets
from materiality.templatetags.workspace import language
from materiality.web import apart
from materiality.web.score import trial_weights
from materiality.web.score.axes import (
    criterion_name,
    dimensions_of,
    name_of,
    raked_by_question,
    raters_of,
    short_name,
    units_behind,
)
from materiality.web.score.results_forms import DecisionsForm, Entry, WeightsForm
from surveys.languages import in_language

KEEP = 60 * 60
MATRICES = {
    "classic": gettext_lazy("Stakeholders and impact"),
    "double": gettext_lazy("Impact and financial effect"),
}


@dataclass(frozen=True)
class Dot:
    """One unit's mean on a line from the lowest to the highest rating, places in percent."""

    unit: Unit
    mean: float | None
    place: float | None
    overall: float | None


@dataclass(frozen=True)
class ResultRow:
    """One topic of the table: as saved, as the visitor's weights would have it, as decided."""

    saved: TopicResult
    shown: TopicResult
    tier: Entry
    tier_choices: list[tuple[Any, str, bool]]
    """Value, name, and whether it is chosen."""
    reason: Entry
    is_selected: bool
    translations: list[Entry]


@dataclass(frozen=True)
class SavedWeights:
    """A set of weights somebody saved, and the query that tries it."""

    name: str
    at: datetime
    reason: str
    query: str


@dataclass(frozen=True)
class HeatRow:
    """One topic of the heat map: (mean, shade 0 to 4) per unit."""

    topic: TopicResult
    cells: list[tuple[float | None, int]]


class ResultsPage:
    """The results page for one visitor's query: view, selected topic, weights to try."""

    def __init__(
        self,
        assessment: Assessment,
        saved: Results,
        query: QueryDict,
        *,
        weights: WeightsForm | None = None,
    ) -> None:
        self.assessment, self.query = assessment, query
        self.matrix = query.get("matrix", "")
        self.saved = trial_weights.seen_as(saved, self.matrix)
        self.is_main = self.saved is saved
        self.weights = weights or self._tried_weights()

    def _tried_weights(self) -> WeightsForm:
        """Return the form with the weights of the query, if they are those of this matrix."""
        plain = WeightsForm(assessment=self.assessment, results=self.saved)
        entered = {name for name in self.query if ":" in name}
        other = self.matrices and not entered.issuperset(plain.names)
        if not entered or other:
            return plain
        return WeightsForm(self.query, assessment=self.assessment, results=self.saved)

    @cached_property
    def view(self) -> Unit | None:
        """The unit whose view of the vertical axis is shown; None for all, weighted."""
        wanted = self.query.get("view")
        return next((unit for unit in self.views if unit.code == wanted), None)

    @cached_property
    def weight_sets(self) -> list[SavedWeights]:
        """The weights as they were saved, latest first, each to be tried again."""
        return [
            SavedWeights(row.name, row.at, row.reason, self._query_of(row.weights))
            for row in reversed(weight_sets(self.assessment))
        ]

    def _query_of(self, weights: Mapping[tuple[str, str], float]) -> str:
        """Return weights by group as the query that tries them, by unit."""
        query = {}
        for axis in "yx":
            code = self.dimension(axis)
            for unit in units_behind(self.saved, axis):
                # Weights were saved by group; a pooled unit weighs what its groups do together.
                query[f"{axis}:{unit.code}"] = sum(
                    weights.get((group, code), 0) for group in unit.groups
                )
        return urlencode(query)

    @property
    def views(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in units_behind(self.saved, "y") if unit.answered)

    def dimension(self, axis: str) -> str:
        return str(self.saved.axes[axis]["code"])

    @cached_property
    def short(self) -> dict[str, str]:
        """What each axis is called over a column."""
        return {axis: short_name(self.saved, axis) for axis in "xy"}

    @property
    def raters(self) -> dict[str, str]:
        return {axis: raters_of(self.saved, axis) for axis in "xy"}

    @property
    def matrices(self) -> list[tuple[str, str, bool]]:
        """The round's matrices where there are several: code, name, whether it is shown."""
        places = [self.x, self.y]
        choices = []
        for code, view in self.saved.views.items():
            choices.append(
                (code, str(MATRICES.get(code, code)), places == [view.settings[a] for a in AXES])
            )
        return choices

    @property
    def x(self) -> str:
        return self.dimension("x")

    @property
    def y(self) -> str:
        return self.dimension("y")

    @cached_property
    def shown(self) -> Results:
        results = self.saved
        if self.weights.is_bound and self.weights.is_valid():
            results = trial_weights.reweigh(results, self.weights.by_unit())
        return trial_weights.only(results, self.view) if self.view else results

    @property
    def effect(self) -> str:
        if self.view:
            return only_sentence(self.view)
        return trial_weights.effect(self.saved, self.shown).sentence

    @property
    def is_tried(self) -> bool:
        return self.shown is not self.saved

    @property
    def responses(self) -> list[tuple[str, int]]:
        """What was rated on each axis, and by how many."""
        return [(name_of(self.saved, self.dimension(axis)), self._people(axis)) for axis in "yx"]

    def _people(self, axis: str) -> int:
        return sum(unit.responses for unit in units_behind(self.saved, axis))

    def wants(self, option: str, *, usually: bool) -> bool:
        """Return whether a ticked box is wanted; what was never sent is as usual."""
        return option in self.query if "shown" in self.query else usually

    @property
    def tails(self) -> bool:
        return self.wants("tails", usually=True)

    @property
    def ellipses(self) -> bool:
        return self.wants("ellipses", usually=False)

    @property
    def names(self) -> bool:
        return self.wants("names", usually=True)

    @cached_property
    def selected(self) -> TopicResult | None:
        wanted = self.query.get("topic")
        topics = self.shown.topics
        return next(
            (topic for topic in topics if topic.code == wanted), topics[0] if topics else None
        )

    @property
    def has_ranges(self) -> bool:
        """Whether a score of this matrix has a sampling range: one of the register has none."""
        return any(
            topic.scores[code].low is not None
            for topic in self.shown.topics
            for code in (self.x, self.y)
        )

    @property
    def dots(self) -> list[Dot]:
        """The selected topic's mean in each unit, against what the survey comes to."""
        if self.selected is None:
            return []
        scores = self.selected.scores[self.y]
        return [
            Dot(row.unit, row.mean, self._place(row.mean), self._place(scores.of_answers))
            for row in scores.units
        ]

    @property
    def parts(self) -> list[tuple[str, str, float | None]]:
        """What the selected topic's composed scores were made of: (dimension, name, score)."""
        if self.selected is None:
            return []
        return [
            (code, short_name(self.saved, axis) + _(": ") + criterion_name(code), score.score)
            for axis in "xy"
            for code in dimensions_of(self.saved, axis)
            if criterion_name(code)
            for score in [self.selected.scores[code]]
        ]

    @property
    def heat(self) -> list[HeatRow]:
        """Every topic's mean in every unit, both axes, each with one of five shades."""
        rows = []
        for topic in self.shown.topics:
            rows.append(
                HeatRow(
                    topic,
                    [
                        self._cell(row, topic.scores[code].minimum_group)
                        for code in self._heat_asked
                        for row in topic.scores[code].units
                    ],
                )
            )
        return rows

    @property
    def heat_units(self) -> list[tuple[str, Unit, str]]:
        """The columns of the heat map: axis, unit, and the criterion where several were asked."""
        return [
            (axis, unit, criterion_name(code))
            for axis in "yx"
            for code in dimensions_of(self.saved, axis)
            for unit in self.saved.units[code]
        ]

    @property
    def _heat_asked(self) -> list[str]:
        return [code for axis in "yx" for code in dimensions_of(self.saved, axis)]

    def _cell(self, row: UnitScore, least: int) -> tuple[float | None, int]:
        mean = row.mean if row.n >= least else None
        return mean, 0 if mean is None else min(int((mean - 1) / (self.saved.points - 1) * 5), 4)

    @property
    def chances(self) -> list[tuple[int, str]]:
        """How probable each tier is for the selected topic, in percent that add up."""
        probabilities = self.selected.tier_probabilities if self.selected else ()
        return list(enumerate(percents(probabilities), start=1))

    def _place(self, value: float | None) -> float | None:
        return None if value is None else round((value - 1) / (self.saved.points - 1) * 100, 1)

    def rows(self, form: DecisionsForm) -> Iterator[ResultRow]:
        for topic in self.saved.topics:
            topic_shown = self.shown.topic(topic.code)
            selected = self.selected is not None and self.selected.code == topic.code
            tier, reason = form.entries_of(topic)
            yield ResultRow(
                topic,
                topic_shown,
                tier,
                form.tiers_of(topic),
                reason,
                selected,
                form.translations_of(topic),
            )

    @property
    def has_double(self) -> bool:
        return "double" in self.saved.views

    @property
    def apart(self) -> list[str]:
        """Where the tier and the register’s thresholds say different things."""
        return apart.sentences(self.saved) if self.is_main else []

    @property
    def undrawn(self) -> str:
        """A sentence on the topics that have a tier by one side and no dot; "" without any."""
        names = [
            in_language(topic.name)
            for topic in self.shown.topics
            if topic.tier is not None and (topic.x is None or topic.y is None)
        ]
        text = _("In a tier without a dot, since one axis has no value: %(names)s.")
        return text % {"names": _(", ").join(names)} if names else ""

    @property
    def has_cuts(self) -> bool:
        return math.isfinite(self.saved.rule.cut_high)

    @property
    def cuts(self) -> str:
        """The boundaries between the tiers, the highest first."""
        return " / ".join(f"{cut:.2f}" for cut in self.saved.rule.cuts if math.isfinite(cut))

    @property
    def overridden(self) -> int:
        return sum(topic.overridden for topic in self.saved.topics)

    @property
    def pooled(self) -> list[Unit]:
        return [unit for axis in "yx" for unit in units_behind(self.saved, axis) if unit.is_pooled]

    @property
    def raked(self) -> list[tuple[str, RakedGroup]]:
        """How groups of which shares are known are weighted inside."""
        return raked_by_question(self.saved)

    @property
    def silent(self) -> list[Unit]:
        """Who gave no answers, each once, though a panel may stand behind both axes."""
        units = [unit for axis in "yx" for unit in units_behind(self.saved, axis)]
        return list({unit.code: unit for unit in units if not unit.answered}.values())

    def figure(self, size: str) -> SafeString:
        """Return the matrix as SVG for a screen or a phone, kept because placing labels is slow."""
        options = Options(
            size=size,
            labels="auto" if self.names else "numbers",
            tails=self.tails,
            ellipses=True,  # the page shows the selected topic's, or all
        )
        choices = (size, language(), self.names, self.tails)
        key = ":".join(map(str, ("figure-2", self.shown.digest, *choices)))
        drawn = cache.get(key)
        if drawn is None:
            drawn = page_figure(Edition(self.shown, language(), Look(options)), name=size)
            cache.set(key, drawn, timeout=KEEP)
        return SafeString(drawn)  # the pen escapes every text


def only_sentence(unit: Unit) -> str:
    return _("Only: %(group)s. Vertical weights do not apply.") % {"group": in_language(unit.name)}
