"""Attempts to change a locked round, through every door: none may leave a trace in what is locked.

The database's owner can drop the triggers; what they do then, `verify` names (the last part).
"""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client, override_settings
from django.urls import reverse

from materiality import actions
from materiality.actions.successions import SuccessionLine
from materiality.document import canonical, digest
from materiality.document.log import hash_of
from materiality.locking import snapshots
from materiality.locking.verification import faults_of
from materiality.models import Assessment, Decision, Event, Remark, Snapshot, Weight
from materiality.models.closing import CLOSED, missing_triggers
from materiality.models.immutability import RECORDS
from surveys.errors import RuleBroken
from surveys.models import Comment
from tests.builders import both
from tests.rounds import make_round, make_user, sealed_round
from tests.tampering import tamper, unprotected

pytestmark = pytest.mark.django_db
REFUSALS = (RuleBroken, DatabaseError, ProtectedError)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """Make the round once for this file, and take it back afterwards."""
    folder = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), folder, transaction.atomic():
        yield make_locked_round()
        transaction.set_rollback(True)


@pytest.fixture
def locked(made):
    """The locked round; what a test does to its file is undone after it."""
    assessment = Assessment.objects.get(pk=made.pk)
    stored = Path(assessment.evidence_files.get().file.path)
    content = stored.read_bytes()
    yield assessment
    stored.write_bytes(content)


def make_locked_round():
    """Return a locked round with one of everything, and an open round beside it."""
    assessment = sealed_round(four_eyes=True)
    alice, bob = (make_user(name, assessment.organisation) for name in ("alice", "bob"))
    energy = assessment.topics.get(code="energy")
    actions.decide(assessment=assessment, decisions={"energy": (1, "Law")}, by=alice)
    actions.attach(assessment=assessment, topic=energy, name="a.pdf", content=b"a", by=alice)
    actions.remark(assessment=assessment, topic=energy, text="Why?", by=alice)
    actions.approve(assessment=assessment, by=bob)
    assessment.surveys.first().comments.create(text="I am Ann", released="I am █████")
    snapshots.lock(assessment=assessment, by=alice)
    make_round(year="1999")
    return Assessment.objects.get(pk=assessment.pk)


def fingerprint(assessment):
    """Everything the database holds of locked rounds, and of the records beside them."""
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted({*CLOSED, *RECORDS}):
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            rows[table] = cursor.fetchall()
    return rows


def sql(statement):
    def attack(_assessment):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return attack


LOCKED = "(SELECT assessment_id FROM materiality_snapshot)"
OPEN = f"(SELECT id FROM materiality_assessment WHERE id NOT IN {LOCKED})"
TOPIC = f"(SELECT id FROM materiality_topic WHERE assessment_id IN {LOCKED} AND code = 'energy')"
GROUP = f"(SELECT MIN(id) FROM materiality_stakeholdergroup WHERE assessment_id IN {LOCKED})"

