"""What must hold for any answers, searched by hypothesis."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from materiality.analysis import (
    count_ratings,
    draw_scores,
    group_means,
    pool_small_groups,
    quadrants,
    ranks,
    score_distribution,
    summarise,
    tiers,
    weighted_scores,
)
from tests.reference import (
    AXIS_RULES,
    pool_statistics,
    pool_weights,
)

UNITS = 3
searched = settings(max_examples=40, deadline=None, derandomize=True)

weights = st.lists(st.integers(0, 100), min_size=UNITS, max_size=UNITS)
scores = hnp.arrays(float, 6, elements=st.floats(1, 5) | st.just(float("nan")))
rises = hnp.arrays(float, 6, elements=st.floats(0, 2))


@st.composite
def answers(draw):
    people, topics = draw(st.integers(1, 25)), draw(st.integers(1, 4))
    rating = st.sampled_from([0, 1, 2, 3, 4, 5, 255])
    ratings = draw(hnp.arrays(np.uint8, (people, topics), elements=rating))
    return ratings, draw(hnp.arrays(np.int64, people, elements=st.integers(0, UNITS - 1)))


def scored(ratings, units, weight):
    return weighted_scores(group_means(count_ratings(ratings, units, UNITS)), weight)


def same(first, second):
    """Return whether two arrays agree, undefined cells included."""
    return np.allclose(first, second, rtol=0, atol=1e-9, equal_nan=True)


@searched
@given(answers(), weights)
def test_scores_and_intervals_stay_within_the_scale(answers, weight):
    result = scored(*answers, weight)

    for values in (result.score, result.low, result.high):
        defined = values[np.isfinite(values)]
        assert ((defined >= 1) & (defined <= 5)).all()
    ordered = np.isfinite(result.low)
    assert (result.low[ordered] <= result.score[ordered] + 1e-12).all()
    assert (result.score[ordered] <= result.high[ordered] + 1e-12).all()


@searched
@given(answers(), weights, st.floats(0.001, 1000))
def test_the_unit_of_weights_does_not_matter(answers, weight, factor):
    plain, scaled = scored(*answers, weight), scored(*answers, np.array(weight) * factor)

    assert same(plain.score, scaled.score)
    assert same(plain.se, scaled.se)


@searched
@given(answers(), weights, st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(answers, weight, random):
    ratings, units = answers
    order = list(range(len(units)))
    random.shuffle(order)

    plain, shuffled = scored(ratings, units, weight), scored(ratings[order], units[order], weight)

    assert same(plain.score, shuffled.score)
    assert same(plain.high, shuffled.high)


@searched
@given(answers(), weights, st.permutations(range(UNITS)))
def test_the_names_of_groups_do_not_matter(answers, weight, names):
    ratings, units = answers
    renamed = np.empty(UNITS)
    renamed[names] = weight

    plain, other = (
        scored(ratings, units, weight),
        scored(ratings, np.array(names)[units], renamed),
    )

    assert same(plain.score, other.score)
    assert same(plain.df, other.df)


@searched
@given(answers(), weights, st.integers(0, UNITS - 1))
def test_duplicating_every_answer_of_one_group_moves_no_score(answers, weight, unit):
    ratings, units = answers
    again = units == unit

    twice = scored(np.vstack([ratings, ratings[again]]), np.append(units, units[again]), weight)

    assert same(scored(*answers, weight).score, twice.score)


@searched
@given(answers(), weights, st.integers(0, UNITS - 1))
def test_a_silent_person_changes_nothing(answers, weight, unit):
    ratings, units = answers
    silent = np.zeros((1, ratings.shape[1]), dtype=np.uint8)

    more = scored(np.vstack([ratings, silent]), np.append(units, unit), weight)

    before = scored(*answers, weight)
    assert same(before.score, more.score)
    assert same(before.se, more.se)
    assert (before.n == more.n).all()


@searched
@given(answers(), weights, st.integers(0, UNITS - 1))
def test_who_cannot_judge_changes_no_score(answers, weight, unit):
    ratings, units = answers
    unsure = np.full((1, ratings.shape[1]), 255, dtype=np.uint8)

    more = scored(np.vstack([ratings, unsure]), np.append(units, unit), weight)

    assert same(scored(*answers, weight).score, more.score)


@searched
@given(answers(), weights)
def test_joint_draws_exist_for_any_answers(answers, weight):
    joint = score_distribution(summarise(*answers, UNITS), weight)

    drawn = draw_scores(joint, seed=1, draws=20)

    assert (np.isfinite(drawn) == np.isfinite(joint.score)).all()


@searched
@given(scores)
def test_ranks_are_a_permutation_of_the_defined_topics(values):
    result = ranks(values)

    defined = np.isfinite(values)
    assert sorted(result[defined]) == list(range(1, defined.sum() + 1))
    assert (result[~defined] == 0).all()


@searched
@given(
    st.sampled_from(sorted(AXIS_RULES)),
    scores,
    scores,
    hnp.arrays(float, 6, elements=st.floats(0, 2)),
)
def test_a_tier_never_falls_when_an_axis_rises(rule, x, y, rise):
    cuts = [0.5, 3.0, 4.0]
    combine = AXIS_RULES[rule]
    defined = np.isfinite(x) & np.isfinite(y)

    before = tiers(combine(x, y), cuts)[defined]
    after_x = tiers(combine(x + rise, y), cuts)[defined]
    after_y = tiers(combine(x, y + rise), cuts)[defined]

    assert (after_x <= before).all()
    assert (after_y <= before).all()
    assert (
        quadrants(x + rise, y, cuts_x=[3], cuts_y=[4])[defined]
        <= quadrants(x, y, cuts_x=[3], cuts_y=[4])[defined]
    ).all()


@searched
@given(st.lists(st.integers(0, 30), min_size=1, max_size=7), st.integers(3, 10))
def test_after_pooling_no_unit_is_small_and_nobody_is_lost(sizes, k):
    pooling = pool_small_groups(sizes, k=k)

    members = [sum(sizes[group] for group in unit) for unit in pooling.units]
    assert sorted(group for unit in pooling.units for group in unit) == list(range(len(sizes)))
    assert pooling.safe == (sum(sizes) >= k)
    if pooling.safe:
        assert all(n == 0 or n >= k for n in members)
    assert pooling.unit_of.tolist() == [
        next(i for i, unit in enumerate(pooling.units) if group in unit)
        for group in range(len(sizes))
    ]


@searched
@given(answers(), weights)
def test_pooled_statistics_equal_the_statistics_of_pooled_people(answers, weight):
    ratings, units = answers
    pooling = pool_small_groups(np.bincount(units, minlength=UNITS))

    pooled = pool_statistics(summarise(ratings, units, UNITS), pooling)

    together = summarise(ratings, pooling.unit_of[units], len(pooling.units))
    assert (pooled.counts == together.counts).all()
    assert (pooled.gram == together.gram).all()
    assert pool_weights(weight, pooling).sum() == pytest.approx(sum(weight))
