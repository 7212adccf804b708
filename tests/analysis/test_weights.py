"""Eliciting weights: what is refused, and what the warnings promise."""

import numpy as np
import pytest

from materiality.analysis import ahp_weights, best_worst_weights, direct_weights, reciprocal_matrix
from tests.reference import combined_weights, critic_weights, entropy_weights, equal_weights


def test_equal_weights_sum_to_one():
    assert equal_weights(6).sum() == pytest.approx(1)


@pytest.mark.parametrize(("points", "message"), [([0, 0], "above 0"), ([-1, 2], "at least 0")])
def test_points_that_are_no_weights_are_refused(points, message):
    with pytest.raises(ValueError, match=message):
        direct_weights(points)


def test_three_items_have_the_same_weights_by_both_methods():
    result = ahp_weights(reciprocal_matrix([3, 5, 2], items=3))

    assert result.weights == pytest.approx(result.geometric)
    assert result.consistency_ratio == pytest.approx(result.consistency_index / 0.5247)


def test_the_random_index_table_changes_the_ratio():
    matrix = reciprocal_matrix([2, 7, 4], items=3)
    indices = {"alonso_lamata_2006": 0.5247, "saaty_1980": 0.58, "saaty_later": 0.52}

    for name, index in indices.items():
        result = ahp_weights(matrix, random_index=name)
        assert result.consistency_ratio == pytest.approx(result.consistency_index / index)


def test_contradicting_comparisons_are_called_inconsistent():
    assert not ahp_weights(reciprocal_matrix([9, 1 / 9, 9], items=3)).is_consistent


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1, 2, 3], [1, 1, 1]], "square"),
        ([[1, None], [1, 1]], "above 0"),
        ([[1, -2], [-0.5, 1]], "above 0"),
        ([[1, 2], [2, 1]], "reciprocal"),
        (np.ones((11, 11)), "no random index"),
    ],
)
def test_incomplete_comparisons_are_refused(matrix, message):
    with pytest.raises(ValueError, match=message):
        ahp_weights(matrix)


def test_too_few_comparisons_are_refused():
    with pytest.raises(ValueError, match="need 3 comparisons"):
        reciprocal_matrix([1, 2], items=3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"best_to_others": [8, 2, 2]}, "must be 1"),
        ({"others_to_worst": [1, 5, 7]}, "same number"),
        ({"best_to_others": [10, 2, 1]}, "between 1 and 9"),
        ({"others_to_worst": [1, 5]}, "one number per item"),
    ],
)
def test_contradictions_about_best_and_worst_are_refused(change, message):
    given = {"best_to_others": [8, 2, 1], "others_to_worst": [1, 5, 8], "best": 2, "worst": 0}

    with pytest.raises(ValueError, match=message):
        best_worst_weights(**{**given, **change})


def test_two_items_need_one_comparison():
    given = {"best_to_others": [1, 4], "others_to_worst": [4, 1], "best": 0, "worst": 1}

    assert best_worst_weights(**given).weights == pytest.approx([0.8, 0.2])
    assert best_worst_weights(**given, linear=False).weights == pytest.approx([0.8, 0.2])


@pytest.mark.parametrize("weigh", [entropy_weights, critic_weights])
def test_dispersion_weights_are_refused_for_small_groups(weigh):
    matrix = [[4, 3], [3, 4], [2, 2]]

    assert weigh(matrix, answers=[30, 500]).sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="at least 30"):
        weigh(matrix, answers=[29, 500])


def test_dispersion_weights_reward_noise_which_is_why_they_are_not_the_default():
    rng = np.random.default_rng(1)
    sizes = (500, 300, 100, 30, 10, 3)  # six groups with identical true opinions

    weights = [
        entropy_weights(np.stack([rng.integers(2, 6, (20, n)).mean(axis=1) for n in sizes], axis=1))
        for _ in range(100)
    ]

    assert np.mean(weights, axis=0)[-1] > 0.5 > 3 * np.mean(weights, axis=0)[0]


def test_entropy_refuses_what_has_no_shares():
    with pytest.raises(ValueError, match="two topics"):
        entropy_weights([[1, 2]])


def test_constant_columns_carry_no_information():
    assert critic_weights([[3, 3], [3, 3]]).tolist() == [0.5, 0.5]


def test_combined_weights_are_the_geometric_middle():
    assert combined_weights([0.5, 0.5], [0.8, 0.2]).tolist() == pytest.approx([2 / 3, 1 / 3])
