"""One look at every answer: who was flagged, and ratings relative to each person's own scale.

What leaves are sums over units, and only where neither those who were removed nor those who stay
are fewer than the minimum group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from materiality import analysis
from materiality.analysis.arrays import Floats, Ints
from surveys import quality as signs

MOST_RESPONDENTS = 50_000
"""Above this answers are not searched for signs: results must not wait for it."""

GRAIN = 2.0**32
"""Corrected ratings are summed in whole grains, so that no order of people changes the last bit."""


@dataclass(frozen=True, eq=False)
class Quality:
    """Per group: its people, the flagged ones, counts of the others, sums of corrected ratings."""

    people: Ints
    flagged: Ints
    unflagged: Ints
    corrected: Floats


def look_at(ratings: NDArray[np.uint8], group: Ints, groups: int) -> Quality | None:
    """Look at the answers of one dimension, or return None where they are too many.

    :param ratings: [respondents, topics]; 0 blank, 255 "cannot judge". ``group`` [respondents].
    """
    if len(ratings) > MOST_RESPONDENTS:
        return None
    flagged = signs.flags(ratings).is_flagged
    rated = (ratings > 0) & (ratings < analysis.CANNOT_JUDGE)
    z = np.nan_to_num(analysis.scale_use(np.where(rated, ratings, np.nan)).z)
    corrected = np.zeros((groups, ratings.shape[1]), dtype=np.int64)
    np.add.at(corrected, group, np.rint(z * GRAIN).astype(np.int64))
    return Quality(
        people=np.bincount(group, minlength=groups),
        flagged=np.bincount(group[flagged], minlength=groups),
        unflagged=analysis.count_ratings(ratings[~flagged], group[~flagged], groups),
        corrected=corrected / GRAIN,
    )


def without_flagged(
    counts: Ints, found: Quality, members: Sequence[int], least: int
) -> list[Any] | None:
    """Return a unit's counts without its flagged people; None if that would tell on a few.

    On topics where fewer than `least` ratings would go, or stay, all of them stay.

    :param counts: [groups, topics, points + 1] of everybody. ``members``: the unit's groups.
    """
    groups = list(members)
    gone = int(found.flagged[groups].sum())
    if gone < least or int(found.people[groups].sum()) - gone < least:
        return None
    total, stays = counts[groups].sum(axis=0), found.unflagged[groups].sum(axis=0)
    few = np.zeros(len(total), dtype=bool)
    for part in (stays, total - stays):
        answers = part.sum(axis=-1)
        few |= (answers > 0) & (answers < least)
    safe: Ints = np.where(few[:, None], total, stays)
    return safe.tolist()  # type: ignore[no-any-return]


def corrected_means(
    counts: Ints, found: Quality, members: Sequence[int], least: int
) -> list[float | None]:
    """Return a unit's mean corrected ratings; None on topics with fewer than `least` ratings."""
    groups = list(members)
    n = counts[groups, :, :-1].sum(axis=(0, 2))
    sums = found.corrected[groups].sum(axis=0)
    return [
        float(total / count) if count >= least else None
        for total, count in zip(sums, n, strict=True)
    ]


def inputs_from(
    found: Quality | None,
    counts: Ints,
    members: Sequence[Sequence[int]],
    codes: Sequence[str],
    least: int,
) -> dict[str, Any]:
    """Return what a bundle's inputs say of one dimension's answers: flagged, without, corrected.

    :param members: the groups of each unit; ``codes`` their codes.
    """
    if found is None:
        return {"flagged": None, "without": {}, "corrected": None}
    units = list(zip(codes, members, strict=True))
    without = {code: without_flagged(counts, found, groups, least) for code, groups in units}
    return {
        "flagged": int(found.flagged.sum()),
        "without": {code: rows for code, rows in without.items() if rows is not None},
        "corrected": {
            code: corrected_means(counts, found, groups, least) for code, groups in units
        },
    }
