"""The only bridge: sealed answers and the round's settings → a bundle's inputs → Results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from materiality import analysis, quality
from materiality.analysis.disclosure import pool_small_groups
from materiality.asked import criteria_of, described
from materiality.bundle import Results, Text, assemble, digest, evaluate, read
from materiality.bundle.composites import part_code
from materiality.bundle.methods import method_of
from materiality.bundle.previous import statistics
from materiality.bundle.views import standard_views
from materiality.errors import NoResultsYet
from materiality.models import Assessment, Dimension, Engagement, StakeholderGroup, Topic
from surveys import answers
from surveys.models import SCALE, Invitation, Survey

Weights = Mapping[tuple[str, str], float]
Statistics = tuple[analysis.SufficientStatistics, list[int], quality.Quality | None]


@dataclass(frozen=True)
class Progress:
    """How far one group has answered, as far as that may be known.

    :param answered: how many; where that may not be told, the least that may be said of it.
    """

    group: StakeholderGroup
    invited: int
    answered: int
    target: int
    is_hidden: bool = False

    @property
    def few(self) -> bool:
        return self.answered < self.group.assessment.minimum_group

    @property
    def shown(self) -> str:
        if not self.is_hidden:
            return str(self.answered)
        return f"<{self.group.assessment.minimum_group}" if self.few else f"{self.answered}+"


def live(assessment: Assessment) -> Results:
    """Compute the results of a round from its sealed answers and its current settings.

    :raises NoResultsYet: a survey of the round is still open, or nobody answered.
    """
    return results_from(inputs_of(assessment))


def digest_of(assessment: Assessment) -> str | None:
    """Return the digest of the round's live results, or None while there are none."""
    try:
        return live(assessment).digest
    except NoResultsYet:
        return None


def results_from(inputs: Mapping[str, Any]) -> Results:
    return Results(assemble(inputs, evaluate(inputs)))


def draft_with(
    assessment: Assessment, *, weights: Weights | None = None, rule: Mapping[str, Any] | None = None
) -> Results:
    """Compute what other weights or another rule would give; nothing is saved.

    :param weights: {(group code, dimension code): value} replacing the saved ones.
    :param rule: fields of the bundle's `rule` to replace.
    """
    inputs = inputs_of(assessment, weights=weights)
    return results_from(inputs | {"rule": inputs["rule"] | dict(rule or {})})


def progress(assessment: Assessment) -> list[Progress]:
    """Return per group how many were invited and have answered; in steps of five while open.

    The exact count of a group under the minimum is told nowhere, nor that of its partner in the
    pool: the pool's count is shown with the results, so that one would give the other.
    """
    surveys = {survey.pk: survey for survey in assessment.surveys.all()}
    counts = {key: answers.response_counts(survey) for key, survey in surveys.items()}
    rows = assessment.groups.filter(audience__isnull=False).select_related("audience__survey")
    groups = [(group, group.audience) for group in rows.prefetch_related("weights")]
    found = {
        group.pk: counts.get(audience.survey_id, {}).get(audience.code, 0)
        for group, audience in groups
        if audience
    }
    exact = [g for g, a in groups if a and (a.survey.is_sealed or not a.survey.is_anonymous)]
    hidden, least = _hidden(exact, found, assessment.minimum_group), assessment.minimum_group
    invited = _invited(assessment)
    return [
        Progress(
            group,
            invited.get(group.pk, 0),
            (found[group.pk] >= least) * least if group.pk in hidden else found[group.pk],
            audience.target,
            group.pk in hidden,
        )
        for group, audience in groups
        if audience
    ]


def _hidden(
    groups: Sequence[StakeholderGroup], answered: Mapping[int, int], least: int
) -> set[int]:
    """Return the groups that are too small, or pooled, among those asked with them."""
    together: dict[tuple[str, int], list[int]] = {}
    for group in groups:
        dimensions = [("dimension", row.dimension_id) for row in group.weights.all()]
        for key in (("survey", group.audience.survey_id), *dimensions):  # type: ignore[union-attr]
            together.setdefault(key, []).append(group.pk)
    return {
        members[at]
        for members in together.values()
        for unit in pool_small_groups([answered[key] for key in members], k=least).units
        for at in unit
        if len(unit) > 1 or 0 < answered[members[at]] < least
    }


