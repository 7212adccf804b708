"""The content index as a file of its own: for the report's designer, and for other programs."""

from collections.abc import Mapping
from datetime import datetime

from materiality import catalogue
from materiality.archive.tables import content_index, csv_of
from materiality.catalogue import UnknownEntry
from materiality.locking.snapshots import results_for
from materiality.models import Assessment, IndexRow
from materiality.report.files.workbook.workbook import one_sheet
from materiality.report.tables import Column, Table
from materiality.report.text import name_in, plain
from surveys.languages import Text, in_language

WIDTHS = (1.2, 1.2, 3.0, 1.8, 2.4, 0.7, 1.2, 2.4)
HEADS: Mapping[str, tuple[str, ...]] = {
    "zh-hans": ("标准", "条目", "名称", "实质性议题", "报告标题", "页码", "状态", "说明"),
    "en": ("Standard", "Code", "Disclosure", "Topic", "Heading", "Page", "Status", "Note"),
}
TITLE = {"zh-hans": "内容索引", "en": "Content index"}
STATUS: Mapping[str, Mapping[str, str]] = {
    "zh-hans": {"reported": "已披露", "omitted": "从略", "not_applicable": "不适用"},
    "en": {"reported": "Reported", "omitted": "Omitted", "not_applicable": "Not applicable"},
}


def index_csv(assessment: Assessment) -> bytes:
    """Return the index with stable columns, texts in both languages."""
    return csv_of(content_index(assessment))


def index_xlsx(assessment: Assessment, language: str, moment: datetime) -> bytes:
    """Return the index as a workbook, in one language."""
    company = in_language(_company(assessment), language)
    stamp = f"{company} · {assessment.year} · {TITLE[language]}"
    return one_sheet(index_table(assessment, language), stamp, moment)


def _company(assessment: Assessment) -> Text:
    """Return the organisation's name; of a locked round the one it was locked with."""
    if assessment.is_locked:
        return results_for(assessment).about["organisation"]
    return assessment.organisation.name  # type: ignore[no-any-return]


def index_table(assessment: Assessment, language: str) -> Table:
    """Return the index as a report prints it, in one language."""
    columns = [Column(head, width) for head, width in zip(HEADS[language], WIDTHS, strict=True)]
    rows = assessment.index_rows.select_related("topic", "heading")
    return Table("index", TITLE[language], columns, [_row(row, language) for row in rows])


def _row(row: IndexRow, language: str) -> list[str]:
    title = row.heading.title if row.heading else row.wanted
    return [
        plain(f"{row.standard} {row.edition}".strip()),
        plain(row.code),
        _name(row, language),
        name_in(row.topic.name, language) if row.topic else "",
        name_in(title, language),
        plain(row.heading.page) if row.heading else "",
        STATUS[language][row.status],
        name_in(row.note, language),
    ]


def _name(row: IndexRow, language: str) -> str:
    try:
        entry = catalogue.find(row.standard, row.edition, row.code)
    except UnknownEntry:
        return ""
    return entry.name("en" if language == "en" else "zh")
