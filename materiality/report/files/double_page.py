"""The double page of the report as PDF: steps, matrix, list, changes, engagement, method note."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure import typeset
from materiality.report.figure.drawings import Drawings, Picture
from materiality.report.figure.layout import Matrix
from materiality.report.sentences import context, method_steps, note, problems, sources
from materiality.report.sentences import register as about_register
from materiality.report.sentences.quotes import quoted
from materiality.report.signs import GLYPHS
from materiality.report.tables import Table, double, register, shown

TALL, TEXT_WIDTH = 150.0, 170.0  # millimetres
LEAST_ON_A_PAGE = 80.0  # millimetres from its top: less is an almost empty page
CLOSER = (0.5, 1.0, 1.5, 2.0)  # of 12 % between lines, the least that saves a page first
TEMPLATE = Path(__file__).with_name("report.typ")


def report(drawn: Drawings) -> bytes:
    """Return the report as a tagged PDF, PDF/A-3a and PDF/UA-1."""
    return double_page(drawn).pdf


def double_page(drawn: Drawings) -> typeset.Settled:
    """Return the report as it was set, with what could not be printed.

    A last page with a few lines on it is saved, where setting the others closer makes room.
    """
    first = _set(drawn, closer=0.0)
    pages, end = typeset.end_of(first)
    if pages == 1 or end > LEAST_ON_A_PAGE:
        return first
    for closer in CLOSER:
        done = _set(drawn, closer=closer)
        if typeset.end_of(done)[0] < pages:
            return done
    return first


def _set(drawn: Drawings, *, closer: float) -> typeset.Settled:
    edition, moment = drawn.edition, drawn.edition.moment
    source = TEMPLATE.read_text(encoding="utf-8").replace("DATE", typeset.date(moment))
    colours = {glyph: edition.look.palette.signs[shape] for shape, glyph in GLYPHS.items()}
    made_from = {**_content(drawn), "signs": colours, "closer": closer}
    files = {
        "main.typ": source,
        "data.json": json.dumps(made_from, ensure_ascii=False),
        "figure.svg": typeset.in_shipped_fonts(drawn.main.drawing),
    }
    if drawn.has_both_sides:
        files["double.svg"] = typeset.in_shipped_fonts(drawn.both_sides.drawing)
    if drawn.has_register:
        for picture in (drawn.heat, drawn.chain):
            files[f"{picture.stem}.svg"] = typeset.in_shipped_fonts(picture.drawing)
    return typeset.settled(files, {}, moment=moment)


def _content(drawn: Drawings) -> Mapping[str, Any]:
    edition, chinese = drawn.edition, drawn.edition.is_chinese
    return {
        "title": edition.wording("report_title"),
        "author": edition.organisation,
        "stamp": note.stamp(edition),
        "lang": "zh" if chinese else "en",
        "region": "cn" if chinese else "gb",
        "heading": edition.wording("section_title"),
        "warnings": method_steps.warnings(edition),
        "steps": [{"title": step.title, "text": step.text} for step in method_steps.steps(edition)],
        "figure": _place("figure.svg", drawn.main),
        "fonts": ["Noto Sans CJK SC"] if chinese else [typeset.LATIN, "Noto Sans CJK SC"],
        **_sections(drawn),
    }


def _place(name: str, picture: Picture) -> Mapping[str, Any]:
    width = min(picture.width, TEXT_WIDTH)
    return {"file": name, "width": width, "alt": picture.description}


def _sections(drawn: Drawings) -> Mapping[str, Any]:
    """Return what stands before the matrix and after it; a tall matrix has a page of its own."""
    edition, matrix = drawn.edition, drawn.main.matrix
    changes, engagement, topics = (
        _changes(edition),
        _engagement(edition),
        _with_table(tables.topic_list(edition)),
    )
    answered = _who_answered(edition)
    rest = [
        *_quotes(edition),
        *_decisions(edition),
        *_context(edition),
        _method(edition, matrix),
        *_both_sides(drawn),  # last, the tallest: a short section after it would have a page alone
        *_register(drawn),
    ]
    if matrix.height > TALL:
        return {"before": [changes, engagement, *answered], "after": [topics, *rest]}
    topics = {**topics, "on_new_page": True}
    return {"before": [], "after": [changes, topics, engagement, *answered, *rest]}


def _section(
    heading: str,
    *,
    lines: Sequence[str] = (),
    items: Sequence[str] = (),
    table: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    return {"heading": heading, "lines": list(lines), "items": list(items), "table": table}


def _with_table(table: Table) -> Mapping[str, Any]:
    return _section(table.heading, table=_print(table))


def _print(table: Table) -> Mapping[str, Any]:
    forms = [column.form for column in table.columns]
    rows = []
    for row in table.rows:
        rows.append([shown(value, form) for value, form in zip(row, forms, strict=True)])
    return {
        "headings": [column.heading for column in table.columns],
        "widths": [column.width for column in table.columns],
        "right": [column.is_number for column in table.columns],
        "rows": rows,
    }


def _changes(edition: Edition) -> Mapping[str, Any]:
    """The change table; or why there is none."""
    if not edition.results.inputs.get("previous"):
        heading = edition.wording("sheet_changes")
        return _section(heading, lines=[edition.say("changes_first")])
    heading = edition.wording("changes_heading")
    if edition.results.open_questions:
        missing = problems.open_questions(edition)
        return _section(heading, lines=[edition.say("changes_missing")], items=missing)
    if not edition.results.changes:
        return _section(heading, lines=[edition.say("changes_none")])
    return _with_table(tables.changes(edition))


def _engagement(edition: Edition) -> Mapping[str, Any]:
    table = tables.engagement(edition)
    if table.rows:
        return _with_table(table)
    sentence = edition.say("engagement_none") + edition.say("stop").rstrip()
    return _section(table.heading, lines=[sentence])


def _who_answered(edition: Edition) -> list[Mapping[str, Any]]:
    table = tables.who_answered(edition)
    if not table.rows:
        return []
    return [{**_with_table(table), "lines_after": [edition.say("board_caveat")]}]


def _quotes(edition: Edition) -> list[Mapping[str, Any]]:
    part = quoted(edition)
    if part is None:
        return []
    rows = [{"text": row.text, "source": row.source} for row in part.rows]
    return [{**_section(part.heading, lines=[part.about]), "quotes": rows}]


def _both_sides(drawn: Drawings) -> list[Mapping[str, Any]]:
    """Double materiality, where it was asked: the second matrix and what it says."""
    if not drawn.has_both_sides:
        return []
    edition = drawn.edition
    sentence = double.sentence(edition) + edition.say("stop").rstrip()
    figure = _place("double.svg", drawn.both_sides)
    table = _with_table(double.table(edition))
    return [{**table, "figure": figure, "lines": [sentence]}]


def _register(drawn: Drawings) -> list[Mapping[str, Any]]:
    """The register, where the round has one: what is material and why, pictures, every entry."""
    if not drawn.has_register:
        return []
    edition = drawn.edition
    about = note.paragraph(about_register.sentences(edition), edition.language)
    material, thresholds = register.material(edition), register.thresholds(edition)
    heat = _place("heat.svg", drawn.heat)
    chain = _place("chain.svg", drawn.chain)
    rows: list[Mapping[str, Any]] = [
        {**_section(edition.say("iros"), lines=[about]), "figure_after": chain}
    ]
    if material.rows:
        rows.append(_with_table(material))
    else:
        key = "iro_none_material" if thresholds.rows else "iro_no_thresholds"
        rows.append(_section(material.heading, lines=[edition.say(key)]))
    rows += [_with_table(register.entries(edition)), _with_table(register.topics(edition))]
    if thresholds.rows:
        rows.append(_with_table(thresholds))
    return [*rows, {**_section(drawn.heat.title), "figure": heat}]  # last: it fills a page


def _decisions(edition: Edition) -> list[Mapping[str, Any]]:
    decided = tables.overridden(edition)
    return [_with_table(decided)] if decided.rows else []


def _context(edition: Edition) -> list[Mapping[str, Any]]:
    """What the round is about and rests on, where anybody said so."""
    parts = {"context": context.sentences(edition), "sources": sources.sentences(edition)}
    listed = {name: list(lines) for name, lines in parts.items()}
    return [
        _section(edition.say(f"{name}_heading"), items=lines)
        for name, lines in listed.items()
        if lines
    ]


def _method(edition: Edition, matrix: Matrix) -> Mapping[str, Any]:
    sentences = note.sentences(edition, low=matrix.axis.low)
    heading = edition.say("method_note_heading")
    return _section(heading, lines=[note.paragraph(sentences, edition.language)])
