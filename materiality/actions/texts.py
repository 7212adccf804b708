"""Wording: topics, and the lines of the engagement table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from materiality.actions.rounds import add_lines
from materiality.actions.settings import expect
from materiality.models import Engagement, StakeholderGroup, Topic
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
    expect(topic.assessment, expected_version)
    topic.name, topic.definition = dict(name), dict(definition)
    topic.full_clean(validate_constraints=False)
    topic.save(update_fields=["name", "definition"])


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
    expect(group.assessment, expected_version)
    group.engagements.all().delete()
    add_lines(group, Engagement.Kind.EXPECTATION, expectations)
    add_lines(group, Engagement.Kind.CHANNEL, channels)
