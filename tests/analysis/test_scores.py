"""The weighted score and its interval at the edges that small surveys reach."""

import numpy as np
import pytest

from materiality.analysis import (
    effective_size,
    group_means,
    weighted_mean,
    weighted_scores,
)
from tests.reference import (
    combine_experts,
)


def counts_of(*units):
    """Return counts [units, 1 topic, 6] from lists of ratings."""
    return np.array([[np.bincount(unit, minlength=7)[1:].tolist()] for unit in units])


def test_a_silent_group_does_not_pull_the_score_down():
    scores = weighted_scores(group_means(counts_of([5, 5, 4, 5, 5], [])), [0.5, 0.5])

    assert scores.score[0] == pytest.approx(4.8)  # by hand: only the first group spoke
    assert scores.covered_weight[0] == 0.5
    assert scores.is_sufficient().tolist() == [True]
    assert scores.is_sufficient(0.6).tolist() == [False]


def test_nobody_answered_is_undefined_not_zero():
    scores = weighted_scores(group_means(counts_of([], [])), [1, 1])

    assert np.isnan([scores.score[0], scores.se[0], scores.low[0], scores.high[0]]).all()
    assert (scores.n[0], scores.covered_weight[0]) == (0, 0.0)
    assert not scores.is_sufficient()[0]


def test_all_weights_zero_is_undefined():
    scores = weighted_scores(group_means(counts_of([4, 5], [1, 2])), [0, 0])

    assert np.isnan([scores.score[0], scores.covered_weight[0], scores.se[0]]).all()


def test_the_interval_is_welchs_when_groups_are_large_enough():
    first, second = [1, 2, 3, 4, 5, 5, 3], [2, 2, 3, 3, 4, 5]

    scores = weighted_scores(group_means(counts_of(first, second)), [1, 1])

    parts = [np.var(x, ddof=1) / len(x) / 4 for x in (first, second)]
    df = sum(parts) ** 2 / sum(v**2 / (n - 1) for v, n in zip(parts, (7, 6), strict=True))
    assert scores.se[0] == pytest.approx(np.sqrt(sum(parts)))
    assert scores.df[0] == pytest.approx(df)
    assert scores.high[0] - scores.score[0] == pytest.approx(2.2009 * scores.se[0], rel=1e-3)


def test_a_small_group_takes_the_pooled_variance_if_its_own_is_smaller():
    large, small = [1, 2, 3, 4, 5, 3], [4, 4, 5]

    scores = weighted_scores(group_means(counts_of(large, small)), [1, 1])

    own = np.var(large, ddof=1), np.var(small, ddof=1)
    pooled = (5 * own[0] + 2 * own[1]) / 7  # sum (n - 1) s2 / sum (n - 1)
    assert own[1] < pooled
    assert scores.se[0] == pytest.approx(np.sqrt(own[0] / 6 + pooled / 3) / 2)


def test_a_small_group_keeps_its_own_variance_if_that_is_larger():
    scores = weighted_scores(group_means(counts_of([3, 3, 3, 3, 3, 4], [1, 5, 1])), [1, 1])

    expected = np.sqrt(np.var([3, 3, 3, 3, 3, 4], ddof=1) / 6 + np.var([1, 5, 1], ddof=1) / 3) / 2
    assert scores.se[0] == pytest.approx(expected)


def test_five_answers_speak_for_themselves():
    large, five = [1, 2, 3, 4, 5, 3], [4, 4, 5, 4, 4]

    scores = weighted_scores(group_means(counts_of(large, five)), [0, 1])

    assert scores.se[0] == pytest.approx(np.std(five, ddof=1) / np.sqrt(5))


def test_one_person_counts_with_one_degree_of_freedom():
    large = [1, 2, 3, 4, 5, 3]

    scores = weighted_scores(group_means(counts_of(large, [5])), [0.0, 1.0])

    assert scores.score[0] == 5.0
    assert scores.df[0] == pytest.approx(1.0)
    assert scores.se[0] == pytest.approx(np.std(large, ddof=1))
    assert (scores.low[0], scores.high[0]) == (1.0, 5.0)  # clipped: one person says little


def test_a_constant_group_has_no_zero_width_interval():
    scores = weighted_scores(group_means(counts_of([5] * 9, [3, 4, 5, 4, 4])), [1, 0])

    assert scores.se[0] > 0
    assert scores.low[0] < 5.0 == scores.high[0]


def test_no_spread_anywhere_means_no_interval():
    scores = weighted_scores(group_means(counts_of([5] * 9, [5] * 4)), [1, 1])

    assert scores.score[0] == 5.0
    assert np.isnan([scores.se[0], scores.low[0], scores.high[0]]).all()


def test_a_fully_surveyed_board_has_no_sampling_error():
    means = group_means(counts_of([4, 4, 5, 3, 4, 4, 5, 4, 4]))

    scores = weighted_scores(means, [1], population=[9])

    assert scores.se[0] == 0
    assert scores.low[0] == scores.score[0] == scores.high[0]


def test_a_head_count_below_the_answers_is_not_believed():
    means = group_means(counts_of([4, 4, 5, 3, 4, 4, 5, 4, 4]))

    believed = weighted_scores(means, [1], population=[5]).se[0]

    assert believed == weighted_scores(means, [1]).se[0]


def test_half_a_population_halves_the_variance():
    means = group_means(counts_of([1, 2, 3, 4, 5, 3]))

    ratio = weighted_scores(means, [1], population=[12]).se / weighted_scores(means, [1]).se

    assert ratio[0] == pytest.approx(np.sqrt(0.5))


def test_weights_may_differ_by_topic():
    means = np.array([[4.0, 4.0], [2.0, 2.0]])

    result = weighted_mean(means, [[1, 0], [1, 1]]).mean

    assert result.tolist() == [3.0, 2.0]


@pytest.mark.parametrize("weights", [[-1, 2], [np.nan, 1], [np.inf, 1], [1], 1.0])
def test_weights_that_are_no_weights_are_refused(weights):
    with pytest.raises(ValueError, match="weights must"):
        weighted_mean([[4.0], [2.0]], weights)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match="confidence"):
        weighted_scores(group_means(counts_of([4, 5])), [1], confidence=confidence)


def test_effective_size_of_equal_groups_is_all_of_them():
    assert effective_size([1, 1], [50, 50]) == pytest.approx(100)


def test_effective_size_falls_when_a_tiny_group_weighs_half():
    assert effective_size([0.5, 0.5], [1000, 4]) == pytest.approx(1 / (0.25 / 1000 + 0.25 / 4))


def test_without_experts_the_stakeholders_speak_alone():
    assert combine_experts([3.8, None], [None, 4.0], share=0.3).tolist()[0] == 3.8
    assert np.isnan(combine_experts([3.8, None], [None, 4.0], share=0.3)[1])


def test_the_experts_share_is_a_share():
    with pytest.raises(ValueError, match="share"):
        combine_experts(3, 4, share=1.5)
