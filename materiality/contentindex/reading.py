"""The round's rows as an index that can be checked, in one language."""

from datetime import date

from django.utils import timezone

from materiality.contentindex.checks import check
from materiality.contentindex.index import Finding, Heading, Index, Key, Row, Topic
from materiality.contentindex.tables import Sum, check_sums
from materiality.models import Assessment, IndexRow
from materiality.results import Results
from materiality.selectors.contentindex import publication_day
from surveys.languages import in_language


def index_of(assessment: Assessment, language: str, published: date | None = None) -> Index:
    """Return the round's content index in a language.

    :param published: when the report appears; as the round says it, or today.
    """
    headings = [
        Heading(in_language(row.title, language), tuple(_key(key) for key in row.prints))
        for row in assessment.headings.all()
    ]
    topics = [
        Topic(row.code, in_language(row.name, language), tuple(_key(k) for k in row.references))
        for row in assessment.topics.short_list()
    ]
    rows = [_row(row, language) for row in assessment.index_rows.select_related("topic", "heading")]
    day = published or publication_day(assessment) or timezone.localdate()
    return Index(tuple(headings), tuple(rows), tuple(topics), day)


def _row(row: IndexRow, language: str) -> Row:
    title = in_language(row.heading.title if row.heading else row.wanted, language)
    return Row(
        key=(row.standard, row.edition, row.code),
        headings=(title,) if title else (),
        topic=row.topic.code if row.topic else None,
        applies=row.status == IndexRow.Status.REPORTED,
    )


def _key(parts: list[str]) -> Key:
    return parts[0], parts[1], parts[2]


def findings(
    assessment: Assessment,
    language: str,
    *,
    results: Results | None = None,
    published: date | None = None,
) -> list[Finding]:
    """Return what does not hold together: the index, and the totals of the responses."""
    sums = _sums(results, language) if results else []
    return [*check(index_of(assessment, language, published)), *check_sums(sums)]


def _sums(results: Results, language: str) -> list[Sum]:
    """The people of the units of each dimension are the people who answered."""
    axes = {row["code"]: row.get("name") or {} for row in results.axes.values()}
    sums = []
    for code, units in results.units.items():
        if code in axes:
            sums.append(
                Sum(
                    in_language(axes[code], language) or code,
                    results.responses[code],
                    {unit.code: unit.responses for unit in units},
                )
            )
    return sums
