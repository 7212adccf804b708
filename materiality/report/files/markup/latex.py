r"""The section as LaTeX, to be \input into a report: needs array, booktabs, graphicx, longtable.

Compiled by XeLaTeX or LuaLaTeX, which read UTF-8 and Chinese.
"""

from collections.abc import Sequence

from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings, Figure
from materiality.report.files import parts
from materiality.report.sentences import method, note
from materiality.report.tables import Table, shown

LEVELS = {1: "section", 2: "subsection", 3: "subsubsection"}
NUMBERS = ("score", "share", "whole")
GAP = 0.02  # of the text's width, between two columns
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "[": r"{[}",
    "]": r"{]}",
}


def latex_section(drawn: Drawings) -> bytes:
    """Return the section in UTF-8."""
    writer = LatexWriter(drawn.edition, figures={"": "matrix.pdf", "double": "double.pdf"})
    parts.write_section(writer, drawn)
    return writer.saved()


def escaped(text: str) -> str:
    r"""Return a text that LaTeX shows as it is, on one line.

    >>> escaped("R&D_1 ~ 50%")
    'R\\&D\\_1 \\textasciitilde{} 50\\%'
    """
    letters = [_SPECIAL.get(letter, letter) for letter in " ".join(text.split())]
    return "".join(letters)


class LatexWriter:
    """Writes what `parts.write_section` tells it."""

    def __init__(self, edition: Edition, *, figures: dict[str, str]) -> None:
        """:param figures: file of the matrix and of each further view, by the view's code."""
        self.edition = edition
        self.figures = figures
        self.blocks = [r"% \usepackage{array,booktabs,graphicx,longtable}"]

    def say(self, key: str, **fields: object) -> str:
        return self.edition.wording(key, **fields)

    def heading(self, text: str, level: int = 2) -> None:
        self.blocks.append(rf"\{LEVELS[level]}{{{escaped(text)}}}")

    def paragraph(self, text: str, style: str | None = None) -> None:
        said = escaped(text)
        self.blocks.append(rf"{{\small {said}}}" if style == "Caption" else said)

    def bullets(self, lines: Sequence[str]) -> None:
        self._items("itemize", [escaped(line) for line in lines])

    def warnings(self) -> None:
        for warning in method.warnings(self.edition):
            self.blocks.append(rf"\begin{{quote}}{escaped(warning)}\end{{quote}}")

    def steps(self) -> None:
        lines = []
        for step in method.steps(self.edition):
            title = escaped(step.title + self.edition.say("colon")).strip()
            lines.append(rf"\textbf{{{title}}} {escaped(step.text)}")
        self._items("enumerate", lines)

    def _items(self, kind: str, lines: Sequence[str]) -> None:
        items = "\n".join(rf"  \item {line}" for line in lines)
        self.blocks.append(f"\\begin{{{kind}}}\n{items}\n\\end{{{kind}}}")

    def picture(self, figure: Figure) -> None:
        name = self.figures[figure.edition.results.view]
        title = escaped(note.matrix_title(figure.edition))
        self.blocks.append(
            "\\begin{figure}[htbp]\n"
            "  \\centering\n"
            f"  \\includegraphics[width=\\linewidth]{{{name}}}\n"
            f"  \\caption{{{title}}}\n"
            "\\end{figure}"
        )

    def table_with_heading(self, table: Table) -> None:
        self.heading(table.heading)
        self.table(table)

    def table(self, table: Table) -> None:
        """A table that goes on over pages, its headings on each."""
        heads = " & ".join(rf"\textbf{{{escaped(column.heading)}}}" for column in table.columns)
        lines = [
            rf"\begin{{longtable}}{{@{{}}{''.join(self._columns(table))}@{{}}}}",
            rf"\caption{{{escaped(table.heading)}}} \\",
            rf"\toprule {heads} \\ \midrule \endhead",
            r"\bottomrule \endfoot",
        ]
        for row in table.rows:
            cells = zip(row, table.columns, strict=True)
            written = [escaped(shown(value, column.form)) for value, column in cells]
            lines.append(" & ".join(written) + r" \\")
        lines.append(r"\end{longtable}")
        self.blocks.append("\n".join(lines))

    def _columns(self, table: Table) -> list[str]:
        room = 1 - GAP * (len(table.columns) - 1)
        total = sum(column.width for column in table.columns)
        columns = []
        for column in table.columns:
            side = r"\raggedleft" if column.form in NUMBERS else r"\raggedright"
            width = column.width / total * room
            columns.append(rf">{{{side}\arraybackslash}}p{{{width:.3f}\linewidth}}")
        return columns

    def saved(self) -> bytes:
        stamp = escaped(note.stamp(self.edition))
        return ("\n\n".join([*self.blocks, rf"{{\small {stamp}}}"]) + "\n").encode()
