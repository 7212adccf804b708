"""How the register feeds the axes: not at all, instead of the survey, or where it is higher."""

import copy
import json

import numpy as np
import pytest

from materiality.document import BundleError, assemble
from materiality.document.comparing import first_difference
from materiality.method import audit, evaluate, insights, iros
from materiality.method.feeding import NOT_IN_REGISTER
from materiality.method.insights import high_shares
from materiality.method.register import score
from materiality.results import Results, method_facts
from tests.samples import sample_inputs


def entry(code, topic, kind, mark):
    said = {"expert": "e1", "reason": "As judged"}
    if kind in ("risk", "opportunity"):
        said["effects"] = {"short": {"magnitude": mark, "likelihood": 5}}
    else:
        said |= {"scale": mark, "scope": 1}
    is_impact = kind in ("negative", "positive")
    return {
        "code": code,
        "topic": topic,
        "kind": kind,
        "is_actual": is_impact,
        "judgements": [said],
    }


REGISTER = {
    "feeds": "survey",
    "likelihood_rule": "scaled",
    "experts": [{"code": "e1"}],
    "thresholds": [{"kind": "negative", "value": 4}],
    "entries": [
        entry("IRO-001", "energy", "negative", 5),
        entry("IRO-002", "energy", "positive", 2),
        entry("IRO-003", "energy", "risk", 1),
        entry("IRO-004", "privacy", "opportunity", 4),
        entry("IRO-005", "ip", "negative", 1),
    ],
}


def double_inputs(feeds, **others):
    """Return the sample with its second axis called what double materiality has there."""
    text = json.dumps(sample_inputs()).replace('"stakeholder"', '"financial"')
    made = json.loads(text) | {"previous": None, "successions": []}
    made["views"] = [
        {"code": "double", "x": "impact", "y": "financial", "cuts": {"x": 3.5, "y": 3.5}}
    ]
    register = copy.deepcopy(REGISTER) | {"feeds": feeds}
    return {**made, "register": register, **others}


def places(results):
    return {row["code"]: (row["x"], row["y"]) for row in results["topics"]}


@pytest.fixture(scope="module")
def by_feeds():
    return {
        feeds: evaluate(double_inputs(feeds)) for feeds in ("survey", "beside", "register", "worst")
    }


def test_beside_the_survey_nothing_moves(by_feeds):
    plain = evaluate({k: v for k, v in double_inputs("survey").items() if k != "register"})

    for feeds in ("survey", "beside"):
        found = dict(by_feeds[feeds])
        del found["register"]
        assert found == plain


def test_under_register_a_topic_has_the_value_of_its_worst_entry(by_feeds):
    found = places(by_feeds["register"])

    assert found["energy"] == (5, 1)
    assert found["privacy"] == (None, 4)  # no impact of it is in the register
    assert found["charity"] == (None, None)
    row = next(row for row in by_feeds["register"]["topics"] if row["code"] == "charity")
    assert row["scores"]["impact"]["reason"] == NOT_IN_REGISTER
    assert (row["tier"], row["rank"]) == (None, None)


def test_under_worst_the_higher_counts_and_nothing_is_lost(by_feeds):
    survey, register, worst = (places(by_feeds[one]) for one in ("survey", "register", "worst"))

    for code, place in worst.items():
        for at in (0, 1):
            known = [one for one in (survey[code][at], register[code][at]) if one is not None]
            assert place[at] == max(known)
    assert worst["energy"] == (5, survey["energy"][1])  # the risk is lower than the survey has it
    assert worst["charity"] == survey["charity"]


def test_a_score_says_what_survey_and_register_come_to(by_feeds):
    energy = next(row for row in by_feeds["worst"]["topics"] if row["code"] == "energy")
    before = next(row for row in by_feeds["survey"]["topics"] if row["code"] == "energy")
    score = energy["scores"]["impact"]

    assert (score["score"], score["register"]) == (5, 5)
    assert score["survey"] == before["scores"]["impact"]["score"]
    assert (score["low"], score["se"]) == (None, None)
    assert score["units"] == before["scores"]["impact"]["units"]


def test_how_firm_a_place_is_is_not_told_where_the_register_speaks(by_feeds):
    """The control: with the survey alone all of it is there."""
    for feeds, is_told in (("survey", True), ("register", False), ("worst", False)):
        row = next(row for row in by_feeds[feeds]["topics"] if row["code"] == "energy")
        assert (row["stability"] is not None) is is_told
        assert (row["ellipse"] is not None) is is_told
        assert (row["ranks"] is not None) is is_told
        about = insights(double_inputs(feeds), by_feeds[feeds])
        assert bool(about["sensitivity"]) is is_told
        assert (about["planner"] is not None) is is_told
        assert any(one["weight_stability"] is not None for one in about["topics"]) is is_told


FEEDS = ("survey", "beside", "register", "worst")


def with_few_on_energy(feeds):
    """Return the same where two people of one unit, and nobody else, rated the impact of energy."""
    made = double_inputs(feeds, variants=[])
    made.pop("gram", None)
    at = [row["code"] for row in made["topics"]].index("energy")
    for number, rows in enumerate(made["counts"]["impact"].values()):
        rows[at] = [0, 0, 0, 0, 0 if number else 2, sum(rows[at]) - (0 if number else 2)]
    return made


def energy_of(results):
    return next(row for row in results["topics"] if row["code"] == "energy")


