"""Two hundred random rounds, from sealed answers to tiers, by the product and by a second hand."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from django.core.cache import cache
from scipy.stats import t

from materiality import inputs as results
from materiality.models import Assessment, Weight
from surveys import answers
from surveys.answers import Answers
from tests.archive import second
from tests.rounds import GROUPS, TOPICS, sealed_round

pytestmark = pytest.mark.django_db
ROUNDS = 200
AXES = {"y": "stakeholder", "x": "impact"}


def close(found, expected):
    if found is None or expected is None:
        return found is None and expected is None
    return abs(found - float(expected)) <= 1e-9


@pytest.fixture(autouse=True)
def _no_counts_of_other_answers():
    """The cache knows answers by their digest, which made-up answers do not have."""
    cache.clear()
    yield
    cache.clear()


@pytest.mark.drill
def test_the_second_hand_finds_what_the_product_finds(monkeypatch):
    assessment = sealed_round()
    surveys = {AXES["y"]: "anonymous", AXES["x"]: "named"}
    pks = {code: assessment.surveys.get(mode=mode).pk for code, mode in surveys.items()}
    world = Random(2020)
    compared = 0
    while compared < ROUNDS:
        drawn = draw(world, assessment)
        monkeypatch.setattr(
            answers,
            "sealed_answers",
            lambda survey, drawn=drawn: block(survey, drawn, pks),
        )
        cache.clear()
        try:
            found = results.live(drawn["assessment"])
        except results.NoResultsYet:
            assert len(drawn["people"]["y"]) < drawn["k"]
            continue
        expected = second.round_of(
            drawn["people"],
            drawn["weights"],
            found.inputs["rule"],
            k={"y": drawn["k"], "x": 1},  # a named panel agreed that single ratings can be seen
            topics=len(TOPICS),
            quantile=lambda df, p: float(t.ppf(p, df)),
        )
        assert differences(found.document["results"]["topics"], expected) == []
        compared += 1


def draw(world, assessment):
    """Return a random round: who answers what, weights, rule, K; saved where the product reads."""
    k = world.choice([3, 5, 8])
    sizes = {group: world.choice([0, 1, 2, 4, 5, 9, 17]) for group in GROUPS}
    people = {
        "y": [(group, ratings(world)) for group in GROUPS for _ in range(sizes[group])],
        "x": [("panel", ratings(world)) for _ in range(world.choice([3, 5, 8, 20]))],
    }
    weights = {
        "y": {group: Fraction(world.choice([0, 1, 1, 2, 5])) for group in GROUPS},
        "x": {"panel": Fraction(1)},
    }
    for axis, row in weights.items():
        for group, value in row.items():
            rows = Weight.objects.filter(group__code=group, dimension__code=AXES[axis])
            rows.update(value=float(value))
    low = world.choice([2.5, 3.0, 3.25])
    Assessment.objects.filter(pk=assessment.pk).update(
        minimum_group=k,
        tier_rule=world.choice(["weighted_sum", "either", "both"]),
        axis_weight_x=world.choice([0.25, 0.5, 1.0]),
        cut_low=low,
        cut_high=low + world.choice([0.25, 0.5, 1.0]),
    )
    return {
        "assessment": Assessment.objects.get(pk=assessment.pk),
        "k": k,
        "people": people,
        "weights": weights,
    }


def ratings(world):
    taste = world.choice([[1, 2, 3, 4, 5], [4, 5], [3], [1, 5], [2, 3, 4, 0, 255]])
    return [world.choice([*taste, *taste, 0, 255]) for _topic in TOPICS]


def block(survey, drawn, pks):
    """Return these people as the sealed answers of a survey."""
    axis = next(axis for axis, code in AXES.items() if pks[code] == survey.pk)
    people = drawn["people"][axis]
    codes = tuple(drawn["weights"][axis])
    questions = tuple(survey.questions.order_by("position").values_list("pk", flat=True))
    return Answers(
        ratings=np.array([row for _, row in people], dtype=np.uint8).reshape(-1, len(TOPICS)),
        audience=np.array([codes.index(group) for group, _ in people], dtype=np.uint16),
        audiences=codes,
        questions=questions,
        flags=np.zeros(len(people), dtype=np.uint8),
        digest="",
    )


def differences(found, expected):
    return [
        (topic["code"], name, one, other)
        for topic, wanted in zip(found, expected, strict=True)
        for name, one, other in pairs(topic, wanted)
        if not close(one, other)
    ]


def pairs(topic, wanted):
    """Yield every number of a topic beside its counterpart; a withheld mean has none."""
    yield "overall", topic["overall"], wanted["overall"]
    yield "rank", topic["rank"], wanted["rank"]
    yield "tier", topic["suggested_tier"], wanted["tier"]
    for axis, code in AXES.items():
        score, other = topic["scores"][code], wanted[axis]
        yield axis, topic[axis], other["score"]
        for name in ("score", "se", "df", "low", "high", "n"):
            yield f"{axis} {name}", score[name], other[name]
        yield f"{axis} units", len(score["units"]), len(other["units"])
        for unit, row in score["units"].items():
            for name in ("n", "dont_know"):
                yield f"{unit} {name}", row[name], other["units"][unit][name]
            if row["reason"] != "suppressed":
                yield f"{unit} mean", row["mean"], other["units"][unit]["mean"]


def test_a_wrong_method_would_have_been_noticed(monkeypatch):
    """The control: per head instead of per group, and the comparison fails at once."""
    assessment = sealed_round()
    found = results.live(assessment)
    people = {
        "y": [("employees", [5, 2, 4, 3])] * 3
        + [("employees", [4, 3, 4, 4])] * 3
        + [("customers", [4, 3, 3, 3])] * 6
        + [("regulators", [5, 3, 5, 4])] * 5,
        "x": [("panel", [5, 2, 4, 2])] * 3 + [("panel", [4, 3, 4, 255])] * 3,
    }
    weights = {"y": dict.fromkeys(GROUPS, Fraction(1)), "x": {"panel": Fraction(1)}}
    settings = {"k": {"y": 5, "x": 1}, "topics": 4, "quantile": lambda df, p: float(t.ppf(p, df))}
    topics, rule = found.document["results"]["topics"], found.inputs["rule"]

    assert differences(topics, second.round_of(people, weights, rule, **settings)) == []

    heads = {"employees": Fraction(6), "customers": Fraction(6), "regulators": Fraction(5)}
    per_head = second.round_of(people, {**weights, "y": heads}, rule, **settings)
    assert differences(topics, per_head)
