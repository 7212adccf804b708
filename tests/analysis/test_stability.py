"""Draws: repeatable for ever, and as wide as the exact bootstrap of respondents."""

from functools import partial

import numpy as np
import pytest

from materiality.analysis import (
    count_ratings,
    draw_scores,
    ellipses,
    group_means,
    natural_tiers,
    rank_intervals,
    score_distribution,
    summarise,
    tier_probabilities,
    tiers,
    weighted_scores,
)
from materiality.analysis.streams import chi_squares, dirichlets, normals, uniforms
from tests.reference import (
    bootstrap_intervals,
    bootstrap_scores,
    decided_probability,
    exact_bootstrap_pmf,
    is_borderline,
    outranking_probability,
    probability_at_least,
    rank_bands,
)
from tests.reference.streams import indices


def survey(per_group, topics=10, groups=3, seed=5):
    """Return correlated ratings: people differ in how they use the scale."""
    rng = np.random.default_rng(seed)
    people = per_group * groups
    liking = rng.normal(0, 0.6, (people, 1)) + rng.normal(0, 0.8, (people, topics))
    ratings = np.clip(np.rint(3.2 + liking + np.linspace(0, 1, topics)), 1, 5).astype(np.uint8)
    ratings[rng.random(ratings.shape) < 0.05] = 255
    return ratings, np.repeat(np.arange(groups), per_group)


WEIGHTS = [0.5, 0.3, 0.2]


def test_the_diagonal_agrees_with_the_printed_intervals():
    ratings, units = survey(6)
    statistics = summarise(ratings, units, 3)

    joint = score_distribution(statistics, WEIGHTS)
    printed = weighted_scores(group_means(statistics.counts), WEIGHTS)

    assert joint.score == pytest.approx(printed.score)
    assert np.sqrt(np.diag(joint.covariance)) == pytest.approx(printed.se)
    assert joint.df == pytest.approx(printed.df)


def test_two_dimensions_rated_by_the_same_people_are_drawn_together():
    ratings, units = survey(30)
    both = summarise(np.hstack([ratings, ratings]), units, 3)
    weights = np.hstack([np.tile([[0.5], [0.3], [0.2]], 10), np.full((3, 10), 1.0)])

    joint = score_distribution(both, weights)

    alone = score_distribution(summarise(ratings, units, 3), WEIGHTS)
    assert joint.covariance[:10, :10] == pytest.approx(alone.covariance)
    across = np.diag(joint.covariance[:10, 10:])
    x, y = np.diag(joint.covariance)[:10], np.diag(joint.covariance)[10:]
    assert (across / np.sqrt(x * y) > 0.8).all()  # the same answers under other weights
    assert (ellipses(x, y, across).minor < ellipses(x, y).minor).all()


def test_draws_are_as_wide_and_as_correlated_as_the_bootstrap():
    ratings, units = survey(60)

    drawn = draw_scores(
        score_distribution(summarise(ratings, units, 3), WEIGHTS), seed=1, draws=4000
    )
    exact = bootstrap_scores(ratings, units, WEIGHTS, seed=1, draws=4000, corrected=True)

    assert drawn.std(axis=0) / exact.std(axis=0) == pytest.approx(np.ones(10), abs=0.06)
    assert np.corrcoef(drawn.T) == pytest.approx(np.corrcoef(exact.T), abs=0.06)
    top = partial(rank_bands, ends=[4])
    gap = tier_probabilities(drawn, top, 2) - tier_probabilities(exact, top, 2)
    assert np.abs(gap).max() < 0.04


def test_independent_topics_would_overstate_the_spread_of_differences():
    ratings, units = survey(60)

    joint = score_distribution(summarise(ratings, units, 3), WEIGHTS).covariance

    apart = np.add.outer(np.diag(joint), np.diag(joint))
    together = (apart - 2 * joint)[np.triu_indices(10, 1)]
    assert np.sqrt(apart[np.triu_indices(10, 1)] / together).mean() > 1.1


def test_the_plain_bootstrap_understates_small_groups():
    ratings, units = survey(4)
    printed = weighted_scores(group_means(count_ratings(ratings, units, 3)), WEIGHTS)

    plain, corrected = (
        bootstrap_scores(ratings, units, WEIGHTS, seed=1, corrected=c).std(axis=0).mean()
        for c in (False, True)
    )

    assert plain < 0.95 * corrected
    assert corrected < 1.1 * printed.se.mean()


def test_one_seed_gives_one_result_and_another_seed_another():
    ratings, units = survey(10)
    joint = score_distribution(summarise(ratings, units, 3), WEIGHTS)

    first, again, other = (draw_scores(joint, seed=s) for s in (7, 7, 8))

    assert (first == again).all()
    assert (first != other).any()
    assert (draw_scores(joint, seed=7, stream=1) != first).any()


def test_published_seeds_repeat_in_every_version():
    # Printed once with numpy 2.4 and scipy 1.17; a change here breaks every stored seed.
    assert uniforms(2020, 0, 0, 2).tolist() == [0.46830754332228663, 0.5143422311454066]
    assert normals(2020, 0, 1, 2)[0] == pytest.approx([-0.0795249507289122, 0.035958389675325504])
    assert indices(2020, 0, 4, 10).tolist() == [9, 3, 7, 7]
    assert chi_squares(2020, 0, 1, 4) == pytest.approx([8.029939694617205])
    assert dirichlets(2020, 0, 1, [1, 2])[0] == pytest.approx(
        [0.411139533986783, 0.588860466013217]
    )


