"""Numbers printed in papers and manuals, recomputed from their data."""

import numpy as np
import pytest

from materiality.analysis import (
    adjust,
    ahp_weights,
    best_worst_weights,
    cliffs_delta,
    krippendorff_alpha,
    kruskal_wallis,
    rake,
)
from tests.reference import (
    brunner_munzel,
    critic_weights,
    cross_tabulate,
    dunn_test,
    entropy_weights,
    mann_whitney,
    r_wg_j,
    stratified_mean,
    value_counts,
)

NA = float("nan")

# Krippendorff (2011), "Computing Krippendorff's alpha-reliability", data C: 4 observers, 12 units.
RELIABILITY = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3],
    [NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA],
]

# R datasets::PlantGrowth.
PLANTS = [
    *(4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14),
    *(4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69),
    *(6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26),
]


def table(first, second):
    return cross_tabulate([*first, *second], [0] * len(first) + [1] * len(second))


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorff_2011_data_c(level, alpha):
    counts = value_counts(RELIABILITY, [1, 2, 3, 4, 5])

    assert krippendorff_alpha(counts, level=level) == pytest.approx(alpha, abs=0.0005)


def test_kruskal_wallis_of_plant_growth_in_the_manual_of_r():
    result = kruskal_wallis(cross_tabulate(PLANTS, np.repeat([0, 1, 2], 10)))

    assert result.h == pytest.approx(7.9882, abs=5e-5)
    assert result.p == pytest.approx(0.01842, abs=5e-6)


def test_dunn_of_plant_growth_in_the_manual_of_rstatix():
    result = dunn_test(cross_tabulate(PLANTS, np.repeat([0, 1, 2], 10)))

    assert result.z.round(2).tolist() == [-1.12, 1.69, 2.81]
    assert result.p_holm.round(3).tolist() == [0.264, 0.182, 0.015]


def test_brunner_munzel_2000_pain_scores():
    yes = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1]
    no = [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]

    result = brunner_munzel(*table(yes, no))

    assert result.w == pytest.approx(3.1375, abs=5e-5)
    assert result.df == pytest.approx(17.683, abs=5e-4)
    assert result.p == pytest.approx(0.005786, abs=5e-7)
    assert result.probability == pytest.approx(0.788961, abs=5e-7)
    assert (result.low, result.high) == pytest.approx((0.5952169, 0.9827052), abs=5e-7)


def test_cliffs_delta_in_the_manual_of_effsize():
    treatment = [10, 10, 20, 20, 20, 30, 30, 30, 40, 50]
    control = [10, 20, 30, 40, 40, 50]

    assert cliffs_delta(*table(treatment, control)) == -0.25


def test_mann_whitney_of_ozone_in_the_manual_of_r():
    # airquality, Ozone in May against August: W = 127.5, p = 0.0001208 with continuity correction.
    may = [41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32]
    may += [23, 45, 115, 37]
    august = [39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45]
    august += [168, 73, 76, 118, 84, 85]

    result = mann_whitney(*table(may, august))

    assert result.u == 127.5
    assert result.p == pytest.approx(0.0001208, abs=5e-8)


def test_saatys_wealth_of_seven_nations():
    nations = [
        [1, 4, 9, 6, 6, 5, 5],
        [1 / 4, 1, 7, 5, 5, 3, 4],
        [1 / 9, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 7, 1 / 5],
        [1 / 6, 1 / 5, 5, 1, 1, 1 / 3, 1 / 3],
        [1 / 6, 1 / 5, 5, 1, 1, 1 / 3, 1 / 3],
        [1 / 5, 1 / 3, 7, 3, 3, 1, 2],
        [1 / 5, 1 / 4, 5, 3, 3, 1 / 2, 1],
    ]

    result = ahp_weights(nations, random_index="saaty_1980")

    printed = [0.429, 0.231, 0.021, 0.053, 0.053, 0.119, 0.095]  # Saaty 1977
    assert result.weights == pytest.approx(printed, abs=0.006)  # printed from a hand calculation
    assert result.consistency_ratio == pytest.approx(0.08, abs=0.006)
    assert result.is_consistent


