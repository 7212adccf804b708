"""Who is asked and counts: add, rename, reorder, split, merge and remove groups and panels.

A group stands once its questionnaire is published. Questionnaires that are drafts follow.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.actions.audiences import follow_groups
from materiality.actions.known_shares import drop_gone_parts
from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.catalogue.groups import suggestions
from materiality.errors import AlreadyAsking, BadGroup, GroupStands
from materiality.models import (
    Assessment,
    Dimension,
    Engagement,
    StakeholderGroup,
    Verb,
    Weight,
)
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STAKEHOLDER, IMPACT, FINANCIAL = "stakeholder", "impact", "financial"
RATED_WITH: Mapping[str, tuple[str, ...]] = {IMPACT: (FINANCIAL,)}
"""Who judges the impact judges the financial effect too, where the round asks about it."""

LINES = {
    "expectations": Engagement.Kind.EXPECTATION,
    "channels": Engagement.Kind.CHANNEL,
}
Kind = StakeholderGroup.Kind
COPIED = ("kind", "how_chosen", "frequency", "chosen_topics")


@transaction.atomic
def add_groups(
    *,
    assessment: Assessment,
    groups: Sequence[dict[str, Any]],
    dimension: str,
    kind: str | None = None,
    together: bool = True,
    by: "User | None" = None,
    expected_version: int | None = None,
) -> list[StakeholderGroup]:
    """Add groups that count, equally, on a dimension and on those rated together with it.

    :param together: False for a panel of this dimension alone, such as the impact without the
        financial effect. Where not all panels judge both, each is asked in a survey of its own.

    :param groups: name, code (without, one is made of the name), chosen_topics, and lists of texts
        under expectations and channels. :param kind: without, panels rate all but importance.
    :raises BadGroup: a group has no name, or a code is taken.
    :raises AlreadyAsking: the questionnaire on the dimension is published.
    """
    current = expect(assessment, expected_version)
    _require_draft(current, dimension)
    weighs_on = rated_with(current, dimension)
    if not together:
        weighs_on = weighs_on[:1]
    if not weighs_on:
        raise BadGroup(_("This round does not ask about the financial effect."))
    rows = []
    for fields in groups:
        group = new_group(current, {"kind": kind or usual_kind(dimension), **fields})
        for rated in weighs_on:
            Weight.objects.create(group=group, dimension=rated)
        rows.append(group)
    added = {"dimension": dimension, "groups": [group.code for group in rows]}
    record(current, Verb.ADD_GROUPS, by=by, after=added)
    follow_groups(current)
    return rows


def usual_kind(dimension: str) -> str:
    """Return what kind of group rates a dimension, if nothing else is said."""
    return Kind.STAKEHOLDERS if dimension == STAKEHOLDER else Kind.PANEL


def _require_draft(assessment: Assessment, dimension: str) -> None:
    """Refuse a group that nobody would ask: where its survey runs, it is opened to the group.

    :raises AlreadyAsking: the questionnaire on the dimension is published.
    """
    asking = assessment.surveys.exclude(published_at=None)
    if asking.filter(questions__topic_question__dimension__code=dimension).exists():
        raise AlreadyAsking


def new_group(assessment: Assessment, fields: Mapping[str, Any]) -> StakeholderGroup:
    """Add one group at the end of the list, with its lines of the engagement table."""
    taken = set(assessment.groups.values_list("code", flat=True))
    name = _require_name(fields["name"])
    code = fields.get("code") or _free_code(name, taken)
    if code in taken:
        raise BadGroup(_("There is a group with the code “%(code)s” already.") % {"code": code})
    last = assessment.groups.aggregate(last=Max("position"))["last"]
    plain = {
        field: value for field, value in fields.items() if field not in ("name", "code", *LINES)
    }
    group: StakeholderGroup = StakeholderGroup.objects.create(
        assessment=assessment,
        code=code,
        name=name,
        position=0 if last is None else last + 1,
        **plain,
    )
    for field, line_kind in LINES.items():
        add_lines(group, line_kind, fields.get(field, []))
    return group


def _require_name(name: Text) -> dict[str, str]:
    texts = {code: text.strip() for code, text in name.items()}
    if not any(texts.values()):
        raise BadGroup(_("A group has no name. Write it, then save again."))
    return texts


def _free_code(name: Text, taken: set[str]) -> str:
    """Return a code nobody has, made of the English name where there is one."""
    wish = slugify(name.get("en", ""))[:40] or "group"
    number, code = 1, wish
    while code in taken:
        number += 1
        code = f"{wish}-{number}"
    return code


def rated_with(assessment: Assessment, dimension: str) -> list[Dimension]:
    """Return a dimension and those that the same people rate."""
    codes = [dimension, *RATED_WITH.get(dimension, ())]
    rows = assessment.dimensions.filter(code__in=codes)
    return sorted(rows, key=lambda row: codes.index(row.code))


def add_lines(group: StakeholderGroup, kind: str, texts: Iterable[Text]) -> None:
    Engagement.objects.bulk_create(
        Engagement(group=group, kind=kind, text=dict(text), position=at)
        for at, text in enumerate(texts)
    )


def carry_group(assessment: Assessment, old: StakeholderGroup) -> None:
    """Copy a group of last round, with its weights and how it is engaged."""
    values = {name: getattr(old, name) for name in ("code", "name", "position", *COPIED)}
    group = StakeholderGroup.objects.create(assessment=assessment, **values)
    weights = {row.dimension.code: row.value for row in old.weights.select_related("dimension")}
    also = [other for code in weights for other in RATED_WITH.get(code, ())]
    for dimension in assessment.dimensions.filter(code__in=[*weights, *also]):
        value = weights.get(dimension.code, 1.0)
        Weight.objects.create(group=group, dimension=dimension, value=value)
    for kind in Engagement.Kind:
        add_lines(group, kind, [line.text for line in old.engagements.filter(kind=kind)])


@transaction.atomic
def add_suggested_groups(
    *,
    assessment: Assessment,
    codes: Sequence[str],
    by: "User | None",
    expected_version: int | None = None,
) -> list[StakeholderGroup]:
    """Add groups of `catalogue.groups`, with their expectations and channels; known ones stay.

    :raises BadGroup: there is no such suggestion.
    """
    known = {row.code: row for row in suggestions()}
    if unknown := [code for code in codes if code not in known]:
        sentence = _("There is no suggested group “%(code)s”.")
        raise BadGroup(sentence % {"code": unknown[0]})
    in_use = set(assessment.groups.values_list("code", flat=True))
    wanted = [row for row in known.values() if row.code in codes and row.code not in in_use]
    rows = []
    for dimension in (STAKEHOLDER, IMPACT):
        groups = [
            {
                "code": row.code,
                "name": row.name,
                "expectations": row.expectations,
                "channels": row.channels,
            }
            for row in wanted
            if row.dimension == dimension
        ]
        if groups:
            rows += add_groups(
                assessment=assessment,
                groups=groups,
                dimension=dimension,
                by=by,
                expected_version=expected_version,
            )
            expected_version = None
    return rows


@transaction.atomic
def describe_groups(
    *,
    assessment: Assessment,
    groups: Mapping[str, Mapping[str, Any]],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Change names of groups, or which topics they are asked about: {code: {field: value}}.

    :raises GroupStands: the group's questionnaire is published. :raises BadGroup: no name is left,
        or a topic is not on the list.
    """
    current = expect(assessment, expected_version)
    for code, fields in groups.items():
        group = group_of(current, code)
        after = dict(fields)
        if "name" in after:
            after["name"] = _require_name(after["name"])
        if "chosen_topics" in after:
            after["chosen_topics"] = known_topics(current, after["chosen_topics"])
        changed = [name for name, value in after.items() if getattr(group, name) != value]
        if not changed:
            continue
        require_open(group)
        before = {name: getattr(group, name) for name in changed}
        for name in changed:
            setattr(group, name, after[name])
        group.save(update_fields=changed)
        now = {name: after[name] for name in changed}
        record(current, Verb.DESCRIBE_GROUP, by=by, subject=code, before=before, after=now)
    follow_groups(current)


