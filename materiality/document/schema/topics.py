"""Topics: those that were asked about, and those that were screened out or explained."""

from typing import NotRequired

from materiality.document.schema.values import Text, TypedDict


class Topic(TypedDict):
    """A topic of the short list."""

    code: str
    name: NotRequired[Text | None]
    definition: NotRequired[Text | None]
    category: NotRequired[str]
    references: NotRequired[list[list[str]]]
    sources: NotRequired[list[str]]
    actual: NotRequired[bool]
    human_rights: NotRequired[bool]


class ScreenedOut(Topic):
    """A topic of the long list that was not asked about."""

    kind: str
    reason: NotRequired[Text | None]
    by: NotRequired[str]
    at: NotRequired[str | None]


class Explanation(TypedDict):
    """Why a set topic (standard, edition, code) is not material or does not apply."""

    key: list[str]
    reason: Text
