"""The section of the report, and the method note, as Word documents."""

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings
from materiality.report.files import parts
from materiality.report.files.word.document import Writer
from materiality.report.sentences.method_note import chapters
from materiality.report.tables import long_tables, register


def section(drawn: Drawings) -> bytes:
    """Return the section as DOCX, in our own styles."""
    writer = Writer(drawn.edition)
    parts.write_section(writer, drawn)
    return writer.saved()


def method_note(edition: Edition) -> bytes:
    """Return how the assessment was made, in full, as DOCX: what an assurer asks for first."""
    writer = Writer(edition)
    writer.heading(writer.say("method_note_title"), 1)
    writer.warnings()
    writer.heading(writer.say("process_heading"))
    writer.steps()
    for heading, paragraphs in chapters(edition):
        writer.heading(heading)
        for text in paragraphs:
            writer.paragraph(text)
    if not edition.results.is_without_survey:
        writer.table_with_heading(tables.weights(edition))
    if register.is_kept(edition.results):
        for table in (register.scales(edition), register.thresholds(edition)):
            if table.rows:
                writer.table_with_heading(table)
    parts.decisions(writer)
    _record(writer)
    writer.table_with_heading(tables.about(edition))
    return writer.saved()


def _record(writer: Writer) -> None:
    """Every change with its cause, and what was considered and not asked about."""
    results = writer.edition.results
    if tables.prints_changes(results) and results.change_report:
        writer.table_with_heading(long_tables.change_report(writer.edition))
    if results.screened_out:
        writer.table_with_heading(long_tables.screened_out(writer.edition))
