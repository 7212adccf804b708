"""The double page of the report as PDF: steps, matrix, list, changes, engagement, method note."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from materiality.report import double, method, note, problems, tables, typeset
from materiality.report.layout import Matrix
from materiality.report.palette import COLOUR
from materiality.report.tables import Table, shown
from materiality.report.words import say
from materiality.results import Results

TALL, TEXT_WIDTH = 150.0, 170.0  # millimetres
TEMPLATE = Path(__file__).with_name("report.typ")

Figure = tuple[Matrix, str]  # as it was laid out, and as SVG


def double_page(
    results: Results,
    language: str,
    matrix: Matrix,
    drawn: str,
    moment: datetime,
    tiers: Sequence[str] = COLOUR.tiers,
    second: Figure | None = None,
) -> typeset.Settled:
    """Return the report as a tagged PDF, PDF/A-3a and PDF/UA-1.

    :param drawn: the matrix as SVG. :param tiers: the colours of the signs in the list.
    :param second: the matrix of double materiality and its SVG.
    """
    source = TEMPLATE.read_text(encoding="utf-8").replace("DATE", typeset.date(moment))
    signs = {sign: tiers[tier - 1] for tier, sign in tables.SIGNS.items()}
    content = json.dumps(
        {**_content(results, language, matrix, second), "signs": signs}, ensure_ascii=False
    )
    files = {
        "main.typ": source,
        "data.json": content,
        "figure.svg": typeset.in_shipped_fonts(drawn),
        **({"double.svg": typeset.in_shipped_fonts(second[1])} if second else {}),
    }
    return typeset.settled(files, {}, moment=moment)


def _content(
    results: Results, language: str, matrix: Matrix, second: Figure | None
) -> Mapping[str, Any]:
    chinese = language.startswith("zh")
    return {
        "title": note.wording(results, language, "report_title"),
        "author": note.organisation(results, language),
        "stamp": note.stamp(results, language),
        "lang": "zh" if chinese else "en",
        "region": "cn" if chinese else "gb",
        "heading": note.wording(results, language, "section_title"),
        "warnings": method.warnings(results, language),
        "steps": [
            {"title": step.title, "text": step.text} for step in method.steps(results, language)
        ],
        "figure": _placed("figure.svg", matrix),
        "fonts": ["Noto Sans CJK SC"] if chinese else [typeset.LATIN, "Noto Sans CJK SC"],
        **_sections(results, language, matrix, second),
    }


def _placed(name: str, matrix: Matrix) -> Mapping[str, Any]:
    width = min(matrix.width, TEXT_WIDTH)
    return {"file": name, "width": width, "alt": matrix.description}


def _sections(
    results: Results, language: str, matrix: Matrix, second: Figure | None
) -> Mapping[str, Any]:
    """Return what stands before the matrix and after it; a tall matrix has a page of its own."""
    changes, engagement, topics = (
        _changes(results, language),
        _with_table(tables.engagement(results, language)),
        _with_table(tables.topic_list(results, language)),
    )
    rest = [
        *_both_sides(results, language, second),
        *_decisions(results, language),
        _method(results, language, matrix),
    ]
    if matrix.height > TALL:
        return {"before": [changes, engagement], "after": [topics, *rest]}
    return {"before": [], "after": [changes, {**topics, "on_new_page": True}, engagement, *rest]}


def _section(
    heading: str,
    *,
    lines: Sequence[str] = (),
    items: Sequence[str] = (),
    table: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    return {"heading": heading, "lines": list(lines), "items": list(items), "table": table}


def _with_table(table: Table) -> Mapping[str, Any]:
    return _section(table.heading, table=_printed(table))


def _printed(table: Table) -> Mapping[str, Any]:
    return {
        "headings": [column.heading for column in table.columns],
        "widths": [column.width for column in table.columns],
        "right": [column.form in ("score", "share") for column in table.columns],
        "rows": [
            [shown(value, column.form) for value, column in zip(row, table.columns, strict=True)]
            for row in table.rows
        ],
    }


def _changes(results: Results, language: str) -> Mapping[str, Any]:
    """The change table; or why there is none."""
    if not results.inputs.get("previous"):
        heading = note.wording(results, language, "sheet_changes")
        return _section(heading, lines=[say(language, "changes_first")])
    heading = note.wording(results, language, "changes_heading")
    if results.open_questions:
        missing = problems.open_questions(results, language)
        return _section(heading, lines=[say(language, "changes_missing")], items=missing)
    if not results.changes:
        return _section(heading, lines=[say(language, "changes_none")])
    return _with_table(tables.changes(results, language))


def _both_sides(results: Results, language: str, second: Figure | None) -> list[Mapping[str, Any]]:
    """Double materiality, where it was asked: the second matrix and what it says."""
    if second is None:
        return []
    said = double.sentence(results, language) + say(language, "stop").rstrip()
    drawn = {"figure": _placed("double.svg", second[0]), "lines": [said], "on_new_page": True}
    return [{**_with_table(double.table(results, language)), **drawn}]


def _decisions(results: Results, language: str) -> list[Mapping[str, Any]]:
    decided = tables.overridden(results, language)
    return [_with_table(decided)] if decided.rows else []


def _method(results: Results, language: str, matrix: Matrix) -> Mapping[str, Any]:
    said = note.sentences(results, language, low=matrix.axis.low)
    heading = say(language, "method_note_heading")
    return _section(heading, lines=[note.paragraph(said, language)])
