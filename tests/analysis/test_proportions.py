"""Shares and sample sizes."""

import numpy as np
import pytest

from materiality.analysis import (
    answers_to_separate,
    best_allocation,
    dont_know_bounds,
    dont_know_share,
    mover_interval,
    response_rate,
    score_distribution,
    summarise,
    top_box,
    wilson_interval,
)
from tests.reference import (
    answers_to_halve,
    jeffreys_interval,
    margin_of_error,
    sample_size,
)


@pytest.mark.parametrize("interval", [wilson_interval, jeffreys_interval])
def test_an_empty_base_has_no_share(interval):
    result = interval([0, 5], [0, 5])

    assert np.isnan([result.estimate[0], result.low[0], result.high[0]]).all()
    assert result.high[1] == 1.0


@pytest.mark.parametrize("interval", [wilson_interval, jeffreys_interval])
@pytest.mark.parametrize("x", [-1, 6])
def test_a_part_cannot_exceed_its_whole(interval, x):
    with pytest.raises(ValueError, match="0 <= x <= n"):
        interval(x, 5)


def test_a_silent_group_is_left_out_of_a_weighted_share():
    with_silent = mover_interval([0.5, 0.5], [3, 0], [6, 0])

    assert with_silent.estimate == 0.5
    assert with_silent.low == pytest.approx(wilson_interval(3, 6).low)


def test_weighted_shares_by_topic():
    result = mover_interval([1, 1], [[3, 0], [5, 0]], [[6, 0], [10, 0]])

    assert result.estimate[0] == 0.5
    assert np.isnan(result.estimate[1])


def test_top_boxes_can_be_one_or_two():
    counts = [1, 1, 1, 3, 4, 10]

    assert top_box(counts).valid_base == 0.7
    assert top_box(counts).total_base == 0.35
    assert top_box(counts, boxes=1).valid_base == 0.4


def test_nobody_answered_is_no_share():
    assert np.isnan(dont_know_share([0] * 6))
    assert np.isnan(dont_know_bounds([0] * 6).low)
    assert dont_know_bounds([0, 0, 0, 0, 0, 4]).high == 5.0


def test_a_sample_size_shrinks_with_the_population_and_grows_with_silence():
    assert sample_size(0.05, sd=0.5) == 385  # Cochran 1977
    assert sample_size(0.05, sd=0.5, population=1000) == 278
    assert sample_size(0.05, sd=0.5, population=1000, response_rate=0.5) == 556
    assert sample_size(0.05, sd=0.5, population=100, response_rate=0.1) == 100


@pytest.mark.parametrize(("margin", "rate"), [(0, 1), (0.1, 0), (0.1, 1.5)])
def test_impossible_plans_are_refused(margin, rate):
    with pytest.raises(ValueError, match="margin"):
        sample_size(margin, response_rate=rate)


def test_asking_everyone_leaves_no_margin():
    assert margin_of_error(1.0, [25, 100], population=100).tolist()[1] == 0
    assert margin_of_error(1.0, 25) == pytest.approx(1.96 / 5, abs=1e-4)


def test_twice_as_far_apart_needs_a_quarter_of_the_answers():
    ratings = np.array([[3, 4, 5], [4, 5, 5], [2, 3, 3], [3, 3, 5], [3, 5, 4]], dtype=np.uint8)
    joint = score_distribution(summarise(ratings, np.zeros(5, dtype=int), 1), [1])

    result = answers_to_separate(joint, 0, 1)

    assert result.gap == pytest.approx(1.0)
    assert result.se == pytest.approx(np.std(ratings[:, 0] - 1.0 * ratings[:, 1], ddof=1) / 5**0.5)
    assert result.factor == pytest.approx(((1.959964 + 0.841621) * result.se) ** 2, rel=1e-6)
    assert result.is_separated == (result.factor <= 1)
    assert answers_to_separate(joint, 0, 0).factor == float("inf")


def test_one_group_alone_can_halve_the_interval_only_if_it_carries_the_variance():
    result = answers_to_halve([1.0, 1.0], [0.5, 0.5], [4, 400])

    v = 0.25 / 4 + 0.25 / 400
    assert 0.25 / result[0] + 0.25 / 400 == pytest.approx(v / 4)
    assert np.isnan(result[1])


def test_the_best_allocation_follows_weight_and_spread():
    assert best_allocation(90, [1, 1], [1.0, 2.0]).tolist() == pytest.approx([30, 60])


def test_a_rate_is_a_share_of_the_invited():
    assert response_rate([40, 0], [50, 0]).tolist()[0] == 0.8
    assert np.isnan(response_rate([40, 0], [50, 0])[1])
