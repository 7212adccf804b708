"""What follows from a bundle's register, worked out by hand."""

import copy

import pytest

from materiality.document import assemble
from materiality.method import evaluate
from materiality.results import Results
from tests.document.test_register import inputs
from tests.samples import sample_inputs


def found(**others):
    return evaluate(inputs(**others))["register"]


def test_entries_come_to_what_their_marks_say():
    harm, net, risk = found()["entries"]

    # The consensus, 5, stands; alone the experts come to 4, the highest of 4, 2 and 3.
    assert (harm["value"], harm["by_consensus"], harm["is_material"]) == (5, True, True)
    assert harm["singles"] == [{"expert": "e1", "value": 4}, {"expert": "e2", "value": 4}]
    assert (harm["spread"], harm["is_disputed"], harm["carried_by"]) == (0, False, ["scale"])
    # Potential: 4 x 2 / 5, under the threshold of 3.
    assert (net["value"], net["is_material"]) == (pytest.approx(1.6), False)
    # 5 x 3 / 5; risks have no threshold, so nothing is said of it.
    assert (risk["value"], risk["is_material"], risk["carried_by"]) == (3, None, ["short"])


def test_topics_follow_their_worst_entry_in_the_order_of_the_list():
    privacy, energy = found()["topics"]

    assert (privacy["code"], privacy["is_material"], privacy["basis"]) == (
        "privacy",
        True,
        "impact",
    )
    assert (privacy["impact"], privacy["financial"]) == (5, None)
    assert energy["worst"] == {"negative": "IRO-002", "risk": "IRO-003"}
    assert (energy["impact"], energy["financial"]) == (pytest.approx(1.6), 3)
    assert (energy["is_material"], energy["entries"], energy["unscored"]) == (None, 2, 0)


def test_an_entry_of_a_topic_that_was_screened_out_is_told_too():
    """The control is `a topic nobody knows` of the refusals."""
    made = inputs(screened_out=[{"code": "noise", "kind": "covered"}])
    made["register"]["entries"][0]["topic"] = "noise"

    assert [row["code"] for row in evaluate(made)["register"]["topics"]] == ["energy", "noise"]


def test_the_likelihood_rule_is_that_of_the_register():
    made = inputs()
    made["register"]["likelihood_rule"] = "capped"

    assert evaluate(made)["register"]["entries"][1]["value"] == 3  # min(4, (4 + 2) / 2)


def test_beside_the_survey_a_register_changes_no_other_result():
    plain = evaluate(copy.deepcopy(sample_inputs()))
    with_register = evaluate(inputs())

    assert "register" not in plain
    assert with_register.pop("register")
    assert with_register == plain


def test_readers_hold_it_as_records():
    results = Results(assemble(inputs(), evaluate(inputs())))
    register = results.register

    harm = register.entry("IRO-001")
    assert [(one.expert.name, one.value) for one in harm.judgements] == [("Erin", 4), ("Frank", 4)]
    assert harm.judgements[0].marks == {"scale": 4, "scope": 2, "irremediability": 3}
    assert (harm.consensus.expert, harm.consensus.value) == (None, 5)
    assert register.entry("IRO-003").judgements[0].effects == {"short": (5, 3)}
    assert register.topic("energy").on("financial") == register.entry("IRO-003")
    assert register.topic("energy").on("impact").code == "IRO-002"
    assert register.topic("ip") is None
    assert register.threshold("negative").value == 3
    assert register.threshold("risk") is None
    assert register.entry("IRO-004").closing_reason == {"en": "Sold"}
    assert [line.after and line.after.code for line in register.lines] == ["IRO-001", None]
    assert (harm.axis, register.entry("IRO-003").axis) == ("impact", "financial")
    assert Results(assemble(sample_inputs(), evaluate(sample_inputs()))).register is None
