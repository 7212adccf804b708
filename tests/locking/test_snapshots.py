import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from materiality import actions
from materiality.actions.successions import SuccessionLine
from materiality.document import canonical, digest
from materiality.errors import RoundIncomplete, RoundLocked
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Snapshot
from materiality.models.decisions import SnapshotIsImmutable
from tests.rounds import make_user, sealed_round
from tests.tampering import tamper, unprotected

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked():
    assessment = sealed_round()
    snapshots.lock(assessment=assessment, by=make_user("alice", assessment.organisation))
    assessment.refresh_from_db()
    return assessment


def test_a_locked_round_reads_as_it_was_locked_whatever_changes_after(locked):
    before = results_for(locked)

    with unprotected():
        locked.topics.update(name={"zh-hans": "改名", "en": "Renamed"})
        locked.cut_high = 4.9
        locked.save()

    after = results_for(locked)
    assert after.document == before.document
    assert after.is_locked
    assert after.locked_by == "alice"


ATTACKS = {
    "save": lambda s: s.save(),
    "delete": lambda s: s.delete(),
    "update": lambda s: Snapshot.objects.update(digest="x"),
    "delete of many": lambda s: Snapshot.objects.all().delete(),
    "bulk update": lambda s: Snapshot.objects.bulk_update([s], ["digest"]),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_model_refuses_to_change_a_snapshot(locked, name):
    with pytest.raises(SnapshotIsImmutable):
        ATTACKS[name](locked.snapshot)

    assert snapshots.find_faults(Snapshot.objects.get()) == []


SQL = {
    "update": "UPDATE materiality_snapshot SET digest = 'x'",
    "delete": "DELETE FROM materiality_snapshot",
}


@pytest.mark.parametrize("verb", SQL)
def test_the_database_refuses_to_change_a_snapshot(locked, verb):
    with (
        pytest.raises(DatabaseError, match="immutable"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(SQL[verb])

    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize("verb", SQL)
def test_without_the_trigger_the_database_would_have_obeyed(locked, verb):
    digest_as_locked = locked.snapshot.digest
    tamper(SQL[verb])

    assert not Snapshot.objects.filter(digest=digest_as_locked).exists()


VERBS = {
    "weigh": lambda a: actions.weigh(assessment=a, weights={}, by=None),
    "set the rule": lambda a: actions.set_rule(assessment=a, by=None, cut_high=4.5),
    "decide": lambda a: actions.decide(assessment=a, decisions={}, by=None),
    "lock again": lambda a: snapshots.lock(assessment=a, by=None),
    "describe": lambda a: actions.describe_topic(
        topic=a.topics.first(), name={}, definition={}, by=None
    ),
}


@pytest.mark.parametrize("name", VERBS)
def test_no_action_changes_a_locked_round(locked, name):
    with pytest.raises(RoundLocked):
        VERBS[name](locked)


def forge(snapshot, change):
    document = json.loads(snapshot.document)
    change(document)
    tamper("UPDATE materiality_snapshot SET document = %s", canonical(document))


def test_verify_names_a_document_changed_behind_the_products_back(locked, capsys):
    forge(locked.snapshot, lambda d: d["inputs"]["rule"].update(cuts=[4.9, 1.0]))

    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify")

    assert "changed after it was written" in capsys.readouterr().err


def test_verify_names_results_that_do_not_follow_even_with_a_right_digest(locked, capsys):
    def lie(document):
        document["results"]["topics"][0]["overall"] = 5.0
        document["digest"] = digest(document)

    forge(locked.snapshot, lie)

    with pytest.raises(CommandError):
        call_command("verify")

    assert "digest is not that of its document" in capsys.readouterr().err


def test_verify_is_content_with_what_was_locked(locked, capsys):
    call_command("verify")

    assert "1 of them are locked and recompute equal" in capsys.readouterr().out


def test_an_incomplete_change_table_blocks_the_lock_and_not_the_saving(locked):
    after = sealed_round(year="2021", organisation=locked.organisation, previous=locked)
    lines = [
        SuccessionLine("continued", topic.code, topic.code, {}) for topic in after.topics.all()
    ]
    actions.succeed(assessment=after, changes=lines[1:], by=None)  # one topic on neither side

    with pytest.raises(RoundIncomplete, match="2"):
        snapshots.lock(assessment=after, by=None)

    actions.succeed(assessment=after, changes=lines, by=None)
    assert snapshots.lock(assessment=after, by=None).digest


def test_a_bundle_is_exported_and_recomputed_digit_for_digit(locked, tmp_path, capsys):
    file = tmp_path / "bundle.json"
    call_command("export_bundle", locked.pk, file)
    capsys.readouterr()

    call_command("recompute", file)

    printed = capsys.readouterr().out
    assert json.loads(printed) == json.loads(file.read_text(encoding="utf-8"))["results"]
    assert printed.strip() == canonical(results_for(locked).document["results"])
