"""With and without flagged answers, and the order with scale use corrected."""

import copy
import re

import numpy as np
import pytest

from materiality.analysis import count_ratings
from materiality.document import BundleError
from materiality.document.border import checked_inputs
from materiality.inputs import quality
from materiality.method import evaluate
from surveys.responses import quality as signs
from tests.method.test_insights import two_units

TOPICS = 9


def answers(careful: int, careless: int, *, seed: int = 1) -> np.ndarray:
    """Ratings of careful people, and of careless ones who say 3 to everything."""
    rng = np.random.default_rng(seed)
    varied = rng.integers(1, 6, (careful, TOPICS))
    varied[:, 0] = 5
    return np.vstack([varied, np.full((careless, TOPICS), 3)]).astype(np.uint8)


def looked_at(*groups: np.ndarray) -> tuple[np.ndarray, quality.QualityCounts]:
    """Look at answers whose flags are those that a seal would have set."""
    ratings = np.vstack(groups)
    group = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups])
    flagged = signs.flags(ratings).is_flagged
    result = quality.look_at(ratings, group, len(groups), flagged, points=5)
    return count_ratings(ratings, group, len(groups)), result


def test_people_who_say_three_to_everything_are_flagged_and_counted_out():
    counts, found = looked_at(answers(20, 6))

    assert found.flagged.tolist() == [6]
    without = np.array(quality.without_flagged(counts, found, [0], 5))
    assert without[0].tolist() == [0, 0, 0, 0, 20, 0]
    assert (counts[0] - without)[:, 2].tolist() == [6] * TOPICS


@pytest.mark.parametrize(("careful", "careless"), [(20, 4), (4, 20), (20, 0)])
def test_a_difference_that_would_tell_on_a_few_is_not_made(careful, careless):
    counts, found = looked_at(answers(careful, careless))

    assert quality.without_flagged(counts, found, [0], 5) is None


def test_pooled_groups_are_looked_at_together():
    counts, found = looked_at(answers(20, 3), answers(20, 3, seed=2))

    assert quality.without_flagged(counts, found, [0], 5) is None
    assert quality.without_flagged(counts, found, [0, 1], 5) is not None


def test_on_a_topic_where_few_ratings_would_go_all_of_them_stay():
    careless = np.full((6, TOPICS), 3, dtype=np.uint8)
    careless[2:, 0] = 0  # only two of the six rate the first topic; eight ratings are left
    ratings = np.vstack([answers(20, 0), careless])
    counts, found = looked_at(ratings)

    without = np.array(quality.without_flagged(counts, found, [0], 5))

    assert found.flagged.tolist() == [6]
    assert without[0].tolist() == counts[0, 0].tolist()
    assert without[1, 2] == counts[0, 1, 2] - 6


def test_too_many_ratings_are_not_corrected_for_scale_use(monkeypatch):
    monkeypatch.setattr(quality, "MOST_RESPONDENTS", 10)
    counts, found = looked_at(answers(20, 6))

    told = quality.inputs_from(found, counts, [[0]], ["all"], 5)

    assert (told["flagged"], told["corrected"]) == (6, None)
    assert list(told["variants"]["without_flagged"]) == ["all"]


@pytest.mark.parametrize(("left_out", "is_shown"), [(6, True), (4, False)])
def test_results_with_those_left_out_are_shown_unless_they_are_few(left_out, is_shown):
    everybody = answers(20, left_out)
    counts, result = looked_at(everybody[:20])
    result = quality.beside(result, everybody, np.zeros(len(everybody), dtype=int), 1, points=5)

    told = quality.with_everybody(counts, result, [0], 5)

    assert (told is not None) is is_shown
    if is_shown:
        assert (np.array(told) - counts[0])[:, 2].tolist() == [6] * TOPICS


def test_the_order_of_people_changes_not_even_the_last_bit_of_a_corrected_rating():
    ratings = answers(200, 0)
    _, found = looked_at(ratings)

    for seed in range(20):
        _, again = looked_at(np.random.default_rng(seed).permutation(ratings))
        assert again.corrected.tolist() == found.corrected.tolist()


