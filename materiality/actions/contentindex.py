"""Write the content index. A report is written after its round is locked, so this may be too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from materiality.actions.log import hold, record
from materiality.actions.topics import topic_of
from materiality.models import Assessment, Heading, IndexRow, Publication, Verb
from materiality.selectors.contentindex import (
    IndexLine,
    Key,
    heading_of,
    index_lines,
    publication_day,
)
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class HeadingLine:
    """A heading of the report, and the disclosures whose data stand under it."""

    title: Text
    page: str = ""
    prints: Sequence[Key] = ()


@transaction.atomic
def set_headings(
    *, assessment: Assessment, headings: Sequence[HeadingLine], by: "User | None"
) -> None:
    """Replace the report's headings; lines of the index find theirs again by its title."""
    current = hold(assessment)
    before = _titles(current)
    current.headings.all().delete()
    Heading.objects.bulk_create(
        Heading(
            assessment=current,
            title=dict(line.title),
            page=line.page,
            prints=[list(key) for key in line.prints],
            position=position,
        )
        for position, line in enumerate(headings)
    )
    _point_again(current)
    if before != _titles(current):
        record(current, Verb.INDEX, by=by, before=before, after=_titles(current))


@transaction.atomic
def set_publication(*, assessment: Assessment, day: date | None, by: "User | None") -> None:
    """Say on which day the report is published; None withdraws it."""
    current = hold(assessment)
    before = publication_day(current)
    if before == day:
        return
    Publication.objects.filter(assessment=current).delete()
    if day:
        Publication.objects.create(assessment=current, day=day)
    old, new = ({"published": str(one or "")} for one in (before, day))
    record(current, Verb.INDEX, by=by, before=old, after=new)


def _titles(assessment: Assessment) -> list[dict[str, str]]:
    return list(assessment.headings.values_list("title", flat=True))


def _point_again(assessment: Assessment) -> None:
    headings = list(assessment.headings.all())
    rows = list(assessment.index_rows.all())
    for row in rows:
        row.heading = heading_of(headings, row.wanted)
    IndexRow.objects.bulk_update(rows, ["heading"])


@transaction.atomic
def set_index(*, assessment: Assessment, lines: Sequence[IndexLine], by: "User | None") -> None:
    """Replace the lines of the index. A heading that does not exist is kept as it was written.

    :raises UnknownTopic: a line names a topic the round does not have.
    """
    current = hold(assessment)
    headings, before = list(current.headings.all()), index_lines(current)
    rows = [_row(current, line, headings, position) for position, line in enumerate(lines)]
    current.index_rows.all().delete()
    IndexRow.objects.bulk_create(rows)
    old, new = ([_plain(line) for line in values] for values in (before, index_lines(current)))
    removals, additions = (
        [line for line in old if line not in new],
        [line for line in new if line not in old],
    )
    if removals or additions:
        record(current, Verb.INDEX, by=by, before=removals, after=additions)


def _row(
    assessment: Assessment, line: IndexLine, headings: Sequence[Heading], position: int
) -> IndexRow:
    standard, edition, code = line.key
    return IndexRow(
        assessment=assessment,
        standard=standard,
        edition=edition,
        code=code,
        topic=topic_of(assessment, line.topic) if line.topic else None,
        heading=heading_of(headings, line.heading),
        wanted=dict(line.heading),
        status=line.status,
        note=dict(line.note),
        position=position,
    )


def _plain(line: IndexLine) -> dict[str, Any]:
    return {**vars(line), "key": list(line.key)}