def test_a_bootstrap_repeats_too_and_keeps_silent_units_out():
    ratings, units = survey(5)

    first = bootstrap_scores(ratings, units, [*WEIGHTS, 0.7], seed=3, draws=50)

    assert (first == bootstrap_scores(ratings, units, WEIGHTS, seed=3, draws=50)).all()


def test_undefined_topics_stay_undefined_through_the_draws():
    ratings, units = survey(10)
    ratings[:, 2] = 0

    drawn = draw_scores(score_distribution(summarise(ratings, units, 3), WEIGHTS), seed=1)
    low_high = rank_intervals(drawn)
    share = tier_probabilities(drawn, partial(tiers, cuts=[4.0, 3.5]), 3)

    assert np.isnan(drawn[:, 2]).all()
    assert (low_high.low[2], low_high.high[2]) == (0, 0)
    assert np.isnan(share[2]).all()
    assert np.delete(share, 2, axis=0).sum(axis=1) == pytest.approx(np.ones(9))
    assert tier_probabilities(drawn, partial(natural_tiers, classes=3), 3)[0].sum() == 1


def test_small_groups_are_drawn_with_heavier_tails():
    ratings, units = survey(3)
    joint = score_distribution(summarise(ratings, units, 3), [1, 0, 0])

    drawn = draw_scores(joint, seed=1, draws=4000)

    sd = np.sqrt(np.diag(joint.covariance))
    assert (joint.df < 3).all()
    assert np.mean(np.abs(drawn - joint.score) > 3 * sd) > 0.02  # a normal would have 0.003


def test_a_census_is_drawn_without_noise():
    ratings, units = survey(9)
    statistics = summarise(ratings, units, 3)

    joint = score_distribution(statistics, WEIGHTS, population=[9, 9, 9])
    full = (statistics.counts[..., :-1].sum(axis=-1) == 9).all(axis=0)

    assert (np.diag(joint.covariance)[full] == 0).all()
    assert (draw_scores(joint, seed=1)[:, full] == joint.score[full]).all()


def test_rank_intervals_leave_the_stated_share_outside():
    draws = np.column_stack([np.arange(1000.0), np.full(1000, 24.5)])

    result = rank_intervals(draws)  # topic 0 is below topic 1 in exactly 25 of 1000 draws

    assert (result.low.tolist(), result.high.tolist()) == ([1, 2], [1, 2])


def test_the_closed_form_probability_of_a_fixed_cut_equals_the_draws():
    ratings, units = survey(60)
    joint = score_distribution(summarise(ratings, units, 3), WEIGHTS)

    drawn = tier_probabilities(
        draw_scores(joint, seed=1, draws=8000), partial(tiers, cuts=[3.6]), 2
    )
    exact = probability_at_least(joint.score, np.sqrt(np.diag(joint.covariance)), joint.df, 3.6)

    assert drawn[:, 0] == pytest.approx(exact, abs=0.02)


def test_without_error_a_cut_is_reached_or_not():
    result = probability_at_least([3.5, 3.4, None], [0, 0, 0], [9, 9, 9], 3.5)

    assert result.tolist()[:2] == [1, 0]
    assert np.isnan(result[2])


def test_borderline_is_a_decided_tier_under_eighty_percent():
    decided = decided_probability([[0.79, 0.21], [0.1, 0.9], [np.nan] * 2], [1, 2, 0])

    assert is_borderline(decided).tolist() == [True, False, False]
    assert np.isnan(decided[2])


def test_an_ellipse_follows_the_correlation():
    result = ellipses(1.0, 1.0, 0.9)

    assert result.angle == pytest.approx(np.pi / 4)
    assert result.major / result.minor == pytest.approx(np.sqrt(1.9 / 0.1))


def test_an_ellipse_of_few_people_is_wider():
    assert ellipses(1.0, 1.0, df=5).major > ellipses(1.0, 1.0, df=500).major
    # Hotelling: 2 F(2, 5) at 95 % = 2 * 5.786
    assert ellipses(1.0, 1.0, df=5).major == pytest.approx(np.sqrt(2 * 5.786), abs=1e-3)


def test_resampling_respondents_keeps_what_their_answers_share():
    # Five people; A is never below B, so almost every resample puts A above B.
    a, b = [5, 4, 4, 5, 3], [4, 4, 3, 4, 3]

    assert outranking_probability(a, b) == pytest.approx(1 - (2 / 5) ** 5)
    assert outranking_probability(a, b, joint=False) < 0.9
    assert outranking_probability([3, 3], [3, 3]) == 0.0
    assert outranking_probability([4, 4], [3, 3]) == 1.0


def test_the_exact_distribution_needs_an_answer():
    with pytest.raises(ValueError, match="at least one"):
        exact_bootstrap_pmf([0, 0, 0, 0, 0])


def test_percentiles_beyond_the_replicates_are_the_outermost_ones():
    result = bootstrap_intervals(2.0, [1.0, 2.0, 3.0])

    assert result.percentile == (1.0, 3.0)