def test_the_variant_says_which_tiers_change():
    inputs = two_units([[0, 0, 0, 0, 10, 0]], [[0, 0, 10, 0, 0, 0]])  # 5 and 3: 4.0, tier 1
    rows = [[0, 0, 4, 0, 0, 0]]
    inputs["variants"] = [
        {
            "code": "without_flagged",
            "counts": {"stakeholder": {"employees": [[0, 0, 0, 0, 5, 0]], "customers": rows}},
        },
        {"code": "other", "counts": {"stakeholder": {"customers": [[0, 10, 0, 0, 0, 0]]}}},
    ]

    same, other = evaluate(inputs)["variants"]

    assert same["tier_changes"] == []
    assert same["topics"][0]["y"] == pytest.approx(4.0)
    assert other["tier_changes"] == ["t0"]
    assert other["topics"][0]["y"] == pytest.approx(3.5)


def test_without_variants_there_is_nothing_beside_the_results():
    results = evaluate(two_units([[0, 0, 0, 0, 10, 0]], [[0, 0, 10, 0, 0, 0]]))

    assert results["variants"] == []
    assert results["corrected"] == {}


def test_the_corrected_order_is_that_of_ratings_relative_to_each_person():
    # Everybody prefers topic 0, but those who rate it are strict: 3 over 1; the others 5 over 4.
    strict = np.array([[3, 1, 0]] * 6, dtype=np.uint8)
    mild = np.array([[0, 4, 5]] * 6, dtype=np.uint8)
    counts, found = looked_at(strict, mild)
    first, second = (
        quality.corrected_means(counts, found.corrected, [group], 5) for group in (0, 1)
    )
    assert first == [1.0, -1.0, None]
    assert second == [None, -1.0, 1.0]

    inputs = two_units(counts[0].tolist(), counts[1].tolist())
    inputs["corrected"] = {"stakeholder": {"employees": first, "customers": second}}
    order = evaluate(inputs)["corrected"]["stakeholder"]

    assert [row["score"] for row in order["topics"]] == [1.0, -1.0, 1.0]
    assert [row["rank"] for row in order["topics"]] == [1, 3, 2]
    assert [row["raw_rank"] for row in order["topics"]] == [2, 3, 1]
    assert order["tau_b"] == pytest.approx(2 / np.sqrt(3 * 2))


def test_a_corrected_mean_rests_on_the_minimum_too():
    counts, found = looked_at(answers(4, 0))

    assert quality.corrected_means(counts, found.corrected, [0], 5) == [None] * TOPICS


def test_variants_do_not_touch_the_results():
    inputs = two_units([[0, 0, 0, 0, 10, 0]], [[0, 0, 10, 0, 0, 0]])
    plain = evaluate(inputs)["topics"]
    changed = copy.deepcopy(inputs)
    changed["variants"] = [{"code": "v", "counts": {"impact": {"panel": [[6, 0, 0, 0, 0, 0]]}}}]

    assert evaluate(changed)["topics"] == plain


BROKEN = {
    "a variant without a code": ({"variants": [{"counts": {}}]}, "inputs.variants[0].code"),
    "a variant of an unknown unit": (
        {"variants": [{"code": "v", "counts": {"impact": {"nobody": []}}}]},
        "codes of inputs.units",
    ),
    "a variant of another size": (
        {"variants": [{"code": "v", "counts": {"impact": {"panel": []}}}]},
        "1 rows, one per topic",
    ),
    "a corrected mean missing": (
        {"corrected": {"impact": {"panel": []}}},
        "inputs.corrected.impact.panel",
    ),
    "previous counts of another size": (
        {
            "previous": {
                "topics": [],
                "kept": ["t0"],
                "scale": {"points": 5},
                "units": {"impact": [{"code": "panel", "groups": ["panel"], "weight": 1}]},
                "counts": {"impact": {"panel": []}},
            }
        },
        "inputs.previous.counts.impact.panel",
    ),
    "previous counts without topics": (
        {"previous": {"topics": [], "counts": {"impact": {}}}},
        "inputs.previous.kept",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_addition_is_refused_with_its_place(name):
    inputs = two_units([[0, 0, 0, 0, 10, 0]], [[0, 0, 10, 0, 0, 0]])
    addition, place = BROKEN[name]

    with pytest.raises(BundleError, match=re.escape(place)):
        evaluate(checked_inputs({**inputs, **addition}))
