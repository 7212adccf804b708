"""Wording: topics, and the lines of the engagement table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from materiality.actions.log import record
from materiality.actions.rounds import add_lines
from materiality.actions.settings import expect
from materiality.models import Engagement, StakeholderGroup, Topic, Verb
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def describe_topic(
    *,
    topic: Topic,
    name: Text,
    definition: Text,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Change the wording of a topic. A published questionnaire keeps the words it was sent with."""
    current = expect(topic.assessment, expected_version)
    before = {"name": topic.name, "definition": topic.definition}
    topic.name, topic.definition = dict(name), dict(definition)
    topic.full_clean(validate_constraints=False)
    topic.save(update_fields=["name", "definition"])
    after = {"name": topic.name, "definition": topic.definition}
    if before != after:
        verb = Verb.DESCRIBE_TOPIC
        record(current, verb, by=by, subject=topic.code, before=before, after=after)


@transaction.atomic
def describe_engagement(
    *,
    group: StakeholderGroup,
    expectations: Sequence[Text],
    channels: Sequence[Text],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Replace what a group expects and how it is heard."""
    current = expect(group.assessment, expected_version)
    before = engagement_of(group)
    group.engagements.all().delete()
    add_lines(group, Engagement.Kind.EXPECTATION, expectations)
    add_lines(group, Engagement.Kind.CHANNEL, channels)
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
