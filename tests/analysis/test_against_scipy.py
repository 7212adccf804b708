"""The same numbers from scipy, on ratings with many ties; and what happens at the edges."""

import numpy as np
import pytest
from scipy import stats

from materiality import analysis
from tests import reference

SEEDS = range(8)


def groups(seed: int, count: int = 2) -> list[list[int]]:
    """Return groups of 5 to 40 ratings on a scale of five, each with its own opinion."""
    world = np.random.default_rng(seed)
    shares = world.dirichlet(np.ones(5), count)
    return [(world.choice(5, size=world.integers(5, 40), p=share) + 1).tolist() for share in shares]


@pytest.fixture(params=SEEDS)
def two(request):
    return groups(request.param)


def test_mann_whitney(two):
    expected = stats.mannwhitneyu(*two, method="asymptotic")

    result = reference.mann_whitney(*counted(two))

    assert (float(result.u), float(result.p)) == pytest.approx(tuple(expected))


def test_brunner_munzel(two):
    expected = stats.brunnermunzel(*two)

    result = reference.brunner_munzel(*counted(two))

    assert float(result.p) == pytest.approx(expected.pvalue)


def test_cliffs_delta(two):
    """delta = 2 U / (n m) - 1."""
    u = stats.mannwhitneyu(*two).statistic

    result = float(analysis.cliffs_delta(*counted(two)))

    assert result == pytest.approx(2 * u / (len(two[0]) * len(two[1])) - 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_kruskal_wallis(seed):
    many = groups(seed, 4)

    result = analysis.kruskal_wallis(np.stack(counted(many)))

    assert (float(result.h), float(result.p)) == pytest.approx(tuple(stats.kruskal(*many)))


@pytest.mark.parametrize("seed", SEEDS)
def test_kendalls_w_is_friedmans_statistic_over_its_largest_value(seed):
    ratings = np.random.default_rng(seed).integers(1, 6, (7, 5))
    friedman = stats.friedmanchisquare(*ratings.T).statistic

    result = analysis.kendalls_w(ratings)

    assert float(result.w) == pytest.approx(friedman / (7 * 4))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_change_has_welchs_interval_and_p(seed):
    """One group in both years: scipy's unequal-variance t test and its interval."""
    before, after = groups(seed)
    means = [analysis.group_means(np.array([[row]])) for row in counted([before, after], blank=1)]
    expected = stats.ttest_ind(after, before, equal_var=False)
    interval = expected.confidence_interval(0.95)

    result = analysis.year_on_year(*means, [1.0])

    assert float(result.p[0]) == pytest.approx(expected.pvalue)
    ends = float(result.low[0]), float(result.high[0])
    assert ends == pytest.approx((interval.low, interval.high))


@pytest.mark.parametrize("seed", SEEDS)
def test_one_group_has_students_interval(seed):
    ratings = [one for one in groups(seed)[0] if one] + [1, 5]
    mean, sem, n = np.mean(ratings), stats.sem(ratings), len(ratings)
    expected = stats.t.interval(0.95, n - 1, mean, sem)
    row = counted([ratings], blank=1)[0]

    result = analysis.weighted_scores(analysis.group_means(np.array([[row]])), [1.0])

    ends = max(expected[0], 1), min(expected[1], 5)
    assert (float(result.low[0]), float(result.high[0])) == pytest.approx(ends)


def counted(rows, blank=0):
    """Return the counts of ratings 1 to 5 in each group, and none that cannot judge."""
    return [np.bincount(row, minlength=6)[1:].tolist() + [0] * blank for row in rows]


NOBODY, ONE, ALIKE = [0, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 9, 0]


@pytest.mark.parametrize(
    ("x", "y"),
    [(NOBODY, NOBODY), (NOBODY, ALIKE), (ONE, NOBODY)],
    ids=["nobody", "one side", "the other"],
)
def test_nothing_can_be_said_of_a_group_that_did_not_answer(x, y):
    assert np.isnan(reference.mann_whitney(x, y).p)
    assert np.isnan(reference.brunner_munzel(x, y).p)
    assert np.isnan(analysis.cliffs_delta(x, y))


def test_groups_that_all_say_the_same_do_not_differ():
    assert analysis.cliffs_delta(ALIKE, ALIKE) == 0
    assert np.isnan(analysis.kruskal_wallis([ALIKE, ALIKE]).p)
    assert np.isnan(reference.brunner_munzel(ALIKE, ALIKE).p)


def test_one_answer_has_a_mean_and_no_spread():
    result = analysis.weighted_scores(analysis.group_means(np.array([[[*ONE, 0]]])), [1.0])

    assert result.score[0] == 4
    assert np.isnan(result.low[0])


def test_a_score_at_the_very_end_of_the_scale_has_an_interval_if_anything_was_scattered():
    """The bounded interval has no spread to scale there, and falls back on the symmetric one."""
    low, high = analysis.bounded_interval([5.0, 1.0], [0.2, 0.2], [9, 9])

    assert (low[0], high[0]) == pytest.approx((5 - stats.t.ppf(0.975, 9) * 0.2, 5))
    assert (low[1], high[1]) == pytest.approx((1, 1 + stats.t.ppf(0.975, 9) * 0.2))


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_ends_of_a_bounded_interval_are_where_the_test_just_rejects(confidence):
    """(S - mu)^2 = t^2 SE^2 (5 - mu)(mu - 1) / ((5 - S)(S - 1)), by its definition."""
    score, se, df = 4.6, 0.15, 12.0
    t = stats.t.ppf(0.5 + confidence / 2, df)

    for end in analysis.bounded_interval(score, se, df, confidence=confidence):
        mu = float(end)
        spread = (5 - mu) * (mu - 1) / ((5 - score) * (score - 1))
        assert (score - mu) ** 2 == pytest.approx(t**2 * se**2 * spread)


def test_for_shares_the_bounded_interval_is_wilsons():
    """Ratings 1 and 2 only, n large: Wilson 1927 on the share of twos."""
    n, share = 400, 0.9
    se = np.sqrt(share * (1 - share) / n)

    low, high = analysis.bounded_interval(1 + share, se, 1e9, top=2.0)

    expected = stats.binomtest(360, n).proportion_ci(method="wilson")
    assert (float(low) - 1, float(high) - 1) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(
    "call",
    [
        lambda: reference.equal_weights(0),
        lambda: analysis.direct_weights([0, 0]),
        lambda: reference.natural_breaks([], 3),
        lambda: analysis.weighted_sum(1, 1, weight=2),
        lambda: analysis.impact_significance(1, 1, rule="x"),
        lambda: analysis.severity(1, 1, rule="x"),
        lambda: analysis.double_materiality(1, 1, cut_impact=3, cut_financial=3, rule="x"),
        lambda: reference.post_stratify([0, 5], [10, 10], [3, 4]),
        lambda: analysis.best_worst_scores([3], [0], [2]),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(call):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011, each has a text of its own
        call()
    assert str(refusal.value)