def known_topics(assessment: Assessment, codes: Sequence[str]) -> list[str]:
    """Return the codes in the list's order; all of them are kept as none: asked everything."""
    listed = list(assessment.topics.short_list().values_list("code", flat=True))
    if unknown := [code for code in codes if code not in listed]:
        sentence = _("“%(code)s” is not a topic of this round.")
        raise BadGroup(sentence % {"code": unknown[0]})
    chosen = [code for code in listed if code in codes]
    return [] if chosen == listed else chosen


@transaction.atomic
def remove_group(
    *, assessment: Assessment, group: str, by: "User | None", expected_version: int | None = None
) -> None:
    """Take a group off the list.

    :raises GroupStands: its questionnaire is published. :raises BadGroup: people are on its list.
    """
    current = expect(assessment, expected_version)
    row = group_of(current, group)
    require_open(row)
    _require_nobody(row)
    before = {"name": row.name, "kind": row.kind}
    row.delete()
    record(current, Verb.REMOVE_GROUP, by=by, subject=group, before=before)
    drop_gone_parts(current, by=by)
    follow_groups(current)


def _require_nobody(group: StakeholderGroup) -> None:
    people = group.audience.invitations.count() if group.audience else 0
    if people:
        sentence = ngettext(
            "%(count)d person is on the list of “%(group)s”. Remove them from the list first, or "
            "merge the group with another.",
            "%(count)d people are on the list of “%(group)s”. Remove them from the list first, or "
            "merge the group with another.",
            people,
        )
        raise BadGroup(sentence % {"count": people, "group": group})


