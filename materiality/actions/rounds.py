"""Start a round, from nothing or from last year's."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality.actions.groups import FINANCIAL, IMPACT, STAKEHOLDER, carry_group
from materiality.actions.known_shares import drop_gone_parts
from materiality.actions.log import record
from materiality.actions.settings import RULE
from materiality.actions.successions import follow, refuse_as_previous
from materiality.actions.topics import add_topic, expect_open_list, match_topic
from materiality.errors import NotASuccession
from materiality.models import (
    Assessment,
    Category,
    Dimension,
    RegisterFeeds,
    Succession,
    TierRule,
    Topic,
    Verb,
)
from materiality.selectors.rounds import preset_of
from surveys.languages import Text
from surveys.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NAMES: Mapping[str, Text] = {
    STAKEHOLDER: {"zh-hans": "对利益相关方的重要性", "en": "Importance to stakeholders"},
    IMPACT: {
        "zh-hans": "公司对社会、经济、环境影响的重要性",
        "en": "Importance of the impact on society, economy and environment",
    },
    FINANCIAL: {"zh-hans": "对公司财务的重要性", "en": "Importance to the company’s finances"},
}
PRESETS: Mapping[str, Mapping[str, str]] = {
    "classic": {STAKEHOLDER: "y", IMPACT: "x"},
    "double": {FINANCIAL: "y", IMPACT: "x", STAKEHOLDER: ""},
}
"""Per preset the axis of each dimension: double materiality has the classic matrix beside it."""

ASKED_BY: Mapping[str, list[str]] = {FINANCIAL: ["magnitude.medium", "likelihood.medium"]}
SETTINGS = (*RULE, "points", "minimum_group", "four_eyes", "tier_names")


@transaction.atomic
def start_round(
    *,
    organisation: Organisation,
    year: str,
    by: "User | None",
    previous: Assessment | None = None,
    preset: str | None = None,
    **settings: Any,
) -> Assessment:
    """Start a round with the dimensions of a preset.

    :param previous: the round it succeeds; its rule is taken over, and its preset unless given.
    :param preset: "classic" (stakeholders and impact) or "double" (impact and financial effect,
        with the classic matrix beside it). :param settings: fields.
    :raises NotASuccession: the previous round belongs to somebody else or has a successor.
    """
    refuse_as_previous(organisation.pk, previous, year=year)
    chosen = preset or (preset_of(previous) if previous else "classic")
    taken_over: dict[str, Any] = {}
    if previous:
        taken_over = {name: getattr(previous, name) for name in SETTINGS}
        if previous.known_shares:
            taken_over["known_shares"] = previous.known_shares
    if previous is None or chosen != preset_of(previous):
        is_double = chosen == "double"
        if not is_double:
            taken_over["register_feeds"] = RegisterFeeds.SURVEY  # other axes than it judges
        taken_over["tier_rule"] = TierRule.EITHER if is_double else TierRule.WEIGHTED_SUM
    taken_over["languages"] = _languages(organisation, previous)
    assessment = Assessment.objects.create(
        organisation=organisation, year=year, previous=previous, **{**taken_over, **settings}
    )
    _add_dimensions(assessment, chosen)
    after = {
        "year": year,
        "previous": previous.year if previous else None,
        "preset": chosen,
        **_settings(assessment),
    }
    record(assessment, Verb.START_ROUND, by=by, after=after)
    return assessment


def _languages(organisation: Organisation, previous: Assessment | None) -> list[str]:
    """Return last round's languages, as far as the company still has them; else the company's."""
    before = previous.languages if previous else []
    languages = [code for code in before if code in organisation.languages]
    return languages or list(organisation.languages)


def _add_dimensions(assessment: Assessment, preset: str) -> None:
    """Add the dimensions of a preset, each asked as last round asked it."""
    before = assessment.previous.dimensions.all() if assessment.previous else ()
    criteria = {**ASKED_BY, **{row.code: row.criteria for row in before}}
    for code, axis in PRESETS[preset].items():
        Dimension.objects.create(
            assessment=assessment,
            code=code,
            axis=axis,
            name=NAMES[code],
            criteria=criteria.get(code, []),
        )


def _settings(assessment: Assessment) -> dict[str, Any]:
    return {name: getattr(assessment, name) for name in SETTINGS}


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
    known = set(current.topics.values_list("code", flat=True))
    for old in previous.topics.short_list().exclude(code__in=known.union(left)):
        _carry_topic(current, old)
    there = set(current.groups.values_list("code", flat=True))
    for group in previous.groups.exclude(code__in=there):
        carry_group(current, group)
    after = {"topics": _codes(current.topics), "groups": _codes(current.groups), "left": left}
    record(current, Verb.CARRY_OVER, by=by, subject=previous.year, after=after)
    drop_gone_parts(current, by=by)


def _codes(rows: Any) -> list[str]:
    return list(rows.values_list("code", flat=True))


def _carry_topic(assessment: Assessment, old: Topic) -> None:
    fields = (
        "code",
        "name",
        "definition",
        "example",
        "category",
        "references",
        "sources",
        "actual",
        "human_rights",
    )
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


@transaction.atomic
def enter_last_list(
    *, assessment: Assessment, year: str, names: Sequence[Text], by: "User | None"
) -> Assessment:
    """Enter the topics of a year that was not assessed here, so that changes can be explained.

    It becomes the previous round, with names and nothing to score; topics of the same name in
    either language are matched.
    """
    assessment_before = start_round(organisation=assessment.organisation, year=year, by=by)
    for name in names:
        add_topic(
            assessment=assessment_before, by=by, name=dict(name), category=Category.GOVERNANCE
        )
    follow(assessment=assessment, previous=assessment_before, by=by)
    old = {
        title: t.code for t in assessment_before.topics.all() for title in t.name.values() if title
    }
    for topic in assessment.topics.short_list():
        same = next((old[title] for title in topic.name.values() if title in old), None)
        if same:
            match_topic(assessment=assessment, topic=topic.code, before=same, by=by)
    return assessment_before
