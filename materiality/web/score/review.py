"""What a reviewer asks about the results, in words: who decides, who disagrees, what moved."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.document.schema import AXES, RakedGroup
from materiality.report.edition import Edition
from materiality.report.sentences import method_note, naming
from materiality.results import Results, Score, TopicResult
from materiality.templatetags.workspace import language, percent
from materiality.web.score.axes import (
    SHORT,
    criterion_name,
    dimensions_of,
    name_of,
    raked_by_question,
)
from surveys.languages import in_language

MOST_CONTESTED = 5
VERDICTS = {
    "moved": gettext_lazy("moved"),
    "within_noise": gettext_lazy("within noise"),
    "cannot_tell": gettext_lazy("cannot be told: nobody differs"),
    "not_comparable": gettext_lazy("not comparable"),
}
VARIANTS = {
    "without_flagged": gettext_lazy("Without answers flagged as careless"),
    "with_excluded": gettext_lazy("With the answers that a reviewer leaves out"),
    "without_late": gettext_lazy("Without those who answered after a reminder"),
}
BASES = {
    "impact": gettext_lazy("impact"),
    "financial": gettext_lazy("financial effect"),
    "both": gettext_lazy("impact and financial effect"),
}
OBSTACLES = {
    "added": gettext_lazy("new this year"),
    "widened": gettext_lazy("its scope changed"),
    "split": gettext_lazy("it was split"),
    "merged": gettext_lazy("it was combined"),
    "absorbed": gettext_lazy("it took in another topic"),
    "not_asked_before": gettext_lazy("not asked before"),
    "scale_changed": gettext_lazy("the scale changed"),
    "question_changed": gettext_lazy("the question changed"),
    "no_answers": gettext_lazy("too few answers"),
    "several_questions": gettext_lazy("an axis is made of several questions"),
    "no_common_groups": gettext_lazy("no group was asked in both years"),
}


@dataclass(frozen=True)
class Claim:
    """What would happen, and to which topics."""

    what: str
    topics: list[str]


@dataclass(frozen=True)
class TierFirmness:
    """On whom a topic's tier depends."""

    topic: TopicResult
    deciders: list[str]
    switch: str
    holds: float | None


@dataclass(frozen=True)
class Dispute:
    """A topic that groups rate differently."""

    topic: TopicResult
    spread: float
    dissenters: list[str]
    is_shown: bool
    unknown: float | None
    many_unknown: bool


@dataclass(frozen=True)
class HighShare:
    """What the ratings of a topic on one question show beside its score.

    :param about: as `method.insights` names it, so that another number needs no field here.
    """

    topic: TopicResult
    score: Score
    about: Mapping[str, Any]


@dataclass(frozen=True)
class AnswerQuality:
    """The answers to one question: how many, how many flagged, unknown, and the order of topics.

    :param order: Kendall's tau between the order as it is and with scale use corrected.
    """

    name: str
    people: int
    flagged: int | None
    ratings: int
    unknown: float | None
    order: float | None


@dataclass(frozen=True)
class Compared:
    """A topic from all answers, and from each other set of them: (score, tier, whether moved)."""

    topic: TopicResult
    others: list[tuple[float | None, int | None, bool]]


@dataclass(frozen=True)
class DoubleVerdict:
    """Whether a topic is material for its impact, its financial effect, or both."""

    topic: TopicResult
    impact: float | None
    financial: float | None
    material: bool | None
    basis: str


@dataclass(frozen=True)
class YearOnYearMove:
    """A topic's change on one axis since last year."""

    topic: TopicResult
    change: float | None
    low: float | None
    high: float | None
    verdict: str
    reason: str
    is_moved: bool


