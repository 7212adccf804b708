"""Agreement and differences at their edges."""

import numpy as np
import pytest

from materiality.analysis import (
    cliffs_delta,
    consensus,
    contested,
    dissent,
    kendalls_w,
    krippendorff_alpha,
    kruskal_wallis,
    ranks,
    topic_differences,
)
from tests.reference import (
    brunner_munzel,
    dunn_test,
    mann_whitney,
    r_wg,
)

NA = float("nan")


def test_raters_are_rows_and_items_are_columns():
    result = kendalls_w([[1, 2, 3, 4], [2, 1, 3, 4]])  # 2 raters, 4 items: not square

    assert (result.raters, result.items, result.df) == (2, 4, 3)
    assert result.w == pytest.approx(0.9)  # S = 18, 12 * 18 / (4 * 60)
    assert result.mean_rho == pytest.approx(0.8)  # 1 - 6 * 2 / 60


def test_one_rater_agrees_with_himself_which_says_nothing():
    result = kendalls_w([[1, 2, 3]])

    assert result.w == 1.0
    assert not result.applicable
    assert kendalls_w([[1, 2, 3], [1, 2, 3]]).applicable


def test_incomplete_raters_do_not_count():
    assert kendalls_w([[1, 2, 3], [3, NA, 1], [1, 2, 3]]).raters == 2


@pytest.mark.parametrize("ratings", [[[NA, 1, 2]], [[2, 2], [3, 3]], [[1], [2]]])
def test_w_without_information_is_undefined(ratings):
    assert np.isnan(kendalls_w(ratings).w)
    assert not kendalls_w(ratings).applicable


@pytest.mark.parametrize("counts", [[[4, 0], [3, 0]], [[1, 0], [0, 1]], [[0, 0], [0, 0]]])
def test_alpha_without_pairs_or_with_one_value_is_undefined(counts):
    assert np.isnan(krippendorff_alpha(counts))


def test_alpha_knows_four_levels():
    with pytest.raises(ValueError, match="level"):
        krippendorff_alpha([[1, 1]], level="cardinal")


def test_one_rater_has_no_agreement_with_anyone():
    assert np.isnan(r_wg([NA])[0])
    assert r_wg(0.0, scale=10) == 1.0


def test_contested_topics_are_those_where_groups_are_far_apart():
    assert contested([[5, 3], [1, 3], [NA, NA]]).tolist() == [4, 0]


def test_dissent_finds_a_group_whose_favourite_the_others_rank_low():
    means = np.array([[5.0, 4, 3, 2], [5, 4, 3, 2], [2, 3, 4, 5]])

    result = dissent(means, ranks(means.mean(axis=0)), top=1)

    assert np.argwhere(result).tolist() == [[2, 3]]


def test_groups_without_answers_are_no_groups():
    alone, empty = [[1, 2, 3], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]

    assert np.isnan(kruskal_wallis(alone).p)
    assert np.isnan(kruskal_wallis(empty).h)
    assert kruskal_wallis([[1, 2, 3], [3, 2, 1], [0, 0, 0]]).df == 1


def test_identical_ratings_cannot_be_tested():
    assert np.isnan(kruskal_wallis([[0, 4], [0, 5]]).p)
    assert np.isnan(mann_whitney([0, 4], [0, 5]).p)
    assert np.isnan(dunn_test([[0, 4], [0, 5]]).p_holm).all()


def test_groups_that_do_not_overlap_have_a_probability_but_no_test():
    result = brunner_munzel([3, 0], [0, 4])

    assert result.probability == 1.0
    assert np.isnan([result.w, result.p, result.low]).all()


def test_one_answer_gives_no_brunner_munzel_test():
    assert np.isnan(brunner_munzel([1, 0, 0], [0, 2, 2]).p)


def test_delta_of_an_empty_group_is_undefined():
    assert np.isnan(cliffs_delta([0, 0], [1, 2]))
    assert cliffs_delta([0, 5], [5, 0]) == 1.0


def test_a_difference_is_shown_when_it_is_certain_and_not_small():
    apart = [[[40, 10, 0], [25, 25, 0]], [[10, 40, 0], [25, 25, 0]]]

    result = topic_differences(apart)

    assert result.is_shown.tolist() == [True, False]
    assert result.widest_delta.tolist() == pytest.approx([0.6, 0.0])


def test_with_many_answers_a_tiny_difference_is_certain_but_not_shown():
    result = topic_differences([[[50_000, 50_000, 0]], [[49_000, 51_000, 0]]])

    assert result.p_adjusted[0] < 0.001
    assert not result.is_shown[0]


def test_a_group_with_one_answer_takes_no_part_in_a_topic():
    result = topic_differences([[[5, 5, 0]], [[0, 1, 0]]])

    assert np.isnan([result.p[0], result.widest_delta[0]]).all()
    assert not result.is_shown[0]


def test_consensus_of_two_neighbours_by_hand():
    # Half rate 4, half 5: the mean is 4.5, an eighth of the scale from each: 1 + log2(7/8).
    assert consensus([0, 0, 0, 7, 7]) == pytest.approx(1 + np.log2(7 / 8))


def test_consensus_falls_as_ratings_move_to_the_ends():
    result = consensus([[0, 2, 6, 2, 0], [2, 2, 2, 2, 2], [4, 1, 0, 1, 4], [5, 0, 0, 0, 5]])

    assert sorted(result, reverse=True) == result.tolist()
    assert result[-1] == 0


def test_nobody_has_no_consensus():
    assert np.isnan(consensus([0, 0, 0, 0, 0]))
