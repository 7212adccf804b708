"""What Markdown and LaTeX have in common: blocks of text, a blank line between two of them."""

from collections.abc import Callable, Sequence

from materiality.report.edition import Edition
from materiality.report.sentences import method_steps, note
from materiality.report.tables import Cell, Table, shown

Escape = Callable[[str], str]


class MarkupWriter:
    """Gathers what `parts.write_section` tells it; how a block looks is said by each markup."""

    def __init__(self, edition: Edition, escape: Escape, ending: str) -> None:
        """Begin a section.

        :param escape: returns a text that the markup shows as it is, on one line.
        :param ending: of the files of its figures, which lie beside it.
        """
        self.edition = edition
        self.escape = escape
        self.ending = ending
        self.blocks: list[str] = []

    def say(self, key: str, **fields: object) -> str:
        return self.edition.wording(key, **fields)

    def table_with_heading(self, table: Table) -> None:
        self.heading(table.heading)
        self.table(table)

    def heading(self, text: str, level: int = 2) -> None:
        raise NotImplementedError

    def table(self, table: Table) -> None:
        raise NotImplementedError

    def named_steps(self) -> list[tuple[str, str]]:
        """Return the steps of the method: title and text, escaped."""
        colon = self.edition.say("colon")
        return [
            (self.escape(step.title + colon).strip(), self.escape(step.text))
            for step in method_steps.steps(self.edition)
        ]

    def cells(self, table: Table, row: Sequence[Cell]) -> list[str]:
        """Return the cells of a row as they are read, escaped."""
        columns = zip(row, table.columns, strict=True)
        return [self.escape(shown(value, column.form)) for value, column in columns]

    def stamp(self) -> str:
        return self.escape(note.stamp(self.edition))

    def text_of(self, last: str) -> bytes:
        """Return all blocks and a last one, in UTF-8."""
        return ("\n\n".join([*self.blocks, last]) + "\n").encode()
