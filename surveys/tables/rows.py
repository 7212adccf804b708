"""One row of a table → one person's answers, or why it is left out, or why it cannot be read."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from django.utils.translation import gettext as _

from surveys.errors import Unusable
from surveys.languages import cannot_be_kept
from surveys.questionnaire.wording import plain
from surveys.tables.columns import COMMENT, DAY, GROUP, ROW
from surveys.tables.plan import LEFT_OUT, Plan, counts_by, day_of
from surveys.tables.target import Target, TargetGroup
from surveys.tables.words import is_total

Cells = list[str]
BLANK = 0
LONGEST_COMMENT = 500
LABELS = 3
"""Columns at the beginning of a row in which the word of a total may stand."""
MARK = 8
"""Bytes of a mark."""


class LeftOut(Exception):
    """A row that does not count: `args` are why, as a word of `REASONS`."""


UNFINISHED, TOTAL, EMPTY, GROUP_LEFT_OUT, BY_HAND, OTHER_DAY, HIDDEN = (
    "unfinished", "total", "empty", "group", "by hand", "day", "hidden",
)  # fmt: skip
REASONS = (UNFINISHED, TOTAL, EMPTY, GROUP_LEFT_OUT, BY_HAND, OTHER_DAY, HIDDEN)


@dataclass(frozen=True)
class Answer:
    """What a row says. `person` tells it among the rows of its file, `digest` its whole content;
    both are marks of `MARK` bytes that nobody can turn back."""

    row: int
    group: str
    ratings: dict[str, int]
    comment: str
    person: bytes
    digest: bytes


@dataclass
class AnswerReader:
    """Reads rows as a plan says, and counts what it leaves out.

    :param secret: keys the marks.
    """

    target: Target
    plan: Plan
    secret: bytes
    left_out: Counter[str] = field(default_factory=Counter)
    rows_left_out: list[tuple[int, str]] = field(default_factory=list)
    comments_cut: int = 0

    def __post_init__(self) -> None:
        plan = self.plan
        self._width = len(plan.header)
        self._topics = [(at, self.target.by_meaning[m]) for at, m in plan.topics().items()]
        self._known: dict[int, dict[str, int]] = {at: {} for at, _topic in self._topics}
        self._groups = {group.code: group for group in self.target.groups}
        self._columns = {role: plan.column(role) for role in (ROW, GROUP, COMMENT, DAY)}
        self._by_hand = set(plan.options.rows_left_out)
        self._numbers: dict[str, int] = {}
        self._times: Counter[bytes] = Counter()

    def read(self, row: int, cells: Cells) -> Answer | None:
        """Return the answers in a row; None, counted, where it does not count.

        :raises Unusable: a value means nothing here.
        """
        try:
            return self._read(row, cells)
        except LeftOut as reason:
            self.left_out[reason.args[0]] += 1
            if len(self.rows_left_out) < 100:
                self.rows_left_out.append((row, reason.args[0]))
            return None

    def _read(self, row: int, cells: Cells) -> Answer:
        if row in self._by_hand:
            raise LeftOut(BY_HAND)
        if row in self.plan.hidden:
            raise LeftOut(HIDDEN)
        whole = "\x1f".join(cells)
        cells = self._fit(cells)
        self._require_counting(cells)
        ratings = {}
        for at, topic in self._topics:
            known = self._known[at]
            value = cells[at]
            rating = known[value] if value in known else self._rating(at, topic.prompt, value)
            if rating != BLANK:
                ratings[topic.key] = rating
        group = self._group(cells)
        if not ratings:
            raise LeftOut(EMPTY)
        self._require_asked(group, cells)
        comment = self._comment(cells)
        digest = self._mark(whole)
        person = self._person(row, cells, digest)
        return Answer(row, group.code, ratings, comment, person, digest)

    def _fit(self, cells: Cells) -> Cells:
        """Return a row as long as the headings.

        :raises Unusable: it holds more: one of its values would stand under another's heading.
        """
        if len(cells) > self._width:
            raise Unusable(
                cells[-1],
                _(
                    "The row has values in %(found)d columns, but there are headings for "
                    "%(expected)d. A comma or a line break in a text may have cut it."
                )
                % {"found": len(cells), "expected": self._width},
            )
        missing = self._width - len(cells)
        return cells + [""] * missing if missing else cells

    def _require_counting(self, cells: Cells) -> None:
        likely = [*cells[:LABELS], *(cells[at] for at in self._named_columns())]
        if any(cell and is_total(cell) for cell in likely):
            raise LeftOut(TOTAL)
        for at, meanings in self.plan.counts.items():
            counts = counts_by(plain(cells[at]), meanings, self.plan.header[at])
            if counts is None:
                raise Unusable(cells[at], _("Say whether a row with this value counts."))
            if not counts:
                raise LeftOut(UNFINISHED)
        day = self._columns[DAY]
        if day is not None:
            self._require_day(cells[day])

    def _named_columns(self) -> list[int]:
        columns = (self._columns[ROW], self._columns[GROUP])
        return [at for at in columns if at is not None]

    def _require_day(self, value: str) -> None:
        options, day = self.plan.options, day_of(plain(value))
        if not (options.since or options.until):
            return
        if not day:
            raise Unusable(value, _("This is no date like 2026-03-01."))
        if (options.since and day < options.since) or (options.until and day > options.until):
            raise LeftOut(OTHER_DAY)

    def _rating(self, at: int, prompt: str, value: str) -> int:
        rating = self.plan.ratings[prompt].ratings.get(plain(value))
        if rating is None:
            raise Unusable(value, _("Say which rating this value means."))
        self._known[at][value] = rating
        return rating

    def _group(self, cells: Cells) -> TargetGroup:
        if self.plan.everybody:
            return self._groups[self.plan.everybody]
        at = self._columns[GROUP]
        value = cells[at] if at is not None else ""
        code = self.plan.groups.get(plain(value))
        if code == LEFT_OUT:
            raise LeftOut(GROUP_LEFT_OUT)
        if code is None:
            if not value:
                raise Unusable("", _("The row names no group."))
            raise Unusable(value, _("There is no such group."))
        return self._groups[code]

    def _require_asked(self, group: TargetGroup, cells: Cells) -> None:
        for at, topic in self._topics:
            if topic.meaning not in group.topics and self._known[at].get(cells[at], BLANK):
                raise Unusable(cells[at], _("“%s” is not asked of this group.") % topic.title)

    def _comment(self, cells: Cells) -> str:
        at = self._columns[COMMENT]
        if at is None or not cells[at] or plain(cells[at]) in ("(空)", "n/a"):
            return ""
        comment = cells[at].replace("\r\n", "\n").replace("\r", "\n")
        if cannot_be_kept(comment):
            raise Unusable(comment[:50], _("The comment holds a character that cannot be kept."))
        if len(comment) > LONGEST_COMMENT:
            self.comments_cut += 1
            comment = comment[: LONGEST_COMMENT - 1] + "…"
        return comment

    def _person(self, row: int, cells: Cells, digest: bytes) -> bytes:
        """Return who it is: by the number of the row, else by its content and how often that came
        before."""
        at = self._columns[ROW]
        if at is None:
            self._times[digest] += 1
            return self._mark(f"content:{digest.hex()}:{self._times[digest]}")
        number = normalise(cells[at])
        if not number:
            raise Unusable("", _("The row has no number."))
        if number in self._numbers:
            raise Unusable(
                cells[at],
                _("This number stands in row %d already.") % self._numbers[number],
            )
        self._numbers[number] = row
        return self._mark(f"number:{number}")

    def _mark(self, text: str) -> bytes:
        return blake2b(text.encode(), digest_size=MARK, key=self.secret).digest()


def normalise(number: str) -> str:
    """Return a row's number as it is compared: 1, 1.0 and １ are one.

    >>> normalised("1.0"), normalised("007"), normalised("R_1")
    ('1', '7', 'r_1')
    """
    word = plain(number)
    whole, _dot, rest = word.partition(".")
    if whole.isdigit() and not rest.strip("0"):
        return str(int(whole)) if len(whole) < 20 else whole
    return word


@dataclass
class Summary:
    """What an import would do, row by row added up: shown before anything is imported."""

    rows: int = 0
    groups: Counter[str] = field(default_factory=Counter)
    values: dict[int, Counter[str]] = field(default_factory=dict)
    """Column → value → in how many of the rows that are imported."""
    comments: int = 0

    def add(
        self, answers: Sequence[Answer], cells: Iterable[Cells], columns: Iterable[int]
    ) -> None:
        if not answers:
            return
        self.rows += len(answers)
        self.groups.update(answer.group for answer in answers)
        self.comments += sum(bool(answer.comment) for answer in answers)
        rows = list(cells)
        for at in columns:
            counts = self.values.setdefault(at, Counter())
            counts.update([row[at] if at < len(row) else "" for row in rows])

    def merge(self, other: "Summary") -> None:
        self.rows += other.rows
        self.groups.update(other.groups)
        self.comments += other.comments
        for at, counts in other.values.items():
            self.values.setdefault(at, Counter()).update(counts)


def topic_summary(
    plan: Plan, counts: Counter[str], prompt: str
) -> tuple[dict[str, tuple[int, int]], float | None]:
    """Return value → (rating, how often) of one column, and the mean of its ratings."""
    summary: dict[str, tuple[int, int]] = {}
    for raw, count in counts.items():
        value = plain(raw)
        rating = plan.ratings[prompt].ratings[value]
        summary[value] = (rating, summary.get(value, (0, 0))[1] + count)
    rated = [(rating, count) for rating, count in summary.values() if 0 < rating < 255]
    total = sum(count for _rating, count in rated)
    mean = sum(rating * count for rating, count in rated) / total if total else None
    return summary, mean


Reader = Callable[[int, Cells], Answer | None]
