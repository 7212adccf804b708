"""Before a survey: how many answers tell two tiers apart, and where that cannot be reached."""

import numpy as np
import pytest

from materiality.method.planning import GroupPlan, before_survey


def test_the_answers_wanted_give_the_power_they_promise():
    plans = [GroupPlan(2, None, 1.0), GroupPlan(1, None, 1.0)]
    wanted, power = before_survey(plans, gap=0.5)
    rng, weights = np.random.default_rng(1), np.array([2, 1]) / 3

    def score(mean):
        groups = [rng.normal(mean, 1, (4000, one.answers)) for one in wanted]
        spread = sum(
            w**2 * g.var(axis=1, ddof=1) / g.shape[1] for w, g in zip(weights, groups, strict=True)
        )
        return sum(w * g.mean(axis=1) for w, g in zip(weights, groups, strict=True)), spread

    upper, lower = score(4.0), score(3.5)
    apart = (upper[0] - lower[0]) / np.sqrt(upper[1] + lower[1]) > 1.96

    assert power == pytest.approx(0.8)
    assert apart.mean() == pytest.approx(0.8, abs=0.03)


def test_a_group_of_nine_people_is_not_asked_for_thirty():
    plans = [GroupPlan(1, 9, 0.5), GroupPlan(1, None, 0.5)]

    (small, large), power = before_survey(plans, gap=0.5)

    assert small.answers <= 9
    assert not small.is_reachable
    assert large.is_reachable
    assert 0.3 < power < 0.8


def test_without_weights_or_a_gap_nothing_is_planned():
    assert before_survey([GroupPlan(0, None, 1.0)], 0.5) == ([], 0.0)
    assert before_survey([GroupPlan(1, None, 1.0)], 0.0) == ([], 0.0)
