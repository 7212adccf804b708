"""A mean on too few ratings is neither shown nor left to be worked out."""

import copy
import json

import numpy as np
import pytest

from materiality.method import audit, evaluate, suppression
from materiality.method.previous import statistics
from tests.method.test_evaluation import by_hand
from tests.method.test_feeding import entry

UNITS = ("a", "b", "c", "d")


def survey(seed: int, *, topics: int = 3) -> dict:
    """A round of four units whose answers are few on some topics, with uneven weights."""
    rng = np.random.default_rng(seed)
    counts = {
        unit: [
            np.bincount(rng.integers(0, 5, rng.integers(0, 12)), minlength=6).tolist()
            for _ in range(topics)
        ]
        for unit in UNITS
    }
    units = [
        {"code": unit, "groups": [unit], "weight": float(rng.integers(0, 4)), "responses": 12}
        for unit in UNITS
    ]
    units[0]["weight"] = 1.0
    return {
        "scale": {"points": 5},
        "dimensions": [{"code": "stakeholder", "axis": "y"}, {"code": "impact", "axis": "x"}],
        "groups": [{"code": unit} for unit in UNITS],
        "units": {"stakeholder": units, "impact": units},
        "counts": {"stakeholder": counts, "impact": counts},
        "topics": [{"code": f"t{at}"} for at in range(topics)],
        "rule": {"kind": "weighted_sum", "weights": {"x": 1, "y": 1}, "cuts": [4.0, 3.5]},
    }


def after(seed: int) -> dict:
    """A round that follows another one, with other answers and other weights."""
    first, second = survey(seed), survey(seed + 10_000)
    lines = [
        {"kind": "continued", "before": row["code"], "after": row["code"], "reason": {}}
        for row in first["topics"]
    ]
    previous = {"year": "2019", "topics": first["topics"], **statistics(first, lines)}
    return {**second, "previous": previous, "successions": lines}


def show_everything(monkeypatch) -> None:
    """Take the guard away wherever it is used."""
    nothing = lambda _inputs, _dimension, n: np.zeros(n.shape, dtype=bool)  # noqa: E731
    for module in ("scoring", "years", "disclosure_audit", "uncertainty"):
        monkeypatch.setattr(f"materiality.method.{module}.withheld", nothing)


def score_of(inputs: dict, topic: int = 0) -> dict:
    return evaluate(inputs)["topics"][topic]["scores"]["stakeholder"]


def few_customers() -> dict:
    inputs = by_hand()["inputs"]
    inputs["counts"]["stakeholder"]["customers"][0] = [0, 0, 0, 1, 1, 8]
    return inputs


def test_a_mean_on_fewer_ratings_than_the_minimum_is_withheld_and_the_score_stays():
    score = score_of(few_customers())

    assert score["units"]["customers"]["mean"] is None
    assert score["units"]["customers"]["reason"] == "suppressed"
    assert score["units"]["customers"]["n"] == 2
    assert score["score"] == pytest.approx((28 / 6 + 4.5) / 2)


def test_a_second_mean_is_withheld_so_that_the_first_does_not_follow_from_the_score():
    inputs = few_customers()

    score = score_of(inputs)

    assert score["units"]["employees"]["mean"] is None
    assert score["withheld"] == {
        "units": ["employees", "customers"],
        "mean": score["score"],
        "n": 8,
    }
    assert audit(inputs, evaluate(inputs)) == []


def test_other_topics_keep_their_means():
    score = score_of(few_customers(), topic=1)

    assert score["withheld"] is None
    assert score["units"]["customers"]["mean"] == pytest.approx(21 / 8)


def test_a_score_that_rests_on_few_ratings_because_the_others_carry_no_weight_is_suppressed():
    inputs = few_customers()
    inputs["units"]["stakeholder"][0]["weight"] = 0

    score = score_of(inputs)

    assert score["reason"] == "suppressed"
    assert score["score"] is None
    assert score["withheld"]["mean"] is None


@pytest.mark.parametrize("tried", [(0, 1), (1, 0), (3, 1)])
def test_no_weights_that_are_tried_bring_a_withheld_mean_out(tried):
    inputs = few_customers()
    together = score_of(inputs)["withheld"]["mean"]
    saved = {unit["code"]: unit["weight"] for unit in inputs["units"]["stakeholder"]}
    for unit, weight in zip(inputs["units"]["stakeholder"], tried, strict=True):
        unit["weight"] = weight

    exposed = score_of(inputs)["score"]
    guarded = score_of({**inputs, "standing_weights": {"stakeholder": saved}})["score"]

    assert guarded == pytest.approx(together, abs=1e-12)
    assert exposed is None or exposed != pytest.approx(together)  # the control


@pytest.mark.drill
def test_nothing_under_the_minimum_follows_from_two_hundred_random_surveys(monkeypatch):
    surveys = [after(seed) for seed in range(200)]

    assert [audit(inputs, evaluate(inputs)) for inputs in surveys] == [[]] * 200

    show_everything(monkeypatch)
    leaks = sum(bool(audit(inputs, evaluate(inputs))) for inputs in surveys)
    assert leaks > 150  # the control: without the guard nearly every survey tells


def fed(seed: int, feeds: str) -> dict:
    """The same with a register that has an entry on each side of most topics."""
    made = json.loads(json.dumps(survey(seed)).replace('"stakeholder"', '"financial"'))
    entries = []
    for at, topic in enumerate(made["topics"][:-1]):
        entries.append(entry(f"IRO-{at}1", topic["code"], "negative", 1 + (seed + at) % 5))
        entries.append(entry(f"IRO-{at}2", topic["code"], "risk", 1 + (seed * at) % 5))
    register = {
        "feeds": feeds,
        "likelihood_rule": "scaled",
        "experts": [{"code": "e1"}],
        "thresholds": [],
        "entries": entries,
    }
    return {**made, "register": register}


@pytest.mark.drill
@pytest.mark.parametrize("feeds", ["survey", "beside", "register", "worst"])
def test_nothing_under_the_minimum_follows_where_the_register_feeds_the_axes(feeds, monkeypatch):
    surveys = [fed(seed, feeds) for seed in range(200)]

    assert [audit(inputs, evaluate(inputs)) for inputs in surveys] == [[]] * 200

    show_everything(monkeypatch)
    leaks = sum(bool(audit(inputs, evaluate(inputs))) for inputs in surveys)
    assert leaks > 150  # the control, as above


def test_withholding_only_the_small_mean_would_not_be_enough(monkeypatch):
    monkeypatch.setattr(suppression, "_add_complementary", lambda held, *_rest: copy.copy(held))

    leaks = [audit(inputs, evaluate(inputs)) for inputs in map(survey, range(200))]

    assert any(leaks)
