"""What one question gives a bundle: units with their weights, counts and Gram matrices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from materiality.analysis.disclosure import pool_small_groups
from materiality.bundle.schema import Counts, Gram, Unit
from materiality.errors import NoResultsYet
from materiality.inputs import quality
from materiality.inputs.sealed import sealed_survey, statistics_of
from materiality.models import Assessment, Dimension, StakeholderGroup, Topic
from materiality.results import Text


@dataclass(frozen=True)
class Part:
    """What one question gives a bundle."""

    units: list[Unit]
    counts: Counts
    gram: Gram
    quality: quality.QualityInputs
    not_asked: dict[str, list[str]]


Weights: TypeAlias = Mapping[tuple[str, str], float]


def part_of(
    assessment: Assessment,
    dimension: Dimension,
    criterion: str,
    topics: list[Topic],
    weights: Weights,
) -> Part:
    """Return units, counts and Gram matrices of one question, small groups pooled."""
    groups = list(
        assessment.groups.filter(weights__dimension=dimension)
        .select_related("audience")
        .order_by("position", "pk")
    )
    found, sizes, looked = statistics_of(dimension, criterion, topics, groups)
    saved = dict(dimension.weights.values_list("group__code", "value"))
    chosen = {
        group.code: weights.get((group.code, dimension.code), saved[group.code]) for group in groups
    }
    least = assessment.minimum_group if sealed_survey(dimension).is_anonymous else 1
    members = _pooled(sizes, least)
    units = [
        _unit([groups[at] for at in unit], [sizes[at] for at in unit], chosen) for unit in members
    ]
    codes = [unit["code"] for unit in units]
    return Part(
        units=units,
        counts=_summed(found.counts, members, units),
        gram=_summed(found.gram, members, units),
        quality=quality.inputs_from(looked, found.counts, members, codes, least),
        not_asked=_not_asked(dimension, criterion, topics, groups),
    )


def _not_asked(
    dimension: Dimension, criterion: str, topics: list[Topic], groups: list[StakeholderGroup]
) -> dict[str, list[str]]:
    """Return per group the topics it was not asked about; groups asked about all are left out."""
    rows = dimension.topic_questions.filter(criterion=criterion)
    pairs = set(rows.values_list("topic_id", "question__audiences"))
    found = {
        group.code: [topic.code for topic in topics if (topic.pk, group.audience_id) not in pairs]
        for group in groups
    }
    return {code: skipped for code, skipped in found.items() if skipped}


def _pooled(sizes: list[int], least: int) -> tuple[tuple[int, ...], ...]:
    if least == 1 and any(sizes):
        return tuple((at,) for at in range(len(sizes)))
    pooling = pool_small_groups(sizes, k=least)
    if not pooling.safe:
        raise NoResultsYet(
            _("Fewer than %(least)d people answered, so nothing is shown.") % {"least": least}
        )
    return pooling.units


def _summed(arrays: Any, members: Any, units: list[Unit]) -> dict[str, Any]:
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
