"""A bundle read as objects: what pages, API and report show. It computes nothing but insights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from materiality.document import schema
from materiality.document.envelope import METHOD_VERSION
from materiality.document.schema import (
    About,
    Dimension,
    Document,
    Inputs,
    OpenQuestion,
    PreviousTopic,
    Topic,
    TopicChange,
    View,
    ViewPlace,
    previous_of,
    topics_before,
)
from materiality.method.changes import LANGUAGES
from materiality.method.composites import composite, parts
from materiality.method.feeding import is_without_survey
from materiality.method.insights import high_shares, insights
from materiality.method.iros import places_of
from materiality.method.previous import LIVES_ON
from materiality.method.register import Place
from materiality.method.rules import has_as_many_tiers, number_of_tiers
from materiality.method.scales import topics_on_scale
from materiality.method.suppression import minimum_group
from materiality.results.changereport import LongChange, change_report
from materiality.results.context import Context, read_context
from materiality.results.longlist import ScreenedOut, references_of, screened_out
from materiality.results.onesided import settled
from materiality.results.records import (
    ChangeRow,
    Engagement,
    Group,
    Rule,
    Score,
    TierMove,
    TopicResult,
    Unit,
    UnitScore,
)
from materiality.results.register import Register, register_of


@dataclass(frozen=True)
class SeenView:
    """A further matrix: its settings, and its row per topic code."""

    settings: View
    topics: Mapping[str, ViewPlace]


@dataclass(frozen=True)
class Results:
    """Everything a page or a file may print about one round, live or locked."""

    document: Document
    locked_at: str | None = None
    locked_by: str | None = None
    approved_at: str | None = None
    approved_by: str | None = None
    log_head: str | None = None
    view: str = ""  # another matrix of the round than the main one
    version: int = 1  # of the year's report: a round that corrects another is the next

    @property
    def inputs(self) -> Inputs:
        return self.document["inputs"]

    @property
    def about(self) -> About:
        """organisation, year, previous_year, preset, simulated, opened, closed, word."""
        return self.inputs.get("assessment") or {}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is reported in; a round that names none was in both."""
        return tuple(self.about.get("languages") or LANGUAGES)

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    @property
    def digest(self) -> str:
        return str(self.document["digest"])

    @property
    def simulated(self) -> bool:
        return bool(self.about.get("simulated"))

    @cached_property
    def context(self) -> Context:
        """Who reports on what, by which standards, with which value chain."""
        return read_context(self.inputs.get("context"))

    @property
    def method_version(self) -> str:
        """The release of the method that computed the numbers."""
        method = self.document.get("method")
        return method["version"] if method else METHOD_VERSION

    @property
    def raking(self) -> Mapping[str, list[schema.RakedGroup]]:
        """Per question how groups of which shares are known were weighted; empty without any."""
        return self.document["results"].get("raking") or {}

    @property
    def late(self) -> Mapping[str, list[schema.LateTopic]]:
        """Per question late against early answers, topic by topic; empty where none came late."""
        return self.document["results"].get("late") or {}

    @cached_property
    def register(self) -> Register | None:
        """Impacts, risks and opportunities with what follows from them; None without any."""
        return register_of(self.document)

    @property
    def is_without_survey(self) -> bool:
        """Whether experts alone feed both axes, so that nothing is told of anybody's answers."""
        return is_without_survey(self.inputs)

    @cached_property
    def iro_places(self) -> Mapping[str, Place]:
        """Where each entry of the register lies on a heat map, by code; empty without any."""
        register = self.inputs.get("register")
        return {} if register is None else places_of(register, top=float(self.points))

    @property
    def points(self) -> int:
        return int(self.inputs["scale"]["points"])

    @property
    def minimum_group(self) -> int:
        return int(self.inputs.get("minimum_group", 5))

    @cached_property
    def minimum_groups(self) -> Mapping[str, int]:
        """Per dimension the fewest ratings a figure rests on; of a composite, all its parts'."""
        least = {}
        for row in self.inputs["dimensions"]:
            code = row["code"]
            made_of = composite(self.inputs, code)
            codes = parts(made_of) if made_of else [code]
            least[code] = max(minimum_group(self.inputs, one) for one in codes)
        return least

    @cached_property
    def rule(self) -> Rule:
        return Rule.of(self.inputs["rule"], self.document["results"].get("cuts") or ())

    @property
    def tiers(self) -> range:
        """The numbers of the tiers, 1 the highest."""
        return range(1, number_of_tiers(self.inputs["rule"]) + 1)

    @property
    def has_comparable_tiers(self) -> bool:
        """Whether the round before had as many tiers, so that a topic can have changed its own."""
        return has_as_many_tiers(self.inputs)

    @cached_property
    def axes(self) -> Mapping[str, Dimension]:
        """{"x": dimension, "y": dimension}, each with code and name."""
        return {row["axis"]: row for row in self.inputs["dimensions"] if row.get("axis")}

    @cached_property
    def units(self) -> Mapping[str, tuple[Unit, ...]]:
        """The units of each dimension; a composite one has none of its own."""
        by_dimension = {
            code: tuple(
                Unit(
                    unit["code"],
                    unit.get("name") or {},
                    tuple(unit["groups"]),
                    unit["weight"],
                    numbers["share"],
                    unit.get("responses", 0),
                    numbers["answered"],
                )
                for unit, numbers in zip(
                    self.inputs["units"][code], self.document["results"]["units"][code], strict=True
                )
            )
            for code in self.inputs["units"]
        }
        return {row["code"]: () for row in self.inputs["dimensions"]} | by_dimension

    @cached_property
    def responses(self) -> Mapping[str, int]:
        """How many people rated each dimension."""
        return self.document["results"]["responses"]

    @cached_property
    def topics(self) -> tuple[TopicResult, ...]:
        """The topics by rank; those without a score last."""
        rows = zip(self.inputs["topics"], self.document["results"]["topics"], strict=True)
        topics = [self._topic(at, about, row) for at, (about, row) in enumerate(rows)]
        return tuple(
            sorted(topics, key=lambda topic: (topic.rank is None, topic.rank, topic.position))
        )

    @cached_property
    def screened_out(self) -> tuple[ScreenedOut, ...]:
        """The topics of the long list that were not asked about, each with its reason."""
        return screened_out(self.inputs)

    def topic(self, code: str) -> TopicResult:
        return next(topic for topic in self.topics if topic.code == code)

    def tier(self, tier: int) -> tuple[TopicResult, ...]:
        return tuple(topic for topic in self.topics if topic.tier == tier)

    def _topic(self, position: int, about: Topic, result: schema.TopicResult) -> TopicResult:
        code = about["code"]
        ellipse = result.get("ellipse")
        return TopicResult(
            code=code,
            name=about.get("name") or {},
            definition=about.get("definition") or {},
            category=about.get("category", ""),
            references=references_of(about),
            sources=tuple(about.get("sources", [])),
            position=position,
            rank=result["rank"],
            x=result["x"],
            y=result["y"],
            overall=result["overall"],
            suggested_tier=result["suggested_tier"],
            tier=result["tier"],
            overridden=result["overridden"],
            reason=self._reasons.get(code, ""),
            reasons=self._translated_reasons.get(code, {}),
            scores={name: self._score(name, score) for name, score in result["scores"].items()},
            stability=result.get("stability"),
            tier_probabilities=tuple(result.get("tier_probabilities") or ()),
            ellipse=ellipse,
            rank_interval=_pair(result.get("ranks")),
            previous=self._origins.get(code),
            is_new=bool(self.inputs.get("previous")) and code in self._added,
            undetermined=result.get("undetermined"),
            overall_interval=result.get("overall_interval"),
            overall_change=self._overall_changes.get(code),
        )

    def _score(self, dimension: str, score: schema.Score) -> Score:
        shares = self._shares(dimension, score)
        units = tuple(
            UnitScore(
                unit,
                row["mean"],
                row["n"],
                row["dont_know"],
                row.get("reason"),
                row.get("share", shares[unit.code]),
            )
            for unit in self.units[dimension]
            for row in [score["units"][unit.code]]
        )
        withheld = score.get("withheld")
        return Score(
            score=score["score"],
            se=score["se"],
            low=score["low"],
            high=score["high"],
            n=score["n"],
            covered_weight=score["covered_weight"],
            effective_n=score["effective_n"],
            reason=score["reason"],
            units=units,
            minimum_group=self.minimum_groups[dimension],
            together=withheld["mean"] if withheld else None,
            survey=score.get("survey"),
            register=score.get("register"),
            is_fed="register" in score,
            survey_reason=score.get("survey_reason"),
        )

    def _shares(self, dimension: str, score: schema.Score) -> dict[str, float]:
        """Return the shares of weight on a topic, for bundles that do not say them."""
        spoke = {unit.code: unit.weight for unit in self.units[dimension]}
        for code in spoke:
            spoke[code] *= bool(score["units"][code]["n"])
        total = sum(spoke.values())
        return {code: weight / total if total else 0.0 for code, weight in spoke.items()}

    @cached_property
    def _translated_reasons(self) -> Mapping[str, Mapping[str, str]]:
        rows = self.inputs.get("decisions", [])
        return {row["topic"]: row["reasons"] for row in rows if "reasons" in row}

    @cached_property
    def _reasons(self) -> Mapping[str, str]:
        return {row["topic"]: row.get("reason", "") for row in self.inputs.get("decisions", [])}

    @cached_property
    def _origins(self) -> Mapping[str, PreviousTopic]:
        """Last year's row of each topic that kept its identity, if it was placed on these axes."""
        if not self._same_axes:
            return {}
        before = {row["code"]: row for row in topics_on_scale(self.inputs)}
        return {
            row["after"]: before[row["before"]]
            for row in self.inputs.get("successions", [])
            if row["kind"] in LIVES_ON and row["after"] and row["before"] in before
        }

    @cached_property
    def _same_axes(self) -> bool:
        """Whether last year's matrix had these axes; what does not say had."""
        method = previous_of(self.inputs).get("method") or {}
        axes = {row["axis"]: row["code"] for row in method.get("dimensions") or [] if row["axis"]}
        return not axes or axes == {axis: row["code"] for axis, row in self.axes.items()}

    @cached_property
    def _added(self) -> frozenset[str]:
        rows = self.document["results"]["changes"]
        return frozenset(code for row in rows if row["kind"] == "added" for code in row["after"])

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        return tuple(
            Group(
                row["code"],
                row.get("name") or {},
                row.get("kind", "stakeholders"),
                row.get("invited"),
                row.get("responses"),
                Engagement(
                    tuple(row.get("expectations", [])),
                    tuple(row.get("channels", [])),
                    row.get("how_chosen") or {},
                    row.get("frequency") or {},
                ),
                row.get("population"),
                row.get("invited_answered"),
            )
            for row in self.inputs["groups"]
        )

    def raised_by(self, group: str, dimension: str | None = None) -> tuple[TopicResult, ...]:
        """Return the topics that a group's unit rated highest, as importance or on a dimension.

        A group that was pooled raised what its unit did; `units` says with whom.
        """
        code = dimension or self.axes["y"]["code"]
        row = self.document["results"].get("raised", {}).get(code, {})
        unit = next((unit.code for unit in self.units[code] if group in unit.groups), "")
        return tuple(self.topic(topic) for topic in row.get(unit, []))

    @cached_property
    def changes(self) -> tuple[ChangeRow, ...]:
        """The rows of the change table, in the order they are printed."""
        names = {row["code"]: row.get("name") or {} for row in self.inputs["topics"]}
        old = {row["code"]: row.get("name") or {} for row in topics_before(self.inputs)}
        rows = []
        for row in self.document["results"]["changes"]:
            rows.append(
                ChangeRow(
                    row["kind"],
                    tuple(old[code] for code in row["before"]),
                    tuple(names[code] for code in row["after"]),
                    row["reason"],
                )
            )
        return tuple(rows)

    @cached_property
    def change_report(self) -> tuple[LongChange, ...]:
        """The longer form of the change table, with tier moves and differences of method."""
        return change_report(self.document)

    @cached_property
    def views(self) -> Mapping[str, SeenView]:
        """Per view its settings, and its row per topic code: the matrices beside the main one."""
        settings = {row["code"]: row for row in self.inputs.get("views", [])}
        views = {}
        for view in self.document["results"].get("views", []):
            wanted = settings[view["code"]]
            places = [settled(self.inputs, wanted, row) for row in view["topics"]]
            views[view["code"]] = SeenView(wanted, {row["code"]: row for row in places})
        return views

    @cached_property
    def year_on_year(self) -> Mapping[str, TopicChange]:
        """Per topic code, the change on each dimension since the previous round; empty if none."""
        compared = self.document["results"].get("year_on_year")
        return {row["topic"]: row for row in compared["topics"]} if compared else {}

    @cached_property
    def _overall_changes(self) -> Mapping[str, schema.Change]:
        return {code: row["overall"] for code, row in self.year_on_year.items() if "overall" in row}

    @property
    def surveys(self) -> Sequence[schema.SurveyFacts]:
        """How each survey was held; empty where a bundle does not say."""
        return self.inputs.get("surveys", [])

    @cached_property
    def insights(self) -> Mapping[str, Any]:
        """What reviewers ask (docs/bundle.md, Insights): worked out when first looked at."""
        return insights(self.inputs, self.document["results"])

    @cached_property
    def high_shares(self) -> Mapping[tuple[str, str], Mapping[str, float] | None]:
        """The share of ratings in the two highest by topic and question, with its range.

        None where the survey's score is not told. An axis of several questions has none.
        """
        shares = high_shares(self.inputs, self.document["results"])
        return {
            (topic["code"], code): rows[at]
            for code, rows in shares.items()
            for at, topic in enumerate(self.inputs["topics"])
        }

    @cached_property
    def open_questions(self) -> Sequence[OpenQuestion]:
        """What must be answered before the change table is printed."""
        return self.document["results"]["open_questions"]

    @cached_property
    def tier_moves(self) -> tuple[TierMove, ...]:
        return tuple(
            TierMove(
                self.topic(row["topic"]),
                row["before"],
                row["after"],
                row.get("cause", ""),
                row.get("restated"),
                tuple(row.get("causes", [])),
                row.get("verdict"),
                tuple(row.get("steps", [])),
            )
            for row in self.document["results"]["tier_moves"]
        )


def _pair(ends: Sequence[int] | None) -> tuple[int, int] | None:
    return (ends[0], ends[1]) if ends else None
