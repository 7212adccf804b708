"""The lines of the content index as they stand, and as they might."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from materiality.models import Assessment, Heading, IndexRow, Publication
from surveys.languages import Text

Key = tuple[str, str, str]


@dataclass(frozen=True)
class IndexLine:
    """A line of the index: (standard, edition, code), the heading as written, the topic's code."""

    key: Key
    heading: Text = field(default_factory=dict)
    topic: str | None = None
    status: str = IndexRow.Status.REPORTED
    note: Text = field(default_factory=dict)


def publication_day(assessment: Assessment) -> date | None:
    return Publication.objects.filter(assessment=assessment).values_list("day", flat=True).first()


def heading_of(headings: Iterable[Heading], wanted: Mapping[str, str]) -> Heading | None:
    """Return the heading that bears the wanted title in every language that is given."""
    texts = {language: title for language, title in wanted.items() if title.strip()}
    if not texts:
        return None  # every heading bears no title at all
    for heading in headings:
        if all(heading.title.get(code) == title for code, title in texts.items()):
            return heading
    return None


def index_lines(assessment: Assessment) -> list[IndexLine]:
    """Return the lines of the index as they were written."""
    return [
        IndexLine(
            (row.standard, row.edition, row.code),
            row.wanted,
            row.topic.code if row.topic else None,
            row.status,
            row.note,
        )
        for row in assessment.index_rows.select_related("topic")
    ]


def suggested_lines(assessment: Assessment) -> list[IndexLine]:
    """Return a line for each reference of each topic of the short list, under the topic's heading.

    The heading is one that bears the topic's name; where there is none, it is left to a person.
    """
    headings = list(assessment.headings.all())
    return [
        IndexLine((key[0], key[1], key[2]), _title(headings, topic.name), topic.code)
        for topic in assessment.topics.short_list()
        for key in topic.references
    ]


def _title(headings: Sequence[Heading], name: Text) -> Text:
    heading = heading_of(headings, name)
    return heading.title if heading else {}
