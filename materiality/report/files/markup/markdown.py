"""The section as Markdown: CommonMark with pipe tables, the figure beside it in the same folder."""

import re
from collections.abc import Sequence

from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings, Figure
from materiality.report.files import parts
from materiality.report.sentences import method, note
from materiality.report.tables import Table, shown

NUMBERS = ("score", "share", "whole")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+|~!-])")


def markdown_section(drawn: Drawings) -> bytes:
    """Return the section in UTF-8."""
    writer = MarkdownWriter(drawn.edition, figures={"": "matrix.svg", "double": "double.svg"})
    parts.write_section(writer, drawn)
    return writer.saved()


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line.

    >>> escaped("1 * 2 | <b>")
    '1 \\\\* 2 \\\\| \\\\<b\\\\>'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


class MarkdownWriter:
    """Writes what `parts.write_section` tells it, a blank line between two blocks."""

    def __init__(self, edition: Edition, *, figures: dict[str, str]) -> None:
        """:param figures: file of the matrix and of each further view, by the view's code."""
        self.edition = edition
        self.figures = figures
        self.blocks: list[str] = []

    def say(self, key: str, **fields: object) -> str:
        return self.edition.wording(key, **fields)

    def heading(self, text: str, level: int = 2) -> None:
        self.blocks.append(f"{'#' * level} {escaped(text)}")

    def paragraph(self, text: str, style: str | None = None) -> None:
        said = escaped(text)
        self.blocks.append(f"*{said}*" if style == "Caption" else said)

    def bullets(self, lines: Sequence[str]) -> None:
        self.blocks.append("\n".join(f"- {escaped(line)}" for line in lines))

    def warnings(self) -> None:
        for warning in method.warnings(self.edition):
            self.blocks.append(f"> {escaped(warning)}")

    def steps(self) -> None:
        lines = []
        for at, step in enumerate(method.steps(self.edition), 1):
            title = escaped(step.title + self.edition.say("colon")).strip()
            lines.append(f"{at}. **{title}** {escaped(step.text)}")
        self.blocks.append("\n".join(lines))

    def picture(self, figure: Figure) -> None:
        title = escaped(note.matrix_title(figure.edition))
        about = escaped(figure.matrix.description)
        self.blocks.append(f"![{about}]({self.figures[figure.edition.results.view]})")
        self.blocks.append(f"*{title}*")

    def table_with_heading(self, table: Table) -> None:
        self.heading(table.heading)
        self.table(table)

    def table(self, table: Table) -> None:
        heads = [escaped(column.heading) for column in table.columns]
        sides = ["--:" if column.form in NUMBERS else "---" for column in table.columns]
        lines = [_row(heads), _row(sides)]
        for row in table.rows:
            cells = zip(row, table.columns, strict=True)
            lines.append(_row([escaped(shown(value, column.form)) for value, column in cells]))
        self.blocks.append("\n".join(lines))

    def saved(self) -> bytes:
        stamp = escaped(note.stamp(self.edition))
        return ("\n\n".join([*self.blocks, f"*{stamp}*"]) + "\n").encode()


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
