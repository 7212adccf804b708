r"""The section as LaTeX, to be \input into a report: needs amssymb and these: array, booktabs,
graphicx, longtable.

Compiled by XeLaTeX or LuaLaTeX, which read UTF-8 and Chinese.
"""

from collections.abc import Sequence

from materiality.report.figure.drawings import Drawings, Picture
from materiality.report.files import parts
from materiality.report.files.markup.writer import MarkupWriter
from materiality.report.sentences import method_steps
from materiality.report.tables import Table

LEVELS = {1: "section", 2: "subsection", 3: "subsubsection"}
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
    # The signs of the tiers, and of what a reader took out: text fonts lack them.
    "●": r"\ensuremath{\bullet}",
    "◆": r"\ensuremath{\blacklozenge}",
    "□": r"\ensuremath{\square}",
    "▲": r"\ensuremath{\blacktriangle}",
    "○": r"\ensuremath{\circ}",
    "█": r"\rule{0.6em}{1.5ex}",
    "−": r"\ensuremath{-}",
    "→": r"\ensuremath{\rightarrow}",
    "↑": r"\ensuremath{\uparrow}",
    "↓": r"\ensuremath{\downarrow}",
}


def latex_section(drawn: Drawings) -> bytes:
    """Return the section in UTF-8."""
    writer = LatexWriter(drawn.edition, escaped, "pdf")
    writer.blocks.append(r"% \usepackage{amssymb,array,booktabs,graphicx,longtable}")
    parts.write_section(writer, drawn)
    return writer.saved()


def escaped(text: str) -> str:
    r"""Return a text that LaTeX shows as it is, on one line.

    >>> escaped("R&D_1 ~ 50%")
    'R\\&D\\_1 \\textasciitilde{} 50\\%'
    """
    letters = [_SPECIAL.get(letter, letter) for letter in " ".join(text.split())]
    return "".join(letters)


class LatexWriter(MarkupWriter):
    def heading(self, text: str, level: int = 2) -> None:
        self.blocks.append(rf"\{LEVELS[level]}{{{escaped(text)}}}")

    def paragraph(self, text: str, style: str | None = None) -> None:
        body = escaped(text)
        self.blocks.append(rf"{{\small {body}}}" if style == "Caption" else body)

    def bullets(self, lines: Sequence[str]) -> None:
        self._items("itemize", [escaped(line) for line in lines])

    def quote(self, text: str, source: str) -> None:
        body, by = escaped(text), escaped(source)
        self.blocks.append(f"\\begin{{quote}}\n{body}\n\n\\hfill {{\\small {by}}}\n\\end{{quote}}")

    def warnings(self) -> None:
        for warning in method_steps.warnings(self.edition):
            self.blocks.append(rf"\begin{{quote}}{escaped(warning)}\end{{quote}}")

    def steps(self) -> None:
        lines = [rf"\textbf{{{title}}} {text}" for title, text in self.named_steps()]
        self._items("enumerate", lines)

    def _items(self, kind: str, lines: Sequence[str]) -> None:
        items = "\n".join(rf"  \item {line}" for line in lines)
        self.blocks.append(f"\\begin{{{kind}}}\n{items}\n\\end{{{kind}}}")

    def picture(self, figure: Picture) -> None:
        name = f"{figure.stem}.{self.ending}"
        title = escaped(figure.title)
        self.blocks.append(
            "\\begin{figure}[htbp]\n"
            "  \\centering\n"
            f"  \\includegraphics[width=\\linewidth]{{{name}}}\n"
            f"  \\caption{{{title}}}\n"
            "\\end{figure}"
        )

    def table(self, table: Table) -> None:
        """A table that goes on over pages, its headings on each."""
        heads = " & ".join(rf"\textbf{{{escaped(column.heading)}}}" for column in table.columns)
        lines = [
            rf"{{\setlength{{\tabcolsep}}{{{GAP / 2}\linewidth}}",
            rf"\begin{{longtable}}{{@{{}}{''.join(self._columns(table))}@{{}}}}",
            rf"\caption{{{escaped(table.heading)}}} \\",
            rf"\toprule {heads} \\ \midrule \endhead",
            r"\bottomrule \endfoot",
        ]
        last = len(table.rows) - 1
        for at, row in enumerate(table.rows):
            end = r" \\*" if at == 0 or at == last - 1 else r" \\"  # no row alone on a page
            lines.append(" & ".join(self.cells(table, row)) + end)
        lines.append(r"\end{longtable}}")
        self.blocks.append("\n".join(lines))

    def _columns(self, table: Table) -> list[str]:
        room = 1 - GAP * (len(table.columns) - 1)
        total = sum(column.width for column in table.columns)
        columns = []
        for column in table.columns:
            side = r"\raggedleft" if column.is_number else r"\raggedright"
            width = column.width / total * room
            columns.append(rf">{{{side}\arraybackslash}}p{{{width:.3f}\linewidth}}")
        return columns

    def saved(self) -> bytes:
        return self.text_of(rf"{{\small {self.stamp()}}}")
