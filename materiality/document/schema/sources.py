"""Sources, their passages as several people coded them, and how far they agree."""

from typing import Annotated, NotRequired

from materiality.document.schema.values import Count, OneOf, TypedDict

SOURCE_KINDS = (
    *("standard", "media", "peers", "due_diligence", "grievances", "interview"),
    *("focus_group", "expert", "science", "internal", "other"),
)


class PassageCoding(TypedDict):
    """What one coder found a passage to be about; nothing named: none of them."""

    coder: str
    topics: list[str]
    entries: list[str]


class SourcePassage(TypedDict):
    """A passage and who coded it to what; `text` is what of it may leave."""

    code: str
    codings: list[PassageCoding]
    place: NotRequired[str]
    text: NotRequired[str]


class SourceFacts(TypedDict):
    """A source; of a confidential one neither text nor place, its title only where allowed."""

    code: str
    kind: Annotated[str, OneOf(*SOURCE_KINDS)]
    confidentiality: Annotated[str, OneOf("public", "internal", "confidential")]
    passages: list[SourcePassage]
    title: NotRequired[str]
    dated: NotRequired[str]
    origin: NotRequired[str]
    language: NotRequired[str]
    digest: NotRequired[str]


class Sources(TypedDict):
    """What the assessment rests on: sources with their passages, and coded comments of surveys."""

    records: list[SourceFacts]
    comments: NotRequired[list[SourcePassage]]


class RestsOn(TypedDict):
    """A topic or an entry and the codes of the sources that somebody coded to it."""

    code: str
    sources: list[str]


class CodingResult(TypedDict):
    """What codings come to. `alpha` is null where too few passages were coded by two."""

    passages: Count
    coded_twice: Count
    coders: Count
    alpha: float | None
    topics: list[RestsOn]
    entries: list[RestsOn]
