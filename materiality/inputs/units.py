"""What one question gives a bundle: units with their weights, counts and Gram matrices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from materiality.analysis.disclosure import pool_small_groups
from materiality.bundle.schema import Counts, Gram, Unit
from materiality.errors import NoResultsYet
from materiality.inputs import quality
from materiality.inputs.records import Records
from materiality.inputs.sealed import require_sealed, statistics_of
from materiality.models import Dimension, StakeholderGroup, Topic
from materiality.results import Text


@dataclass(frozen=True)
class DimensionPart:
    """What one question gives a bundle."""

    units: list[Unit]
    counts: Counts
    gram: Gram
    quality: quality.QualityInputs
    not_asked: dict[str, list[str]]


Weights: TypeAlias = Mapping[tuple[str, str], float]


def part_of(
    records: Records,
    dimension: Dimension,
    criterion: str,
    topics: list[Topic],
    weights: Weights,
    *,
    minimum_group: int,
) -> DimensionPart:
    """Return units, counts and Gram matrices of one question, small groups pooled."""
    survey = require_sealed(records.survey_of(dimension), dimension)
    saved = records.weights(dimension)
    groups = [group for group in records.groups if group.code in saved]
    asked = {row.topic_id: row.question_id for row in records.questions(dimension, criterion)}
    questions = [asked.get(topic.pk) for topic in topics]
    found, sizes, variants = statistics_of(survey, questions, groups)
    chosen = {
        group.code: weights.get((group.code, dimension.code), saved[group.code]) for group in groups
    }
    least = minimum_group if survey.is_anonymous else 1
    members = _pools(sizes, least)
    units = [
        _unit([groups[at] for at in unit], [sizes[at] for at in unit], chosen) for unit in members
    ]
    codes = [unit["code"] for unit in units]
    return DimensionPart(
        units=units,
        counts=_sums(found.counts, members, units),
        gram=_sums(found.gram, members, units),
        quality=quality.inputs_from(variants, found.counts, members, codes, least),
        not_asked=_not_asked(records, asked, topics, groups),
    )


def _not_asked(
    records: Records,
    asked: Mapping[int, int],
    topics: list[Topic],
    groups: list[StakeholderGroup],
) -> dict[str, list[str]]:
    """Return per group the topics it was not asked about; groups asked about all are left out."""
    topics_left_out = {
        group.code: [
            topic.code
            for topic in topics
            if (asked.get(topic.pk), group.audience_id) not in records.pairs
        ]
        for group in groups
    }
    return {code: skipped for code, skipped in topics_left_out.items() if skipped}


def _pools(sizes: list[int], least: int) -> tuple[tuple[int, ...], ...]:
    if least == 1:
        if not any(sizes):
            raise NoResultsYet(_("Nobody answered, so there is nothing to show."))
        return tuple((at,) for at in range(len(sizes)))
    pooling = pool_small_groups(sizes, k=least)
    if not pooling.safe:
        raise NoResultsYet(
            _("Fewer than %(least)d people answered, so nothing is shown.") % {"least": least}
        )
    return pooling.units


def _sums(arrays: Any, members: Any, units: list[Unit]) -> dict[str, Any]:
    return {
        unit["code"]: arrays[list(groups)].sum(axis=0).tolist()
        for unit, groups in zip(units, members, strict=True)
    }


def _unit(groups: list[StakeholderGroup], sizes: list[int], weights: Mapping[str, float]) -> Unit:
    heads = [group.head_count for group in groups if group.head_count]
    return {
        "code": "+".join(group.code for group in groups),
        "name": _pooled_name([group.name for group in groups]),
        "groups": [group.code for group in groups],
        "weight": sum(weights[group.code] for group in groups),
        "responses": sum(sizes),
        "population": sum(heads) if len(heads) == len(groups) else None,
    }


def _pooled_name(names: list[Text]) -> dict[str, str]:
    if len(names) == 1:
        return dict(names[0])
    return {
        "zh-hans": "、".join(name.get("zh-hans", "") for name in names) + "（合并）",
        "en": "; ".join(name.get("en", "") for name in names) + " (pooled)",
    }
