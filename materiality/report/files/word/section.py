"""The section of the report, and the method note, as Word documents."""

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings
from materiality.report.files import parts
from materiality.report.files.word.document import Writer
from materiality.report.sentences import facts
from materiality.report.tables import long_tables


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
    for heading, paragraphs in facts.chapters(edition):
        writer.heading(heading)
        for text in paragraphs:
            writer.paragraph(text)
    writer.table_with_heading(tables.weights(edition))
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
<<<<<<< HEAD


def both_sides(writer: Writer, drawn: Drawings) -> None:
    """Double materiality, where it was asked: the second matrix and what it says."""
    if not drawn.has_both_sides:
        return
    table = double.table(writer.edition)
    writer.heading(table.heading)
    writer.picture(drawn.both_sides)
    writer.paragraph(double.sentence(writer.edition) + writer.say("stop").rstrip())
    writer.table(table)


def set_by_standard(writer: Writer) -> None:
    """The topics that SZSE sets, each with its result, where the round uses them."""
    if set_topics.are_used(writer.edition.results):
        table = set_topics.table(writer.edition)
        writer.heading(table.heading)
        writer.paragraph(writer.say("set_note", count=len(table.rows)))
        writer.table(table)


def topics(writer: Writer) -> None:
    writer.table_with_heading(tables.topic_list(writer.edition))
    if any(topic.overridden for topic in writer.edition.results.topics):
        heading = writer.edition.say("sheet_decisions")
        writer.paragraph(writer.say("topics_caption", heading=heading), "Caption")


def changes(writer: Writer) -> None:
    """The change table; or why there is none."""
    results = writer.edition.results
    if not results.inputs.get("previous"):
        writer.heading(writer.say("sheet_changes"))
        writer.paragraph(writer.say("changes_first"))
        return
    writer.heading(writer.say("changes_heading"))
    if results.open_questions:
        writer.paragraph(writer.say("changes_missing"))
        writer.bullets(problems.open_questions(writer.edition))
    elif results.changes:
        writer.table(tables.changes(writer.edition))
    else:
        writer.paragraph(writer.say("changes_none"))
    if results.tier_moves or not results.has_comparable_tiers:
        writer.heading(writer.say("moves_heading"), 3)
        writer.bullets(tables.tier_moves(writer.edition))


def engagement(writer: Writer) -> None:
    writer.table_with_heading(tables.engagement(writer.edition))


def _note(writer: Writer) -> None:
    writer.heading(writer.say("method_note_heading"))
    method_sentences(writer)


def method_sentences(writer: Writer) -> None:
    results = writer.edition.results
    sentences = note.sentences(writer.edition, low=tables.matrix_axis(results).low)
    writer.paragraph(note.paragraph(sentences, writer.edition.language))


def decisions(writer: Writer) -> None:
    """Where people decided otherwise than the rule, and why."""
    decided = tables.overridden(writer.edition)
    writer.heading(decided.heading)
    if decided.rows:
        writer.table(decided)
    else:
        writer.paragraph(writer.say("decisions_none"))
=======
>>>>>>> main