def inputs_of(assessment: Assessment, *, weights: Weights | None = None) -> dict[str, Any]:
    """Return the `inputs` of the round's bundle (docs/bundle.md)."""
    topics = list(assessment.topics.short_list())
    asked = [(row, criteria_of(row)) for row in assessment.dimensions.all()]
    parts = {
        part_code(row.code, criterion): _dimension(
            assessment, row, criterion, topics, weights or {}
        )
        for row, criteria in asked
        for criterion in criteria
    }
    units = {code: part["units"] for code, part in parts.items()}
    return {
        "assessment": _about(assessment),
        "scale": {"points": SCALE},
        "dimensions": [one for row, criteria in asked for one in described(row, criteria)],
        "views": standard_views(
            [row.code for row, _ in asked], combine="either", cut=assessment.cut_low
        ),
        "groups": _groups(assessment, units, weights or {}),
        "units": units,
        "counts": {code: part["counts"] for code, part in parts.items()},
        "gram": {code: part["gram"] for code, part in parts.items()},
        "flagged": {code: part["flagged"] for code, part in parts.items()},
        "corrected": {code: part["corrected"] for code, part in parts.items() if part["corrected"]},
        "variants": _variants(parts),
        "topics": [_topic(topic) for topic in topics],
        "screened_out": [_screened(topic) for topic in assessment.topics.screened()],
        "rule": _rule(assessment),
        "minimum_group": assessment.minimum_group,
        "confidence": 0.95,
        "seed": assessment.seed,
        "decisions": _decisions(assessment),
        "previous": _previous(assessment),
        "successions": successions(assessment),
        "method_reason": assessment.method_reason,
    }


def _variants(parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    without = {code: part["without"] for code, part in parts.items() if part["without"]}
    return [{"code": "without_flagged", "counts": without}] if without else []


def _about(assessment: Assessment) -> dict[str, Any]:
    days = assessment.surveys.values_list("opens_at", "closes_at")
    return {
        "organisation": assessment.organisation.name,
        "year": assessment.year,
        "previous_year": assessment.previous.year if assessment.previous else None,
        "preset": "double" if assessment.dimensions.filter(code="financial") else "classic",
        "simulated": assessment.simulated,
        "opened": min(day.date() for day, _end in days).isoformat() if days else None,
        "closed": max(day.date() for _start, day in days).isoformat() if days else None,
    }


def _rule(assessment: Assessment) -> dict[str, Any]:
    return {
        "kind": assessment.tier_rule,
        "weights": {"x": assessment.axis_weight_x, "y": assessment.axis_weight_y},
        "cuts": [assessment.cut_high, assessment.cut_low],
    }


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "code": topic.code,
        "name": topic.name,
        "definition": topic.definition,
        "category": topic.category,
        "references": topic.references,
        "sources": topic.sources,
    }


def _screened(topic: Topic) -> dict[str, Any]:
    """Return a topic of the long list that was not asked about, and why."""
    return {
        **_topic(topic),
        "kind": topic.screened_out,
        "reason": topic.screening_reason,
        "by": topic.screened_by.get_full_name() if topic.screened_by else "",
        "at": topic.screened_at.date().isoformat() if topic.screened_at else None,
    }


def _dimension(
    assessment: Assessment,
    dimension: Dimension,
    criterion: str,
    topics: list[Topic],
    weights: Weights,
) -> dict[str, Any]:
    """Return units, counts and Gram matrices of one question, small groups pooled."""
    groups = list(
        assessment.groups.filter(weights__dimension=dimension)
        .select_related("audience")
        .order_by("position", "pk")
    )
    found, sizes, looked = _statistics(dimension, criterion, topics, groups)
    saved = dict(dimension.weights.values_list("group__code", "value"))
    chosen = {
        group.code: weights.get((group.code, dimension.code), saved[group.code]) for group in groups
    }
    members = _pooled(sizes, assessment.minimum_group)
    units = [
        _unit([groups[at] for at in unit], [sizes[at] for at in unit], chosen) for unit in members
    ]
    codes = [unit["code"] for unit in units]
    return {
        "units": units,
        "counts": _summed(found.counts, members, units),
        "gram": _summed(found.gram, members, units),
        **quality.inputs_from(looked, found.counts, members, codes, assessment.minimum_group),
    }


