"""Signs of careless answers: each from its definition, and never one alone."""

import numpy as np
import pytest

from surveys.responses.quality import (
    duplicates,
    flags,
    longest_run,
    mahalanobis,
    midpoint_share,
    response_variability,
    speed,
    straight_lining,
)

VARIED = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]


def people(count, items=10, seed=1):
    return np.random.default_rng(seed).integers(1, 6, (count, items)).astype(np.uint8)


def test_a_blank_breaks_a_run_and_cannot_judge_does_so_by_choice():
    row = [[3, 3, 255, 3, 3, 0, 3]]

    assert longest_run(row).tolist() == [2]
    assert longest_run(row, cannot_judge_breaks=False).tolist() == [4]


def test_who_said_nothing_has_no_runs():
    assert longest_run([[0, 255]]).tolist() == [0]


def test_variability_needs_three_ratings():
    result = response_variability([[5, 3, 0], [5, 3, 1]])

    assert np.isnan(result[0])
    assert result[1] == 2.0


def test_a_straight_line_needs_eight_ratings():
    assert straight_lining([[5] * 8, [5] * 7 + [0], [5] * 7 + [4]]).tolist() == [True, False, False]


def test_the_midpoint_is_a_share_of_the_ratings_given():
    assert midpoint_share([[3, 3, 3, 255, 5]]).tolist() == [0.75]
    assert np.isnan(midpoint_share([[0, 255]])).all()
    assert np.isnan(midpoint_share([[5, 5]], scale=10)).all()  # an even scale has no middle


def test_speed_needs_a_spread_of_times():
    result = speed([100, 100, 100], items=10)

    assert np.isnan(result.robust_z).all()
    assert result.relative_speed.tolist() == [1, 1, 1]
    assert not result.is_fast.any()


def test_two_seconds_a_question_is_too_fast_whatever_the_others_do():
    assert speed([15, 15, 15, None], items=10).is_fast.tolist() == [True, True, True, False]


def test_unknown_times_are_no_sign():
    assert not speed([None, 0], items=10).is_fast.any()


def test_outliers_are_measured_against_complete_answers():
    ratings = people(80, 4)
    ratings[0] = [1, 5, 0, 255]

    result = mahalanobis(ratings)

    assert np.isnan(result.distance[0])
    assert result.df == 4
    assert np.nanmean(result.distance) == pytest.approx(4 * 78 / 79)  # trace: (n - 1) p / n


def test_a_question_everyone_answers_alike_costs_one_dimension():
    ratings = people(50, 4)
    ratings[:, 3] = 5

    assert mahalanobis(ratings).df == 3


def test_two_people_have_no_distance_from_the_rest():
    assert np.isnan(mahalanobis([[1, 2], [3, 4]]).distance).all()
    assert np.isnan(mahalanobis([[1, 2]] * 3).p).all()


def test_equal_answers_are_duplicates_only_if_they_could_differ():
    rows = [VARIED, VARIED, [5] * 10, [5] * 10, VARIED[::-1]]

    assert duplicates(rows).tolist() == [True, True, False, False, False]


def test_one_sign_alone_flags_nobody():
    ratings = people(20)
    ratings[0] = 5  # a straight line, which is also a long string: still one sign

    result = flags(ratings)

    assert result.straight_lining[0]
    assert result.long_string[0]
    assert result.signs[0] == 1
    assert not result.is_flagged.any()


def test_two_signs_flag():
    ratings = people(20)
    ratings[0] = 3

    result = flags(ratings, [12.0] + [200.0 + i for i in range(19)])

    assert result.signs[0] == 3  # one line, all in the middle, too fast
    assert np.flatnonzero(result.is_flagged).tolist() == [0]


def test_outliers_are_looked_for_only_in_large_surveys():
    few, many = people(40), people(400)
    many[0] = [1, 5] * 5

    assert not flags(few).outlying.any()
    assert flags(many).outlying.sum() < 10