ACTIONS = {
    "weigh": lambda a: actions.weigh(
        assessment=a, weights={("employees", "stakeholder"): 9}, by=None, reason="x"
    ),
    "set the rule": lambda a: actions.set_rule(assessment=a, by=None, cut_high=4.9, reason="x"),
    "decide": lambda a: actions.decide(assessment=a, decisions={"safety": (3, "x")}, by=None),
    "take a decision back": lambda a: actions.decide(
        assessment=a, decisions={"energy": (None, "")}, by=None
    ),
    "explain changes": lambda a: actions.succeed(
        assessment=a, changes=[SuccessionLine("added", None, "energy", {})], by=None
    ),
    "explain the method": lambda a: actions.explain_method(assessment=a, reason={}, by=None),
    "describe a topic": lambda a: actions.describe_topic(
        topic=a.topics.first(), name=both("x", "x"), by=None
    ),
    "describe engagement": lambda a: actions.describe_engagement(
        group=a.groups.first(), expectations=[], channels=[], by=None
    ),
    "add topics": lambda a: actions.add_topics(assessment=a, topics=[], by=None),
    "screen out": lambda a: actions.screen_out(
        assessment=a, topic="energy", kind="covered", reason=both("x", "x"), by=None
    ),
    "remove a topic": lambda a: actions.remove_topic(assessment=a, topic="energy", by=None),
    "reorder": lambda a: actions.move(assessment=a, topic="energy", places=1, by=None),
    "add groups": lambda a: actions.add_groups(
        assessment=a, groups=[], dimension="stakeholder", by=None
    ),
    "follow another round": lambda a: actions.follow(
        assessment=a, previous=Assessment.objects.exclude(pk=a.pk).get(), by=None
    ),
    "approve again": lambda a: actions.approve(assessment=a, by=make_user("carol")),
    "do without approval": lambda a: actions.require_approval(
        assessment=a, required=False, by=None, reason="x"
    ),
    "attach": lambda a: actions.attach(assessment=a, name="b", content=b"b", by=None),
    "detach": lambda a: actions.detach(file=a.evidence_files.get(), by=None, reason="x"),
    "remark": lambda a: actions.remark(assessment=a, text="x", by=None),
    "lock again": lambda a: snapshots.lock(assessment=a, by=None),
}
ORM = {
    "save a snapshot": lambda a: a.snapshot.save(),
    "delete a snapshot": lambda a: a.snapshot.delete(),
    "update snapshots": lambda a: Snapshot.objects.update(digest="x"),
    "delete snapshots": lambda a: Snapshot.objects.all().delete(),
    "delete snapshots by stealth": lambda a: Snapshot.objects.all()._raw_delete("default"),
    "overwrite a snapshot": lambda a: Snapshot.objects.bulk_create(
        [Snapshot(assessment=a, document="{}", digest="x", locked_at=a.snapshot.locked_at)],
        update_conflicts=True,
        unique_fields=["assessment"],
        update_fields=["document", "digest"],
    ),
    "update events": lambda a: Event.objects.update(reason="x"),
    "release a comment": lambda a: Comment.objects.update(released="I am Ann"),
    "update remarks": lambda a: Remark.objects.update(text="x"),
    "delete the round": lambda a: a.delete(),
    "save another cut": lambda a: Assessment.objects.filter(pk=a.pk).update(cut_high=4.9),
    "update a weight": lambda a: Weight.objects.filter(group__assessment=a).update(value=9),
    "delete decisions": lambda a: Decision.objects.filter(topic__assessment=a).delete(),
    "delete topics": lambda a: a.topics.all().delete(),
    "save a topic": lambda a: a.topics.first().save(),
    "add a survey": lambda a: a.surveys.clear(),
}
RAW = {
    "document": sql("UPDATE materiality_snapshot SET document = '{}'"),
    "snapshot away": sql("DELETE FROM materiality_snapshot"),
    "event edited": sql("UPDATE materiality_event SET reason = 'x'"),
    "event away": sql("DELETE FROM materiality_event WHERE number = 3"),
    "tail away": sql("DELETE FROM materiality_event WHERE number > 3"),
    "event forged": sql(
        "INSERT INTO materiality_event (assessment_id, number, at, name, verb, subject, before,"
        " after, reason, previous_hash, hash) SELECT assessment_id, 99, at, 'eve', 'decide', '',"
        " 'null', 'null', '', '', '' FROM materiality_event WHERE verb = 'lock'"
    ),
    "approval edited": sql("UPDATE materiality_approval SET comment = 'x'"),
    "approval forged": sql(
        "INSERT INTO materiality_approval (assessment_id, digest, verdict, comment,"
        " comments, by_id, at)"
        " SELECT assessment_id, 'x', verdict, comment, comments, by_id, at"
        " FROM materiality_approval"
    ),
    "cuts": sql(f"UPDATE materiality_assessment SET cut_high = 4.9 WHERE id IN {LOCKED}"),
    "version": sql(f"UPDATE materiality_assessment SET version = 0 WHERE id IN {LOCKED}"),
    "topic renamed": sql(f"UPDATE materiality_topic SET name = '{{}}' WHERE id IN {TOPIC}"),
    "topic moved out": sql(
        f"UPDATE materiality_topic SET code = 'new', assessment_id = {OPEN} WHERE id IN {TOPIC}"
    ),
    "topic moved in": sql(
        f"UPDATE materiality_topic SET code = 'new', assessment_id = {LOCKED}"
        f" WHERE assessment_id IN {OPEN} AND code = 'energy'"
    ),
    "tier": sql("UPDATE materiality_decision SET tier = 3"),
    "decision away": sql("DELETE FROM materiality_decision"),
    "decision added": sql(
        "INSERT INTO materiality_decision (topic_id, tier, reason, reasons, decided_at)"
        f" SELECT id, 3, '', '{{}}', '2020-01-01' FROM materiality_topic"
        f" WHERE assessment_id IN {LOCKED} AND code = 'safety'"
    ),
    "weight": sql(f"UPDATE materiality_weight SET value = 9 WHERE group_id = {GROUP}"),
    "weights away": sql(f"DELETE FROM materiality_weight WHERE group_id = {GROUP}"),
    "engagement": sql(f"DELETE FROM materiality_engagement WHERE group_id = {GROUP}"),
    "group": sql(f"UPDATE materiality_stakeholdergroup SET name = '{{}}' WHERE id = {GROUP}"),
    "dimension": sql(f"UPDATE materiality_dimension SET axis = '' WHERE assessment_id IN {LOCKED}"),
    "file": sql("UPDATE materiality_evidencefile SET digest = 'x'"),
    "remark": sql("UPDATE materiality_remark SET text = 'x'"),
    "comment released whole": sql("UPDATE surveys_comment SET released = text"),
    "comment away": sql("DELETE FROM surveys_comment"),
    "survey": sql(f"DELETE FROM materiality_assessment_surveys WHERE assessment_id IN {LOCKED}"),
}
SQLITE = {
    "snapshot replaced": sql(
        "INSERT OR REPLACE INTO materiality_snapshot (id, assessment_id, document, digest,"
        " method_version, locked_at, approved_by, log_head) SELECT id, assessment_id, '{}', 'x',"
        " '1', locked_at, '', '' FROM materiality_snapshot"
    ),
    "event replaced": sql(
        "REPLACE INTO materiality_event (id, assessment_id, number, at, name, verb, subject,"
        " before, after, reason, previous_hash, hash) SELECT id, assessment_id, number, at, 'eve',"
        " verb, subject, before, after, '', previous_hash, hash FROM materiality_event"
    ),
    "topic pushed out by an open round": sql(
        f"UPDATE OR REPLACE materiality_topic SET id = {TOPIC}"
        f" WHERE assessment_id IN {OPEN} AND code = 'energy'"
    ),
    "round pushed out": sql(
        "INSERT OR REPLACE INTO materiality_weight (id, value, dimension_id, group_id)"
        f" SELECT (SELECT MIN(id) FROM materiality_weight WHERE group_id = {GROUP}), 9,"
        " dimension_id, group_id FROM materiality_weight"
        f" WHERE group_id IN (SELECT id FROM materiality_stakeholdergroup"
        f" WHERE assessment_id IN {OPEN}) LIMIT 1"
    ),
}
POSTGRES = {
    f"truncate {table}": sql(f"TRUNCATE {table} CASCADE")
    for table in ("materiality_snapshot", "materiality_event", "materiality_topic")
} | {
    "switch triggers off as a member": sql(
        "CREATE ROLE reader; SET LOCAL ROLE reader; SET session_replication_role = replica"
    ),
}
METHODS = ("post", "put", "patch", "delete")
BODIES = {
    "api:assessment-detail": {"name": both("别的", "Another")},
    "api:assessment-topics": {"topics": [{"name": both("别的", "Another"), "category": "social"}]},
}
API = {
    f"{method} {name}": lambda a, method=method, name=name: call(
        a, method, f"api:assessment-{name}"
    )
    for method in METHODS
    for name in ("detail", "topics", "results", "matrix", "changes")
}