def _pooled(sizes: list[int], least: int) -> tuple[tuple[int, ...], ...]:
    pooling = pool_small_groups(sizes, k=least)
    if not pooling.safe:
        raise NoResultsYet(
            _("Fewer than %(least)d people answered, so nothing is shown.") % {"least": least}
        )
    return pooling.units


def _summed(arrays: Any, members: Any, units: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        unit["code"]: arrays[list(groups)].sum(axis=0).tolist()
        for unit, groups in zip(units, members, strict=True)
    }


def _statistics(
    dimension: Dimension, criterion: str, topics: list[Topic], groups: list[StakeholderGroup]
) -> Statistics:
    """Return counts, Gram matrices and quality per group, cached under the block's digest."""
    rows = dimension.topic_questions.filter(criterion=criterion)
    asked = dict(rows.values_list("topic_id", "question_id"))
    questions = [asked.get(topic.pk) for topic in topics]
    audiences = [group.audience.code if group.audience else "" for group in groups]
    survey = _sealed_survey(dimension)
    asked_of = digest({"questions": questions, "audiences": audiences})
    key = f"statistics-2:{survey.sealed.digest}:{asked_of}"
    found = cache.get(key)
    if found is None:
        found = _count(survey, questions, audiences)
        cache.set(key, found, timeout=None)
    return found  # type: ignore[no-any-return]


