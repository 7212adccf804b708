"""Weights inside a group by shares that are known of all its people."""

import copy

import numpy as np
import pytest

from materiality.document import BundleError
from materiality.method import audit, evaluate
from materiality.method.raking import of_group, weighted_units


def unit(code, responses, *groups):
    return {"code": code, "groups": list(groups or [code]), "weight": 1.0, "responses": responses}


def margin(name, **categories):
    """Return a characteristic: category=(share, parts)."""
    rows = [{"name": one, "share": s, "groups": list(g)} for one, (s, g) in categories.items()]
    return {"name": name, "categories": rows}


def staff(*margins):
    groups = [code for row in margins[0]["categories"] for code in row["groups"]]
    return {"name": "Staff", "groups": groups, "margins": list(margins)}


BY_SITE = margin("Site", east=(0.5, "a"), west=(0.5, "b"))


def test_with_one_characteristic_it_is_post_stratification():
    """30 and 10 answered of two halves: an answer of the west weighs three of the east."""
    found = of_group(staff(BY_SITE), [unit("a", 30), unit("b", 10)])

    assert found["state"] == "weighted"
    assert found["weights"] == pytest.approx({"a": 0.5, "b": 0.5})
    each = np.repeat([0.5 / 30, 0.5 / 10], [30, 10])  # Kish, by hand
    assert found["deff"] == pytest.approx(40 * (each**2).sum() / each.sum() ** 2)
    assert found["effective_n"] == pytest.approx(40 / found["deff"])


def test_every_characteristic_is_met_at_once():
    told = staff(
        margin("Site", east=(0.6, "ab"), west=(0.4, "cd")),
        margin("Age", old=(0.3, "ac"), young=(0.7, "bd")),
    )

    found = of_group(told, [unit("a", 40), unit("b", 10), unit("c", 10), unit("d", 20)])

    share = found["weights"]
    assert share["a"] + share["b"] == pytest.approx(0.6)
    assert share["a"] + share["c"] == pytest.approx(0.3)


def test_the_weight_of_the_group_stays_and_is_spread_over_its_parts():
    units = [unit("a", 30), unit("b", 10), unit("other", 10)]

    weighed = weighted_units(units, [staff(BY_SITE)], {"a": 2.0, "b": 1.0, "other": 1.0})

    assert [row["weight"] for row in weighed] == pytest.approx([1.5, 1.5, 1.0])


def test_categories_that_are_pooled_count_as_one():
    told = staff(margin("Site", east=(0.5, "a"), west=(0.3, "b"), north=(0.2, "c")))

    found = of_group(told, [unit("a", 30), unit("b+c", 6, "b", "c")])

    assert found["weights"] == pytest.approx({"a": 0.5, "b+c": 0.5})
    assert found["margins"][0][1]["names"] == ["west", "north"]


@pytest.mark.parametrize(
    ("units", "state"),
    [
        ([unit("a", 30), unit("b", 0)], "too_few"),
        ([unit("a+b", 9, "a", "b")], "too_few"),
        ([unit("a", 30), unit("b+other", 9, "b", "other")], "too_few"),
        ([unit("a", 30), unit("b", 10)], "weighted"),
    ],
)
def test_too_few_answers_leave_the_saved_weights(units, state):
    assert of_group(staff(BY_SITE), units)["state"] == state


def test_a_category_of_which_nobody_answered_is_never_dropped_silently():
    told = staff(margin("Site", east=(0.5, "a"), west=(0.3, "b"), north=(0.2, "c")))

    found = of_group(told, [unit("a", 30), unit("b", 10), unit("c", 0)])

    assert found["state"] == "silent"
    assert found["weights"] == {}


def test_shares_that_cannot_all_hold_weigh_nothing():
    told = staff(
        margin("Site", east=(0.9, "a"), west=(0.1, "b")),
        margin("Age", old=(0.1, "a"), young=(0.9, "b")),
    )

    assert of_group(told, [unit("a", 30), unit("b", 10)])["state"] == "not_met"