def call(assessment, method, name):
    client = signed_in()
    path = reverse(name, args=[assessment.pk])
    response = getattr(client, method)(path, BODIES.get(name), content_type="application/json")
    assert response.status_code in (403, 405, 409)


OF_A_TOPIC = ("topic", "screen", "take_back", "remove_topic", "topic_remark", "topic_attach")
PAGES = {
    f"post {name}": lambda a, name=name: post(a, name)
    for name in (
        *("results", "weights", "changes", "engagement", "lock", "ask", "end", "detach"),
        *(
            "add_topics",
            "add_own_topic",
            "reorder_topics",
            "carry_over",
            "remark",
            "attach",
            "explain_method",
            "follow",
        ),
        *("last_list", *OF_A_TOPIC),
    )
}
FIELDS = {
    "tier:energy": "3",
    "reason:energy": "x",
    "y:employees": "90",
    "y:customers": "1",
    "y:regulators": "1",
    "x:panel": "1",
    "name:zh-hans": "x",
    "name:en": "x",
    "employees:expectation:zh-hans": "x",
    "employees:expectation:en": "x",
    "reason": "x",
    "definition:zh-hans": "x",
    "definition:en": "x",
    "example:zh-hans": "",
    "example:en": "",
    "category": "social",
    "more": "GRI 305-1 (2016)",
    "keys": "GRI|2016|302",
    "move": "energy:-1",
    "kind": "not_applicable",
    "why:zh-hans": "x",
    "why:en": "x",
    "text": "x",
    "about": "x",
    "year": "1999",
    "lines": "旧 | Old",
}


