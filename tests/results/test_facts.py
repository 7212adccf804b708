"""What a method note has to say, from the sample round."""

import pytest

from materiality.document import assemble, canonical
from materiality.method import evaluate
from materiality.results import Results, method_facts
from tests.method.test_evaluation import by_hand
from tests.method.test_withheld import few_customers
from tests.method.test_years import second_round
from tests.samples import sample_inputs, sample_results


def facts_of(inputs: dict) -> dict:
    return method_facts(Results(assemble(inputs, evaluate(inputs))))


def dimension_of(facts: dict, code: str) -> dict:
    return next(row for row in facts["dimensions"] if row["code"] == code)


def test_dates_settings_and_seed_are_those_of_the_round():
    facts = method_facts(sample_results())

    assert (facts["about"]["opened"], facts["about"]["closed"]) == ("2021-01-11", "2021-02-28")
    assert facts["rule"]["cuts_in_effect"] == [3.95, 3.4]
    assert (facts["minimum_group"], facts["confidence"], facts["seed"]) == (5, 0.95, 2020)
    assert facts["scale"] == {"points": 5}
    assert facts["draws"] == 1000
    assert facts["locked"]["by"] == "李敏"


def test_invited_valid_and_rate_per_group_and_dimension():
    facts = method_facts(sample_results())

    groups = {row["code"]: row for row in facts["groups"]}
    assert groups["customers"]["rate"] == pytest.approx(52 / 80)
    assert groups["regulators"]["valid"] is groups["regulators"]["rate"] is None  # pooled
    stakeholder = dimension_of(facts, "stakeholder")
    assert stakeholder["valid"] == 21 + 52 + 74 + 23 + 16
    assert stakeholder["invited"] == 30 + 80 + 90 + 8 + 36 + 16
    assert stakeholder["rate"] == pytest.approx(186 / 260)


def test_an_open_link_leaves_no_rate():
    inputs = sample_inputs()
    inputs["groups"][0]["invited"] = None

    facts = facts_of(inputs)

    assert dimension_of(facts, "stakeholder")["rate"] is None
    assert "no_response_rate" in facts["limits"]


def test_pooling_and_weights_are_said():
    stakeholder = dimension_of(method_facts(sample_results()), "stakeholder")

    pooled = [unit for unit in stakeholder["units"] if unit["pooled"]]
    assert [unit["groups"] for unit in pooled] == [["public", "regulators"]]
    assert sum(unit["share"] for unit in stakeholder["units"]) == pytest.approx(1)


def test_what_is_left_out_is_counted():
    exclusions = facts_of(few_customers())["exclusions"]

    assert exclusions["withheld_means"] == 2
    assert exclusions["cannot_judge"] == 8 + 2
    assert exclusions["suppressed_scores"] == []


def test_the_verdicts_are_counted_per_dimension():
    assert facts_of(second_round())["year_on_year"]["stakeholder"] == {"within_noise": 14}
    assert facts_of(sample_inputs())["year_on_year"] == {}


def test_limits_are_said_only_where_they_hold():
    sample, plain = method_facts(sample_results()), facts_of(by_hand()["inputs"])

    assert {"simulated", "pooled_groups"} <= set(sample["limits"])
    assert not {"simulated", "pooled_groups"} & set(plain["limits"])
    assert "draft" not in sample["limits"]
    assert {"draft", "no_joint_draws", "few_answers"} <= set(plain["limits"])


def test_the_facts_are_json():
    assert canonical(method_facts(sample_results()))
