"""Do intervals cover what they claim? Simulated surveys whose truth is known.

Each simulated survey is one "topic" of a single call, so tens of thousands cost seconds.
"""

import numpy as np
import pytest

from materiality.analysis import MOVED, group_means, weighted_scores, year_on_year

WEIGHTS = np.array([0.4, 0.3, 0.3])
OPINIONS = {
    "typical": [[5, 10, 25, 40, 20], [10, 20, 30, 25, 15], [2, 8, 20, 40, 30]],
    "ceiling": [[0, 1, 4, 15, 80], [0, 0, 5, 10, 85], [0, 1, 2, 12, 85]],
    "split": [[40, 10, 5, 10, 35], [25, 10, 30, 10, 25], [50, 5, 5, 5, 35]],
}


def simulated(opinion, per_group, surveys, seed):
    """Return group means [3, surveys] of rounds with this many answers per group."""
    rng = np.random.default_rng(seed)
    shares = np.array(OPINIONS[opinion]) / 100
    counts = np.stack(
        [rng.multinomial(n, p, surveys) for n, p in zip(per_group, shares, strict=True)]
    )
    return group_means(np.concatenate([counts, np.zeros((3, surveys, 1), int)], axis=-1))


def coverage(opinion, per_group, surveys, seed=1, interval="symmetric"):
    truth = WEIGHTS @ (np.array(OPINIONS[opinion]) / 100 @ np.arange(1, 6))
    means = simulated(opinion, per_group, surveys, seed)
    result = weighted_scores(means, WEIGHTS, interval=interval)
    return np.mean((result.low <= truth) & (truth <= result.high))


def false_moves(per_group, surveys, topics, seed=1):
    """Return the share of surveys without any change that call some topic moved."""
    before = simulated("typical", per_group, surveys * topics, seed)
    after = simulated("typical", per_group, surveys * topics, seed + 1)
    said = [
        (year_on_year(_part(before, i, topics), _part(after, i, topics), WEIGHTS).verdict == MOVED)
        for i in range(surveys)
    ]
    return np.any(said, axis=1).mean()


def _part(means, which, topics):
    cut = slice(which * topics, (which + 1) * topics)
    cells = (means.mean, means.n, means.variance, means.dont_know)
    return type(means)(*(cell[:, cut] for cell in cells))


def test_a_95_percent_interval_covers_about_95_percent():
    assert 0.93 <= coverage("typical", (30, 30, 30), 4000) <= 0.97


def test_topics_that_did_not_change_are_rarely_called_moved():
    assert false_moves((30, 30, 30), surveys=100, topics=20) <= 0.10


@pytest.mark.drill
@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("opinion", ["typical", "split"])
def test_coverage_of_equal_groups(opinion, n):
    assert 0.93 <= coverage(opinion, (n, n, n), 100_000) <= 0.97


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("opinion", OPINIONS)
def test_the_bounded_interval_covers_95_percent_at_the_ends_of_the_scale_too(opinion, n):
    """The symmetric one covers 91 % where ten people a group give mostly the top rating."""
    surveys = 40_000  # standard error 0.1 points

    assert 0.93 <= coverage(opinion, (n, n, n), surveys, interval="bounded") <= 0.97


def test_the_symmetric_interval_is_too_narrow_at_the_ceiling():
    assert coverage("ceiling", (10, 10, 10), 20_000) < 0.93


@pytest.mark.drill
@pytest.mark.parametrize("per_group", [(12, 5, 3), (5, 3, 2), (200, 3, 1), (30, 8, 5)])
def test_tiny_groups_are_covered_with_caution(per_group):
    assert coverage("typical", per_group, 100_000) >= 0.94


@pytest.mark.drill
@pytest.mark.parametrize("n", [10, 30, 100])
def test_false_moves_stay_under_five_percent(n):
    assert false_moves((n, n, n), surveys=2000, topics=20) <= 0.05 + 0.01  # two standard errors


@pytest.mark.drill
def test_single_false_moves_stay_under_five_percent_without_correction():
    before, after = (simulated("typical", (30, 30, 30), 50_000, seed) for seed in (1, 2))

    p = year_on_year(before, after, WEIGHTS).p

    assert np.mean(p < 0.05) <= 0.053