def post(assessment, name):
    keys = {
        "end": [assessment.surveys.first().pk],
        "detach": [assessment.evidence_files.get().pk],
        **{page: ["energy"] for page in OF_A_TOPIC},
    }
    path = reverse(f"materiality:{name}", args=[assessment.pk, *keys.get(name, [])])
    file = {"file": SimpleUploadedFile("a.pdf", b"x")} if name.endswith("attach") else {}
    signed_in().post(path, FIELDS | file | {"version": assessment.version})


@pytest.mark.parametrize(
    "name", [*OF_A_TOPIC, "add_own_topic", "reorder_topics", "remark", "attach", "explain_method"]
)
def test_the_same_post_changes_a_round_that_is_open(locked, name, settings, tmp_path):
    """The control: these posts are refused for the lock, and for nothing else."""
    settings.MEDIA_ROOT = tmp_path
    assessment = make_round(year="2044", organisation=locked.organisation)
    if name == "take_back":
        reason = {"zh-hans": "x", "en": "x"}
        actions.screen_out(
            assessment=assessment, topic="energy", kind="covered", reason=reason, by=None
        )
    before = assessment.events.count()
    more = ["energy"] if name in OF_A_TOPIC else []
    file = {"file": SimpleUploadedFile("a.pdf", b"x")} if name.endswith("attach") else {}
    version = Assessment.objects.get(pk=assessment.pk).version

    path = reverse(f"materiality:{name}", args=[assessment.pk, *more])
    signed_in().post(path, FIELDS | file | {"version": version})

    assert assessment.events.count() == before + 1


def signed_in():
    from django.contrib.auth.models import User

    client = Client(raise_request_exception=False)
    client.force_login(
        User.objects.get(username="alice"), "django.contrib.auth.backends.ModelBackend"
    )
    return client


ENGINE = SQLITE if connection.vendor == "sqlite" else POSTGRES
ATTEMPTS = {
    f"{door}: {name}": attack
    for door, attacks in (
        ("action", ACTIONS),
        ("ORM", ORM),
        ("SQL", RAW | ENGINE),
        ("API", API),
        ("page", PAGES),
    )
    for name, attack in attacks.items()
}


def succeeded(attack, assessment):
    """Try it, and tell whether anything is different afterwards."""
    before = fingerprint(assessment)
    try:
        with transaction.atomic():
            attack(assessment)
    except REFUSALS:
        pass
    return fingerprint(assessment) != before


def test_there_are_more_than_forty_attempts():
    assert len(ATTEMPTS) > 80
    assert len(RAW | ENGINE) >= 27


@pytest.mark.parametrize("name", ATTEMPTS)
def test_no_attempt_changes_a_locked_round(locked, name):
    assert not succeeded(ATTEMPTS[name], locked)
    assert list(faults_of(Assessment.objects.get(pk=locked.pk))) == []


@pytest.mark.parametrize("name", [name for name in RAW if name != "topic moved in"])
def test_without_the_triggers_the_same_statement_would_have_changed_it(locked, name):
    with unprotected():
        assert succeeded(RAW[name], locked)


def test_every_trigger_is_in_force_and_a_missing_or_hollow_one_is_named(locked, capsys):
    assert missing_triggers(connection) == []
    on = " ON materiality_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER materiality_event_no_update{on}")

    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify")

    assert "materiality_event_no_update is gone" in capsys.readouterr().err


def document_with(change):
    def attack(assessment):
        document = json.loads(assessment.snapshot.document)
        change(document)
        tamper("UPDATE materiality_snapshot SET document = %s", canonical(document))

    return attack


def consistent(change):
    """Forge document and digest together: only the log, or the inputs, can tell."""

    def attack(assessment):
        document = json.loads(assessment.snapshot.document)
        change(document)
        document["digest"] = digest(document)
        sql_ = "UPDATE materiality_snapshot SET document = %s, digest = %s"
        tamper(sql_, canonical(document), document["digest"])

    return attack


