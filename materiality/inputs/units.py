"""What one question gives a bundle: units with their weights, counts and Gram matrices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from materiality.analysis.disclosure import pool_small_groups
from materiality.document.schema import Counts, Gram, KnownShares, Unit
from materiality.errors import NoResultsYet
from materiality.inputs import quality
from materiality.inputs.records import Records
from materiality.inputs.sealed import require_sealed, statistics_of
from materiality.method.raking import weighted_units
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


NOTHING_ASKED = DimensionPart(
    units=[],
    counts={},
    gram={},
    quality={
        "flagged": 0,
        "variants": {"without_flagged": {}, "with_excluded": {}, "without_late": {}},
        "corrected": None,
    },
    not_asked={},
)
"""What a dimension gives that no survey asked about: the register feeds it alone."""

Weights: TypeAlias = Mapping[tuple[str, str], float]


def part_of(
    records: Records,
    dimension: Dimension,
    criterion: str,
    topics: list[Topic],
    weights: Weights,
    *,
    minimum_group: int,
    raking: Sequence[KnownShares] = (),
    parts: Sequence[Sequence[str]] = (),
) -> DimensionPart:
    """Return units, counts and Gram matrices of one question, small groups pooled.

    :param raking: groups whose parts are weighted by known shares.
    :param parts: codes of groups that are parts of one: they are pooled with one another first.
    """
    survey = require_sealed(records.survey_of(dimension), dimension)
    saved = records.weights(dimension)
    groups = [group for group in records.groups if group.code in saved]
    question_of = {row.topic_id: row.question_id for row in records.questions(dimension, criterion)}
    questions = [question_of.get(topic.pk) for topic in topics]
    statistics, sizes, variants = statistics_of(survey, questions, groups)
    chosen = {
        group.code: weights.get((group.code, dimension.code), saved[group.code]) for group in groups
    }
    least = minimum_group if survey.is_anonymous else 1
    members = _pools(sizes, least, _places(groups, parts))
    units = [
        _unit([groups[at] for at in unit], [sizes[at] for at in unit], chosen) for unit in members
    ]
    if raking:
        units = weighted_units(units, raking, chosen)
    codes = [unit["code"] for unit in units]
    return DimensionPart(
        units=units,
        counts=_sums(statistics.counts, members, units),
        gram=_sums(statistics.gram, members, units),
        quality=quality.inputs_from(
            variants, statistics.counts, members, codes, least, minimum_group
        ),
        not_asked=_not_asked(records, question_of, topics, groups),
    )


def _not_asked(
    records: Records,
    question_of: Mapping[int, int],
    topics: list[Topic],
    groups: list[StakeholderGroup],
) -> dict[str, list[str]]:
    """Return per group the topics it was not asked about; groups asked about all are left out."""
    topics_left_out = {
        group.code: [
            topic.code
            for topic in topics
            if (question_of.get(topic.pk), group.audience_id) not in records.pairs
        ]
        for group in groups
    }
    return {code: skipped for code, skipped in topics_left_out.items() if skipped}


def _places(
    groups: list[StakeholderGroup], parts: Sequence[Sequence[str]]
) -> list[tuple[int, ...]]:
    """Return where the parts of each group stand, of those that were asked."""
    at = {group.code: place for place, group in enumerate(groups)}
    places = [tuple(at[code] for code in row if code in at) for row in parts]
    return [row for row in places if row]


def _pools(
    sizes: list[int], least: int, parts: Sequence[tuple[int, ...]]
) -> tuple[tuple[int, ...], ...]:
    """Return which groups are a unit; parts of one group are pooled with one another first."""
    if least == 1:
        if not any(sizes):
            raise NoResultsYet(_("Nobody answered, so there is nothing to show."))
        return tuple((at,) for at in range(len(sizes)))
    units: list[tuple[int, ...]] = []
    for row in parts:
        inside = pool_small_groups([sizes[at] for at in row], k=least).units
        units += [tuple(row[one] for one in unit) for unit in inside]
    alone = set(range(len(sizes))).difference(*units)
    units = sorted([*units, *((at,) for at in alone)])
    pooling = pool_small_groups([sum(sizes[at] for at in unit) for unit in units], k=least)
    if not pooling.safe:
        raise NoResultsYet(
            _("Fewer than %(least)d people answered, so nothing is shown.") % {"least": least}
        )
    pools = []
    for unit in pooling.units:
        pools.append(tuple(sorted(at for one in unit for at in units[one])))
    return tuple(sorted(pools))


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
