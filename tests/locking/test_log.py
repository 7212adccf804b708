import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from materiality import actions
from materiality.actions.successions import SuccessionLine
from materiality.document import log
from materiality.errors import ChangeNeedsReason
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Event
from materiality.models.immutable import RowIsImmutable
from materiality.selectors.weights import weight_sets
from tests.rounds import make_round, make_user, sealed_round
from tests.tampering import tamper

pytestmark = pytest.mark.django_db


def verbs(assessment):
    return list(assessment.events.values_list("verb", flat=True))


def test_every_action_writes_who_what_before_after_and_why():
    assessment = sealed_round()
    alice = make_user("alice", assessment.organisation)

    actions.weigh(
        assessment=assessment,
        weights={("employees", "stakeholder"): 3},
        by=alice,
        reason="The works council asked",
    )

    event = assessment.events.last()
    assert (event.verb, event.by, event.name) == ("weigh", alice, "alice")
    assert event.before["set"]["stakeholder"]["employees"] == 1.0
    assert event.after["set"]["stakeholder"]["employees"] == 3.0
    assert event.after["results"] == results_for(assessment).digest != event.before["results"]
    assert event.reason == "The works council asked"


def test_a_round_from_start_to_lock_is_in_its_log():
    first = sealed_round()
    snapshots.lock(assessment=first, by=None)
    second = sealed_round(year="2021", organisation=first.organisation, previous=first)
    actions.decide(assessment=second, decisions={"energy": (1, "Law")}, by=None)
    lines = [SuccessionLine("renamed", "energy", "energy", {"zh-hans": "改名", "en": "Renamed"})]
    kept = [SuccessionLine("continued", code, code, {}) for code in ("privacy", "safety", "ethics")]
    actions.succeed(assessment=second, changes=lines + kept, by=None)
    snapshots.lock(assessment=second, by=None)

    began = ["start_round", "add_topics", "add_groups", "add_groups"]
    assert verbs(first) == [*began, "ask", "ask", "lock"]
    assert verbs(second) == ["start_round", "carry_over", "ask", "ask", "decide", "succeed", "lock"]
    second.refresh_from_db()
    assert second.snapshot.log_head == second.log_head == second.events.last().hash


def test_what_changes_nothing_is_not_an_event():
    assessment = sealed_round()
    before = assessment.events.count()

    actions.weigh(assessment=assessment, weights={("employees", "stakeholder"): 1.0}, by=None)
    actions.set_rule(assessment=assessment, by=None, cut_high=assessment.cut_high)
    actions.decide(assessment=assessment, decisions={"energy": (None, "")}, by=None)
    topic = assessment.topics.first()
    actions.describe_topic(topic=topic, name=topic.name, definition=topic.definition, by=None)

    assert assessment.events.count() == before


def test_an_action_that_fails_leaves_no_event():
    assessment = sealed_round()
    before = assessment.events.count()

    with pytest.raises(ChangeNeedsReason):
        actions.weigh(assessment=assessment, weights={("employees", "stakeholder"): 9}, by=None)

    assert assessment.events.count() == before


CHANGES = {
    "weights": lambda a, **r: actions.weigh(
        assessment=a, weights={("employees", "stakeholder"): 9}, by=None, **r
    ),
    "cuts": lambda a, **r: actions.set_rule(assessment=a, by=None, cut_high=4.55, **r),
    "rule": lambda a, **r: actions.set_rule(assessment=a, by=None, tier_rule="both", **r),
}


@pytest.mark.parametrize("what", CHANGES)
def test_once_there_are_results_a_change_of_how_they_come_about_needs_a_reason(what):
    assessment = sealed_round()

    with pytest.raises(ChangeNeedsReason):
        CHANGES[what](assessment)
    with pytest.raises(ChangeNeedsReason):
        CHANGES[what](assessment, reason="  ")

    CHANGES[what](assessment, reason="The board decided so")
    assert assessment.events.last().reason == "The board decided so"


@pytest.mark.parametrize("what", CHANGES)
def test_before_there_are_results_no_reason_is_asked_for(what):
    assessment = make_round()

    CHANGES[what](assessment)

    assert assessment.events.last().reason == ""


