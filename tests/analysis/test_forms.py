"""Other question forms, and weighting inside a group."""

import numpy as np
import pytest

from materiality.analysis import best_worst_scores, design_effect, rake, scale_use
from tests.reference import (
    bradley_terry,
    budget_shares,
    mean_ranks,
    mean_standard_error,
    pair_wins,
    plackett_luce,
    post_stratify,
    top_n_shares,
)


def test_top_choices_are_shares_of_people():
    assert top_n_shares([[0, 1], [0, -1]], topics=3).tolist() == [1.0, 0.5, 0.0]
    assert top_n_shares([0, 0, 1], topics=2, respondents=4).tolist() == [0.5, 0.25]


def test_mean_ranks_leave_missing_places_out():
    assert mean_ranks([[1, 2], [3, None]]).tolist() == [2, 2]


def test_budgets_count_every_person_alike():
    result = budget_shares([[10, 30], [1, 1], [0, 0]])

    assert result.tolist() == [0.375, 0.625]


def test_best_worst_counting():
    result = best_worst_scores([3, 0, 0], [1, 4, 0], [8, 4, 0])

    assert result.score.tolist()[:2] == [0.25, -1.0]
    assert result.utility[0] == pytest.approx(np.log(1.25 / 0.75))
    assert result.utility[1] == pytest.approx(np.log(0.125 / 1.875))  # moved in by 1 / (2 * 4)
    assert np.isnan(result.score[2])
    with pytest.raises(ValueError, match="more often"):
        best_worst_scores([1], [1], [1])


def test_a_ranking_of_pairs_is_a_set_of_comparisons():
    pairs = [[0, 1], [0, 1], [1, 0], [1, 2], [2, 1], [2, 0]]

    by_ranks = plackett_luce(pairs, 3).log_worth

    assert by_ranks == pytest.approx(bradley_terry(pair_wins(pairs, 3)).log_worth)


def test_two_topics_have_the_log_odds_of_their_wins():
    result = bradley_terry([[0, 3], [1, 0]])

    assert result.log_worth[0] - result.log_worth[1] == pytest.approx(np.log(3))
    assert result.shares == pytest.approx([0.75, 0.25])
    assert result.converged


def test_plackett_luce_maximises_the_likelihood():
    rankings = [[0, 1, 2, 3], [1, 0, 2], [2, 0, 1, 3], [3, 0, 2, 1], [0, 2, 1, 3]]

    result = plackett_luce(rankings, 4).log_worth

    def likelihood(log_worth):
        return sum(
            log_worth[r[k]] - np.log(np.exp(log_worth[r[k:]]).sum())
            for r in map(np.array, rankings)
            for k in range(len(r) - 1)
        )

    best = likelihood(result)
    for topic in range(4):
        for step in (-0.01, 0.01):
            assert likelihood(result + step * np.eye(4)[topic]) < best


def test_a_topic_that_always_wins_has_no_finite_worth():
    assert np.isnan(bradley_terry([[0, 3], [0, 0]]).log_worth).all()
    assert not plackett_luce([[0, 1, 2]], 3).converged


def test_too_few_steps_are_reported():
    wins = [[0, 9, 1], [1, 0, 9], [5, 1, 0]]

    assert not bradley_terry(wins, steps=1).converged
    assert not plackett_luce([[0, 1, 2], [2, 1, 0], [1, 0, 2]], 3, steps=0).converged


def test_an_empty_cell_is_never_dropped_silently():
    with pytest.raises(ValueError, match="merge"):
        post_stratify([10, 0], [50, 50], [4, 3])
    with pytest.raises(ValueError, match="merge"):
        rake([1, 1], [([0, 0], [1, 1])])


def test_margins_with_other_totals_are_rescaled_and_reported():
    result = rake([1, 1, 1, 1], [([0, 0, 1, 1], [30, 70]), ([0, 1, 0, 1], [55, 55])])

    assert result.widest_total_gap == pytest.approx(0.1)
    assert result.weights.sum() == pytest.approx(100)
    assert result.converged


def test_margins_that_contradict_each_other_do_not_converge():
    result = rake([1, 1, 0], [([0, 1, 1], [10, 90]), ([0, 1, 0], [90, 10])], sweeps=50)

    assert not result.converged
    assert result.max_error > 0.1


def test_trimmed_weights_are_raked_again():
    rows = np.repeat([0, 1], [99, 1])

    result = rake(np.ones(100), [(rows, [50, 50])], trim=5.0)

    assert result.weights.sum() == pytest.approx(100)


def test_all_weights_zero_have_no_design_effect():
    assert np.isnan(design_effect([0, 0]).deff)


def test_a_census_has_no_standard_error():
    assert mean_standard_error(1.0, 9, 9) == 0


def test_scale_use_keeps_missing_ratings_missing():
    result = scale_use([[5, None, 3], [None, None, None]])

    assert result.centred[0].tolist()[0] == 1.0
    assert np.isnan(result.centred[0, 1])
    assert np.isnan(result.mean[1])
    assert result.is_flat.tolist() == [False, False]
