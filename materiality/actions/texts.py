"""Wording: topics, the lines of the engagement table, and the organisation itself."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from materiality.actions.groups import add_lines
from materiality.actions.log import record
from materiality.actions.questionnaire import follow_topics
from materiality.actions.settings import expect
from materiality.models import Engagement, StakeholderGroup, Topic, Verb
from materiality.selectors.rounds import is_answered
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User


TOPIC_TEXTS = ("name", "definition", "example", "category", "references", "sources")


@transaction.atomic
def describe_topic(
    *,
    topic: Topic,
    by: "User | None",
    expected_version: int | None = None,
    reason: str = "",
    **fields: Any,
) -> None:
    """Change any of name, definition, example, category, references and sources of a topic.

    A published questionnaire keeps the words it was sent with. After the first answer the log
    says that the wording was fixed, which a reader of the answers must know.
    """
    current = expect(topic.assessment, expected_version)
    if unknown := set(fields) - set(TOPIC_TEXTS):
        raise TypeError(f"describe_topic got an unexpected field {sorted(unknown)[0]!r}")
    before = {name: getattr(topic, name) for name in fields}
    for name, value in fields.items():
        setattr(topic, name, dict(value) if isinstance(value, Mapping) else value)
    topic.full_clean(exclude=set(TOPIC_TEXTS) - set(fields), validate_constraints=False)
    topic.save(update_fields=list(fields))
    follow_topics(current)
    changed = [name for name in fields if before[name] != getattr(topic, name)]
    if changed:
        old = {name: before[name] for name in changed}
        new = {name: getattr(topic, name) for name in changed}
        verb = Verb.FIX_WORDING if is_answered(current) else Verb.DESCRIBE_TOPIC
        record(current, verb, by=by, subject=topic.code, before=old, after=new, reason=reason)


@transaction.atomic
def describe_engagement(
    *,
    group: StakeholderGroup,
    expectations: Sequence[Text],
    channels: Sequence[Text],
    by: "User | None",
    how_chosen: Text | None = None,
    frequency: Text | None = None,
    expected_version: int | None = None,
) -> None:
    """Replace what a group expects and how it is heard.

    :param how_chosen: why this group, and who speaks for it. :param frequency: how often it is
        heard. Both stay as they are if None.
    """
    current = expect(group.assessment, expected_version)
    before = engagement_of(group)
    group.engagements.all().delete()
    add_lines(group, Engagement.Kind.EXPECTATION, expectations)
    add_lines(group, Engagement.Kind.CHANNEL, channels)
    group.how_chosen = dict(group.how_chosen if how_chosen is None else how_chosen)
    group.frequency = dict(group.frequency if frequency is None else frequency)
    group.save(update_fields=["how_chosen", "frequency"])
    after = engagement_of(group)
    if before != after:
        verb = Verb.DESCRIBE_ENGAGEMENT
        record(current, verb, by=by, subject=group.code, before=before, after=after)


def engagement_of(group: StakeholderGroup) -> dict[str, Any]:
    """Return how a group is engaged, as the log and the bundle hold it."""
    lines = list(group.engagements.all())
    return {
        "how_chosen": group.how_chosen,
        "frequency": group.frequency,
        "expectations": [line.text for line in lines if line.kind == Engagement.Kind.EXPECTATION],
        "channels": [line.text for line in lines if line.kind == Engagement.Kind.CHANNEL],
    }
