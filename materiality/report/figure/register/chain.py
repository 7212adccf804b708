"""The value chain: upstream, own operations, downstream, and at each stage the entries there."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from materiality.report.figure.layout import Point, Rect, TextLine
from materiality.report.figure.layout.type import wrap
from materiality.report.figure.register.heat import TEXT_WIDTH, key
from materiality.report.figure.register.marks import (
    HEADING,
    KINDS,
    LABEL,
    LEADING,
    PITCH,
    RADIUS,
    SMALL,
    Arrow,
    Drawing,
    Entry,
    Shape,
    Sign,
    Tile,
    moved,
    worst_first,
)
from materiality.report.sentences.note import enumeration
from materiality.report.text import isolated, plain
from materiality.report.words import say

SIDES = ("upstream", "own", "downstream")
ARROW, POINTED, PADDING, BETWEEN = 9.0, 3.5, 2.5, 2.5  # millimetres


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A stage of the value chain.

    :ivar side: upstream, own or downstream. :ivar name: "" where the side is one stage.
    :ivar relation: what ties the company to who is there.
    """

    side: str
    name: str = ""
    places: Sequence[str] = ()
    relation: str = ""
    entries: Sequence[Entry] = field(default_factory=tuple)


def three_stages(entries: Iterable[Entry]) -> list[ChainStep]:
    """Return a step for each side, with the places that its entries name."""
    rows = list(entries)
    steps = []
    for side in SIDES:
        steps.append(_step(side, [row for row in rows if row.stage == side]))
    return steps


def with_entries(
    named: Sequence[tuple[Hashable, ChainStep]], lying: Mapping[Hashable, Sequence[Entry]]
) -> list[ChainStep]:
    """Return the named stages with their entries; then, side by side, what lies in none of them.

    :param named: key and stage. :param lying: entries by key of their stage, None: in none.
    """
    steps = [replace(step, entries=lying.get(key, ())) for key, step in named]
    sides = {step.side for step in steps}
    rest = three_stages(lying.get(None, ()))
    return [*steps, *(step for step in rest if step.entries or step.side not in sides)]


def _step(side: str, rows: Sequence[Entry]) -> ChainStep:
    places = dict.fromkeys(row.place for row in rows if row.place)
    return ChainStep(side, places=tuple(places), entries=rows)


def chain(
    steps: Sequence[ChainStep],
    language: str,
    *,
    title: str,
    wide: float = TEXT_WIDTH,
    is_upright: bool = False,
) -> Drawing:
    """Return the picture: the three sides beside each other, or one below the other on a phone."""
    sides = {side: [step for step in steps if step.side == side] for side in SIDES}
    columns = 1 if is_upright else len(SIDES)
    room = (wide - BETWEEN * (columns - 1)) / columns
    drawn = [_side(side, inside, language, room) for side, inside in sides.items()]
    shapes: list[Shape] = []
    y = 0.0
    for at, (parts, height) in enumerate(drawn):
        shapes += moved(parts, 0.0 if is_upright else at * (room + BETWEEN), y)
        if is_upright:
            y += height + BETWEEN
    below = y if is_upright else max(height for _parts, height in drawn) + BETWEEN
    signs, end = key(language, wide, below + RADIUS + 1.0, with_threshold=False)
    shapes += signs
    for line in wrap(say(language, "chain_note"), SMALL, wide):
        end += SMALL * LEADING
        shapes.append(TextLine(line, 0.0, end, SMALL, role="note"))
    return Drawing(wide, end + 1.5, title, described(steps, language), language, shapes)


def described(steps: Sequence[ChainStep], language: str) -> str:
    """Return how many entries of which kind lie where, in words."""
    stages = []
    for side in SIDES:
        for step in steps:
            if step.side == side:
                stages.append(_described(step, language))
    between = "" if language.startswith("zh") else " "
    return say(language, "chain_description", stages=between.join(stages)).strip()


