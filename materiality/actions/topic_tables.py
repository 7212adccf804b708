"""Describe many topics at once, as one act: all of the table, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality.actions.settings import expect
from materiality.actions.texts import describe_topic
from materiality.actions.topics import add_topic, topic_of
from materiality.errors import UnknownTopic
from materiality.models import Assessment, Category, Source

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TEXTS = ("name", "definition", "example")


@dataclass(frozen=True)
class TopicRow:
    """One topic of a table: its code where it is on the list already, and what is said of it."""

    code: str
    fields: dict[str, Any]


@transaction.atomic
def describe_topics(
    *,
    assessment: Assessment,
    rows: Sequence[TopicRow],
    by: "User | None",
    reason: str = "",
    expected_version: int | None = None,
) -> tuple[int, int]:
    """Change the topics that rows name, and add those of rows without a code.

    A text keeps the languages that a row says nothing in.

    :returns: how many were added, and how many changed.
    :raises UnknownTopic: a code is on no list. :raises AlreadyAsked: one would be added too late.
    """
    current = expect(assessment, expected_version)
    added = changed = 0
    for row in rows:
        if not row.code:
            add_topic(assessment=current, by=by, **_complete(row.fields))
            added += 1
            continue
        topic = topic_of(current, row.code)
        fields = {name: _merge(getattr(topic, name), value) for name, value in row.fields.items()}
        new = {name: value for name, value in fields.items() if value != getattr(topic, name)}
        if new:
            describe_topic(topic=topic, by=by, reason=reason, **new)
            changed += 1
    assessment.refresh_from_db(fields=["version"])
    return added, changed


def _merge(before: Any, value: Any) -> Any:
    """Return a text with what a row says of it; nothing said of a language it lacks is nothing."""
    if not isinstance(value, dict):
        return value
    return {**before, **{code: text for code, text in value.items() if text or code in before}}


def _complete(fields: dict[str, Any]) -> dict[str, Any]:
    if not any(fields.get("name", {}).values()):
        raise UnknownTopic(_("A topic without a name cannot be added."))
    usual = {"category": Category.SOCIAL, "sources": [Source.STRATEGY]}
    return {**usual, **fields}
