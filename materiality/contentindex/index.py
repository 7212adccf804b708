"""What an index is made of, and what is found in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from materiality.contentindex.sentences import SENTENCES

Text = Mapping[str, str]
Details = Mapping[str, str | Text]
Key = tuple[str, str, str]
"""(standard, edition, code): a code means nothing without its edition."""


@dataclass(frozen=True)
class Heading:
    """A heading of the report. `prints` are the disclosures whose data stand under it."""

    title: str
    prints: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of the index: a disclosure, the headings it points to, the topic it reports on."""

    key: Key
    headings: tuple[str, ...] = ()
    topic: str | None = None
    applies: bool = True


@dataclass(frozen=True)
class Topic:
    code: str
    name: str
    references: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Index:
    """The index of a report published on a day, in one language."""

    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    topics: tuple[Topic, ...]
    published: date


class Kind(StrEnum):
    MISSING_HEADING = "missing_heading"
    NO_HEADING = "no_heading"
    HEADING_NOT_INDEXED = "heading_not_indexed"
    PRINTED_NOT_INDEXED = "printed_not_indexed"
    UNKNOWN_CODE = "unknown_code"
    EDITION_MISSING = "edition_missing"
    WITHDRAWN_EDITION = "withdrawn_edition"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    MEANING_DIFFERS = "meaning_differs"
    MIXED_EDITIONS = "mixed_editions"
    CODE_WITHOUT_TOPIC = "code_without_topic"
    TOPIC_NOT_INDEXED = "topic_not_indexed"
    OWN_TOPIC = "own_topic"
    SUM_DIFFERS = "sum_differs"
    NUMBER_SKIPPED = "number_skipped"
    SAME_HEADS = "same_heads"


WRONG = frozenset(
    {
        Kind.MISSING_HEADING,
        Kind.NO_HEADING,
        Kind.PRINTED_NOT_INDEXED,
        Kind.UNKNOWN_CODE,
        Kind.EDITION_MISSING,
        Kind.TOPIC_NOT_INDEXED,
        Kind.SUM_DIFFERS,
        Kind.NUMBER_SKIPPED,
    }
)


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold together: what kind, about what, and what would put it right."""

    kind: Kind
    about: str
    details: Details = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether it must be put right; else a person has to look and may leave it."""
        return self.kind in WRONG

    def sentence(self, language: str) -> str:
        """Return what was found, in one sentence."""
        spoken = {
            name: value if isinstance(value, str) else value[language]
            for name, value in self.details.items()
        }
        return SENTENCES[self.kind][language].format(about=self.about, **spoken)
