"""Whether the people of a table came in an earlier one: by marks of their numbers and rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from surveys.tables.plan import OTHERS, REPLACES, SAME
from surveys.tables.rows import MARK, Answer

Marks = Mapping[bytes, bytes]
"""Mark of a person → mark of the whole row."""


def pack(marks: Marks) -> bytes:
    return b"".join(person + digest for person, digest in marks.items())


def unpack(stored: bytes) -> dict[bytes, bytes]:
    steps = range(0, len(stored), 2 * MARK)
    return {stored[at : at + MARK]: stored[at + MARK : at + 2 * MARK] for at in steps}


@dataclass(frozen=True)
class Earlier:
    """A table that was imported: where it came from, and the marks of its rows."""

    pk: int
    program: str
    header: Sequence[str]
    everybody: str
    is_numbered: bool
    marks: Marks


@dataclass
class Overlap:
    """How many rows two tables share: the same person, and of those the same row throughout."""

    common: int = 0
    equal: int = 0
    mine: int = 0
    theirs: int = 0

    @property
    def changed(self) -> int:
        return self.common - self.equal

    @property
    def fresh(self) -> int:
        return self.mine - self.common

    @property
    def gone(self) -> int:
        return self.theirs - self.common


@dataclass
class Comparison:
    """Meets the rows of a table one by one, and then says who they are."""

    program: str
    header: Sequence[str]
    everybody: str
    is_numbered: bool
    earlier: Sequence[Earlier]
    marks: dict[bytes, bytes] = field(default_factory=dict)
    changed_rows: dict[int, list[int]] = field(default_factory=dict)
    _common: Counter[int] = field(default_factory=Counter)
    _equal: Counter[int] = field(default_factory=Counter)

    def meet(self, answer: Answer) -> set[int]:
        """Note a row; return the earlier tables that hold just this one."""
        self.marks[answer.person] = answer.digest
        matches = set()
        for one in self.earlier:
            before = one.marks.get(answer.person)
            if before is None or one.is_numbered != self.is_numbered:
                continue
            self._common[one.pk] += 1
            if before == answer.digest:
                self._equal[one.pk] += 1
                matches.add(one.pk)
            else:
                self.changed_rows.setdefault(one.pk, []).append(answer.row)
        return matches

    def overlap(self, pk: int) -> Overlap:
        theirs = next(len(one.marks) for one in self.earlier if one.pk == pk)
        return Overlap(self._common[pk], self._equal[pk], len(self.marks), theirs)

    def guess(self) -> dict[int, str]:
        """Return earlier table → “others”, “same” or “” where it must be asked."""
        return {one.pk: self._guess(one, self.overlap(one.pk)) for one in self.earlier}

    def _guess(self, one: Earlier, both: Overlap) -> str:
        is_related = list(one.header) == list(self.header) or bool(
            one.program and one.program == self.program
        )
        if not both.common:
            return OTHERS
        if one.everybody != self.everybody:
            return "" if both.equal and is_related else OTHERS
        if self.is_numbered:
            if both.equal == both.common and both.equal:
                return SAME
            return "" if is_related or both.equal else OTHERS
        if both.equal == both.mine == both.theirs:
            return SAME
        is_likely = 2 * both.equal >= min(both.mine, both.theirs)
        return "" if is_related and is_likely else OTHERS


def people_of(
    guesses: Mapping[int, str], answer: str, of: int | None
) -> tuple[dict[int, str], int]:
    """Return earlier table → what its people are to this one's, with what was said; and the earlier
    table that must be asked about, or 0."""
    people = dict(guesses)
    if answer == REPLACES and of in people:
        people = dict.fromkeys(people, OTHERS) | {of: REPLACES}
    elif answer == SAME and of in people:
        people = {pk: guess or SAME for pk, guess in people.items()} | {of: SAME}
    elif answer == OTHERS and of is None:
        people = {pk: guess if guess == SAME else OTHERS for pk, guess in people.items()}
    elif answer == OTHERS and of in people:
        people[of] = OTHERS
    open_people = [pk for pk, guess in people.items() if not guess]
    return people, open_people[0] if open_people else 0
