"""The parts of the section, once, for every file that sets them: Word, Markdown, LaTeX."""

from collections.abc import Sequence
from typing import Protocol

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings, Picture
from materiality.report.sentences import context, note, problems, sources
from materiality.report.sentences import register as about_register
from materiality.report.sentences.quotes import quoted
from materiality.report.tables import Table, double, register, set_topics


class Writer(Protocol):
    """What a kind of file can write; what that looks like is its own."""

    edition: Edition

    def say(self, key: str, **fields: object) -> str: ...
    def heading(self, text: str, level: int = 2) -> None: ...
    def paragraph(self, text: str, style: str | None = None) -> None: ...
    def bullets(self, lines: Sequence[str]) -> None: ...
    def warnings(self) -> None: ...
    def steps(self) -> None: ...
    def quote(self, text: str, source: str) -> None: ...
    def picture(self, figure: Picture) -> None: ...
    def table(self, table: Table) -> None: ...
    def table_with_heading(self, table: Table) -> None: ...


def write_section(writer: Writer, drawn: Drawings) -> None:
    """Write the section, part by part."""
    writer.heading(writer.say("section_title"), 1)
    writer.warnings()
    writer.heading(writer.say("method_heading"))
    writer.steps()
    context_of_round(writer)
    writer.heading(writer.say("matrix_heading"))
    writer.picture(drawn.main)
    topics(writer)
    both_sides(writer, drawn)
    impacts_and_risks(writer, drawn)
    changes(writer)
    engagement(writer)
    who_answered(writer)
    quotes(writer)
    _note(writer)
    decisions(writer)
    set_by_standard(writer)


def context_of_round(writer: Writer) -> None:
    """What the round is about, where anybody said so."""
    if lines := list(context.sentences(writer.edition)):
        writer.heading(writer.say("context_heading"))
        writer.bullets(lines)
    if lines := list(sources.sentences(writer.edition)):
        writer.heading(writer.say("sources_heading"))
        writer.bullets(lines)


def both_sides(writer: Writer, drawn: Drawings) -> None:
    """Double materiality, where it was asked: the second matrix and what it says."""
    if not drawn.has_both_sides:
        return
    table = double.table(writer.edition)
    writer.heading(table.heading)
    writer.picture(drawn.both_sides)
    writer.paragraph(double.sentence(writer.edition) + writer.say("stop").rstrip())
    writer.table(table)


def impacts_and_risks(writer: Writer, drawn: Drawings) -> None:
    """The register, where the round has one: what is material and why, pictures, every entry."""
    if not drawn.has_register:
        return
    edition = writer.edition
    writer.heading(writer.say("iros"))
    writer.paragraph(note.paragraph(about_register.sentences(edition), edition.language))
    writer.picture(drawn.chain)
    material, thresholds = register.material(edition), register.thresholds(edition)
    writer.heading(material.heading, 3)
    if material.rows:
        writer.table(material)
    else:
        key = "iro_none_material" if thresholds.rows else "iro_no_thresholds"
        writer.paragraph(writer.say(key))
    writer.table(register.entries(edition))
    writer.table(register.topics(edition))
    if thresholds.rows:
        writer.table(thresholds)
    writer.picture(drawn.heat)  # last: it fills a page


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
    """Stakeholders and how they are heard; or that the round has no group of them."""
    table = tables.engagement(writer.edition)
    if table.rows:
        writer.table_with_heading(table)
        return
    writer.heading(table.heading)
    writer.paragraph(writer.say("engagement_none") + writer.say("stop").rstrip())


def who_answered(writer: Writer) -> None:
    """Who was asked and who answered, with what an interval does not cover."""
    table = tables.who_answered(writer.edition)
    if not table.rows:
        return
    writer.table_with_heading(table)
    writer.paragraph(writer.say("board_caveat"))


def quotes(writer: Writer) -> None:
    """What people wrote, as far as it was let out and chosen."""
    if part := quoted(writer.edition):
        writer.heading(part.heading)
        writer.paragraph(part.about)
        for row in part.rows:
            writer.quote(row.text, row.source)


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
