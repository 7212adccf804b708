"""Tiers and ranks: cuts, ties, empty cells."""

import numpy as np
import pytest

from materiality.analysis import (
    both_axes,
    distance,
    either_axis,
    midranks,
    natural_tiers,
    product,
    quadrants,
    quantile_tiers,
    ranks,
    shared_ranks,
    steady_tiers,
    tiers,
    weighted_sum,
)
from tests.reference import (
    AXIS_RULES,
    hysteresis,
    natural_breaks,
    rank_bands,
)


def test_floating_point_does_not_decide_a_tier():
    assert tiers([3.5 - 1e-12, 3.5, 3.5 - 1e-6], cuts=[3.5]).tolist() == [1, 1, 2]


def test_cuts_may_come_in_any_order():
    assert tiers([4.2, 3.7, 1], cuts=[3.5, 4.0]).tolist() == [1, 2, 3]


def test_high_on_either_axis_is_enough():
    assert tiers(either_axis([5, 1], [1, 2]), cuts=[4]).tolist() == [1, 2]
    assert tiers(both_axes([5, 5], [1, 4.5]), cuts=[4]).tolist() == [2, 1]


def test_a_product_drops_what_is_high_on_one_axis_only():
    assert product(5, 1) < product(3, 3)
    assert either_axis(5, 1) > either_axis(3, 3)


def test_distance_starts_in_the_corner_of_the_scale():
    assert distance([1, 5, 5], [1, 5, 1]).tolist() == pytest.approx([0, 1, np.sqrt(0.5)])


def test_an_unknown_axis_leaves_only_either_defined():
    result = {name: rule([4.0], [None])[0] for name, rule in AXIS_RULES.items()}

    assert result.pop("either") == 4.0
    assert np.isnan(list(result.values())).all()


def test_the_weight_of_an_axis_is_a_share():
    assert weighted_sum(5, 1, weight=0.25) == 2.0
    with pytest.raises(ValueError, match="weight"):
        weighted_sum(1, 1, weight=2)


def test_each_axis_has_its_own_cut_in_quadrants():
    result = quadrants([3.2, 3.2, 1, None], [4.2, 3.8, 1, 5], cuts_x=[3], cuts_y=[4])

    assert result.tolist() == [1, 2, 3, 0]


def test_rank_bands_share_the_better_rank():
    assert rank_bands([5, 4, 4, 3, None], ends=[2]).tolist() == [1, 1, 1, 2, 0]


def test_quantiles_leave_undefined_topics_out_of_the_base():
    assert quantile_tiers([5, 4, 3, 2, None], shares=[0.25, 0.25]).tolist() == [1, 2, 3, 3, 0]


def test_natural_breaks_use_fewer_classes_when_values_repeat():
    assert natural_breaks([2, 2, 3], classes=5).breaks.tolist() == [2, 2, 3]
    assert natural_breaks([2, 2], classes=3).gvf == 1.0
    with pytest.raises(ValueError, match="at least one value"):
        natural_breaks([None], classes=3)


def test_natural_tiers_work_row_by_row():
    draws = np.array([[1.0, 1.1, 4.9, 5.0], [5.0, 4.9, 1.1, 1.0]])

    assert natural_tiers(draws, classes=2).tolist() == [[2, 2, 1, 1], [1, 1, 2, 2]]


def test_natural_tiers_of_nothing_are_no_tiers():
    assert natural_tiers([None, None], classes=2).tolist() == [0, 0]
    assert natural_tiers([None, 4.0, 2.0], classes=2).tolist() == [0, 1, 2]


def test_hysteresis_holds_a_topic_between_the_limits():
    assert [hysteresis(3.45, was, cut=3.5, band=0.1) for was in (None, 0, 1)] == [0, 0, 1]


def test_last_years_tier_holds_within_the_band_and_not_beyond():
    scores, previous = [4.05, 3.95, 3.85, 3.55, 4.2, None], [2, 1, 1, 3, 3, 1]

    result = steady_tiers(scores, previous, cuts=[4.0, 3.5], band=0.1)

    assert result.tolist() == [2, 1, 2, 3, 1, 0]
    assert (
        steady_tiers(scores, [0] * 6, cuts=[3.5, 4.0], band=0.1).tolist()
        == tiers(scores, cuts=[4.0, 3.5]).tolist()
    )


def test_the_band_may_differ_by_topic():
    result = steady_tiers([3.9, 3.9], [1, 1], cuts=[4.0], band=[0.05, 0.2])

    assert result.tolist() == [2, 1]


def test_ties_are_ranked_by_position_and_undefined_not_at_all():
    assert ranks([3.0, None, 3.0, 3.0 + 1e-12]).tolist() == [1, 0, 2, 3]
    assert shared_ranks([3.0, None, 3.0, 4.0]).tolist() == [2, 0, 2, 1]


def test_many_ties_keep_the_order_of_the_list():
    assert ranks([3.0] * 40 + [4.0] * 40).tolist() == [*range(41, 81), *range(1, 41)]


def test_ranks_work_along_the_last_axis():
    assert ranks([[1, 2], [2, 1]]).tolist() == [[2, 1], [1, 2]]


def test_midranks_average_the_places_of_ties():
    assert midranks([10, 20, 20, 5]).tolist() == [2, 3.5, 3.5, 1]
