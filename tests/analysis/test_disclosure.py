"""Small groups cannot be read out: by pooling, and by a proof."""

import numpy as np
import pytest

from materiality.analysis import derivable, pool_small_groups
from tests.reference import (
    unanimous,
)


@pytest.mark.parametrize(
    ("sizes", "units"),
    [
        ([120, 40, 8], ((0,), (1,), (2,))),
        ([120, 3, 40, 8], ((0,), (1, 3), (2,))),
        ([2, 2, 2, 9], ((0, 1, 2), (3,))),  # two smalls are not enough: a third joins
        ([4, 4, 30], ((0, 1), (2,))),
        ([1, 0, 100], ((0, 2), (1,))),  # a silent group has nothing to protect
        ([4], ((0,),)),
    ],
)
def test_a_small_group_joins_the_smallest_other(sizes, units):
    assert pool_small_groups(sizes).units == units


def test_too_few_answers_altogether_are_not_shown():
    assert not pool_small_groups([2, 2]).safe
    assert not pool_small_groups([4]).safe
    assert not pool_small_groups([0, 0]).safe
    assert pool_small_groups([2, 3]).safe


def test_a_group_small_on_one_topic_can_count_as_small():
    assert pool_small_groups([[30, 2], [30, 30], [40, 40]]).units == ((0, 1), (2,))
    assert pool_small_groups([[30, 0], [30, 30]]).units == ((0,), (1,))


def test_k_is_at_least_three():
    with pytest.raises(ValueError, match="at least 3"):
        pool_small_groups([10], k=2)


def test_a_hidden_group_follows_from_the_total():
    sizes, hidden = [120, 3, 40, 8], [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 1]]

    assert derivable(hidden, sizes) == [(1,)]


def test_two_hidden_groups_follow_from_two_sets_of_weights():
    sizes, sums = [120, 3, 9], [[1, 0, 0], [0.2 / 120, 0.5 / 3, 0.3 / 9], [1, 1, 1]]

    assert derivable(sums, sizes) == [(1,)]
    assert derivable(sums[:2], sizes) == []


def test_a_combination_of_two_tiny_groups_is_found_too():
    assert derivable([[1, 2, 0], [0, 0, 1]], [2, 2, 50]) == [(0, 1)]


def test_pooled_units_with_their_total_and_any_weights_are_safe():
    sizes = [120, 3, 40, 8]
    pooling = pool_small_groups(sizes)
    units = [[float(group in unit) for group in range(4)] for unit in pooling.units]
    rng = np.random.default_rng(1)
    weighted = [
        sum(
            w * np.array(unit) / (np.array(unit) @ sizes) for w, unit in zip(ws, units, strict=True)
        )
        for ws in rng.random((5, len(units)))
    ]

    assert derivable([*units, [1, 1, 1, 1], *weighted], sizes) == []


def test_no_group_under_k_follows_from_pooled_results_of_random_surveys():
    rng = np.random.default_rng(2)
    leaks_without_pooling = 0

    for sizes in rng.integers(0, 14, (200, 6)):
        pooling = pool_small_groups(sizes)
        if not pooling.safe:
            continue
        units = np.array([[group in unit for group in range(6)] for unit in pooling.units], float)
        assert derivable(np.vstack([units, np.ones(6)]), sizes) == []
        leaks_without_pooling += bool(derivable(np.vstack([np.eye(6), np.ones(6)]), sizes))

    assert leaks_without_pooling > 150  # the audit does notice what pooling prevents


def test_a_unanimous_unit_is_noticed():
    counts = [[[0, 0, 0, 0, 7, 1], [0, 0, 0, 1, 7, 0], [0, 0, 0, 0, 0, 3]]]

    assert unanimous(counts).tolist() == [[True, False, False]]
