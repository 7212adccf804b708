"""One look at every answer: who was flagged, and ratings relative to each person's own scale.

Who is flagged, and who is left out by a reviewer, the sealed answers tell. What leaves are sums
over units, and only where neither those who were removed nor those who stay are fewer than the
minimum group.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from materiality import analysis
from materiality.analysis.arrays import Floats, Ints

MOST_RESPONDENTS = 50_000
"""Above this ratings are not corrected for scale use: results must not wait for it."""

GRAIN = 2.0**32
"""Corrected ratings are summed in whole grains, so that no order of people changes the last bit."""


class QualityInputs(TypedDict):
    """What a bundle's inputs say of the quality of one question's answers."""

    flagged: int
    variants: dict[str, dict[str, list[list[int]]]]
    corrected: dict[str, list[float | None]] | None


@dataclass(frozen=True, eq=False)
class QualityCounts:
    """Per group: its people, the flagged ones, counts of the others, sums of corrected ratings.

    :param everybody: counts with those whom a reviewer leaves out; None if that is nobody.
    :param early: counts without those who answered after a reminder; None if that is nobody.
    """

    people: Ints
    flagged: Ints
    unflagged: Ints
    corrected: Floats | None
    everybody: Ints | None = None
    early: Ints | None = None


def look_at(
    ratings: NDArray[np.uint8],
    group: Ints,
    groups: int,
    flagged: NDArray[np.bool_],
    *,
    points: int,
) -> QualityCounts:
    """Look at the answers of one dimension that count.

    :param ratings: [respondents, topics]; 0 blank, 255 "cannot judge". ``group``, ``flagged``
        [respondents].
    """
    return QualityCounts(
        people=np.bincount(group, minlength=groups),
        flagged=np.bincount(group[flagged], minlength=groups),
        unflagged=analysis.count_ratings(ratings[~flagged], group[~flagged], groups, scale=points),
        corrected=_corrected(ratings, group, groups) if len(ratings) <= MOST_RESPONDENTS else None,
    )


def _corrected(ratings: NDArray[np.uint8], group: Ints, groups: int) -> Floats:
    rated = (ratings > 0) & (ratings < analysis.CANNOT_JUDGE)
    z = np.nan_to_num(analysis.scale_use(np.where(rated, ratings, np.nan)).z)
    corrected = np.zeros((groups, ratings.shape[1]), dtype=np.int64)
    np.add.at(corrected, group, np.rint(z * GRAIN).astype(np.int64))
    return corrected / GRAIN


def beside(
    quality: QualityCounts, ratings: NDArray[np.uint8], group: Ints, groups: int, *, points: int
) -> QualityCounts:
    """Add the counts of everybody, those left out among them."""
    counts = analysis.count_ratings(ratings, group, groups, scale=points)
    return replace(quality, everybody=counts)


def without_late(
    quality: QualityCounts, ratings: NDArray[np.uint8], group: Ints, groups: int, *, points: int
) -> QualityCounts:
    """Add the counts of those who answered before any reminder."""
    return replace(quality, early=analysis.count_ratings(ratings, group, groups, scale=points))


def without_flagged(
    counts: Ints, quality: QualityCounts, members: Sequence[int], least: int
) -> list[Any] | None:
    """Return a unit's counts without its flagged people; None if that would tell on a few.

    On topics where fewer than `least` ratings would go, or stay, all of them stay.

    :param counts: [groups, topics, points + 1] of everybody. ``members``: the unit's groups.
    """
    groups = list(members)
    number = int(quality.flagged[groups].sum())
    if number < least or int(quality.people[groups].sum()) - number < least:
        return None
    total, stays = counts[groups].sum(axis=0), quality.unflagged[groups].sum(axis=0)
    safe: Ints = np.where(_tells_on_few(total, stays, least), total, stays)
    return safe.tolist()  # type: ignore[no-any-return]


def with_everybody(
    counts: Ints, quality: QualityCounts, members: Sequence[int], least: int
) -> list[Any] | None:
    """Return a unit's counts with those whom a reviewer leaves out; None if that is nobody.

    On topics where fewer than `least` ratings would come, or were there, none comes.
    """
    if quality.everybody is None:
        return None
    groups = list(members)
    total, stays = quality.everybody[groups].sum(axis=0), counts[groups].sum(axis=0)
    safe: Ints = np.where(_tells_on_few(total, stays, least), stays, total)
    return None if np.array_equal(safe, stays) else safe.tolist()


def early_alone(
    counts: Ints, quality: QualityCounts, members: Sequence[int], least: int
) -> list[Any] | None:
    """Return a unit's counts without those who answered after a reminder; None if they are few.

    On topics where fewer than `least` ratings would go, or stay, all of them stay. A unit of which
    nobody would stay is not left out: its silence would be told as what the late ones changed.
    """
    if quality.early is None:
        return None
    groups = list(members)
    total, stays = counts[groups].sum(axis=0), quality.early[groups].sum(axis=0)
    if not stays.any():
        return None
    safe: Ints = np.where(_tells_on_few(total, stays, least), total, stays)
    return None if np.array_equal(safe, total) else safe.tolist()


def _tells_on_few(total: Ints, stays: Ints, least: int) -> NDArray[np.bool_]:
    """Return [topics, 1]: whether fewer than `least`, but some, ratings go or stay."""
    few = np.zeros(len(total), dtype=bool)
    for part in (stays, total - stays):
        answers = part.sum(axis=-1)
        few |= (answers > 0) & (answers < least)
    return few[:, None]


def corrected_means(
    counts: Ints, corrected: Floats, members: Sequence[int], least: int
) -> list[float | None]:
    """Return a unit's mean corrected ratings; None on topics with fewer than `least` ratings."""
    groups = list(members)
    n = counts[groups, :, :-1].sum(axis=(0, 2))
    sums = corrected[groups].sum(axis=0)
    return [
        float(total / count) if count >= least else None
        for total, count in zip(sums, n, strict=True)
    ]


def inputs_from(
    quality: QualityCounts,
    counts: Ints,
    members: Sequence[Sequence[int]],
    codes: Sequence[str],
    least: int,
    fewest: int = analysis.K,
) -> QualityInputs:
    """Return what a bundle's inputs say of one dimension's answers: flagged, variants, corrected.

    :param members: the groups of each unit; ``codes`` their codes.
    :param fewest: early and late answers are compared of no fewer, in a named survey too.
    """
    units = list(zip(codes, members, strict=True))
    ways = {
        "without_flagged": (without_flagged, least),
        "with_excluded": (with_everybody, least),
        "without_late": (early_alone, max(least, fewest)),
    }
    variants: dict[str, dict[str, list[Any]]] = {name: {} for name in ways}
    for code, groups in units:
        for name, (variant, few) in ways.items():
            rows = variant(counts, quality, groups, few)
            if rows is not None:  # None: too few would differ to be told apart from the results
                variants[name][code] = rows
    corrected = None
    if quality.corrected is not None:
        corrected = {}
        for code, groups in units:
            corrected[code] = corrected_means(counts, quality.corrected, groups, least)
    return {
        "flagged": int(quality.flagged.sum()),
        "variants": variants,
        "corrected": corrected,
    }