def _described(step: ChainStep, language: str) -> str:
    counts = [counted for _kind, counted, _rows in _by_kind(step, language)]
    text = say(language, "semicolon").join(counts) or say(language, "chain_none")
    side = say(language, f"chain_{step.side}")
    if not step.name:
        return say(language, "chain_stage_description", side=side, counts=text)
    name = isolated(plain(step.name))
    return say(language, "chain_stage_named", side=side, name=name, counts=text)


def _by_kind(step: ChainStep, language: str) -> list[tuple[str, str, list[Entry]]]:
    """Return the kinds that are there: what is said of their number, and their entries."""
    counts = Counter(row.kind for row in step.entries)
    material = Counter(row.kind for row in step.entries if row.is_material)
    kinds = []
    for kind in KINDS:
        if not counts[kind]:
            continue
        name = "chain_count_material" if material[kind] else "chain_count"
        sentence = say(
            language,
            name,
            kind=say(language, f"iros_{kind}"),
            count=counts[kind],
            material=material[kind],
        )
        rows = worst_first(row for row in step.entries if row.kind == kind)
        kinds.append((kind, sentence, rows))
    return kinds


def _side(
    side: str, steps: Sequence[ChainStep], language: str, room: float
) -> tuple[list[Shape], float]:
    """Return one side, from its own corner, and how high it is."""
    name = TextLine(
        say(language, f"chain_{side}"), room / 2, ARROW / 2 + HEADING * 0.36, HEADING, "middle",
        "heading",
    )  # fmt: skip
    shapes: list[Shape] = [Arrow(_arrow(room)), name]
    y = ARROW + BETWEEN
    for step in steps or [ChainStep(side)]:
        parts, height = _box(step, language, room)
        shapes += moved(parts, 0.0, y)
        y += height + BETWEEN
    return shapes, y - BETWEEN


def _arrow(room: float) -> tuple[Point, ...]:
    tip, half = room - POINTED, ARROW / 2
    return (0.0, 0.0), (tip, 0.0), (room, half), (tip, ARROW), (0.0, ARROW), (POINTED, half)


def _box(step: ChainStep, language: str, room: float) -> tuple[list[Shape], float]:
    inside, lines = room - 2 * PADDING, _Lines()
    if step.name:
        lines.write(wrap(plain(step.name), LABEL, inside), LABEL, "heading")
    if step.relation:
        lines.write(wrap(plain(step.relation), SMALL, inside), SMALL, "note")
    if step.places:
        places = enumeration(map(plain, step.places), language)
        sentence = say(language, "chain_places", names=places)
        lines.write(wrap(sentence, SMALL, inside), SMALL, "note")
    for _kind, counted, rows in _by_kind(step, language):
        lines.write(wrap(counted, SMALL, inside), SMALL, "row")
        lines.set_signs(rows, inside)
    if not step.entries:
        lines.write([say(language, "chain_none")], SMALL, "note")
    height = lines.y + PADDING
    return [Tile(Rect(0.0, 0.0, room, height), "box"), *lines.shapes], height


class _Lines:
    """What stands in a box, from top to bottom."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.y = PADDING

    def write(self, lines: Sequence[str], size: float, role: str) -> None:
        for line in lines:
            self.shapes.append(TextLine(line, PADDING, self.y + size, size, role=role))
            self.y += size * LEADING
        self.y += 0.6

    def set_signs(self, entries: Sequence[Entry], room: float) -> None:
        """Set the signs side by side, in as many rows as they need."""
        in_row = max(1, int((room - 2 * RADIUS) / PITCH) + 1)
        for at, entry in enumerate(entries):
            row, column = divmod(at, in_row)
            x = PADDING + RADIUS + column * PITCH
            y = self.y + RADIUS + row * (PITCH + 0.3)
            self.shapes.append(Sign(x, y, entry.role, entry.is_disputed, entry))
        rows = -(-len(entries) // in_row)
        self.y += rows * (PITCH + 0.3) + 1.2
