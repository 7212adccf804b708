"""How each survey was held: what every sentence about asking is made from."""

from collections.abc import Mapping
from typing import Annotated, NotRequired

from materiality.document.schema.values import LARGEST_COUNT, Between, Count, OneOf, TypedDict


class Source(TypedDict):
    """How many answers came in one way; null where that would tell of a few."""

    source: Annotated[str, OneOf("personal", "open", "staff", "imported")]
    answers: Count | None


class ExclusionFacts(TypedDict):
    """By what a reviewer leaves answers out, how many meet it, how many that leaves out."""

    criterion: str
    met: Count | None
    left_out: Count


class LaterGroup(TypedDict):
    """A group that a running survey was opened to, and the day from which it was asked."""

    group: str
    asked_from: str


class ReadingRule(TypedDict):
    """How values under one question of imported tables became ratings (0 blank, 255 cannot judge).

    Numbers lie from `lowest` to `highest`, of which `most` means most. `by` says what settled it:
    words of the survey itself, words of a known scale, plain numbers, or a person.
    """

    dimension: str
    lowest: int
    highest: int
    most: int
    by: Annotated[str, OneOf("own", "known", "numbers", "told")]
    ratings: Mapping[str, Annotated[int, Between(0, 255)]]


class TableFacts(TypedDict):
    """Tables from elsewhere that were read alike: of which program, how many, by what rules."""

    program: str
    tables: Annotated[int, Between(1, LARGEST_COUNT)]
    rules: list[ReadingRule]


class SurveyFacts(TypedDict):
    """How a survey was held: what every sentence about asking is made from."""

    code: str
    dimensions: list[str]
    mode: Annotated[str, OneOf("anonymous", "named")]
    opened: NotRequired[str | None]
    closed: NotRequired[str | None]
    sources: list[Source]
    invited: NotRequired[Count | None]
    reached: NotRequired[Count | None]
    answered: Count
    counted: Count
    exclusions: NotRequired[list[ExclusionFacts]]
    wordings: NotRequired[Count]
    later: NotRequired[list[LaterGroup]]
    after_reminder: NotRequired[Count]
    imports: NotRequired[list[TableFacts]]