@pytest.mark.parametrize("feeds", FEEDS)
def test_what_two_people_said_is_told_under_no_way_of_feeding(feeds):
    made = with_few_on_energy(feeds)
    results = evaluate(made)

    score = energy_of(results)["scores"]["impact"]
    about = next(row for row in insights(made, results)["topics"] if row["code"] == "energy")
    at = results["topics"].index(energy_of(results))
    facts = method_facts(Results(assemble(made, results)))

    assert audit(made, results) == []
    assert about["dimensions"]["impact"]["top_box"] is None
    assert high_shares(made, results)["impact"][at] is None
    assert ["energy", "impact"] in facts["exclusions"]["suppressed_scores"]
    if feeds in ("register", "worst"):
        assert (score["score"], score["survey_reason"]) == (5, "suppressed")


@pytest.mark.parametrize("feeds", FEEDS)
def test_what_many_said_is_told_under_every_way_of_feeding(feeds, by_feeds):
    """The control, and what the survey says of a topic that the register has nothing about."""
    for one in insights(double_inputs(feeds), by_feeds[feeds])["topics"]:
        assert one["dimensions"]["impact"]["top_box"] is not None
    for row in by_feeds[feeds]["topics"]:
        assert "survey_reason" not in row["scores"]["impact"]


@pytest.mark.parametrize("feeds", ["register", "worst"])
def test_the_order_with_scale_use_corrected_is_held_against_the_survey(feeds):
    made = double_inputs(feeds)
    units = [unit["code"] for unit in made["units"]["impact"]]
    z = [((7 * at) % 5 - 2) / 2 for at in range(len(made["topics"]))]
    made["corrected"] = {"impact": dict.fromkeys(units, z)}
    plain = copy.deepcopy(made)
    plain["register"]["feeds"] = "survey"

    assert evaluate(made)["corrected"] == evaluate(plain)["corrected"]
    assert places(evaluate(made)) != places(evaluate(plain))  # control: the axes do differ


def test_views_and_ranks_follow_what_counts(by_feeds):
    def of(feeds):
        [view] = by_feeds[feeds]["views"]
        return {row["code"]: row for row in view["topics"]}

    assert (of("survey")["energy"]["material"], of("worst")["energy"]["material"]) == (False, True)
    assert of("worst")["energy"]["basis"] == "impact"
    assert of("register")["charity"]["material"] is None
    for row in by_feeds["worst"]["topics"]:
        assert of("worst")[row["code"]]["x"] == row["x"]
        assert of("worst")[row["code"]]["rank"] == row["rank"]


def test_a_lesser_or_positive_entry_moves_no_topic():
    before = places(evaluate(double_inputs("worst")))
    more = double_inputs("worst")
    more["register"]["entries"] += [
        entry("IRO-010", "energy", "negative", 3),
        entry("IRO-011", "energy", "positive", 5),
    ]

    assert places(evaluate(more)) == before


@pytest.mark.parametrize("feeds", ["register", "worst"])
def test_axes_that_the_register_does_not_judge_are_refused(feeds):
    inputs = {**sample_inputs(), "register": copy.deepcopy(REGISTER) | {"feeds": feeds}}

    with pytest.raises(BundleError, match="the axes are not impact and financial"):
        evaluate(inputs)
    inputs["register"]["feeds"] = "beside"
    assert evaluate(inputs)["register"]


def test_a_way_of_feeding_that_differs_from_last_rounds_is_a_change_of_method():
    last = Results(assemble(double_inputs("survey"), evaluate(double_inputs("survey"))))
    from materiality.method.methods import method_of

    previous = {"topics": [], "method": method_of(last.inputs, "1")}
    rows = evaluate(double_inputs("worst", previous=previous))["method_changes"]

    assert [(row["aspect"], row["before"], row["after"]) for row in rows] == [
        ("register", None, "worst")
    ]
    again = double_inputs("survey", previous=previous)
    assert evaluate(again)["method_changes"] == []


def test_a_change_of_the_plan_names_the_topics_that_it_moved():
    made = double_inputs("worst")
    rule, weights = made["rule"], made["rule"]["weights"]
    plan = {
        "rule": {"kind": rule["kind"]},
        "axis_weights": weights,
        "cuts": rule["cuts"],
        "weights": {},
        "tiers": [],
        "tests": {},
    }
    now = {**plan, "register": {"feeds": "worst", "likelihood_rule": "scaled", "thresholds": {}}}
    fixed = {"number": 3, "plan": plan}
    registration = {"fixed": fixed, "known": 9, "changes": [], "now": now}

    found = evaluate({**made, "registration": registration})["registration"]

    [effect] = found["changes"]
    assert effect["aspects"] == ["register"]
    assert "energy" in effect["topics"]
    assert "charity" not in effect["topics"]


def test_the_same_again_is_the_same():
    made = double_inputs("worst")
    one, other = evaluate(made), evaluate(json.loads(json.dumps(made)))

    assert first_difference(one, other) is None
    assert np.isfinite([row["x"] for row in one["topics"]]).all()


def test_a_register_that_feeds_the_axes_is_scored_once(monkeypatch):
    """Also with variants, which change no entry: each of many entries costs time."""
    made = double_inputs("worst")
    made["variants"] = [{"code": "all", "counts": {}}, {"code": "again", "counts": {}}]
    scored = []

    def counted(entry, **facts):
        scored.append(entry.code)
        return score(entry, **facts)

    monkeypatch.setattr(iros, "score", counted)

    results = evaluate(made)

    assert [row["code"] for row in results["variants"]] == ["all", "again"]
    assert scored == [row["code"] for row in made["register"]["entries"]]
