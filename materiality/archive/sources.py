"""The sources of a round as a spreadsheet: what of them may leave."""

import io
from collections.abc import Iterator

import xlsxwriter  # type: ignore[import-untyped]

from materiality.document.schema import Sources
from materiality.method.coding import SURVEY
from materiality.report.words import say


def workbook(sources: Sources, language: str) -> bytes:
    """Return a sheet of sources and one of passages, a line for each that somebody coded."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        first = book.add_worksheet(say(language, "sources_sheet"))
        names = ("code", "kind", "title", "dated", "origin", "language", "confidentiality")
        for at, name in enumerate((*names, "digest", "passages")):
            first.write_string(0, at, say(language, f"sources_{name}"), bold)
        for line, source in enumerate(sources["records"], start=1):
            cells = {name: str(source.get(name, "")) for name in (*names, "digest")}
            cells["kind"] = say(language, f"source_kind_{source['kind']}")
            cells["confidentiality"] = say(language, f"sources_{source['confidentiality']}")
            for at, name in enumerate(cells):
                first.write_string(line, at, cells[name], wrapped)
            first.write_number(line, len(cells), len(source["passages"]))
        first.set_column(2, 2, 44)
        first.freeze_panes(1, 1)
        second = book.add_worksheet(say(language, "sources_passages"))
        headings = ("source", "passage", "place", "text", "coder", "topics", "entries")
        for at, name in enumerate(headings):
            second.write_string(0, at, say(language, f"sources_{name}"), bold)
        for line, row in enumerate(_lines(sources), start=1):
            for at, cell in enumerate(row):
                second.write_string(line, at, cell, wrapped)
        second.set_column(3, 3, 70)
        second.freeze_panes(1, 2)
    return target.getvalue()


def _lines(sources: Sources) -> Iterator[tuple[str, ...]]:
    """Yield a line for each passage and coder; one without a coder where nobody coded it."""
    own = [(source["code"], row) for source in sources["records"] for row in source["passages"]]
    for source, row in [*own, *((SURVEY, row) for row in sources.get("comments", []))]:
        about = (source, row["code"], row.get("place", ""), row.get("text", ""))
        for coding in row["codings"]:
            topics, entries = "; ".join(coding["topics"]), "; ".join(coding["entries"])
            yield (*about, coding["coder"], topics, entries)
        if not row["codings"]:
            yield (*about, "", "", "")
