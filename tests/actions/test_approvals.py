import pytest
from django.core.management import CommandError, call_command

from materiality import actions
from materiality.errors import (
    ChangeNeedsReason,
    CommentNeeded,
    FourEyes,
    NoResultsYet,
    NotApproved,
    RoundLocked,
)
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.selectors.approvals import standing_approval
from surveys.errors import Conflict
from tests.rounds import make_round, make_user, sealed_round
from tests.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    """A round that alice has decided and nobody has approved."""
    assessment = sealed_round(four_eyes=True)
    alice = make_user("alice", assessment.organisation)
    make_user("bob", assessment.organisation)
    actions.decide(assessment=assessment, decisions={"energy": (1, "Law")}, by=alice)
    return assessment


def person(name):
    from django.contrib.auth.models import User

    return User.objects.get(username=name)


def test_four_eyes_are_the_default():
    organisation = sealed_round().organisation

    assert actions.start_round(organisation=organisation, year="1999", by=None).four_eyes


def test_a_round_is_not_locked_before_a_second_person_approves(decided):
    with pytest.raises(NotApproved):
        snapshots.lock(assessment=decided, by=person("alice"))

    actions.approve(assessment=decided, by=person("bob"), comment="Looks right")
    snapshot = snapshots.lock(assessment=decided, by=person("alice"))

    assert snapshot.approved_by == "bob"
    decided.refresh_from_db()
    assert results_for(decided).approved_by == "bob"
    assert standing_approval(decided).digest == snapshot.digest


def test_who_decided_cannot_approve(decided):
    with pytest.raises(FourEyes):
        actions.approve(assessment=decided, by=person("alice"))

    assert not decided.approvals.exists()


def test_who_made_the_last_change_cannot_approve(decided):
    weights = {("employees", "stakeholder"): 2}
    actions.weigh(assessment=decided, weights=weights, by=person("bob"), reason="Asked for")

    with pytest.raises(FourEyes):
        actions.approve(assessment=decided, by=person("bob"))

    carol = make_user("carol", decided.organisation)
    assert actions.approve(assessment=decided, by=carol).verdict == "approved"


def test_an_approval_no_longer_holds_once_something_changes(decided):
    actions.approve(assessment=decided, by=person("bob"))
    assert standing_approval(decided).by == person("bob")

    actions.decide(assessment=decided, decisions={"energy": (2, "Law")}, by=person("alice"))

    assert standing_approval(decided) is None
    with pytest.raises(NotApproved):
        snapshots.lock(assessment=decided, by=person("alice"))


def test_asking_for_changes_takes_the_approval_back_and_says_which(decided):
    actions.approve(assessment=decided, by=person("bob"))

    with pytest.raises(CommentNeeded):
        actions.approve(assessment=decided, by=person("bob"), verdict="changes_requested")
    actions.approve(
        assessment=decided, by=person("bob"), verdict="changes_requested", comment="Why energy?"
    )

    assert standing_approval(decided) is None
    assert decided.events.last().reason == "Why energy?"


def test_what_was_approved_is_what_was_looked_at(decided):
    looked_at = results_for(decided).digest
    actions.decide(assessment=decided, decisions={"safety": (3, "Law")}, by=person("alice"))

    with pytest.raises(Conflict):
        actions.approve(assessment=decided, by=person("bob"), digest=looked_at)

    assert actions.approve(assessment=decided, by=person("bob"), digest=results_for(decided).digest)


def test_there_is_nothing_to_approve_before_there_are_results():
    assessment = make_round()

    with pytest.raises(NoResultsYet):
        actions.approve(assessment=assessment, by=make_user("bob"))


def test_a_locked_round_is_approved_no_more(decided):
    actions.approve(assessment=decided, by=person("bob"))
    snapshots.lock(assessment=decided, by=None)

    with pytest.raises(RoundLocked):
        actions.approve(assessment=decided, by=person("bob"))


def test_doing_without_a_second_person_needs_a_reason_and_is_logged(decided):
    with pytest.raises(ChangeNeedsReason):
        actions.require_approval(assessment=decided, required=False, by=person("alice"))

    actions.require_approval(
        assessment=decided, required=False, by=person("alice"), reason="Only one of us"
    )

    assert decided.events.last().reason == "Only one of us"
    assert snapshots.lock(assessment=decided, by=person("alice")).approved_by == ""


TAMPERINGS = {
    "a verdict is made up": (
        "INSERT INTO materiality_approval (assessment_id, digest, verdict, comment,"
        " comments, by_id, at)"
        " SELECT assessment_id, digest, verdict, 'me too', comments, by_id, at"
        " FROM materiality_approval"
    ),
    "a verdict is taken out": "DELETE FROM materiality_approval",
    "a verdict is turned round": "UPDATE materiality_approval SET verdict = 'approved', comment=''",
    "a comment is worded otherwise in one language": (
        'UPDATE materiality_approval SET comments = \'{"en": "Looked away"}\''
    ),
    "another person signs": (
        "UPDATE materiality_approval SET by_id ="
        " (SELECT id FROM auth_user WHERE username = 'alice')"
    ),
    "other results are signed": "UPDATE materiality_approval SET digest = 'sha256:0'",
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_verify_names_tampered_approvals(decided, name, capsys):
    verdict = "changes_requested" if "turned" in name else "approved"
    actions.approve(assessment=decided, by=person("bob"), verdict=verdict, comment="Looked at")

    tamper(TAMPERINGS[name])

    with pytest.raises(CommandError):
        call_command("verify")
    assert "approvals are not those the log tells of" in capsys.readouterr().err
