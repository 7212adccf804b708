"""The section of the report, and the method note, as Word documents."""

from datetime import datetime

from materiality.report import double, long_tables, method, note, problems, set_topics, tables
from materiality.report.document import Writer
from materiality.report.palette import COLOUR, Palette
from materiality.report.words import say
from materiality.results import Results


def section(
    results: Results,
    language: str,
    matrix: bytes,
    moment: datetime,
    second: bytes | None = None,
    colours: Palette = COLOUR,
) -> bytes:
    """Return the section as DOCX.

    :param matrix: the figure as PNG. :param second: that of double materiality.
    :param moment: the date written into the file.
    """
    writer = Writer(results, language, moment, colours=colours)
    writer.heading(writer.say("section_title"), 1)
    writer.warnings()
    writer.heading(writer.say("method_heading"))
    writer.steps()
    writer.heading(writer.say("matrix_heading"))
    writer.picture(matrix)
    writer.paragraph(writer.say("matrix_title"), "Caption")
    topics(writer)
    both_sides(writer, second)
    changes(writer)
    engagement(writer)
    _note(writer)
    decisions(writer)
    set_by_standard(writer)
    return writer.saved()


def method_note(results: Results, language: str, moment: datetime) -> bytes:
    """Return how the assessment was made, in full, as DOCX: what an assurer asks for first."""
    writer = Writer(results, language, moment)
    writer.heading(writer.say("method_note_title"), 1)
    writer.warnings()
    writer.heading(writer.say("process_heading"))
    writer.steps()
    for heading, paragraphs in method.chapters(results, language):
        writer.heading(heading)
        for text in paragraphs:
            writer.paragraph(text)
    writer.table_with_heading(tables.weights(results, language))
    decisions(writer)
    _record(writer)
    writer.table_with_heading(tables.about(results, language))
    return writer.saved()


def _record(writer: Writer) -> None:
    """Every change with its cause, and what was considered and not asked about."""
    results, language = writer.results, writer.language
    if tables.prints_changes(results) and results.change_report:
        writer.table_with_heading(long_tables.change_report(results, language))
    if results.screened_out:
        writer.table_with_heading(long_tables.screened_out(results, language))


def both_sides(writer: Writer, picture: bytes | None) -> None:
    """Double materiality, where it was asked: the second matrix and what it says."""
    if picture is None:
        return
    seen = double.seen_double(writer.results)
    found = double.table(writer.results, writer.language)
    writer.heading(found.heading)
    writer.picture(picture, of=seen)
    writer.paragraph(note.matrix_title(seen, writer.language), "Caption")
    writer.paragraph(double.sentence(writer.results, writer.language) + writer.say("stop").rstrip())
    writer.table(found)


def set_by_standard(writer: Writer) -> None:
    """The topics that SZSE sets, each with its result, where the round uses them."""
    if set_topics.are_used(writer.results):
        found = set_topics.table(writer.results, writer.language)
        writer.heading(found.heading)
        writer.paragraph(writer.say("set_note", count=len(found.rows)))
        writer.table(found)


def topics(writer: Writer) -> None:
    writer.table_with_heading(tables.topic_list(writer.results, writer.language))
    if any(topic.overridden for topic in writer.results.topics):
        heading = say(writer.language, "sheet_decisions")
        writer.paragraph(writer.say("topics_caption", heading=heading), "Caption")


def changes(writer: Writer) -> None:
    """The change table; or why there is none."""
    results, language = writer.results, writer.language
    if not results.inputs.get("previous"):
        writer.heading(writer.say("sheet_changes"))
        writer.paragraph(writer.say("changes_first"))
        return
    writer.heading(writer.say("changes_heading"))
    if results.open_questions:
        writer.paragraph(writer.say("changes_missing"))
        writer.bullets(problems.open_questions(results, language))
    elif results.changes:
        writer.table(tables.changes(results, language))
    else:
        writer.paragraph(writer.say("changes_none"))
    if results.tier_moves:
        writer.heading(writer.say("moves_heading"), 3)
        writer.bullets(tables.tier_moves(results, language))


def engagement(writer: Writer) -> None:
    writer.table_with_heading(tables.engagement(writer.results, writer.language))


def _note(writer: Writer) -> None:
    writer.heading(writer.say("method_note_heading"))
    method_sentences(writer)


def method_sentences(writer: Writer) -> None:
    results, language = writer.results, writer.language
    said = note.sentences(results, language, low=tables.matrix_axis(results).low)
    writer.paragraph(note.paragraph(said, language))


def decisions(writer: Writer) -> None:
    """Where people decided otherwise than the rule, and why."""
    decided = tables.overridden(writer.results, writer.language)
    writer.heading(decided.heading)
    if decided.rows:
        writer.table(decided)
    else:
        writer.paragraph(writer.say("decisions_none"))
