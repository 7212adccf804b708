"""Is "this topic is in the top seven with 88 %" true 88 times in a hundred?"""

from functools import partial

import numpy as np
import pytest
from scipy.special import ndtr

from materiality.analysis import (
    draw_scores,
    ranks,
    score_distribution,
    summarise,
    tier_probabilities,
)
from tests.reference import (
    bootstrap_scores,
    rank_bands,
)

PER_GROUP = (30, 20, 10, 8, 5, 4)
UNITS = np.repeat(np.arange(6), PER_GROUP)
WEIGHTS = np.full(6, 1 / 6)
TOPICS, TOP = 20, 7
TOP_TIER = partial(rank_bands, ends=[TOP])


def simulated(rng):
    """Return one survey and its truth; people differ in how they use the scale."""
    liking = 3.5 + rng.normal(0, 0.35, TOPICS) + rng.normal(0, 0.25, (6, TOPICS))
    person, noise = rng.normal(0, 0.6, (UNITS.size, 1)), rng.normal(0, 0.8, (UNITS.size, TOPICS))
    ratings = np.clip(np.rint(liking[UNITS] + person + noise), 1, 5).astype(np.uint8)
    steps = np.arange(1.5, 5)  # E = 1 + sum P(rating > r), total standard deviation 1
    truth = WEIGHTS @ (1 + ndtr(liking[..., None] - steps).sum(axis=-1))
    return ratings, ranks(truth) <= TOP


def by_draws(ratings, seed):
    return draw_scores(score_distribution(summarise(ratings, UNITS, 6), WEIGHTS), seed=seed)


def claims_and_truth(replicate, surveys):
    """Return what was claimed and what was so, where 80-95 % was claimed for in or out."""
    rng, claimed, true = np.random.default_rng(1), [], []
    for seed in range(surveys):
        ratings, in_top = simulated(rng)
        share = tier_probabilities(replicate(ratings, seed), TOP_TIER, 2)[:, 0]
        sure = np.maximum(share, 1 - share)
        band = (sure >= 0.80) & (sure < 0.95)
        claimed.extend(sure[band])
        true.extend((in_top == (share > 0.5))[band])
    return np.mean(claimed), np.mean(true)


@pytest.mark.drill
def test_joint_draws_are_right_as_often_as_they_claim():
    claimed, true = claims_and_truth(by_draws, surveys=600)

    assert 0.87 < claimed < 0.90
    assert true == pytest.approx(claimed, abs=0.025)


@pytest.mark.drill
def test_the_plain_bootstrap_claims_more_than_the_corrected_draws():
    def plain(ratings, seed):
        return bootstrap_scores(ratings, UNITS, WEIGHTS, seed=seed)

    boot = np.subtract(*claims_and_truth(plain, surveys=200))
    drawn = np.subtract(*claims_and_truth(by_draws, surveys=200))

    assert boot > drawn
