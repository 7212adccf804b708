"""The register as a round's bundle holds it: what was said, by whom, and how often one asks."""

import pytest
from django.contrib.auth.models import User
from scipy.special import stdtr

from materiality import actions
from materiality.actions.register_scales import Meaning
from materiality.inputs import inputs_of
from materiality.inputs.register import Register, register_of
from materiality.locking.snapshots import results_for
from materiality.models import IroScore
from materiality.models.register import ASKED
from tests.builders import both
from tests.registers import add, fill_register
from tests.rounds import make_round, make_user, sealed_round

pytestmark = pytest.mark.django_db


def test_a_round_without_a_register_has_none_for_one_query(django_assert_num_queries):
    assessment = sealed_round()
    assert "register" not in inputs_of(assessment)

    with django_assert_num_queries(1):
        assert register_of(assessment) is None


def test_a_round_whose_entries_are_all_closed_has_those_alone():
    assessment = make_round()
    row = add(assessment, topic="safety", kind="risk")
    assert register_of(assessment)["entries"]

    actions.close_iro(iro=row, reason=both("已出售", "Sold"), by=None)

    register = register_of(assessment)
    assert register["entries"] == []
    assert [closed["code"] for closed in register["closed"]] == [row.code]


def test_a_register_takes_six_queries_however_large(django_assert_num_queries):
    assessment = make_round()
    fill_register(assessment)
    with django_assert_num_queries(6):
        register_of(assessment)

    for at in range(20):
        add(assessment, topic="ethics", kind="risk", title=both(f"题{at}", f"No. {at}"))
    IroScore.objects.bulk_create(
        IroScore(iro=iro, expert=None, sheet=iro.sheet, reason="x", at="2020-01-01T00:00Z")
        for iro in assessment.iros.filter(topic__code="ethics")
    )

    with django_assert_num_queries(6):
        assert len(register_of(assessment)["entries"]) == 26


def test_it_holds_what_was_said_by_whom_and_why():
    assessment = sealed_round()
    fill_register(assessment)
    register = inputs_of(assessment)["register"]
    rows = {row["code"]: row for row in register["entries"]}

    assert register["experts"] == [{"code": "e1", "name": "erin"}, {"code": "e2", "name": "frank"}]
    assert rows["IRO-001"]["judgements"][1] == {
        "expert": "e2",
        "scale": 4,
        "scope": 4,
        "irremediability": 4,
        "reason": "As IRO-001",
    }
    assert rows["IRO-002"]["judgements"][1] == {"expert": "e2", "reason": "As IRO-002"}
    assert rows["IRO-002"]["judgements"][0]["effects"]["long"] == {"magnitude": 3, "likelihood": 3}
    assert rows["IRO-004"]["consensus"]["reason"] == "The fund is large"
    assert "consensus" not in rows["IRO-001"]
    assert (rows["IRO-003"]["is_net"], rows["IRO-003"]["evidence"]) == (True, "Audit 2020")
    assert [row["code"] for row in register["closed"]] == ["IRO-007"]
    thresholds = {
        row["kind"]: (row["value"], row["scores_before"]) for row in register["thresholds"]
    }
    assert thresholds == {"negative": (3, 0), "positive": (2.5, 0), "risk": (2, 0)}
    assert "lines" not in register


def test_results_say_what_the_page_of_the_register_does():
    assessment = sealed_round()
    fill_register(assessment)
    found = results_for(assessment).register
    page = Register(assessment)

    assert {one.code: (one.value, one.is_material, one.spread) for one in found.entries} == {
        row.iro.code: (row.scored.value, row.scored.is_material, row.scored.spread)
        for row in page.entries
    }
    assert {one.code: (one.is_material, one.basis) for one in found.topics} == {
        row.topic.code: (row.outcome.is_material, row.outcome.basis) for row in page.topics
    }