@transaction.atomic
def reorder_groups(
    *,
    assessment: Assessment,
    codes: Sequence[str],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Put all groups in this order.

    :raises BadGroup: a group is missing or unknown.
    """
    current = expect(assessment, expected_version)
    groups = {group.code: group for group in current.groups.all()}
    if sorted(groups) != sorted(codes):
        raise BadGroup(_("Name every group of the round once."))
    before = list(groups)
    for position, code in enumerate(codes):
        groups[code].position = position
    StakeholderGroup.objects.bulk_update(groups.values(), ["position"])
    if before != list(codes):
        record(current, Verb.REORDER_GROUPS, by=by, before=before, after=list(codes))
    follow_groups(current)


@transaction.atomic
def merge_groups(
    *,
    assessment: Assessment,
    groups: Sequence[str],
    name: Text,
    by: "User | None",
    expected_version: int | None = None,
) -> StakeholderGroup:
    """Make one new group of several: their weights added, their engagement, topics and people.

    It has a code of its own, so no figure takes it for one of the old groups.

    :raises BadGroup: fewer than two, of different kinds, or without a name.
    :raises GroupStands: the questionnaire of one is published.
    """
    current = expect(assessment, expected_version)
    rows = [group_of(current, code) for code in dict.fromkeys(groups)]
    if len(rows) < 2:
        raise BadGroup(_("Choose two groups or more to merge."))
    if len({row.kind for row in rows}) > 1:
        raise BadGroup(_("A stakeholder group and a panel rate different things: not merged."))
    for row in rows:
        require_open(row)
    merged = new_group(current, {"name": name, **_in_common(rows)})
    weights = Weight.objects.filter(group__in=rows).values_list("dimension")
    for dimension, value in weights.annotate(Sum("value")):
        Weight.objects.create(group=merged, dimension_id=dimension, value=value)
    merged.position = rows[0].position
    merged.save(update_fields=["position"])
    follow_groups(current)
    merged.refresh_from_db()
    _move_people(rows, merged)
    before = {row.code: row.name for row in rows}
    StakeholderGroup.objects.filter(pk__in=[row.pk for row in rows]).delete()
    after = {"code": merged.code, "name": merged.name}
    record(current, Verb.MERGE_GROUPS, by=by, subject=merged.code, before=before, after=after)
    drop_gone_parts(current, by=by)
    follow_groups(current)
    return merged


def _in_common(rows: Sequence[StakeholderGroup]) -> dict[str, Any]:
    """Return what the groups have together: lines once each, topics if all were chosen some."""
    fields: dict[str, Any] = {"kind": rows[0].kind}
    for field, kind in LINES.items():
        lines: list[Text] = []
        for row in rows:
            texts = [line.text for line in row.engagements.filter(kind=kind)]
            lines += [text for text in texts if text not in lines]
        fields[field] = lines
    if all(row.chosen_topics for row in rows):
        codes = {code for row in rows for code in row.chosen_topics}
        fields["chosen_topics"] = sorted(codes)
    return fields


def _move_people(rows: Sequence[StakeholderGroup], to: StakeholderGroup) -> None:
    """Move who is on the lists of the groups; an address on two of them stays once."""
    if to.audience is None:
        return
    there: set[str] = set()
    for row in rows:
        if row.audience is None:
            continue
        for person in row.audience.invitations.order_by("pk"):
            if person.email and person.email.lower() in there:
                person.delete()
                continue
            there.add(person.email.lower())
            person.audience = to.audience
            person.save(update_fields=["audience"])


@transaction.atomic
def split_group(
    *,
    assessment: Assessment,
    group: str,
    names: Sequence[Text],
    by: "User | None",
    expected_version: int | None = None,
) -> list[StakeholderGroup]:
    """Make several new groups of one: its weight shared equally, its engagement with each.

    :raises BadGroup: fewer than two names, or people are on the group's list already.
    :raises GroupStands: its questionnaire is published.
    """
    current = expect(assessment, expected_version)
    row = group_of(current, group)
    require_open(row)
    _require_nobody(row)
    if len(names) < 2:
        raise BadGroup(_("Write two names or more: what the group is split into."))
    parts = [new_group(current, {"name": name, **_copy_of(row)}) for name in names]
    for weight in row.weights.all():
        for part in parts:
            share = weight.value / len(parts)
            Weight.objects.create(group=part, dimension=weight.dimension, value=share)
    before = {"name": row.name}
    row.delete()
    _place(current, parts, row.position)
    after = {part.code: part.name for part in parts}
    record(current, Verb.SPLIT_GROUP, by=by, subject=group, before=before, after=after)
    drop_gone_parts(current, by=by)
    follow_groups(current)
    return parts


def _copy_of(row: StakeholderGroup) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(row, name) for name in COPIED}
    for field, kind in LINES.items():
        fields[field] = [line.text for line in row.engagements.filter(kind=kind)]
    return fields


def _place(assessment: Assessment, made: Sequence[StakeholderGroup], position: int) -> None:
    """Let groups stand one after the other where another one stood."""
    others = [group for group in assessment.groups.all() if group not in made]
    before = [group for group in others if group.position < position]
    ordered = [*before, *made, *others[len(before) :]]
    for place, group in enumerate(ordered):
        group.position = place
    StakeholderGroup.objects.bulk_update(ordered, ["position"])


def group_of(assessment: Assessment, code: str) -> StakeholderGroup:
    group: StakeholderGroup | None = assessment.groups.filter(code=code).first()
    if group is None:
        raise BadGroup(_("There is no group “%(code)s” in this round.") % {"code": code})
    return group


def require_open(group: StakeholderGroup) -> None:
    """Refuse to change a group whose people are being asked.

    :raises GroupStands: its questionnaire is published.
    """
    if group.audience is not None and group.audience.survey.published_at is not None:
        raise GroupStands
