"""Signs of an answer given without care, as one byte an answer in the sealed block.

They are looked for at the seal, while the order a person saw, the time and the link are still
known. Signs never delete: a reviewer leaves rows out by sign, with a reason, and can undo it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from surveys import quality
from surveys.questionnaires import Questionnaire

Ratings = NDArray[np.uint8]
Rows = NDArray[np.bool_]


class Sign(IntFlag):
    STRAIGHT_LINING = 1
    LONG_STRING = 2
    MIDPOINT = 4
    FAST = 8
    OUTLYING = 16
    DUPLICATE = 32
    TRAPPED = 64
    OPEN_LINK = 128  # not a fault: a stratum of its own until a reviewer accepts it


UNIFORM = Sign.STRAIGHT_LINING | Sign.LONG_STRING
ALONE = (Sign.MIDPOINT, Sign.FAST, Sign.OUTLYING, Sign.DUPLICATE, Sign.TRAPPED)


@dataclass(frozen=True, eq=False)
class Circumstances:
    """How each row came about. Known until the seal only.

    :param seconds: float64, NaN where unknown. ``trapped``, ``open_link``: bool.
    :param token_hash: bytes; seeds the order of the questions.
    """

    seconds: NDArray[np.float64]
    trapped: Rows
    open_link: Rows
    token_hash: NDArray[np.bytes_]

    @classmethod
    def of(cls, people: int) -> "Circumstances":
        none = np.zeros(people, dtype=bool)
        tokens = np.zeros(people, dtype="S64")
        return cls(np.full(people, np.nan), none, none.copy(), tokens)

    def __getitem__(self, rows: Rows) -> "Circumstances":
        return Circumstances(
            self.seconds[rows], self.trapped[rows], self.open_link[rows], self.token_hash[rows]
        )


def signs_of(
    form: Questionnaire, questions: Sequence[int], ratings: Ratings, how: Circumstances
) -> Ratings:
    """Return one byte for each row of one audience.

    :param ratings: uint8 [rows × questions], columns as `questions`.
    """
    column_of = {question: at for at, question in enumerate(questions)}
    columns = [column_of[int(key)] for key in form.asked]
    asked = ratings[:, columns]
    timed = None if form.survey.simulated else how.seconds
    found = quality.flags(asked, timed, shown=_shown(form, asked, how.token_hash))
    bits = np.zeros(len(ratings), np.uint8)
    for sign, rows in _rows(found, asked, how).items():
        bits[rows] |= np.uint8(sign)
    return bits


def _rows(found: quality.Flags, ratings: Ratings, how: Circumstances) -> dict[Sign, Rows]:
    duplicate = np.zeros(len(ratings), dtype=bool)
    duplicate[how.open_link] = quality.duplicates(ratings[how.open_link])
    return {
        Sign.STRAIGHT_LINING: found.straight_lining,
        Sign.LONG_STRING: found.long_string,
        Sign.MIDPOINT: found.midpoint,
        Sign.FAST: found.fast,
        Sign.OUTLYING: found.outlying,
        Sign.DUPLICATE: duplicate,
        Sign.TRAPPED: how.trapped,
        Sign.OPEN_LINK: how.open_link,
    }


def _shown(form: Questionnaire, asked: Ratings, tokens: NDArray[np.bytes_]) -> Ratings:
    """Return the ratings in the order each person saw them, where a long run is possible at all."""
    least = quality.run_that_counts(asked.shape[1])
    most_alike = np.max([(asked == rating).sum(axis=1) for rating in range(1, 6)], axis=0)
    position = {question: at for at, question in enumerate(form.asked)}
    shown = asked.copy()
    for row in np.flatnonzero(most_alike >= least):
        items = form.order(tokens[row].decode())
        order = [position[str(question.pk)] for item in items for question in item.questions]
        shown[row] = asked[row, order]
    return shown


def with_sign(flags: Ratings, sign: Sign) -> Rows:
    rows: Rows = (flags & np.uint8(sign)) > 0
    return rows


def flagged(flags: Ratings) -> Rows:
    """Return where at least two signs agree; a straight line is a long string, so one sign."""
    count = np.sum([with_sign(flags, sign) for sign in (UNIFORM, *ALONE)], axis=0)
    rows: Rows = count >= 2
    return rows