def rewritten_log(assessment):
    """Edit an entry and rewrite every hash after it, the head on the round included."""
    previous = None
    for event in assessment.events.order_by("number"):
        entry = event.entry()
        if event.verb == "decide":
            entry["reason"] = "Nobody asked"
        entry["previous"] = previous or entry["previous"]
        previous = hash_of(entry)
        sql_ = (
            "UPDATE materiality_event SET reason = %s, previous_hash = %s, hash = %s WHERE id = %s"
        )
        tamper(sql_, entry["reason"], entry["previous"], previous, event.pk)
    tamper("UPDATE materiality_assessment SET log_head = %s WHERE id = %s", previous, assessment.pk)


def statement(text):
    return lambda assessment: tamper(text)


def sealed_again(assessment):
    """Put other answers in the place of the sealed ones, with a digest of their own."""
    from surveys.models import SealedAnswers
    from surveys.responses.blocks import digest_of, in_canonical_order, pack, unpack

    row = SealedAnswers.objects.first()
    columns = unpack(bytes(row.block), row.digest)
    columns["ratings"] = columns["ratings"].copy()
    columns["ratings"][0, 0] = 1
    columns = in_canonical_order(columns)
    row.block, row.digest = pack(columns), digest_of(columns)
    SealedAnswers.objects.filter(pk=row.pk).update(block=row.block, digest=row.digest)


def spoilt_answers(assessment):
    from surveys.models import SealedAnswers

    SealedAnswers.objects.filter(pk=SealedAnswers.objects.first().pk).update(block=b"spoilt")


def first_topic(**values):
    return lambda document: document["results"]["topics"][0].update(values)


TAMPERINGS = {
    "another cut in the document": document_with(lambda d: d["inputs"]["rule"].update(cuts=[9, 1])),
    "another score in the document": document_with(first_topic(overall=5.0)),
    "a result forged with its digest": consistent(first_topic(overall=5.0)),
    "a tier forged with its digest": consistent(first_topic(tier=3)),
    "inputs forged with their digest": consistent(lambda d: d["inputs"].update(minimum_group=4)),
    "a topic's reason forged with its digest": consistent(
        lambda d: d["inputs"]["decisions"][0].update(reason="Nobody asked")
    ),
    "half a document": lambda a: tamper(
        "UPDATE materiality_snapshot SET document = %s", a.snapshot.document[: 10**3]
    ),
    "another digest": statement("UPDATE materiality_snapshot SET digest = 'sha256:0'"),
    "another day of the lock": statement(
        "UPDATE materiality_snapshot SET locked_at = '2020-01-01 00:00:00+00:00'"
    ),
    "another approver": statement("UPDATE materiality_snapshot SET approved_by = 'eve'"),
    "the snapshot taken out": statement("DELETE FROM materiality_snapshot"),
    "an edited entry": statement("UPDATE materiality_event SET reason = 'x' WHERE verb = 'decide'"),
    "an entry taken out": statement("DELETE FROM materiality_event WHERE verb = 'decide'"),
    "the cut tail": statement("DELETE FROM materiality_event WHERE verb IN ('approve', 'lock')"),
    "the log rewritten to its end": rewritten_log,
    "an approval taken out": statement("DELETE FROM materiality_approval"),
    "an approval of other results": statement("UPDATE materiality_approval SET digest = 'x'"),
    "an edited comment": statement("UPDATE materiality_remark SET text = 'x'"),
    "a changed file": lambda a: Path(a.evidence_files.get().file.path).write_bytes(b"b"),
    "a lost file": lambda a: Path(a.evidence_files.get().file.path).unlink(),
    "another file in its place": statement("UPDATE materiality_evidencefile SET file = 'x'"),
    "a file's hash": statement("UPDATE materiality_evidencefile SET digest = 'x'"),
    "other answers sealed anew": sealed_again,
    "spoilt answers": spoilt_answers,
}


def test_there_are_more_than_twenty_tamperings():
    assert len(TAMPERINGS) >= 20


@pytest.mark.parametrize("name", TAMPERINGS)
def test_verify_names_every_tampering(locked, name, capsys):
    call_command("verify")

    TAMPERINGS[name](locked)

    with pytest.raises(CommandError, match="faults"):
        call_command("verify")
    said = capsys.readouterr().err
    assert str(locked) in said
