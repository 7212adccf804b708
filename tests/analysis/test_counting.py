"""Counts and Gram matrices: one pass, exact, whatever the order and the number of people."""

import numpy as np
import pytest

from materiality.analysis import (
    BLANK,
    CANNOT_JUDGE,
    count_ratings,
    summarise,
)
from tests.reference import (
    gram_matrix,
)


def some_ratings(people, topics, *, seed=1, scale=5):
    rng = np.random.default_rng(seed)
    ratings = rng.integers(1, scale + 1, (people, topics)).astype(np.uint8)
    ratings[rng.random(ratings.shape) < 0.1] = CANNOT_JUDGE
    ratings[rng.random(ratings.shape) < 0.1] = BLANK
    return ratings, rng.integers(0, 3, people)


def counted_one_by_one(ratings, units, n_units, scale):
    counts = np.zeros((n_units, ratings.shape[1], scale + 1), dtype=int)
    for row, unit in zip(ratings, units, strict=True):
        for topic, rating in enumerate(row):
            if rating != BLANK:
                counts[unit, topic, scale if rating == CANNOT_JUDGE else rating - 1] += 1
    return counts


@pytest.mark.parametrize("people", [0, 1, 254, 255, 256, 700])
def test_counts_equal_counting_one_by_one(people):
    ratings, units = some_ratings(people, 3)

    counts = count_ratings(ratings, units, 4)

    assert counts.tolist() == counted_one_by_one(ratings, units, 4, 5).tolist()


def test_counts_hold_for_a_scale_of_ten():
    ratings, units = some_ratings(300, 2, scale=10)

    counts = count_ratings(ratings, units, 3, scale=10)

    assert counts.tolist() == counted_one_by_one(ratings, units, 3, 10).tolist()


def test_the_gram_matrix_holds_the_products_of_who_rated_and_what():
    ratings, units = some_ratings(400, 3)
    known = np.where(ratings == CANNOT_JUDGE, 0, ratings)

    statistics = summarise(ratings, units, 3)

    for unit in range(3):
        assert statistics.gram[unit].tolist() == gram_matrix(known[units == unit]).tolist()


def test_sums_stay_exact_over_many_blocks():
    ratings = np.full((100_000, 2), 5, dtype=np.uint8)

    statistics = summarise(ratings, np.zeros(100_000, dtype=int), 1)

    assert statistics.gram[0, 2, 3] == 2_500_000  # 100 000 people times 5 times 5
    assert statistics.counts[0, 0].tolist() == [0, 0, 0, 0, 100_000, 0]
    assert (statistics.scale, statistics.topics) == (5, 2)


def test_sums_stay_exact_on_a_wide_scale():
    ratings = np.full((30_001, 1), 99, dtype=np.uint8)

    statistics = summarise(ratings, np.zeros(30_001, dtype=int), 1, scale=100)

    assert statistics.gram[0, 1, 1] == 30_001 * 99 * 99  # more than a float32 can hold


@pytest.mark.parametrize(
    ("ratings", "units", "message"),
    [
        ([[6]], [0], "1 to 5"),
        ([[300]], [0], "between 0 and 255"),
        ([[3.5]], [0], "whole numbers"),
        ([[3]], [1], "unit codes"),
        ([[3]], [-1], "unit codes"),
        ([3], [0], "respondents, topics"),
        ([[3]], [0, 0], "respondents, topics"),
    ],
)
def test_what_cannot_be_a_rating_is_refused(ratings, units, message):
    with pytest.raises(ValueError, match=message):
        count_ratings(ratings, units, 1)


def test_a_scale_must_leave_room_for_cannot_judge():
    with pytest.raises(ValueError, match="scale"):
        count_ratings(np.ones((1, 1), dtype=np.uint8), [0], 1, scale=255)
