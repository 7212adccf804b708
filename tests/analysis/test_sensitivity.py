"""What depends on what."""

from functools import partial

import numpy as np
import pytest

from materiality.analysis import (
    outranking_matrix,
    outranking_share,
    scores_under,
    tiers,
    tiers_changed,
    weighted_mean,
    weights_around,
)
from tests.reference import (
    acceptability,
    cut_sweep,
    deciding_units,
    leave_one_out,
    switching_weights,
    tornado,
    weight_slopes,
    weights_anywhere,
)

MEANS = np.array([[5.0, 3.0, 2.0], [3.0, 3.0, 4.0], [2.0, 3.0, 4.5]])
WEIGHTS = [0.5, 0.3, 0.2]


def test_leaving_a_group_out_follows_the_closed_form():
    w, s = np.array(WEIGHTS), weighted_mean(MEANS, WEIGHTS).mean

    result = leave_one_out(MEANS, WEIGHTS)

    assert result == pytest.approx(s - w[:, None] * (MEANS - s) / (1 - w[:, None]))


def test_without_the_only_group_that_weighs_nothing_is_left():
    result = leave_one_out(MEANS, [1, 0, 0])

    assert np.isnan(result[0]).all()
    assert result[1].tolist() == MEANS[0].tolist()


def test_slopes_are_the_change_of_the_score_with_a_weight():
    step = 1e-6
    moved = np.array(WEIGHTS) * (1 - step / 0.5)
    moved[0] = 0.5 + step  # the others keep their proportions and the sum stays one

    slope = (weighted_mean(MEANS, moved).mean - weighted_mean(MEANS, WEIGHTS).mean) / step

    assert weight_slopes(MEANS, WEIGHTS)[0] == pytest.approx(slope, abs=1e-4)


def test_a_tornado_lowers_and_raises_each_weight_by_half():
    result = tornado(MEANS, WEIGHTS)

    assert result[0, 0] == pytest.approx(weighted_mean(MEANS, [0.25, 0.3, 0.2]).mean)
    assert result[0, 1] == pytest.approx(weighted_mean(MEANS, [0.75, 0.3, 0.2]).mean)


def test_the_switching_weight_puts_the_topic_on_the_cut():
    share = switching_weights(MEANS, WEIGHTS, 4.0)

    others = np.array([0.3, 0.2]) / 0.5 * (1 - share[0, 0])
    assert weighted_mean(MEANS, [share[0, 0], *others]).mean[0] == pytest.approx(4.0)
    assert np.isnan(share[0, 1])  # everyone says 3: no weight moves it


def test_the_deciding_groups_are_named():
    result = deciding_units(MEANS, WEIGHTS, partial(tiers, cuts=[3.5]))

    assert weighted_mean(MEANS, WEIGHTS).mean.round(2).tolist() == [3.8, 3.0, 3.1]
    assert result.tolist() == [[True, False, True], [False] * 3, [False] * 3]


def test_a_cut_sweep_counts_the_tiers_that_change():
    scores = [4.1, 3.9, 3.0]

    changed = tiers_changed(tiers(scores, [4.0]), cut_sweep(scores, [4.0]))

    assert changed.sum(axis=1).tolist() == [1, 1]


def test_the_exact_share_of_weights_agrees_with_draws():
    gaps = np.array([[0.2, 0.2, -0.3, -0.3, 0.2, 0.0], [1, 1, -1, 0, 0, 0], [-1, 0, 0, 0, 0, 2]])

    drawn = (weights_anywhere(6, draws=200_000, seed=1) @ gaps.T > 0).mean(axis=0)

    assert outranking_share(gaps) == pytest.approx(drawn, abs=0.004)


@pytest.mark.parametrize(
    ("gaps", "share"),
    [([0, 0, 0], 0.5), ([1, 0, 0], 1.0), ([-1, 0, 0], 0.0), ([-1, 1, 1], 0.75), ([2], 1.0)],
)
def test_the_share_of_weights_at_its_edges(gaps, share):
    assert outranking_share(gaps) == share  # [-1, 1, 1]: the first weight must be under one half


def test_a_silent_group_leaves_the_pair_undefined():
    result = outranking_matrix([[5, 3], [np.nan, 3]])

    assert np.isnan(result[0, 1])


def test_pairs_are_complementary():
    result = outranking_matrix(MEANS)

    assert result + result.T == pytest.approx(np.ones((3, 3)))


def test_acceptability_counts_ranks_and_wins():
    result = acceptability([[3, 2, 1], [3, 1, 2], [2, 2, 1], [1, 2, 3]])

    assert result.rank[0].tolist() == [0.75, 0, 0.25]
    assert result.rank.sum(axis=0).tolist() == [1, 1, 1]
    assert result.wins[0, 1] == 0.625  # two wins and one tie of four


def test_weights_around_the_chosen_ones_keep_their_mean_and_spread():
    drawn = weights_around([6, 3, 1, 0], draws=20_000, seed=1)

    assert drawn.mean(axis=0) == pytest.approx([0.6, 0.3, 0.1, 0], abs=0.003)
    assert drawn[:, 0].std() == pytest.approx(np.sqrt(0.6 * 0.4 / 51), rel=0.03)
    assert (drawn[:, 3] == 0).all()


def test_there_is_nothing_around_weights_of_zero():
    with pytest.raises(ValueError, match="above 0"):
        weights_around([0, 0], seed=1)


def test_scores_under_many_weights_leave_silent_groups_out():
    means = [[4.0, np.nan], [2.0, 3.0]]

    assert scores_under(means, [[1, 1], [1, 0]])[0].tolist() == [3.0, 3.0]
    assert np.isnan(scores_under(means, [[1, 0]])[0, 1])