def test_rezaeis_transport_example():
    # Rezaei 2015, 2016: load 8 to 1, accessibility 5; xi = 4 - sqrt(14) and .0714 .3387 .5899.
    given = {"best_to_others": [8, 2, 1], "others_to_worst": [1, 5, 8], "best": 2, "worst": 0}

    assert best_worst_weights(**given, linear=False).xi == pytest.approx(4 - np.sqrt(14))
    result = best_worst_weights(**given, linear=False).weights
    assert result == pytest.approx([0.0714, 0.3387, 0.5899], abs=5e-5)
    assert best_worst_weights(**given).weights == pytest.approx([0.0714, 0.3214, 0.6071], abs=5e-5)


def test_hwang_and_yoons_fighter_aircraft():
    aircraft = [
        [2, 1500, 20, 5.5, 5, 9],
        [2.5, 2700, 18, 6.5, 3, 5],
        [1.8, 2000, 21, 4.5, 7, 7],
        [2.2, 1800, 20, 5, 5, 5],
    ]

    printed = [0.0649, 0.2055, 0.0133, 0.0829, 0.3570, 0.2764]  # Hwang & Yoon 1981, rounded inside
    assert entropy_weights(aircraft) == pytest.approx(printed, abs=0.002)


def test_critic_gives_all_weight_to_the_columns_that_vary():
    # By hand: z columns (0, .5, 1) and (1, .5, 0) have equal spread, r = -1; the third is constant.
    assert critic_weights([[1, 9, 4], [2, 8, 4], [3, 7, 4]]).tolist() == [0.5, 0.5, 0.0]
    # As costs both columns are reversed, which changes neither spread nor correlation.
    reversed_both = critic_weights([[1, 9, 4], [2, 8, 4], [3, 7, 4]], cost=[True, True, False])
    assert reversed_both.tolist() == [0.5, 0.5, 0.0]


def test_a_stratified_mean_by_hand():
    # W = .75, .25; mean = .75 * 4 + .25 * 2; SE^2 = .75^2 * 1/10 * (1 - 10/300) + 0 (a census)
    result = stratified_mean([4, 2], [1, 2], [10, 100], [300, 100])

    assert result.mean == 3.5
    assert result.se == pytest.approx(np.sqrt(0.75**2 * 0.1 * (29 / 30)))


def test_raking_keeps_the_odds_ratios_of_the_start():
    # A 4 x 4 table scaled to equal margins (Deming & Stephan 1940).
    start = np.array([[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]])
    row, column = (code.ravel() for code in np.indices(start.shape))

    result = rake(
        start.ravel(), [(row, [150, 300, 400, 150]), (column, [200, 300, 400, 100])]
    ).weights.reshape(4, 4)

    assert result.sum(axis=1) == pytest.approx([150, 300, 400, 150])
    assert result.sum(axis=0) == pytest.approx([200, 300, 400, 100])
    assert result[0, 0] == pytest.approx(64.559, abs=0.06)  # Wikipedia's table, stopped early
    odds = start[0, 0] * start[1, 1] / start[0, 1] / start[1, 0]
    assert result[0, 0] * result[1, 1] / result[0, 1] / result[1, 0] == pytest.approx(odds)


def test_r_wg_of_several_items_by_hand():
    # a = 1 - (1 + 0.6) / 2 / 2 = 0.6; 2 * 0.6 / (2 * 0.6 + 0.4) = 0.75
    assert r_wg_j([1.0, 0.6]) == pytest.approx(0.75)
    assert r_wg_j([3.0, 3.0]) == 0.0


def test_corrections_ignore_what_could_not_be_tested():
    assert adjust([0.01, None, 0.04], method="holm").tolist()[0] == 0.02
    assert np.isnan(adjust([0.01, None], method="by")[1])
    with pytest.raises(ValueError, match="method"):
        adjust([0.1], method="sidak")