class Review:
    """The review page of one round."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.insights = results.insights

    @cached_property
    def _about(self) -> Mapping[str, Mapping[str, Any]]:
        return {row["code"]: row for row in self.insights["topics"]}

    @cached_property
    def _units(self) -> Mapping[tuple[str, str], str]:
        return {
            (dimension, unit.code): in_language(unit.name)
            for dimension, units in self.results.units.items()
            for unit in units
        }

    def _names(self, codes: Sequence[str]) -> list[str]:
        return [in_language(self.results.topic(code).name) for code in codes]

    @property
    def claims(self) -> list[Claim]:
        rows = self.insights["sensitivity"]
        return [
            *(Claim(self._sentence(row), self._names(row["topics"])) for row in rows),
            *self.variants,
        ]

    @property
    def variants(self) -> list[Claim]:
        """The same round from other answers: what leaving flagged ones out would change."""
        rows = self.results.document["results"].get("variants") or []
        return [Claim(str(VARIANTS[row["code"]]), self._names(row["tier_changes"])) for row in rows]

    def _sentence(self, row: Mapping[str, Any]) -> str:
        if row["what"] == "left_out":
            group = self._units[row["dimension"], row["unit"]]
            axis = SHORT.get(row["dimension"].split(".")[0]) if self._weighs_twice(row) else ""
            sentence = _("Without %(group)s (%(axis)s)") if axis else _("Without %(group)s")
            return sentence % {"group": group, "axis": axis}
        if row["what"] == "cuts":
            higher = row["shift"] > 0
            sentence = _("Boundaries %(by)s higher") if higher else _("Boundaries %(by)s lower")
            return sentence % {"by": f"{abs(row['shift']):.2f}"}
        return _("All groups weighted equally")

    def _weighs_twice(self, row: Mapping[str, Any]) -> bool:
        """Whether a unit weighs on both axes, so that it has to be said which is meant."""
        units = [one["unit"] for one in self.insights["sensitivity"]]
        return units.count(row["unit"]) > 1

    @property
    def firmness(self) -> list[TierFirmness]:
        return [self._firmness(topic) for topic in self.results.topics]

    def _firmness(self, topic: TopicResult) -> TierFirmness:
        about = self._about[topic.code]
        deciders = [self._units[row["dimension"], row["unit"]] for row in about["deciding_units"]]
        switch = self._switch(about["switches"][0]) if about["switches"] else ""
        return TierFirmness(topic, deciders, switch, about["weight_stability"])

    def _switch(self, row: Mapping[str, Any]) -> str:
        """Say at which share of the weight the nearest single group would change the tier."""
        return _("%(tier)s if %(group)s had %(share)s of the weight instead of %(now)s") % {
            "tier": naming.tier_name(Edition(self.results, language()), row["tier"]),
            "group": self._units[row["dimension"], row["unit"]],
            "share": percent(row["share"]),
            "now": percent(row["now"]),
        }

    @property
    def disputes(self) -> list[Dispute]:
        """The topics that groups rate most differently on the vertical axis."""
        rows = [self._dispute(topic) for topic in self.results.topics]
        known = sorted((row for row in rows if row), key=lambda row: -row.spread)
        return known[:MOST_CONTESTED]

    def _dispute(self, topic: TopicResult) -> Dispute | None:
        axis = dimensions_of(self.results, "y")[0]
        about = self._about[topic.code]["dimensions"][axis]
        if about["spread"] is None:
            return None
        return Dispute(
            topic,
            about["spread"],
            [self._units[axis, code] for code in about["dissent"]],
            about["contested"],
            about["dont_know_share"],
            about["many_cannot_judge"],
        )

    @property
    def high_shares(self) -> list[tuple[str, list[HighShare]]]:
        """Per question behind the axes the shares of high ratings: the other view of the scores."""
        codes = dict.fromkeys(code for axis in "yx" for code in dimensions_of(self.results, axis))
        return [(name_of(self.results, code), self._high_shares(code)) for code in codes]

    def _high_shares(self, dimension: str) -> list[HighShare]:
        rows = []
        for topic in self.results.topics:
            about, score = self._about[topic.code]["dimensions"][dimension], topic.scores[dimension]
            if score.of_answers is None:  # so few that even their number is kept back
                continue
            rows.append(HighShare(topic, score, about))
        return rows

    @property
    def agreement(self) -> str:
        """How alike the groups rank the topics."""
        between = self.insights["dimensions"][dimensions_of(self.results, "y")[0]]["between"]
        if not between:
            return ""
        return _(
            "Kendall’s W between %(units)d groups: %(w)s "
            "(1: all rank the topics alike; 0: no agreement)."
        ) % {"units": between["units"], "w": f"{between['w']:.2f}"}

    @property
    def planner(self) -> str:
        """What it would take to tell the two closest topics of different tiers apart."""
        plan = self.insights["planner"]
        if not plan:
            return ""
        upper, lower = self._names([plan["upper"], plan["lower"]])
        names = {"upper": upper, "lower": lower}
        if plan["separated"]:
            return _("“%(upper)s” and “%(lower)s” are told apart by the answers given.") % names
        if plan["factor"] is None:
            return _("No number of answers would tell “%(upper)s” from “%(lower)s”.") % names
        return _(
            "To tell “%(upper)s” from “%(lower)s”, every group would have to give "
            "%(factor)s times as many answers."
        ) % {**names, "factor": f"{plan['factor']:.1f}"}

    @property
    def years(self) -> list[tuple[str, list[YearOnYearMove]]]:
        """Per question, each topic's change since last year and whether it exceeds the noise."""
        rows = self.results.year_on_year
        if not rows:
            return []
        codes = rows[self.results.topics[0].code]["dimensions"]
        moves = []
        for code in codes:
            moves.append(
                (
                    name_of(self.results, code),
                    [
                        _move(topic, rows[topic.code]["dimensions"][code])
                        for topic in self.results.topics
                    ],
                )
            )
        return moves

    @property
    def quality(self) -> list[AnswerQuality]:
        """What the answers to each question are worth."""
        return [self._quality(code) for code in self.results.inputs["counts"]]

    def _quality(self, dimension: str) -> AnswerQuality:
        scores = [topic.scores[dimension] for topic in self.results.topics]
        ratings = sum(score.n for score in scores)
        unknown = sum(unit.dont_know for score in scores for unit in score.units)
        axis = dimension.split(".")[0]
        name = SHORT.get(axis) or name_of(self.results, dimension)
        order = (self.results.document["results"].get("corrected") or {}).get(dimension)
        return AnswerQuality(
            _(": ").join(filter(None, [str(name), criterion_name(dimension)])),
            self.results.responses[dimension],
            (self.results.inputs.get("flagged") or {}).get(dimension),
            ratings,
            unknown / (ratings + unknown) if ratings + unknown else None,
            order["tau_b"] if order else None,
        )

    @property
    def raked(self) -> list[tuple[str, RakedGroup]]:
        """How groups of which shares are known were weighted, and what that costs."""
        return raked_by_question(self.results)

    @property
    def late(self) -> list[str]:
        """Whether those who answered after a reminder rate otherwise, in words of the note."""
        edition = Edition(self.results, language())
        return [
            line for survey in self.results.surveys for line in method_note.late(edition, survey)
        ]

    @property
    def other_answers(self) -> list[str]:
        """What the other sets of answers are called."""
        rows = self.results.document["results"].get("variants") or []
        return [str(VARIANTS[row["code"]]) for row in rows]

    @property
    def compared(self) -> list[Compared]:
        """Every topic with and without the answers in question."""
        rows = self.results.document["results"].get("variants") or []
        by_code = [{topic["code"]: topic for topic in row["topics"]} for row in rows]
        if not by_code:
            return []
        lines = []
        for topic in self.results.topics:
            lines.append(Compared(topic, [_other(topic, row[topic.code]) for row in by_code]))
        return lines

    @property
    def double(self) -> list[DoubleVerdict]:
        """Impact and financial effect side by side, where a round asked for both."""
        view = self.results.views.get("double")
        if not view:
            return []
        rows = view.topics
        return [_verdict(topic, rows[topic.code]) for topic in self.results.topics]

    @property
    def double_rule(self) -> str:
        settings = self.results.views["double"].settings
        wanted = settings.get("cuts") or {"x": math.nan, "y": math.nan}
        cuts = {axis: f"{wanted[axis]:.2f}" for axis in AXES}
        if settings.get("combine") == "both":
            sentence = _("Material where impact reaches %(x)s and the financial effect %(y)s.")
        else:
            sentence = _("Material where impact reaches %(x)s or the financial effect %(y)s.")
        return sentence % cuts


def _other(topic: TopicResult, row: Mapping[str, Any]) -> tuple[float | None, int | None, bool]:
    tier = row["suggested_tier"]
    return row["overall"], tier, tier != topic.suggested_tier


def _verdict(topic: TopicResult, row: Mapping[str, Any]) -> DoubleVerdict:
    return DoubleVerdict(
        topic, row["x"], row["y"], row["material"], str(BASES.get(row["basis"], ""))
    )


def _move(topic: TopicResult, row: Mapping[str, Any]) -> YearOnYearMove:
    reason = str(OBSTACLES.get(row["reason"], "")) if row["reason"] else ""
    verdict = str(VERDICTS[row["verdict"]])
    is_moved = row["verdict"] == "moved"
    return YearOnYearMove(topic, row["change"], row["low"], row["high"], verdict, reason, is_moved)
