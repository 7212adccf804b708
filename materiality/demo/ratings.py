"""How simulated respondents rate a topic: a distribution over the ratings 1 to 5.

Nobody has the original answers of the case. These numbers are invented so that simulated answers
land near the printed figure; they say nothing about what the company's stakeholders think.
"""

import csv
from functools import cache
from random import Random
from statistics import NormalDist

from materiality.demo.case import FOLDER

RATINGS = (1, 2, 3, 4, 5)
MEAN_AT_ZERO = 2.6
MEAN_PER_UNIT = 2.2
SPREAD = 0.85
LOWEST_MEAN, HIGHEST_MEAN = 1.1, 4.9

Probabilities = tuple[float, float, float, float, float]


@cache
def rating_probabilities(coordinate: float, offset: float = 0.0) -> Probabilities:
    """Return the probabilities of the ratings 1, 2, 3, 4 and 5.

    Rule: ratings are a normal variable cut at 1.5, 2.5, 3.5 and 4.5. Its centre is chosen so that
    the mean rating is 2.6 + 2.2 * coordinate + offset, kept within 1.1 and 4.9; its standard
    deviation is 0.85 before cutting. The tails fall on 1 and 5, so near the ends of the scale the
    centre lies further out than the mean.

    Args:
        coordinate: place on an axis of the printed figure, 0 to 1.
        offset: how much a group rates above (+) or below (-) the others, in rating points.

    Raises:
        ValueError: the coordinate lies outside 0 to 1.

    >>> [round(p, 2) for p in rating_probabilities(0.5)]
    [0.0, 0.07, 0.32, 0.42, 0.18]
    """
    if not 0 <= coordinate <= 1:
        raise ValueError(f"coordinate must lie between 0 and 1, but got {coordinate!r}.")
    wanted = MEAN_AT_ZERO + MEAN_PER_UNIT * coordinate + offset
    return _cut_normal(_centre_with_mean(min(max(wanted, LOWEST_MEAN), HIGHEST_MEAN)))


def group_offset(group: str, subject: str) -> float:
    """Return how far a group rates topics of a subject above the mean of the six groups.

    In rating points; over the six groups the offsets of a subject add up to zero, so that groups
    disagree while their plain mean stays at the printed figure (within 0.06, which the upper
    bound of 4.9 costs the highest topics).

    Raises:
        LookupError: unknown group or subject.

    >>> group_offset("employees", "employees")
    0.6
    """
    offsets = _offsets()
    if subject not in offsets or group not in offsets[subject]:
        raise LookupError(
            f"There is no offset for group {group!r} and subject {subject!r}; "
            f"subjects are {', '.join(offsets)}. Use the codes of groups.csv and topics.csv."
        )
    return offsets[subject][group]


def criterion_offset(topic: str, criterion: str) -> float:
    """Return how far a topic is rated above its place by one criterion, -0.6 to 0.6.

    Invented, like all of this: one seed a topic and criterion, so that they differ and stay.
    """
    draw = Random(f"{topic}/{criterion}")  # noqa: S311 (a simulation, not a secret)
    return round(1.2 * draw.random() - 0.6, 2)


def mean_rating(probabilities: Probabilities) -> float:
    """Return the mean of a distribution over the ratings 1 to 5."""
    return sum(rating * p for rating, p in zip(RATINGS, probabilities, strict=True))


def _cut_normal(centre: float) -> Probabilities:
    usual = NormalDist(centre, SPREAD)
    below = [usual.cdf(rating + 0.5) for rating in RATINGS[:-1]]
    first, second, third, fourth = below
    return first, second - first, third - second, fourth - third, 1 - fourth


@cache
def _centre_with_mean(mean: float) -> float:
    low, high = -4.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        if mean_rating(_cut_normal(middle)) < mean:
            low = middle
        else:
            high = middle
    return middle


@cache
def _offsets() -> dict[str, dict[str, float]]:
    with (FOLDER / "offsets.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row.pop("subject"): row for row in csv.DictReader(lines)}
    shares = {}
    for s, row in rows.items():
        shares[s] = {group: float(cell) for group, cell in row.items()}
    return shares