def test_the_same_shares_written_in_other_numbers_need_no_reason():
    assessment = sealed_round()
    weights = {(group, "stakeholder"): 50 for group in ("employees", "customers", "regulators")}

    actions.weigh(assessment=assessment, weights=weights, by=None)

    assert assessment.events.last().after["set"]["stakeholder"]["employees"] == 50


def test_both_results_of_a_change_can_be_had_again_from_the_log():
    assessment = sealed_round()
    seen = results_for(assessment)
    CHANGES["weights"](assessment, reason="Asked for")
    event = assessment.events.last()

    from materiality.inputs import draft_with

    old = {
        (group, dimension): value
        for dimension, row in event.before["set"].items()
        for group, value in row.items()
    }
    assert draft_with(assessment, weights=old).digest == event.before["results"] == seen.digest


def test_saved_weight_sets_are_listed_with_author_and_reason():
    assessment = make_round()
    alice = make_user("alice", assessment.organisation)
    for value, reason in ((2, "More for employees"), (3, "Still more")):
        weights = {("employees", "stakeholder"): value}
        actions.weigh(assessment=assessment, weights=weights, by=alice, reason=reason)

    sets = weight_sets(assessment)

    assert [(s.name, s.reason, s.weights["employees", "stakeholder"]) for s in sets] == [
        ("alice", "More for employees", 2.0),
        ("alice", "Still more", 3.0),
    ]
    assert sets[0].at <= sets[1].at


@pytest.mark.parametrize(
    "write",
    [
        lambda e: e.save(),
        lambda e: e.delete(),
        lambda e: Event.objects.update(reason="x"),
        lambda e: Event.objects.all().delete(),
        lambda e: Event.objects.bulk_update([e], ["reason"]),
    ],
)
def test_the_model_refuses_to_change_an_entry(write):
    assessment = make_round()

    with pytest.raises(RowIsImmutable):
        write(assessment.events.first())


SQL = {
    "update": "UPDATE materiality_event SET reason = 'x'",
    "delete": "DELETE FROM materiality_event",
}


@pytest.mark.parametrize("verb", SQL)
def test_the_database_refuses_to_change_an_entry(verb):
    make_round()

    with (
        pytest.raises(DatabaseError, match="immutable"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(SQL[verb])


TAMPERINGS = {
    "an edited reason": ("UPDATE materiality_event SET reason = 'x' WHERE number = 3", 3),
    "another person": ("UPDATE materiality_event SET name = 'eve' WHERE number = 2", 2),
    "another day": ("UPDATE materiality_event SET at = '2020-01-01 00:00:00' WHERE number = 4", 4),
    "another value": ("UPDATE materiality_event SET after = '[]' WHERE number = 2", 2),
    "another verb": ("UPDATE materiality_event SET verb = 'decide' WHERE number = 1", 1),
    "a row taken out": ("DELETE FROM materiality_event WHERE number = 2", 2),
    "the first row taken out": ("DELETE FROM materiality_event WHERE number = 1", 1),
    "the cut tail": ("DELETE FROM materiality_event WHERE number >= 3", 3),
    "everything": ("DELETE FROM materiality_event", 1),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_verify_names_the_first_broken_entry(name, capsys):
    make_round()
    sql, number = TAMPERINGS[name]

    tamper(sql)

    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify")
    assert f"log entry {number}:" in capsys.readouterr().err


def test_verify_is_content_with_an_untouched_log(capsys):
    make_round()

    call_command("verify")

    assert "1 rounds are intact" in capsys.readouterr().out


def entry(number, previous, **fields):
    made = dict.fromkeys(log.FIELDS)
    made |= {"round": 1, "number": number, "previous": previous} | fields
    return made | {"hash": log.hash_of(made)}


def test_a_chain_rewritten_to_its_end_is_caught_by_the_head_kept_apart():
    first = entry(1, log.START, reason="true")
    second = entry(2, first["hash"])
    head = second["hash"]

    forged = entry(1, log.START, reason="false")
    rewritten = [forged, entry(2, forged["hash"])]

    assert log.first_fault([first, second], head) is None
    assert log.first_fault(rewritten, rewritten[-1]["hash"]) is None  # nobody kept the head
    assert log.first_fault(rewritten, head).number == 3