@pytest.mark.parametrize("rule", ["scaled", "capped"])
def test_results_and_page_give_the_same_probabilities(rule):
    """Of a potential impact: how likelihood lowers it counts, see `sureness`."""
    assessment = sealed_round()
    assessment.likelihood_rule = rule
    assessment.save()
    row = add(assessment, topic="energy", kind="negative")
    experts = [make_user(name, assessment.organisation) for name in ("erin", "frank", "gina")]
    actions.assign_iros(assessment=assessment, codes=[row.code], experts=experts, by=None)
    thresholds = {"negative": (2.0, both("惯例", "As usual"))}
    actions.set_iro_thresholds(assessment=assessment, values=thresholds, by=None)
    for expert, mark in zip(experts, (1, 3, 5), strict=True):
        marks = dict.fromkeys(ASKED[row.sheet], mark)
        actions.score_iro(iro=row, expert=expert, marks=marks, reason="As judged")

    [in_results] = results_for(assessment).register.entries
    [on_page] = Register(assessment).sure_entries

    assert in_results.probability == on_page.probability
    assert in_results.probability == pytest.approx(EXPECTED[rule], abs=0.01)


EXPECTED = {"scaled": stdtr(2, -0.16228 / 2 * 3**0.5), "capped": stdtr(2, 1 / 2 * 3**0.5)}
"""Student's t of the marks 1, 3 and 5: against the root of 5 · 2, and against 2."""


def test_a_score_on_another_sheet_does_not_count_and_is_left_out():
    assessment = make_round()
    rows = fill_register(assessment)
    actions.describe_iro(iro=rows[2], by=None, is_actual=True)

    told = {row["code"]: row["judgements"] for row in register_of(assessment)["entries"]}

    assert told["IRO-003"] == []
    assert len(told["IRO-004"]) == 2


def test_an_evidence_file_is_told_with_its_digest(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    assessment = make_round()
    topic = assessment.topics.get(code="safety")
    file = actions.attach(assessment=assessment, topic=topic, name="a.pdf", content=b"a", by=None)
    add(
        assessment,
        topic="safety",
        kind="risk",
        is_net=True,
        mitigation=both("更换", "New ones"),
        evidence_file=file,
    )

    [row] = register_of(assessment)["entries"]

    assert (row["evidence"], row["evidence_digest"]) == ("a.pdf", file.digest)


def test_lines_lead_from_last_rounds_entries():
    first = make_round()
    fill_register(first)
    second = make_round(year="2021", previous=first)
    actions.carry_iros(assessment=second, by=None)
    kept = second.iros.get(code="IRO-001")
    actions.describe_iro(iro=kept, by=None, before=["IRO-001", "IRO-003"])

    lines = register_of(second)["lines"]

    assert len(lines) == 7
    assert lines[0] == {
        "before": "IRO-001",
        "before_title": both("条目1", "Entry 1"),
        "after": "IRO-001",
        "reason": {},
    }
    assert [row["after"] for row in lines if row["before"] == "IRO-003"] == ["IRO-003", "IRO-001"]


def test_links_and_the_reading_beside_are_told_and_left_out_where_there_are_none():
    assessment = make_round()
    rows = fill_register(assessment)
    plain = register_of(assessment)
    assert "links" not in plain
    assert not any("beside" in row for row in plain["entries"])

    actions.describe_iro(iro=rows[1], by=None, links={"impact": ["IRO-003"]})
    expert = User.objects.get(username="erin")
    marks = dict.fromkeys(ASKED[rows[2].sheet], 5)
    actions.score_iro(iro=rows[2], expert=expert, marks=marks, reason="Before", is_net=False)

    told = register_of(assessment)
    assert told["links"] == [{"impact": "IRO-003", "effect": "IRO-002", "kind": "impact"}]
    beside = told["entries"][2].pop("beside")
    assert [(row["scale"], row["reason"]) for row in beside["judgements"]] == [(5, "Before")]
    assert told["entries"] == plain["entries"]


def test_what_the_numbers_mean_is_told_and_left_out_where_nobody_said_it():
    assessment = make_round()
    fill_register(assessment)
    assert "scales" not in register_of(assessment)
    words = [both(f"{at}级", f"Degree {at}") for at in range(1, 6)]
    meanings = {
        ("scope", ""): Meaning(words),
        ("magnitude", "long"): Meaning((), "CNY", (1, 2, 3, 4)),
    }

    actions.set_iro_scales(assessment=assessment, meanings=meanings, by=None)

    money, scope = register_of(assessment)["scales"]
    assert (scope["words"][0]["en"], scope["scores_before"]) == ("Degree 1", 8)
    assert money == {
        "criterion": "magnitude",
        "horizon": "long",
        "currency": "CNY",
        "limits": [1, 2, 3, 4],
        "scores_before": 3,
    }
