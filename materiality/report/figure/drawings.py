"""The figures of one edition, each laid out and drawn once for all files that show it."""

from functools import cached_property

from materiality.report.edition import Edition
from materiality.report.figure import svg, typeset
from materiality.report.figure.layout import Matrix, compose
from materiality.report.sentences import note
from materiality.report.tables import double


class Figure:
    """One matrix as the report prints it."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    @cached_property
    def matrix(self) -> Matrix:
        return compose(self.edition)

    @cached_property
    def drawing(self) -> str:
        """The matrix as SVG with literal colours."""
        return svg.printed(self.edition, self.matrix)

    @cached_property
    def printable(self) -> typeset.Printable:
        return typeset.printable(self.drawing)

    @cached_property
    def _image(self) -> bytes:
        return typeset.png(self.printable, stamp=note.stamp(self.edition))

    def svg(self) -> bytes:
        return self.drawing.encode()

    def png(self) -> bytes:
        return self._image

    def pdf(self) -> bytes:
        return typeset.pdf(
            self.printable,
            title=self.matrix.title,
            alt=self.matrix.description,
            language=self.edition.language,
            stamp=note.stamp(self.edition),
            moment=self.edition.moment,
        )


class Drawings:
    """The matrix of an edition, and the second one of double materiality."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    @cached_property
    def main(self) -> Figure:
        return Figure(self.edition)

    @cached_property
    def both_sides(self) -> Figure:
        """Both sides of double materiality, in the size of the first; without tails and ellipses.

        Ask for it only where `has_both_sides`.
        """
        edition = self.edition.of(double.seen_double(self.edition.results))
        return Figure(edition.drawn(tails=False, ellipses=False, moved={}))

    @property
    def has_both_sides(self) -> bool:
        return double.is_asked(self.edition.results)