def test_very_large_weights_are_cut_and_said_to_be():
    told = staff(
        margin("Site", east=(0.5, "ab"), west=(0.5, "cd")),
        margin("Age", old=(0.5, "ac"), young=(0.5, "bd")),
    )

    few = of_group(told, [unit("a", 400), unit("b", 5), unit("c", 5), unit("d", 60)])
    many = of_group(told, [unit("a", 40), unit("b", 30), unit("c", 30), unit("d", 60)])

    assert (few["trimmed"], many["trimmed"]) == (True, False)
    assert few["error"] < 1e-8


def rows(ratings, times):
    return [sum(r == point for r in ratings) * times for point in range(1, 6)] + [0]


def round_in_parts():
    """Staff of the east say 5, of the west 1; thrice as many of the east answered."""
    weights = {"east": 1.0, "west": 1.0, "panel": 1.0}
    return {
        "method_version": "2",
        "scale": {"points": 5},
        "dimensions": [{"code": "view", "axis": "y"}, {"code": "impact", "axis": "x"}],
        "groups": [
            {"code": code, "weights": {"impact" if code == "panel" else "view": value}}
            for code, value in weights.items()
        ],
        "units": {
            "view": [unit("east", 30), unit("west", 10)],
            "impact": [unit("panel", 5)],
        },
        "topics": [{"code": "t1"}],
        "counts": {
            "view": {"east": [rows([5], 30)], "west": [rows([1], 10)]},
            "impact": {"panel": [rows([3, 3, 4, 4, 4], 1)]},
        },
        "rule": {"kind": "weighted_sum", "weights": {"x": 1, "y": 1}, "cuts": [4, 3.5]},
    }


def known(inputs, east):
    told = staff(margin("Site", east=(east, ["east"]), west=(1 - east, ["west"])))
    inputs = {**copy.deepcopy(inputs), "raking": [told]}
    own = {"east": 1.0, "west": 1.0}
    inputs["units"]["view"] = weighted_units(inputs["units"]["view"], [told], own)
    return inputs


def test_the_score_is_that_of_all_people_as_far_as_they_are_known():
    results = evaluate(known(round_in_parts(), 0.2))

    assert results["topics"][0]["y"] == pytest.approx(0.2 * 5 + 0.8 * 1)
    assert results["raking"]["view"][0]["state"] == "weighted"
    assert "raking" not in evaluate(round_in_parts())  # off unless shares are known


def test_weights_that_are_not_those_of_the_known_shares_are_refused_by_name():
    inputs = known(round_in_parts(), 0.2)
    inputs["units"]["view"][0]["weight"] = 1.0

    with pytest.raises(BundleError, match=r"inputs\.units\.view\.east\.weight.*known shares"):
        evaluate(inputs)


@pytest.mark.parametrize(
    ("break_it", "place"),
    [
        (lambda told: told["groups"].append("nobody"), r"raking\[0\]\.groups"),
        (lambda told: told.update(margins=[]), r"raking\[0\]\.margins"),
        (lambda told: told["margins"][0]["categories"].pop(), r"margins\[0\]\.categories"),
    ],
)
def test_known_shares_that_do_not_fit_together_are_refused_by_name(break_it, place):
    inputs = known(round_in_parts(), 0.2)
    break_it(inputs["raking"][0])

    with pytest.raises(BundleError, match=place):
        evaluate(inputs)


def test_nothing_of_a_few_follows_from_weights_inside_a_group():
    inputs = known(round_in_parts(), 0.2)

    assert audit(inputs, evaluate(inputs)) == []


def test_another_known_share_than_last_year_is_a_change_of_method():
    inputs = known(round_in_parts(), 0.2)
    inputs["previous"] = {"topics": [], "year": "2019", "method": {"cuts": [4, 3.5]}}

    changes = evaluate(inputs)["method_changes"]

    assert [row["aspect"] for row in changes] == ["raking"]
    assert changes[0]["after"] == {"Staff": {"Site": {"east": 0.2, "west": 0.8}}}
