"""Signs of an answer given without care, and where it came from, as bits in the sealed block.

They are looked for at the seal, while the order a person saw, the time and the link are still
known. Signs never delete: a reviewer leaves rows out by sign, with a reason, and can undo it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surveys.models import Invitation
from surveys.questionnaire.questionnaires import Questionnaire
from surveys.responses import quality

Ratings = NDArray[np.uint8]
SignBits = NDArray[np.unsignedinteger[Any]]
RowMask = NDArray[np.bool_]


class Sign(IntFlag):
    STRAIGHT_LINING = 1
    LONG_STRING = 2
    MIDPOINT = 4
    FAST = 8
    OUTLYING = 16
    DUPLICATE = 32
    TRAPPED = 64
    # How an answer came in is not a fault: a stratum of its own until a reviewer accepts it.
    OPEN_LINK = 128
    STAFF = 256
    IMPORTED = 512
    BURST = 1024
    # Begun after the first reminder to that person; of named surveys only. No fault either.
    LATE = 2048


ORIGINS = {
    Invitation.Source.OPEN: Sign.OPEN_LINK,
    Invitation.Source.STAFF: Sign.STAFF,
    Invitation.Source.IMPORTED: Sign.IMPORTED,
}

UNIFORM = Sign.STRAIGHT_LINING | Sign.LONG_STRING
ALONE = (Sign.MIDPOINT, Sign.FAST, Sign.OUTLYING, Sign.DUPLICATE, Sign.TRAPPED)


@dataclass(frozen=True, eq=False)
class Circumstances:
    """How each row came about. Known until the seal only.

    :param seconds: float64, NaN where unknown. ``trapped``: bool.
    :param origin: uint16, a bit of `ORIGINS` or 0 for a personal link.
    :param token_hash: bytes; seeds the order of the questions. ``begun``: int64, Unix time.
    """

    seconds: NDArray[np.float64]
    trapped: RowMask
    origin: SignBits
    token_hash: NDArray[np.bytes_]
    begun: NDArray[np.int64]

    @classmethod
    def of(cls, people: int) -> "Circumstances":
        return cls(
            seconds=np.full(people, np.nan),
            trapped=np.zeros(people, dtype=bool),
            origin=np.zeros(people, dtype=np.uint16),
            token_hash=np.zeros(people, dtype="S64"),
            begun=np.zeros(people, dtype=np.int64),
        )

    def __getitem__(self, rows: RowMask) -> "Circumstances":
        return Circumstances(
            self.seconds[rows],
            self.trapped[rows],
            self.origin[rows],
            self.token_hash[rows],
            self.begun[rows],
        )

    def came_by(self, origin: Sign) -> RowMask:
        return with_sign(self.origin, origin)


def signs_of(
    form: Questionnaire, questions: Sequence[int], ratings: Ratings, how: Circumstances
) -> SignBits:
    """Return the signs of each row of one audience.

    :param ratings: uint8 [rows × questions], columns as `questions`.
    """
    column_of = {question: at for at, question in enumerate(questions)}
    columns = [column_of[int(key)] for key in form.questions]
    matrix = ratings[:, columns]
    timed = None if form.survey.simulated else how.seconds
    flags = quality.flags(
        matrix,
        timed,
        scale=form.survey.points,
        shown=_in_order_of_display(form, matrix, how),
        alike_among=how.came_by(Sign.OPEN_LINK),
    )
    bits = how.origin.copy()
    for sign, rows in _rows(flags, how).items():
        bits[rows] |= np.uint16(sign)
    return bits


def _rows(careless: quality.Carelessness, how: Circumstances) -> dict[Sign, RowMask]:
    return {
        Sign.STRAIGHT_LINING: careless.straight_lining,
        Sign.LONG_STRING: careless.long_string,
        Sign.MIDPOINT: careless.midpoint,
        Sign.FAST: careless.fast,
        Sign.OUTLYING: careless.outlying,
        Sign.DUPLICATE: careless.duplicate,
        Sign.TRAPPED: how.trapped,
    }


def _in_order_of_display(form: Questionnaire, given: Ratings, how: Circumstances) -> Ratings:
    """Return the ratings in the order each person saw them, where a long run is possible at all.

    In what order an imported answer was given is not known: its columns' order has to do.
    """
    least = quality.run_that_counts(given.shape[1])
    ratings = range(1, form.survey.points + 1)
    most_alike = np.max([(given == rating).sum(axis=1) for rating in ratings], axis=0)
    position = {question: at for at, question in enumerate(form.questions)}
    shown = given.copy()
    for row in np.flatnonzero((most_alike >= least) & ~how.came_by(Sign.IMPORTED)):
        items = form.order(how.token_hash[row].decode())
        order = [position[str(question.pk)] for item in items for question in item.questions]
        shown[row] = given[row, order]
    return shown


def with_sign(flags: SignBits, sign: Sign) -> RowMask:
    rows: RowMask = (flags & np.uint16(sign)) > 0
    return rows


def flags_set(flags: SignBits) -> RowMask:
    """Return where at least two signs agree; a straight line is a long string, so one sign."""
    count = np.sum([with_sign(flags, sign) for sign in (UNIFORM, *ALONE)], axis=0)
    rows: RowMask = count >= 2
    return rows
