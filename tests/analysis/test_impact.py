"""Impact, financial effect and the verdict on both."""

import numpy as np
import pytest

from materiality.analysis import (
    double_materiality,
    financial_scores,
    impact_significance,
    severity,
)
from tests.reference import (
    topic_impacts,
)


def test_any_one_factor_can_make_an_impact_severe():
    assert severity([1, 5, 1], [5, 1, 1], [1, 1, 5]).tolist() == [5, 5, 5]


def test_other_rules_average():
    assert severity(2, 5, 2, rule="mean") == 3
    assert severity(2, 5, 2, rule="mean_max") == 4


def test_a_positive_impact_has_no_irremediability():
    assert severity(2, 4, rule="mean") == 3


def test_a_severity_nobody_could_judge_is_undefined():
    assert np.isnan(severity(None, None))
    assert severity(None, 4) == 4


def test_likelihood_lowers_a_potential_impact_only():
    result = impact_significance([4, 4], [2, 2], actual=[False, True])

    assert result.tolist() == [4 * 2 / 5, 4]


def test_likelihood_never_lowers_a_human_rights_severity():
    assert impact_significance(5, 1, human_rights=True) == 5
    assert impact_significance(5, None, human_rights=True) == 5
    assert impact_significance(5, 1, human_rights=False) == 1


def test_the_capped_rule_averages_down_but_never_up():
    assert impact_significance([4, 2], [2, 4], rule="capped").tolist() == [3, 2]


def test_an_unknown_likelihood_is_not_a_zero():
    assert np.isnan(impact_significance(5, None))


def test_a_benefit_never_cancels_a_harm():
    result = topic_impacts([4, 5, 2], [0, 0, 1], 3, positive=[False, True, True])

    assert result.negative.tolist()[0] == 4
    assert result.positive.tolist()[:2] == [5, 2]
    assert result.significance.tolist()[:2] == [5, 2]
    assert np.isnan(result.significance[2])
    assert result.n.tolist() == [2, 1, 0]


def test_an_unjudged_impact_is_left_out_of_its_topic():
    result = topic_impacts([None, 3], [0, 0], 1)

    assert (result.significance[0], result.n[0]) == (3, 1)


def test_the_financial_score_names_the_horizon_that_carried_it():
    result = financial_scores([[2, 5, 1], [None, 3, None]], [[5, 3, 1], [1, None, 1]])

    assert result.score[0] == 3
    assert result.horizon.tolist() == [1, -1]
    assert np.isnan(result.score[1])
    assert financial_scores([2, 4], [5, 5]).score.tolist() == [2, 4]  # one horizon


def test_both_axes_can_be_demanded_and_that_is_printed():
    given = {"cut_impact": 3, "cut_financial": 4}

    either = double_materiality([5, 5, 1], [1, 4, 3.9], **given)
    both = double_materiality([5, 5, 1], [1, 4, 3.9], **given, rule="both")

    assert either.material.tolist() == [True, True, False]
    assert both.material.tolist() == [False, True, False]
    assert both.basis.tolist() == ["impact", "both", "none"]


def test_a_missing_axis_is_unknown_unless_the_other_suffices():
    result = double_materiality([5, 1, None], [None, None, 1], cut_impact=3, cut_financial=3)

    assert result.basis.tolist() == ["impact", "unknown", "unknown"]
    assert result.material.tolist() == [True, False, False]


@pytest.mark.parametrize("decide", [impact_significance, double_materiality])
def test_unknown_rules_are_refused(decide):
    cuts = {"cut_impact": 3, "cut_financial": 3} if decide is double_materiality else {}

    with pytest.raises(ValueError, match="rule"):
        decide(3, 3, rule="netting", **cuts)
