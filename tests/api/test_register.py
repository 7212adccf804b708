"""The register by program: the rules of the pages hold here too."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from materiality import actions
from materiality.models import Iro
from surveys.models import Role
from tests.api.calls import call, caller
from tests.api.routes import MARKS, RULES
from tests.builders import both

pytestmark = pytest.mark.django_db
ENTRY = "assessments/<int:pk>/register/<slug:code>/"
LIST = "assessments/<int:pk>/register/"


def as_role(world, role):
    return caller(world, RULES[f"GET {ENTRY}"], world.users[role])


def get(world, part, role=Role.OWNER):
    return as_role(world, role).get(f"/api/v1/assessments/{world.asked.pk}/{part}")


def refusal(answered):
    return answered.status_code, answered.json()["code"]


def test_the_list_tells_what_is_sought_of_open_entries_and_of_closed_ones(world):
    for query, codes in (
        ("", ["IRO-001"]),
        ("?state=closed", ["IRO-002"]),
        ("?state=all&topic=safety", ["IRO-001", "IRO-002"]),
        ("?topic=energy", []),
        ("?kind=risk", []),
    ):
        found = get(world, f"register/{query}").json()
        assert [row["code"] for row in found["results"]] == codes, query
    assert get(world, "register/?state=lost").status_code == 400


def test_a_changed_text_keeps_the_language_that_was_not_sent(world):
    body = call(world, f"PATCH {ENTRY}", {"version": 1, "title": {"en": "Dust"}}).json()

    assert body["title"] == both("条目0", "Dust")
    assert body["version"] == 2
    assert world.asked.events.latest("number").verb == "describe_iro"


def test_who_saves_on_an_old_version_is_told_and_loses_nothing(world):
    call(world, f"PATCH {ENTRY}", {"version": 1, "place": "Wuxi"})

    answered = call(world, f"PATCH {ENTRY}", {"version": 1, "place": "Suzhou"})

    assert refusal(answered) == (409, "conflict")
    assert Iro.objects.get(pk=world.entry.pk).place == "Wuxi"


def test_net_without_evidence_is_refused_with_the_sentence_of_the_page(world):
    answered = call(world, f"PATCH {ENTRY}", {"version": 1, "is_net": True})

    assert refusal(answered) == (409, "bad_iro")
    assert "没有证据不能按应对后评估" in answered.json()["detail"]


def test_an_expert_is_told_what_others_say_after_scoring(world):
    before = get(world, "register/IRO-001/scores/", Role.VIEWER).json()
    waiting = get(world, "register-verdicts/", Role.VIEWER).json()
    own = {"marks": MARKS | {"scale": 5}, "reason": "Visit", "version": 0}
    call(world, f"PUT {ENTRY}scores/", own, client=as_role(world, Role.VIEWER))
    after = get(world, "register/IRO-001/scores/", Role.VIEWER).json()

    assert (before["scores"], before["follows"], waiting["waiting"]) == (None, None, 1)
    assert waiting["topics"] == []
    assert [row["marks"]["scale"] for row in after["scores"]] == [4, 5]
    assert after["own"]["reason"] == "Visit"
    assert after["follows"]["value"] == pytest.approx(2.7)
    assert get(world, "register-verdicts/", Role.VIEWER).json()["topics"]


def scored_by_two(world):
    """Let an editor score an entry of the sealed round that a viewer has still to score."""
    experts = [world.users[role] for role in (Role.EDITOR, Role.VIEWER)]
    actions.assign_iros(assessment=world.scored, codes=["IRO-001"], experts=experts, by=None)
    row = world.scored.iros.get(code="IRO-001")
    actions.score_iro(iro=row, expert=experts[0], marks=MARKS, reason="Audit 7")
    return row


def at_scored(world, role, part, verb="get"):
    client = as_role(world, role)
    return getattr(client, verb)(f"/api/v1/assessments/{world.scored.pk}/{part}")


def test_results_and_files_tell_an_expert_nothing_of_others_before_their_own_score(world):
    row = scored_by_two(world)

    before = at_scored(world, Role.VIEWER, "results/").json()
    files = [at_scored(world, Role.VIEWER, "files/", verb) for verb in ("get", "post")]

    assert "register" not in before["results"]
    assert before["results"]["topics"]
    assert [refusal(answered) for answered in files] == [(409, "scores_first")] * 2
    for role in (Role.EDITOR, Role.REVIEWER):  # the control: who edits, and whom nobody asked
        assert at_scored(world, role, "results/").json()["results"]["register"]["entries"]
        assert at_scored(world, role, "files/", "post").status_code == 202

    actions.score_iro(iro=row, expert=world.users[Role.VIEWER], marks=MARKS, reason="Own")

    assert at_scored(world, Role.VIEWER, "results/").json()["results"]["register"]["entries"]
    assert at_scored(world, Role.VIEWER, "files/", "post").status_code == 202


def test_the_reading_that_does_not_count_is_told_after_both_own_scores(world):
    row = scored_by_two(world)
    texts = {"mitigation": both("滤网", "Filters"), "evidence": "Audit 7"}
    actions.describe_iro(iro=row, by=None, **texts)
    row.refresh_from_db()
    editor, viewer = world.users[Role.EDITOR], world.users[Role.VIEWER]
    actions.score_iro(iro=row, expert=editor, marks=MARKS, reason="Net of it", is_net=True)

    actions.score_iro(iro=row, expert=viewer, marks=MARKS, reason="Own")
    between = at_scored(world, Role.VIEWER, "register/IRO-001/scores/").json()
    actions.score_iro(iro=row, expert=viewer, marks=MARKS, reason="Own net", is_net=True)
    after = at_scored(world, Role.VIEWER, "register/IRO-001/scores/").json()

    assert len(between["scores"]) == 2
    assert between["beside"]["scores"] is None
    assert len(after["beside"]["scores"]) == 2


def test_who_edits_the_round_sees_all_at_once(world):
    """The control of the one above."""
    assert len(get(world, "register/IRO-001/scores/", Role.OWNER).json()["scores"]) == 1


def test_an_entry_that_nobody_assigned_is_not_scored(world):
    actions.unassign_iros(
        assessment=world.asked, codes=["IRO-001"], experts=[world.users[Role.VIEWER]], by=None
    )
    own = {"marks": MARKS, "reason": "Visit", "version": 0}

    answered = call(world, f"PUT {ENTRY}scores/", own, client=as_role(world, Role.VIEWER))

    assert refusal(answered) == (409, "not_assigned")


def test_a_consensus_is_kept_and_taken_back(world):
    agreed = {"marks": MARKS | {"scale": 5}, "reason": "Agreed", "version": 0}
    body = call(world, f"PUT {ENTRY}consensus/", agreed).json()
    address = f"/api/v1/assessments/{world.asked.pk}/register/IRO-001/consensus/"
    client = as_role(world, Role.OWNER)

    assert body["follows"]["by_consensus"] is True
    assert client.delete(f"{address}?version=x").status_code == 400
    assert refusal(client.delete(f"{address}?version=7")) == (409, "conflict")
    assert client.delete(f"{address}?version=1").status_code == 204
    assert get(world, "register/IRO-001/scores/").json()["consensus"] is None


def test_a_threshold_tells_how_many_scores_were_known(world):
    key = "PATCH assessments/<int:pk>/register-thresholds/"
    body = call(world, key, RULES[key].told(world)).json()

    assert [(row["kind"], row["scores_before"]) for row in body["thresholds"]] == [("negative", 1)]
    verdict = get(world, "register-verdicts/").json()
    assert verdict["entries"][0]["is_material"] is False
    assert verdict["topics"][0]["worst"] == {"negative": "IRO-001"}
    assert refusal(call(world, key, RULES[key].told(world))) == (409, "conflict")


def sureness_of(told):
    return [(row["probability"], row["probability_missing"]) for row in told]


def test_verdicts_tell_the_probability_or_why_there_is_none(world):
    threshold = {"negative": (3.0, both("风险偏好", "Appetite"))}
    without = get(world, "register-verdicts/").json()
    actions.set_iro_thresholds(assessment=world.asked, values=threshold, by=None)
    of_one = get(world, "register-verdicts/").json()
    for role in (Role.OWNER, Role.REVIEWER):
        actions.score_iro(iro=world.entry, expert=world.users[role], marks=MARKS, reason="Visit")
    of_three = get(world, "register-verdicts/").json()

    assert sureness_of(without["entries"]) == [(None, "threshold")]
    assert sureness_of(of_one["entries"]) == [(None, "few")]
    assert sureness_of(of_one["topics"]) == [(None, "entries")]
    [(entry, why), (topic, why_topic)] = sureness_of([*of_three["entries"], *of_three["topics"]])
    assert (why, why_topic) == ("", "")
    assert 0 < entry < 1
    assert topic == pytest.approx(entry)


def test_last_rounds_entries_are_carried_and_the_lines_tell_so(world):
    lines = "assessments/<int:pk>/register-lines/"
    taken = call(world, f"POST {lines}carried/", {}).json()
    told = call(world, f"GET {lines}").json()

    assert taken == {"codes": ["IRO-001"]}
    assert [(row["code"], row["goes_on_in"], bool(row["reason"])) for row in told] == [
        ("IRO-001", ["IRO-001"], False),
        ("IRO-002", [], True),
    ]


def test_a_link_is_told_from_both_ends_and_taken_away_from_either(world):
    risk = {"topic": "energy", "kind": "risk", "title": both("停产", "A standstill")}
    made = call(world, f"POST {LIST}", risk | {"links": {"impact": ["IRO-001"]}}).json()
    impact = get(world, "register/IRO-001/").json()

    assert made["links"] == {"impact": ["IRO-001"], "dependency": []}
    assert (impact["links"]["impact"], impact["version"]) == ([made["code"]], 2)
    call(world, f"PATCH {ENTRY}", {"version": 2, "links": {"impact": []}})
    assert get(world, f"register/{made['code']}/").json()["links"]["impact"] == []


def test_gross_beside_net_is_told_and_does_not_count(world):
    shown = {"mitigation": both("除尘", "Filters"), "evidence": "Audit 7"}
    actions.describe_iro(iro=world.entry, by=None, **shown)
    net = {"marks": dict.fromkeys(MARKS, 1), "reason": "Filters", "version": 0, "is_net": True}

    body = call(world, f"PUT {ENTRY}scores/", net).json()

    assert (body["is_net"], body["beside"]["is_net"], body["own"]) == (False, True, None)
    assert body["beside"]["own"]["reason"] == "Filters"
    assert body["beside"]["follows"]["value"] == pytest.approx(0.2)
    assert body["follows"]["value"] == pytest.approx(2.4)
    assert get(world, "register-verdicts/").json()["entries"][0]["value"] == pytest.approx(2.4)


def test_what_is_sent_twice_counts_once(world):
    """Codes of entries that do not go on, and addresses of experts, however they are written."""
    ended = {"codes": ["IRO-001", "IRO-001"], "reason": both("已出售", "Sold")}
    experts = {
        "experts": ["reviewer@example.com", "Reviewer@Example.com"],
        "entries": ["IRO-001"] * 2,
    }

    reviewer = {"codes": ["IRO-001"], "experts": [world.users[Role.REVIEWER]]}
    actions.unassign_iros(assessment=world.asked, by=None, **reviewer)

    first = call(world, "POST assessments/<int:pk>/register-lines/ended/", ended)
    second = call(world, "POST assessments/<int:pk>/register-experts/", experts)

    assert first.status_code == 200
    assert [bool(row["reason"]) for row in first.json()] == [True, True]
    assert world.following.events.latest("number").after == ["IRO-001"]
    assert (second.status_code, second.json()) == (200, {"count": 1})


def test_two_meanings_or_thresholds_for_one_thing_are_refused(world):
    """Otherwise the last would count, and nobody would be told."""
    words = [{"criterion": "scope", "words": [both("一", "One")] * 5}] * 2
    values = [{"kind": "risk", "value": at, "reason": both("政策", "Policy")} for at in (2, 3)]
    scales = "PATCH assessments/<int:pk>/register-scales/"
    thresholds = "PATCH assessments/<int:pk>/register-thresholds/"

    first = call(world, scales, {"version": 223132457, "scales": words})
    second = call(world, thresholds, {"version": 223132457, "thresholds": values})

    assert (first.status_code, second.status_code) == (400, 400)
    assert "scope" in first.content.decode()
    assert "risk" in second.content.decode()
    assert not world.asked.iro_scales.exists()
    assert not world.asked.iro_thresholds.exists()
    one = call(world, scales, {"version": 223132457, "scales": words[:1]})  # the control
    assert one.status_code == 200


def test_a_meaning_without_words_is_taken_away(world):
    key = "PATCH assessments/<int:pk>/register-scales/"
    words = [both("一", "One")] * 5
    there = call(
        world, key, {"version": 223132457, "scales": [{"criterion": "scope", "words": words}]}
    )

    body = {"version": there.json()["version"], "scales": [{"criterion": "scope", "words": []}]}
    left = call(world, key, body).json()

    assert len(there.json()["scales"]) == 1
    assert left["scales"] == []


def test_scores_of_an_entry_take_the_same_queries_however_many_experts(
    world, django_assert_max_num_queries
):
    key = f"GET {ENTRY}scores/"
    with CaptureQueriesContext(connection) as one:
        call(world, key)
    for role in (Role.OWNER, Role.VIEWER):
        expert = world.users[role]
        actions.assign_iros(assessment=world.asked, codes=["IRO-001"], experts=[expert], by=None)
        actions.score_iro(iro=world.entry, expert=expert, marks=MARKS, reason="x")

    with django_assert_max_num_queries(len(one)):
        assert len(call(world, key).json()["scores"]) == 3


def test_a_named_stage_is_told_and_set_by_its_code_and_falls_away_with_its_side(world):
    steps = [actions.StepRow("upstream", both("农场", "Farms"))]
    actions.set_chain(assessment=world.asked, steps=steps, by=None)
    first = {"version": 1, "stage": "upstream", "step": "VC-01"}

    named = call(world, f"PATCH {ENTRY}", first).json()
    moved = call(world, f"PATCH {ENTRY}", {"version": 2, "stage": "own"}).json()
    wrong = call(world, f"PATCH {ENTRY}", {"version": 3, "step": "VC-01"})
    again = call(world, f"PATCH {ENTRY}", first | {"version": 3}).json()
    bare = call(world, f"PATCH {ENTRY}", {"version": 4, "step": ""}).json()

    assert (named["stage"], named["step"]) == ("upstream", "VC-01")
    assert (moved["stage"], moved["step"]) == ("own", "")
    assert refusal(wrong) == (409, "bad_iro")
    assert (again["step"], bare["step"], bare["stage"]) == ("VC-01", "", "upstream")
