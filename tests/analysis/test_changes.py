"""Year on year: a change is reported when it is more than noise, and comparable."""

import numpy as np
import pytest

from materiality.analysis import (
    MOVED,
    NOT_COMPARABLE,
    WITHIN_NOISE,
    GroupMeans,
    group_means,
    rank_agreement,
    rank_shifts,
    year_on_year,
)
from tests.reference import (
    carried_scores,
    effect_of_new_weights,
)


def means_of(*units, scale=5):
    counts = [[np.bincount(x, minlength=scale + 2)[1:] for x in unit] for unit in units]
    return group_means(counts)


def summary(mean, variance, n):
    """Return the means of units of one topic from printed moments."""
    column = [np.array(values)[:, None] for values in (mean, n, variance)]
    return GroupMeans(column[0] * 1.0, column[1], column[2] * 1.0, 0 * column[1])


def test_the_change_has_welchs_interval():
    before, after = (
        summary([3.6, 3.0], [1.0, 0.5], [50, 20]),
        summary([3.9, 3.4], [0.8, 0.9], [40, 25]),
    )

    result = year_on_year(before, after, [0.6, 0.4])

    parts = np.array([0.36 / 50, 0.16 * 0.5 / 20, 0.36 * 0.8 / 40, 0.16 * 0.9 / 25])
    df = parts.sum() ** 2 / (parts**2 / [49, 19, 39, 24]).sum()
    assert result.change[0] == pytest.approx(0.6 * 0.3 + 0.4 * 0.4)
    assert result.se[0] == pytest.approx(np.sqrt(parts.sum()))
    assert result.df[0] == pytest.approx(df)


def test_a_clear_change_moved_and_a_small_one_is_noise():
    low, high = [2, 3, 3, 2, 3] * 8, [4, 5, 5, 4, 4] * 8
    same, nudged = [3, 4, 3, 4, 2] * 8, [3, 4, 3, 4, 3] * 8

    result = year_on_year(means_of([low, same]), means_of([high, nudged]), [1])

    assert result.verdict.tolist() == [MOVED, WITHIN_NOISE]
    assert result.low[0] > 0 > result.low[1]


def test_a_changed_definition_is_not_comparable_and_does_not_burden_the_others():
    before, after = means_of([[2, 3] * 9] * 3), means_of([[3, 3, 4] * 6] * 3)

    result = year_on_year(before, after, [1], comparable=[True, False, False])

    assert result.verdict.tolist() == [MOVED, NOT_COMPARABLE, NOT_COMPARABLE]
    assert result.p_adjusted[0] == result.p[0]
    assert np.isnan(result.p[1])


def test_a_group_missing_in_one_year_counts_in_neither():
    result = year_on_year(means_of([[2, 3, 4]], [[5, 5, 5]]), means_of([[3, 4, 5]], [[]]), [1, 9])

    assert result.change[0] == pytest.approx(1.0)


def test_a_topic_nobody_rated_has_no_change():
    result = year_on_year(means_of([[]]), means_of([[3, 4]]), [1])

    assert result.verdict[0] == NOT_COMPARABLE
    assert np.isnan(result.change[0])


def test_a_change_between_two_censuses_is_certain():
    before, after = means_of([[4, 4, 3, 4, 4, 4]]), means_of([[4, 4, 4, 4, 4, 4]])

    result = year_on_year(before, after, [1], population=[6], population_before=[6])

    assert (result.p[0], result.verdict[0]) == (0, MOVED)
    assert year_on_year(after, after, [1], population=[6], population_before=[6]).p[0] == 1


def test_rounds_of_another_scale_are_refused():
    with pytest.raises(ValueError, match="scale"):
        year_on_year(means_of([[3]]), means_of([[3]], scale=10), [1])


def test_a_rename_is_comparable_and_a_split_is_not():
    result = carried_scores([3.8, 4.2], [[1], [0], [0], []])

    assert result.comparable.tolist() == [True, False, False, False]
    assert result.mean.tolist()[:3] == [4.2, 3.8, 3.8]
    assert np.isnan(result.mean[3])


def test_new_weights_are_kept_apart_from_new_answers():
    result = effect_of_new_weights([[4.0], [2.0]], [[5.0], [2.0]], [1, 1], [3, 1])

    three = (result.old_weights[0], result.new_weights[0], result.new_answers[0])
    assert three == (3.0, 3.5, 4.25)


def test_a_rank_moved_only_if_its_interval_excludes_zero():
    rng = np.random.default_rng(1)
    before = np.array([5.0, 4.0, 3.95, 3.0])
    after = np.array([2.0, 3.95, 4.0, 5.0])
    noise = rng.normal(0, 0.1, (2, 1000, 4))

    result = rank_shifts(before, after, before + noise[0], after + noise[1])

    assert result.shift.tolist() == [3, 1, -1, -3]
    assert result.moved.tolist() == [True, False, False, True]


def test_agreement_of_orders_leaves_undefined_topics_out():
    result = rank_agreement([1, 2, 3, None], [1, 2, 3, 4])

    assert (result.tau_b, result.rho) == (1.0, pytest.approx(1.0))


def test_a_constant_order_agrees_with_nothing():
    assert np.isnan(rank_agreement([1, 1], [1, 2]).tau_b)
    assert np.isnan(rank_agreement([None], [1]).rho)
