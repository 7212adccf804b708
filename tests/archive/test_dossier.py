import pytest

from materiality import actions
from materiality.archive.dossier import dossier
from materiality.locking import snapshots
from materiality.models import Assessment, Topic
from tests.builders import both
from tests.rounds import STEADY, make_user, sealed_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def assessment():
    made = sealed_round(four_eyes=True)
    alice, bob = (make_user(name, made.organisation) for name in ("alice", "bob"))
    energy = made.topics.get(code="energy")
    weights = {("employees", "stakeholder"): 2}
    actions.weigh(assessment=made, weights=weights, by=alice, reason="Asked for")
    actions.decide(assessment=made, decisions={"energy": (1, "Law")}, by=alice)
    actions.attach(assessment=made, topic=energy, name="law.pdf", content=b"Law", by=alice)
    actions.remark(assessment=made, topic=energy, text="Are we sure?", by=bob)
    actions.approve(assessment=made, by=bob)
    snapshots.lock(assessment=made, by=alice)
    return Assessment.objects.get(pk=made.pk)


def test_a_score_is_the_sum_of_what_its_units_contributed(assessment):
    result = dossier(assessment, "energy")

    trails = {trail.axis: trail for trail in result.trails}
    # Employees rated energy (6 + 9) / 6 = 2.5 and count twice; customers 3, regulators 3.
    steps = [(step.row.unit.code, step.share, step.row.mean) for step in trails["y"].steps]
    assert steps == [
        ("employees", 0.5, 2.5),
        ("customers", 0.25, 3.0),
        ("regulators", 0.25, 3.0),
    ]
    total = sum(step.contribution for step in trails["y"].steps)
    assert total == pytest.approx(2.75) == trails["y"].score.score == result.topic.y


def test_suggestion_decision_and_approval_stand_behind_one_another(assessment):
    result = dossier(assessment, "energy")

    assert (result.topic.suggested_tier, result.topic.tier, result.topic.overridden) == (3, 1, True)
    assert (result.decision["by"], result.decision["reason"]) == ("alice", "Law")
    assert result.approval.by.username == "bob"
    assert result.approval.digest == result.results.digest
    assert [event.verb for event in result.events] == ["decide", "attach", "remark"]
    assert [file.name for file in result.files] == ["law.pdf"]
    assert [remark.text for remark in result.remarks] == ["Are we sure?"]


def test_a_topic_nobody_decided_has_the_suggestion_alone(assessment):
    result = dossier(assessment, "privacy")

    assert result.decision is None
    assert result.files == result.remarks == result.changes == ()


def test_a_silent_unit_contributes_nothing_and_leaves_its_share_to_the_others():
    silent = {**STEADY, "regulators": []}

    result = dossier(sealed_round(silent), "privacy")

    [trail] = [trail for trail in result.trails if trail.axis == "y"]
    assert [step.share for step in trail.steps] == [0.5, 0.5, 0.0]
    assert result.approval is None


def test_a_topic_that_was_screened_out_or_never_was_has_no_dossier():
    from tests.rounds import make_round

    second = make_round(year="2021")
    actions.screen_out(
        assessment=second, topic="energy", kind="covered", reason=both("并", "Elsewhere"), by=None
    )

    for code in ("energy", "nothing"):
        with pytest.raises(Topic.DoesNotExist):
            dossier(second, code)
