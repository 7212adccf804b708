"""The section as Markdown: CommonMark with pipe tables, the figure beside it in the same folder."""

import re
from collections.abc import Sequence

from materiality.report.figure.drawings import Drawings, Picture
from materiality.report.files import parts
from materiality.report.files.markup.writer import MarkupWriter
from materiality.report.sentences import method_steps
from materiality.report.tables import Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+|~!-])")


def markdown_section(drawn: Drawings) -> bytes:
    """Return the section in UTF-8."""
    writer = MarkdownWriter(drawn.edition, escaped, "svg")
    parts.write_section(writer, drawn)
    return writer.saved()


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line.

    >>> escaped("1 * 2 | <b>")
    '1 \\\\* 2 \\\\| \\\\<b\\\\>'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


class MarkdownWriter(MarkupWriter):
    def heading(self, text: str, level: int = 2) -> None:
        self.blocks.append(f"{'#' * level} {escaped(text)}")

    def paragraph(self, text: str, style: str | None = None) -> None:
        body = escaped(text)
        self.blocks.append(f"*{body}*" if style == "Caption" else body)

    def bullets(self, lines: Sequence[str]) -> None:
        self.blocks.append("\n".join(f"- {escaped(line)}" for line in lines))

    def quote(self, text: str, source: str) -> None:
        self.blocks.append(f"> {escaped(text)}\n>\n> — {escaped(source)}")

    def warnings(self) -> None:
        for warning in method_steps.warnings(self.edition):
            self.blocks.append(f"> {escaped(warning)}")

    def steps(self) -> None:
        steps = enumerate(self.named_steps(), 1)
        self.blocks.append("\n".join(f"{at}. **{title}** {text}" for at, (title, text) in steps))

    def picture(self, figure: Picture) -> None:
        title, about = escaped(figure.title), escaped(figure.description)
        self.blocks.append(f"![{about}]({figure.stem}.{self.ending})")
        self.blocks.append(f"*{title}*")

    def table(self, table: Table) -> None:
        heads = [escaped(column.heading) for column in table.columns]
        sides = ["--:" if column.is_number else "---" for column in table.columns]
        rows = [heads, sides, *(self.cells(table, row) for row in table.rows)]
        lines = [_row(row) for row in rows]
        self.blocks.append("\n".join(lines))

    def saved(self) -> bytes:
        return self.text_of(f"*{self.stamp()}*")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
