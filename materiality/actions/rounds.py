"""Start a round, from nothing or from last year's."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.actions.successions import refuse_as_previous
from materiality.actions.topics import expect_open_list
from materiality.errors import NotASuccession
from materiality.models import (
    Assessment,
    Dimension,
    Engagement,
    StakeholderGroup,
    Succession,
    Topic,
    Verb,
    Weight,
)
from surveys.languages import Text
from surveys.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CLASSIC = (
    ("stakeholder", "y", {"zh-hans": "对利益相关方的重要性", "en": "Importance to stakeholders"}),
    (
        "impact",
        "x",
        {
            "zh-hans": "公司对社会、经济、环境影响的重要性",
            "en": "Importance of the impact on society, economy and environment",
        },
    ),
)
SETTINGS = (
    "tier_rule",
    "axis_weight_x",
    "axis_weight_y",
    "cut_high",
    "cut_low",
    "minimum_group",
    "four_eyes",
)


@transaction.atomic
def start_round(
    *,
    organisation: Organisation,
    year: str,
    by: "User | None",
    previous: Assessment | None = None,
    **settings: Any,
) -> Assessment:
    """Start a round with the two dimensions of the classic matrix.

    :param previous: the round it succeeds; its rule is taken over. :param settings: fields.
    :raises NotASuccession: the previous round belongs to somebody else or has a successor.
    """
    refuse_as_previous(organisation.pk, previous)
    taken_over = {name: getattr(previous, name) for name in SETTINGS} if previous else {}
    assessment = Assessment.objects.create(
        organisation=organisation, year=year, previous=previous, **{**taken_over, **settings}
    )
    for code, axis, name in CLASSIC:
        Dimension.objects.create(assessment=assessment, code=code, axis=axis, name=name)
    after = {"year": year, "previous": previous.year if previous else None, **_settings(assessment)}
    record(assessment, Verb.START_ROUND, by=by, after=after)
    return assessment


def _settings(assessment: Assessment) -> dict[str, Any]:
    return {name: getattr(assessment, name) for name in SETTINGS}


@transaction.atomic
def add_groups(
    *,
    assessment: Assessment,
    groups: Sequence[dict[str, Any]],
    dimension: str,
    kind: str = StakeholderGroup.Kind.STAKEHOLDERS,
    by: "User | None" = None,
) -> None:
    """Add groups that count, equally, on one dimension.

    :param groups: code and name, and lists of texts under expectations and channels.
    """
    current = expect(assessment, None)
    weighs_on = current.dimensions.get(code=dimension)
    start = current.groups.count()
    for at, fields in enumerate(groups):
        lines = {name: fields.get(name, []) for name in ("expectations", "channels")}
        group = StakeholderGroup.objects.create(
            assessment=current,
            kind=kind,
            position=start + at,
            **{name: value for name, value in fields.items() if name not in lines},
        )
        Weight.objects.create(group=group, dimension=weighs_on)
        add_lines(group, Engagement.Kind.EXPECTATION, lines["expectations"])
        add_lines(group, Engagement.Kind.CHANNEL, lines["channels"])
    added = {"dimension": dimension, "groups": [fields["code"] for fields in groups]}
    record(current, Verb.ADD_GROUPS, by=by, after=added)


def add_lines(group: StakeholderGroup, kind: str, texts: Iterable[Text]) -> None:
    Engagement.objects.bulk_create(
        Engagement(group=group, kind=kind, text=dict(text), position=at)
        for at, text in enumerate(texts)
    )


@transaction.atomic
def carry_over(
    *, assessment: Assessment, without: Iterable[str] = (), by: "User | None" = None
) -> None:
    """Copy topics, groups, weights and engagement from the previous round.

    Each carried topic continues the old one; topics in `without` stay behind.
    """
    current, left = expect_open_list(assessment, None), list(without)
    previous = current.previous
    if previous is None:
        raise NotASuccession(_("This round succeeds no other, so nothing can be carried over."))
    for old in previous.topics.short_list().exclude(code__in=left):
        _carry_topic(current, old)
    for group in previous.groups.all():
        _carry_group(current, group)
    after = {"topics": _codes(current.topics), "groups": _codes(current.groups), "left": left}
    record(current, Verb.CARRY_OVER, by=by, subject=previous.year, after=after)


def _codes(rows: Any) -> list[str]:
    return list(rows.values_list("code", flat=True))


def _carry_topic(assessment: Assessment, old: Topic) -> None:
    fields = ("code", "name", "definition", "example", "category", "references", "sources")
    values = {name: getattr(old, name) for name in fields}
    position = assessment.topics.count()
    topic = Topic.objects.create(assessment=assessment, position=position, **values)
    Succession.objects.create(
        assessment=assessment,
        before=old,
        after=topic,
        kind=Succession.Kind.CONTINUED,
        position=position,
    )


def _carry_group(assessment: Assessment, old: StakeholderGroup) -> None:
    fields = ("code", "name", "kind", "how_chosen", "frequency", "position")
    values = {name: getattr(old, name) for name in fields}
    group = StakeholderGroup.objects.create(assessment=assessment, **values)
    for weight in old.weights.select_related("dimension"):
        dimension = assessment.dimensions.get(code=weight.dimension.code)
        Weight.objects.create(group=group, dimension=dimension, value=weight.value)
    for kind in Engagement.Kind:
        add_lines(group, kind, [line.text for line in old.engagements.filter(kind=kind)])
