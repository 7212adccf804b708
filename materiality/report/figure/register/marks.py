"""What the pictures know of an entry, and what drawings consist of, in millimetres."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from materiality.report.figure.layout import Point, Rect, TextLine
from materiality.report.figure.layout.type import POINT
from materiality.report.text import isolated, number
from materiality.report.words import say

KINDS = ("negative", "positive", "risk", "opportunity")
RADIUS, PITCH = 2.1, 4.6  # of a sign, and from the centre of one to the next
LABEL, SMALL, TITLE, HEADING = 8 * POINT, 7 * POINT, 6.5 * POINT, 9 * POINT
IN_SIGN = {1: 7 * POINT, 2: 6.5 * POINT, 3: 5.2 * POINT}  # by how many digits
LEADING = 1.3


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the pictures show it.

    :ivar gravity: severity or magnitude, on 1 … top; None: not scored.
    :ivar likelihood: None where it does not count, or nothing is scored.
    :ivar is_material: None: not known, for want of a threshold or of scores.
    :ivar address: where its page is, for pictures on pages.
    """

    code: str
    title: str
    kind: str
    stage: str = "own"
    place: str = ""
    value: float | None = None
    gravity: float | None = None
    likelihood: float | None = None
    is_material: bool | None = None
    is_disputed: bool = False
    address: str = ""

    @property
    def number(self) -> str:
        """Return what stands in its sign: the number of its code.

        >>> Entry("IRO-012", "", "risk").number, Entry("tax", "", "risk").number
        ('12', 'tax')
        """
        digits = self.code[len(self.code.rstrip("0123456789")) :]
        return str(int(digits)) if digits else self.code

    @property
    def role(self) -> str:
        return {True: "material", False: "immaterial", None: "open"}[self.is_material]

    def description(self, language: str) -> str:
        """Return what a reader of the screen says of its sign."""
        verdict = "unscored" if self.value is None else self.role
        names = {
            "number": self.number,  # what one sees comes first
            "code": self.code,
            "title": isolated(self.title),
            "value": number(self.value),
            "verdict": say(language, f"iro_{_VERDICTS[verdict]}"),
        }
        key = "heat_mark_unscored" if self.value is None else "heat_mark"
        return say(language, key, **names)


_VERDICTS = {
    "material": "material",
    "immaterial": "immaterial",
    "open": "no_threshold",
    "unscored": "unscored",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the scores of a register mean.

    :ivar top: of the scale. :ivar likelihood_rule: of impacts, "scaled" or "capped".
    :ivar thresholds: by kind; kinds without one are not in it.
    """

    top: float
    likelihood_rule: str
    thresholds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle; `role` says what it is: box, or a shade from 0, the lightest, to 4."""

    rect: Rect
    role: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A heading that points on, to the right or down."""

    corners: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Line:
    points: tuple[Point, ...]
    role: str  # frame or cut


@dataclass(frozen=True, slots=True)
class Sign:
    """A numbered sign of an entry; one of a key has no entry.

    :ivar scale: of its size, below 1 where many crowd together.
    """

    x: float
    y: float
    role: str
    is_disputed: bool = False
    entry: Entry | None = None
    scale: float = 1.0


Shape = Tile | Arrow | Line | Sign | TextLine


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished picture: shapes in the order in which they are drawn, and what they say."""

    width: float
    height: float
    title: str
    description: str
    language: str
    shapes: Sequence[Shape] = field(default_factory=tuple)


def moved(shapes: Iterable[Shape], x: float, y: float) -> list[Shape]:
    """Return the shapes, all moved by as much."""
    return [_moved(shape, x, y) for shape in shapes]


def _moved(shape: Shape, x: float, y: float) -> Shape:
    if isinstance(shape, Tile):
        rect = shape.rect
        return Tile(Rect(rect.x + x, rect.y + y, rect.w, rect.h), shape.role)
    if isinstance(shape, Arrow):
        return Arrow(tuple((a + x, b + y) for a, b in shape.corners))
    if isinstance(shape, Line):
        return Line(tuple((a + x, b + y) for a, b in shape.points), shape.role)
    if isinstance(shape, Sign):
        return replace(shape, x=shape.x + x, y=shape.y + y)
    return replace(shape, x=shape.x + x, y=shape.y + y)


def worst_first(entries: Iterable[Entry]) -> list[Entry]:
    """Order entries as a register is read: the most significant first, those not scored last."""
    return sorted(entries, key=lambda one: (one.value is None, -(one.value or 0.0), one.code))