def _rated(
    survey: Survey, questions: Sequence[int | None], audiences: Sequence[str]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the ratings of these questions by these audiences, and whose they are."""
    sealed = answers.sealed_answers(survey)
    column = {question: at for at, question in enumerate(sealed.questions)}
    ratings = np.zeros((len(sealed.audience), len(questions)), dtype=np.uint8)
    for at, question in enumerate(questions):
        if question in column:
            ratings[:, at] = sealed.ratings[:, column[question]]
    group_of = {code: at for at, code in enumerate(audiences)}
    group = np.array([group_of.get(code, -1) for code in sealed.audiences])[sealed.audience]
    return ratings[group >= 0], group[group >= 0]


def answer_rows(
    dimension: Dimension, criterion: str, units: Sequence[Mapping[str, Any]]
) -> list[tuple[str, tuple[int, ...]]]:
    """Return the sealed ratings on one question, each with the unit it was disclosed in.

    One row a person, in the order of the short list, sorted by content: the order says nothing of
    who came when. Only the auditor's archive holds them; every unit has at least the minimum.
    """
    assessment = dimension.assessment
    asked = dict(
        dimension.topic_questions.filter(criterion=criterion).values_list("topic_id", "question_id")
    )
    topics = assessment.topics.short_list().values_list("pk", flat=True)
    unit_of = {group: unit["code"] for unit in units for group in unit["groups"]}
    codes = list(unit_of)
    ratings, group = _rated(_sealed_survey(dimension), [asked.get(pk) for pk in topics], codes)
    rows = zip(group.tolist(), ratings.tolist(), strict=True)
    return sorted((unit_of[codes[at]], tuple(row)) for at, row in rows)


def sealed_digest(survey: Survey) -> str:
    """Return the digest of a survey's sealed answers, once they are found to have it.

    :raises SealBroken: they do not.
    """
    return answers.sealed_answers(survey).digest


def _sealed_survey(dimension: Dimension) -> Survey:
    surveys = Survey.objects.filter(questions__topic_question__dimension=dimension).distinct()
    survey: Survey | None = surveys.select_related("sealed").defer("sealed__block").first()
    if survey is None or not survey.is_sealed:
        raise NoResultsYet(
            _("The answers on “%(name)s” are not sealed yet. Results appear once it closes.")
            % {"name": dimension}
        )
    return survey


def _count(survey: Survey, questions: list[int | None], audiences: list[str]) -> Statistics:
    ratings, group = _rated(survey, questions, audiences)
    counted = ratings, group, len(audiences)
    sizes = np.bincount(counted[1], minlength=len(audiences)).tolist()
    return analysis.summarise(*counted), sizes, quality.look_at(*counted)


def _unit(
    groups: list[StakeholderGroup], sizes: list[int], weights: Mapping[str, float]
) -> dict[str, Any]:
    return {
        "code": "+".join(group.code for group in groups),
        "name": _pooled_name([group.name for group in groups]),
        "groups": [group.code for group in groups],
        "weight": sum(weights[group.code] for group in groups),
        "responses": sum(sizes),
    }


def _pooled_name(names: list[Text]) -> dict[str, str]:
    if len(names) == 1:
        return dict(names[0])
    return {
        "zh-hans": "、".join(name.get("zh-hans", "") for name in names) + "（合并）",
        "en": "; ".join(name.get("en", "") for name in names) + " (pooled)",
    }


def _groups(
    assessment: Assessment, units: Mapping[str, Any], weights: Weights
) -> list[dict[str, Any]]:
    alone = {
        unit["groups"][0]: unit["responses"]
        for rows in units.values()
        for unit in rows
        if len(unit["groups"]) == 1
    }
    invited = _invited(assessment)
    groups = assessment.groups.prefetch_related("engagements", "weights__dimension")
    return [
        {
            "code": group.code,
            "name": group.name,
            "kind": group.kind,
            "invited": invited.get(group.pk),
            "responses": alone.get(group.code),
            "how_chosen": group.how_chosen,
            "frequency": group.frequency,
            "weights": {
                row.dimension.code: weights.get((group.code, row.dimension.code), row.value)
                for row in group.weights.all()
            },
            "expectations": _lines(group, Engagement.Kind.EXPECTATION),
            "channels": _lines(group, Engagement.Kind.CHANNEL),
        }
        for group in groups
    ]


def _lines(group: StakeholderGroup, kind: str) -> list[Text]:
    return [line.text for line in group.engagements.all() if line.kind == kind]


def _invited(assessment: Assessment) -> dict[int, int]:
    """Return per group how many people got a personal link; open links have no such number."""
    personal = Q(audience__invitations__source=Invitation.Source.PERSONAL)
    counted = assessment.groups.annotate(invited=Count("audience__invitations", filter=personal))
    return dict(counted.values_list("pk", "invited"))


def _decisions(assessment: Assessment) -> list[dict[str, Any]]:
    from materiality.models import Decision

    rows = Decision.objects.filter(topic__assessment=assessment).select_related(
        "topic", "decided_by"
    )
    return [
        {
            "topic": row.topic.code,
            "tier": row.tier,
            "reason": row.reason,
            "by": row.decided_by.get_full_name() if row.decided_by else "",
            "at": row.decided_at.date().isoformat(),
        }
        for row in rows.order_by("topic__position", "topic_id")
    ]


def _previous(assessment: Assessment) -> dict[str, Any] | None:
    """Return last year's topics with their locked coordinates, where that round is locked."""
    before = assessment.previous
    if before is None:
        return None
    if not before.is_locked:
        return {"year": before.year, "topics": _named_topics(before)}
    found = Results(read(before.snapshot.document))
    carried = statistics(found.inputs, successions(assessment))
    method = method_of(found.inputs, found.document["method"]["version"])
    return {"year": before.year, "topics": _locked_topics(found), "method": method, **carried}


def _named_topics(assessment: Assessment) -> list[dict[str, Any]]:
    return [{"code": topic.code, "name": topic.name} for topic in assessment.topics.short_list()]


def _locked_topics(found: Results) -> list[dict[str, Any]]:
    fields = ("code", "name", "x", "y", "overall", "tier", "overridden")
    ordered = sorted(found.topics, key=lambda topic: topic.position)
    return [{field: getattr(topic, field) for field in fields} for topic in ordered]


def successions(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the round's lines of change as the bundle holds them, in their order."""
    return [
        {
            "kind": row.kind,
            "before": row.before.code if row.before else None,
            "after": row.after.code if row.after else None,
            "reason": row.reason,
        }
        for row in assessment.successions.select_related("before", "after")
    ]
