"""The figures of one edition, each laid out and drawn once for all files that show it."""

from collections.abc import Sequence
from functools import cached_property

from materiality.method.register import AXES, KINDS
from materiality.report.edition import Edition
from materiality.report.figure import svg, typeset
from materiality.report.figure.layout import Matrix, compose
from materiality.report.figure.register import pen
from materiality.report.figure.register.chain import chain
from materiality.report.figure.register.heat import sheet
from materiality.report.figure.register.marks import Drawing
from materiality.report.figure.register.results import entries_of, setting_of, steps_of
from materiality.report.sentences import note
from materiality.report.tables import double, register


class Picture:
    """A drawing as the report prints it: one SVG, which PNG and PDF are set from.

    `stem` is what its files are called, `description` what it shows in words.
    """

    stem: str
    edition: Edition

    @property
    def title(self) -> str:
        raise NotImplementedError

    @property
    def description(self) -> str:
        raise NotImplementedError

    @property
    def width(self) -> float:
        """Return how wide it is, in millimetres."""
        raise NotImplementedError

    @cached_property
    def drawing(self) -> str:
        """The picture as SVG with literal colours."""
        raise NotImplementedError

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
            title=self.title,
            alt=self.description,
            language=self.edition.language,
            stamp=note.stamp(self.edition),
            moment=self.edition.moment,
        )


class Figure(Picture):
    """A matrix."""

    def __init__(self, edition: Edition, stem: str = "matrix") -> None:
        self.edition, self.stem = edition, stem

    @cached_property
    def matrix(self) -> Matrix:
        return compose(self.edition)

    @property
    def title(self) -> str:
        return self.matrix.title

    @property
    def description(self) -> str:
        return self.matrix.description

    @property
    def width(self) -> float:
        return self.matrix.width

    @cached_property
    def drawing(self) -> str:
        return svg.printed(self.edition, self.matrix)


class RegisterPicture(Picture):
    """A picture of the register."""

    def __init__(self, edition: Edition, stem: str, shapes: Drawing) -> None:
        self.edition, self.stem, self.shapes = edition, stem, shapes

    @property
    def title(self) -> str:
        return self.shapes.title

    @property
    def description(self) -> str:
        return self.shapes.description

    @property
    def width(self) -> float:
        return self.shapes.width

    @cached_property
    def drawing(self) -> str:
        stamp = note.stamp(self.edition)
        return pen.printed(self.shapes, self.edition.look.palette, name=self.stem, stamp=stamp)


class Drawings:
    """The matrix of an edition, the second one of double materiality, and those of the register."""

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
        return Figure(edition.drawn(tails=False, ellipses=False, moved={}), double.VIEW)

    @property
    def has_both_sides(self) -> bool:
        return double.is_asked(self.edition.results)

    @property
    def has_register(self) -> bool:
        """Whether there is a register: ask for its pictures only then."""
        return register.is_kept(self.edition.results)

    @cached_property
    def heat(self) -> RegisterPicture:
        """All heat maps, on a page of their own."""
        return self._heat(KINDS)

    @cached_property
    def heat_on_slides(self) -> list[RegisterPicture]:
        """The maps of impacts, and those of risks and opportunities, as far as there are any."""
        there = {entry.kind for entry in entries_of(self.edition)}
        return [
            self._heat(kinds, with_titles=False)
            for kinds in AXES.values()
            if not there.isdisjoint(kinds)
        ]

    def _heat(self, kinds: Sequence[str], *, with_titles: bool = True) -> RegisterPicture:
        edition = self.edition
        shapes = sheet(
            [entry for entry in entries_of(edition) if entry.kind in kinds],
            setting_of(edition.results),
            edition.language,
            title=edition.wording("heat_title"),
            with_titles=with_titles,
        )
        return RegisterPicture(edition, "heat", shapes)

    @cached_property
    def chain(self) -> RegisterPicture:
        """The value chain."""
        edition = self.edition
        shapes = chain(steps_of(edition), edition.language, title=edition.wording("chain_title"))
        return RegisterPicture(edition, "chain", shapes)
