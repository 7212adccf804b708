"""The workbook: every number of the round, texts as texts, and the matrix as a native chart."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from materiality.report import palette, tables
from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings
from materiality.report.figure.layout.type import width, wrap
from materiality.report.files.workbook import chart_sheet
from materiality.report.sentences import note
from materiality.report.tables import Cell, Column, Table, double, long_tables, register, set_topics

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
SHARE = '[=1]0%;[>=0.995]">99%";0%'
"""Only what is exactly all is written so, as in every other file."""
FORMS = {"score": "0.00", "share": SHARE, "whole": "0", "text": "@", "weight": "@"}
WIDEST, NARROWEST, LONGEST_TEXT = 60.0, 8.0, 32_767
LINE, TALLEST_ROW = 14.0, 400.0
NAMED_BY_CODE = ("iros", "iro_scores", "material_iros")
BESIDE = 11  # columns between two pictures
PAPER = 132.0  # characters of ten points on a line of A4, landscape
LEAST_SCALE, MOST_REPEATED = 0.7, 70.0  # seven points are read without a glass

Formats = Mapping[str, Any]


def workbook(drawn: Drawings) -> bytes:
    """Return the workbook as XLSX.

    :param moment: the date written into the file, so that the same round gives the same bytes.
    """
    target, edition = BytesIO(), drawn.edition
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties(_properties(edition))
        formats = _formats(book)
        for table in _tables(edition):
            sheet = book.add_worksheet(chart_sheet.name_of(edition.language, table.name))
            _write(sheet, table, note.stamp(edition), formats)
        if drawn.has_register:
            _add_pictures(book, drawn, formats["stamp"])
        matrix = chart_sheet.add(book, edition, formats["stamp"])
    return chart_sheet.with_labels(target.getvalue(), matrix, edition.moment)


def _add_pictures(book: Any, drawn: Drawings, look: Any) -> None:
    """Add a sheet with the heat maps and the value chain, each with what it shows in words."""
    edition = drawn.edition
    sheet = book.add_worksheet(chart_sheet.name_of(edition.language, "iro_pictures"))
    sheet.write_string(0, 0, note.stamp(edition), look)
    sheet.hide_gridlines(2)
    for picture, column in ((drawn.heat, 0), (drawn.chain, BESIDE)):
        options = {"image_data": BytesIO(picture.png()), "description": picture.description}
        sheet.insert_image(2, column, f"{picture.stem}.png", options)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)


def one_sheet(table: Table, stamp: str, moment: datetime) -> bytes:
    """Return a table as a workbook of its own.

    :param stamp: what it is of, in its first line.
    """
    target = BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"title": stamp, "created": moment.replace(tzinfo=None)})
        _write(book.add_worksheet(table.heading[:31]), table, stamp, _formats(book))
    return target.getvalue()


def _tables(edition: Edition) -> Iterator[Table]:
    """Yield the tables in their order, without those that are incomplete or have nothing to say."""
    yield tables.topics(edition)
    if double.is_asked(edition.results):
        yield double.table(edition)
    if set_topics.are_used(edition.results):
        yield set_topics.table(edition)
    if register.is_kept(edition.results):
        yield register.details(edition)
        yield register.material(edition)
        yield register.topic_details(edition)
        yield from (table for table in _beside_register(edition) if table.rows)
    if register.is_told(edition.results):
        yield register.lines(edition)
    if not edition.results.is_without_survey:
        yield tables.group_means(edition)
        yield tables.who_answered(edition)
        yield tables.weights(edition)
    yield tables.decisions(edition)
    if tables.prints_changes(edition.results):
        yield tables.changes(edition)
        yield long_tables.change_report(edition)
    if edition.results.screened_out:
        yield long_tables.screened_out(edition)
    if (engagement := tables.engagement(edition)).rows:
        yield engagement
    yield tables.about(edition)


def _beside_register(edition: Edition) -> Iterator[Table]:
    yield register.scores(edition)
    yield register.thresholds(edition)
    yield register.scales(edition)


def _properties(edition: Edition) -> dict[str, Any]:
    return {
        "title": edition.wording("report_title"),
        "author": edition.organisation,
        "comments": note.stamp(edition),
        "created": edition.moment.replace(tzinfo=None),
    }


def _formats(book: Any) -> Formats:
    base = {"font_name": chart_sheet.FONT, "font_size": 10, "valign": "top"}
    line = {"bottom": 1, "bottom_color": palette.COLOUR.line}
    head = {"bold": True, "bg_color": palette.COLOUR.tint, "text_wrap": True}
    formats = {
        form: book.add_format(
            {
                **base,
                **line,
                "num_format": pattern,
                "text_wrap": form == "text",
                **({"align": "right"} if form == "weight" else {}),
                "indent": int(form == "text"),
            }
        )
        for form, pattern in FORMS.items()
    }
    formats["head"] = book.add_format({**base, **line, **head, "indent": 1})
    formats["number head"] = book.add_format({**base, **line, **head, "align": "right"})
    formats["stamp"] = book.add_format({**base, "font_size": 9, "font_color": palette.COLOUR.ink2})
    return formats


def _write(sheet: Any, table: Table, stamp: str, formats: Formats) -> None:
    """One table: where it comes from on top, headings that stay in sight, then the rows."""
    sheet.write_string(0, 0, stamp, formats["stamp"])
    widths = [
        _column_width(column, [row[at] for row in table.rows])
        for at, column in enumerate(table.columns)
    ]
    for at, column in enumerate(table.columns):
        kind = "number head" if column.is_number else "head"
        sheet.write_string(1, at, column.heading, formats[kind])
        sheet.set_column(at, at, widths[at])
    sheet.set_row(1, _row_height([column.heading for column in table.columns], widths))
    for line, row in enumerate(table.rows, 2):
        sheet.set_row(line, _row_height(row, widths))
        for at, column in enumerate(table.columns):
            _cell(sheet, line, at, row[at], formats[column.form])
    last = (len(table.rows) + 1, len(table.columns) - 1)
    if table.rows and table.name != "about":
        sheet.autofilter(1, 0, *last)
    sheet.freeze_panes(2, 0)
    _print_legibly(sheet, table, widths, last)
    sheet.set_footer("&L&8" + stamp.replace("&", "&&") + "&R&8&P / &N")


def _print_legibly(
    sheet: Any, table: Table, widths: Sequence[float], last: tuple[int, int]
) -> None:
    """Landscape, headings on each page, as wide as the paper; a table that would be too small then
    goes on over further pages, each with the names of its topics.
    """
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.print_area(0, 0, *last)
    sheet.repeat_rows(1)
    if PAPER / sum(widths) >= LEAST_SCALE:
        sheet.fit_to_pages(1, 0)
        return
    sheet.set_print_scale(round(LEAST_SCALE * 100))
    names = next((at for at, column in enumerate(table.columns) if column.form == "text"), 0)
    names += table.name in NAMED_BY_CODE  # a code alone says little
    if sum(widths[: names + 1]) < MOST_REPEATED:
        sheet.repeat_columns(0, names)


def _cell(sheet: Any, line: int, at: int, value: Cell, form: Any) -> None:
    if value is None:
        sheet.write_blank(line, at, None, form)
    elif isinstance(value, str):
        sheet.write_string(line, at, value[:LONGEST_TEXT], form)
    else:
        sheet.write_number(line, at, value, form)


def _row_height(row: Sequence[Cell], widths: Sequence[float]) -> float:
    """Return a height in points at which no wrapped text is cut; not every program works it out."""
    lines = [
        len(wrap(cell, 1.9, room - 2))
        for cell, room in zip(row, widths, strict=True)
        if isinstance(cell, str) and cell
    ]
    return min(TALLEST_ROW, LINE * max(lines, default=1) + 3)


def _column_width(column: Column, cells: Sequence[Cell]) -> float:
    """Return a width in characters that shows the texts, within reason."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    longest = max([width(text, 1.9) for text in texts], default=0.0)
    heading = min(width(column.heading, 2.0), 14.0)
    return min(WIDEST, max(NARROWEST, longest + 2, heading + 4))
