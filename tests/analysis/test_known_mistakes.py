"""Mistakes seen in other tools of this kind, each with the test that keeps it out."""

from functools import partial

import numpy as np
import pytest

from materiality.analysis import (
    count_ratings,
    double_materiality,
    financial_scores,
    group_means,
    impact_significance,
    response_rate,
    tiers,
    weighted_scores,
)
from tests.reference import (
    deciding_units,
    topic_impacts,
)

RATINGS = np.array([[5, 2]] * 6 + [[2, 5]] * 6, dtype=np.uint8)
UNITS = np.repeat([0, 1], 6)


def decided(weights, ratings=RATINGS, units=UNITS):
    scores = weighted_scores(group_means(count_ratings(ratings, units, 2)), weights)
    return tiers(scores.score, cuts=[4.0]).tolist()


def test_a_change_of_weights_changes_the_decision_not_only_the_display():
    assert decided([9, 1]) == [1, 2]
    assert decided([1, 9]) == [2, 1]
    means = group_means(count_ratings(RATINGS, UNITS, 2)).mean
    assert deciding_units(means, [9, 1], partial(tiers, cuts=[4.0]))[0].tolist() == [True, True]


def test_a_group_weighs_what_its_weight_says_however_many_answer():
    crowd = np.vstack([RATINGS, np.repeat(RATINGS[:1], 300, axis=0)])

    assert decided([1, 9], crowd, np.append(UNITS, np.zeros(300, dtype=int))) == decided([1, 9])


def test_cannot_judge_changes_the_number_of_answers_but_never_the_mean():
    unsure = np.vstack([RATINGS, np.full((5, 2), 255, dtype=np.uint8)])
    units = np.append(UNITS, [0] * 5)

    means = group_means(count_ratings(unsure, units, 2))

    assert means.mean.tolist() == group_means(count_ratings(RATINGS, UNITS, 2)).mean.tolist()
    assert means.dont_know[0].tolist() == [5, 5]
    assert means.n[0].tolist() == [6, 6]


def test_an_unknown_likelihood_or_magnitude_is_left_out_and_not_averaged_as_zero():
    impacts = impact_significance([4, 4], [5, None])

    assert topic_impacts(impacts, [0, 0], 1).significance[0] == 4
    assert financial_scores([[4, None]], [[5, 5]]).score[0] == 4
    assert np.isnan(financial_scores([[None]], [[5]]).score[0])


def test_a_response_rate_cannot_exceed_one():
    with pytest.raises(ValueError, match="open-link"):
        response_rate(120, 100)
    assert np.isnan(response_rate(20, 0))  # an open link has no rate


def test_each_axis_has_its_own_threshold_and_one_rule_decides_all():
    given = {"impact": [3.2, 2.9, 4.0], "financial": [2.0, 3.4, 4.5]}

    for rule in ("either", "both"):
        result = double_materiality(**given, cut_impact=3.0, cut_financial=3.5, rule=rule)
        reached = np.array([[True, False, True], [False, False, True]])
        combine = np.any if rule == "either" else np.all
        assert result.material.tolist() == combine(reached, axis=0).tolist()
