"""The register of a locked round: closed against change, computed again, and told on."""

import json
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from materiality import actions
from materiality.document import canonical, digest
from materiality.errors import RoundLocked
from materiality.locking import snapshots
from materiality.locking.verification import faults_of
from materiality.models import (
    Assessment,
    ChainStep,
    Iro,
    IroLine,
    IroLink,
    IroScale,
    IroScore,
    IroThreshold,
    RoundContext,
    Snapshot,
    SourceRecord,
)
from tests.builders import both
from tests.registers import add, fill_register, judge
from tests.rounds import make_round, sealed_round
from tests.tampering import tamper, unprotected

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Make the round once for this file, and take it back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_locked_round()
        transaction.set_rollback(True)


@pytest.fixture
def locked(made):
    return Assessment.objects.get(pk=made.pk)


def make_locked_round() -> Assessment:
    """Return a locked round whose register goes on from last round's: one entry was merged in."""
    before = make_round(year="2019")
    fill_register(before)
    assessment = sealed_round(year="2020", previous=before)
    actions.carry_iros(assessment=assessment, by=None)
    rows = list(assessment.iros.order_by("code"))
    judge(assessment, rows)
    actions.describe_iro(iro=rows[4], by=None, before=["IRO-005", "IRO-006"])
    gone = add(assessment, topic="energy", kind="risk", title=both("旧", "Old"))
    actions.close_iro(iro=gone, reason=both("已出售", "Sold"), by=None)
    snapshots.lock(assessment=assessment, by=None)
    return assessment


def faults(assessment) -> str:
    return "\n".join(faults_of(Assessment.objects.get(pk=assessment.pk)))


def test_a_locked_register_is_whole_and_of_version_two(locked):
    """The control of everything below."""
    document = json.loads(locked.snapshot.document)

    assert document["version"] == 2
    assert len(document["inputs"]["register"]["lines"]) == 7
    assert faults(locked) == ""


def test_recompute_gives_what_was_locked(locked, tmp_path, capsys):
    file = tmp_path / "bundle.json"
    file.write_text(locked.snapshot.document, encoding="utf-8")

    call_command("recompute", file)

    found = json.loads(capsys.readouterr().out)["register"]
    assert found == json.loads(locked.snapshot.document)["results"]["register"]


@pytest.mark.parametrize("is_locked_later", [False, True])
def test_last_round_may_be_worded_anew_as_long_as_it_is_open(locked, is_locked_later):
    entry_before = Iro.objects.get(assessment=locked.previous, code="IRO-001")

    actions.describe_iro(iro=entry_before, by=None, title=both("新名", "Renamed"))
    if is_locked_later:
        later = timezone.now() + timedelta(days=1)
        Snapshot.objects.create(
            assessment=locked.previous, document="{}", digest="sha256:0", locked_at=later
        )

    assert faults(locked) == ""


def test_a_line_that_gives_another_reason_is_told_all_the_same(locked):
    """The control of the one above."""
    with unprotected():
        locked.iro_lines.filter(before__code="IRO-001").update(reason=both("x", "x"))

    assert "lines IRO-001 → IRO-001, reason" in faults(locked)


def test_where_last_round_was_locked_before_its_titles_are_held_against_the_document():
    before = sealed_round(year="2019")
    add(before, topic="energy", kind="risk", title=both("旧", "Old"))
    snapshots.lock(assessment=before, by=None)
    after = sealed_round(year="2020", previous=before)
    actions.carry_iros(assessment=after, by=None)
    snapshots.lock(assessment=after, by=None)
    assert faults(after) == ""

    with unprotected():
        before.iros.update(title=both("x", "Harmless"))

    assert "before_title, en: locked as “Old”, now “Harmless”" in faults(after)


ROWS = {
    "an entry": (Iro, {"place": "Elsewhere"}),
    "a line": (IroLine, {"reason": both("x", "x")}),
    "a score": (IroScore, {"reason": "No matter"}),
    "a threshold": (IroThreshold, {"value": 1}),
}


@pytest.mark.parametrize("name", ROWS)
def test_the_database_refuses_a_change_of_its_rows(locked, name):
    model, change = ROWS[name]
    of_round = "iro__assessment" if model is IroScore else "assessment"
    rows = model.objects.filter(**{of_round: locked})
    assert rows.exists()

    for attack in (lambda: rows.update(**change), lambda: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
            attack()
    with unprotected(), transaction.atomic():
        assert rows.update(**change)
        transaction.set_rollback(True)


def test_its_actions_refuse_with_a_sentence(locked):
    iro = locked.iros.get(code="IRO-001")

    with pytest.raises(RoundLocked):
        actions.describe_iro(iro=iro, by=None, place="Elsewhere")
    with pytest.raises(RoundLocked):
        actions.agree_iro(iro=iro, by=None, marks={}, reason="x")


# ---- what somebody changes who owns the database ----


def entry(document, code):
    return next(row for row in document["inputs"]["register"]["entries"] if row["code"] == code)


def said(document, code="IRO-001", at=0):
    return entry(document, code)["judgements"][at]


def listed(document, name):
    return document["inputs"]["register"][name]


def found(document, name):
    return document["results"]["register"][name]


DOCUMENT = {
    "a title": (
        lambda d: entry(d, "IRO-001")["title"].update(en="Harmless"),
        "entries IRO-001, title, en: locked as “Harmless”, now “Entry 1”",
    ),
    "a description away": (
        lambda d: entry(d, "IRO-001").pop("description"),
        "entries IRO-001, description: locked as nothing",
    ),
    "a kind": (lambda d: entry(d, "IRO-006").update(kind="negative"), "entries IRO-006, kind"),
    "a topic": (lambda d: entry(d, "IRO-001").update(topic="ethics"), "entries IRO-001, topic"),
    "human rights": (
        lambda d: entry(d, "IRO-001").update(human_rights=False),
        "entries IRO-001, human_rights: locked as “False”, now “True”",
    ),
    "what has happened": (
        lambda d: entry(d, "IRO-001").update(is_actual=False),
        "entries IRO-001, is_actual",
    ),
    "a place": (lambda d: entry(d, "IRO-003").update(place="Wuxi"), "entries IRO-003, place"),
    "the evidence": (
        lambda d: entry(d, "IRO-003").update(evidence="Audit 2021"),
        "entries IRO-003, evidence: locked as “Audit 2021”, now “Audit 2020”",
    ),
    "a mark": (lambda d: said(d).update(scale=1), "entries IRO-001, judgements e1, scale"),
    "an effect": (
        lambda d: said(d, "IRO-005")["effects"]["long"].update(magnitude=1),
        "entries IRO-005, judgements e1, effects, long, magnitude: locked as “1”, now “4”",
    ),
    "a reason": (
        lambda d: said(d, at=1).update(reason="No matter"),
        "entries IRO-001, judgements e2, reason: locked as “No matter”",
    ),
    "a judgement away": (
        lambda d: entry(d, "IRO-001")["judgements"].pop(),
        "entries IRO-001, judgements e2: there now, and not locked",
    ),
    "a judgement put under another name": (
        lambda d: said(d, "IRO-001", 1).update(expert="e1"),
        "entries IRO-001, judgements e2: there now, and not locked",
    ),
    "a consensus away": (
        lambda d: entry(d, "IRO-004").pop("consensus"),
        "entries IRO-004, consensus: locked as nothing",
    ),
    "a consensus invented": (
        lambda d: entry(d, "IRO-001").update(consensus={"scale": 1, "reason": "x"}),
        "entries IRO-001, consensus: locked as",
    ),
    "an entry away": (
        lambda d: listed(d, "entries").pop(0),
        "entries IRO-005: there now, and not locked",
    ),
    "an entry invented": (
        lambda d: listed(d, "entries").append({**entry(d, "IRO-002"), "code": "IRO-099"}),
        "entries IRO-099: locked, and not there now",
    ),
    "the order of entries": (lambda d: listed(d, "entries").reverse(), "entries: in another order"),
    "a threshold": (
        lambda d: listed(d, "thresholds")[0].update(value=4.9),
        "thresholds negative, value: locked as “4.9”, now “3.0”",
    ),
    "when a threshold was set": (
        lambda d: listed(d, "thresholds")[0].update(scores_before=9),
        "thresholds negative, scores_before",
    ),
    "why an entry was closed": (
        lambda d: listed(d, "closed")[0]["reason"].update(en="Merged"),
        "closed IRO-008, reason, en: locked as “Merged”, now “Sold”",
    ),
    "a line away": (
        lambda d: listed(d, "lines").pop(),
        "lines IRO-006 → IRO-005: there now, and not locked",
    ),
    "how it feeds the axes": (
        lambda d: d["inputs"]["register"].update(feeds="worst"),
        "feeds: locked as “worst”, now “survey”",
    ),
    "the likelihood rule": (
        lambda d: d["inputs"]["register"].update(likelihood_rule="capped"),
        "likelihood_rule: locked as “capped”, now “scaled”",
    ),
    "a value of an entry": (
        lambda d: found(d, "entries")[0].update(value=1.0),
        "do not follow from the inputs: results.register.entries[0].value",
    ),
    "a verdict on a topic": (
        lambda d: found(d, "topics")[0].update(is_material=False),
        "do not follow from the inputs: results.register.topics[0].is_material",
    ),
    "an expert away": (
        lambda d: listed(d, "experts").pop(),
        "nothing follows from the inputs: inputs.register.entries[0].judgements[1].expert",
    ),
    "the register no register": (
        lambda d: d["inputs"].update(register=[]),
        "it is no register in the locked document",
    ),
    "its entries no entries": (
        lambda d: d["inputs"]["register"].update(entries="none"),
        "entries: locked as “none”",
    ),
}


def forge(assessment, change, *, with_digest):
    document = json.loads(assessment.snapshot.document)
    change(document)
    kept = assessment.snapshot.digest
    if with_digest:
        kept = document["digest"] = digest(document)
    sql = "UPDATE materiality_snapshot SET document = %s, digest = %s"
    tamper(sql, canonical(document), kept)


def test_there_are_more_than_twenty_four_of_them():
    assert len(DOCUMENT) >= 24


@pytest.mark.parametrize("with_digest", [False, True])
@pytest.mark.parametrize("name", DOCUMENT)
def test_what_was_changed_in_the_locked_document_is_named(locked, name, with_digest):
    """With the digest made anew the place is named, and the log tells of another document.

    Without it whatever is computed cannot be told apart, since the document is not read.
    """
    change, words = DOCUMENT[name]
    forge(locked, change, with_digest=with_digest)

    told = faults(locked)

    if with_digest:
        assert "the snapshot is not the one the log tells of" in told
    else:
        assert "was changed after it was written" in told
    if with_digest or "follow" not in words:
        assert words in told


TABLES = {
    "a mark": (
        "UPDATE materiality_iroscore SET scale = 1 WHERE expert_id IS NULL AND iro_id = {IRO-004}",
        "entries IRO-004, consensus, scale: locked as “5”, now “1”",
    ),
    "a reason": (
        "UPDATE materiality_iroscore SET reason = 'x' WHERE iro_id = {IRO-001}",
        "entries IRO-001, judgements e1, reason: locked as “As IRO-001”, now “x”",
    ),
    "a score away": (
        "DELETE FROM materiality_iroscore WHERE expert_id IS NULL AND iro_id = {IRO-004}",
        "entries IRO-004, consensus: locked as",
    ),
    "a text": (
        "UPDATE materiality_iro SET place = 'x' WHERE id = {IRO-003}",
        "entries IRO-003, place: locked as “Suzhou”, now “x”",
    ),
    "an entry closed": (
        "UPDATE materiality_iro SET closed_at = '2020-01-01', closing_reason = '{\"en\": \"x\"}'"
        " WHERE id = {IRO-003}",
        "entries IRO-003: locked, and not there now",
    ),
    "a threshold": (
        "UPDATE materiality_irothreshold SET value = 1 WHERE kind = 'risk'",
        "thresholds risk, value: locked as “2.0”, now “1.0”",
    ),
    "a line": (
        "DELETE FROM materiality_iroline WHERE after_id = {IRO-005}",
        "lines IRO-005 → IRO-005: locked, and not there now",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_what_was_changed_in_the_rows_is_named(locked, name):
    statement, words = TABLES[name]
    for iro in locked.iros.all():
        statement = statement.replace(f"{{{iro.code}}}", str(iro.pk))
    tamper(statement)

    assert words in faults(locked)


# ---- what somebody adds who owns the database ----


def add_entry(assessment):
    topic = assessment.topics.get(code="energy")
    Iro.objects.create(
        assessment=assessment, topic=topic, code="IRO-099", kind="risk", title=both("新", "New")
    )


def add_score(assessment):
    row = assessment.iros.get(code="IRO-001")
    guest = User.objects.create(username="guest")
    IroScore.objects.create(
        iro=row, expert=guest, sheet=row.sheet, is_net=row.is_net, scale=1, reason="x",
        at=timezone.now(),
    )  # fmt: skip


def add_consensus(assessment):
    row = assessment.iros.get(code="IRO-001")
    IroScore.objects.create(
        iro=row, sheet=row.sheet, is_net=row.is_net, scale=1, reason="x", at=timezone.now()
    )


def add_link(assessment):
    impact, effect = assessment.iros.get(code="IRO-001"), assessment.iros.get(code="IRO-005")
    IroLink.objects.create(assessment=assessment, impact=impact, effect=effect, kind="impact")


def add_scale(assessment):
    words = [both(f"{at}级", f"Degree {at}") for at in range(1, 6)]
    IroScale.objects.create(
        assessment=assessment, criterion="scope", words=words, at=timezone.now(), scores_before=0
    )


def add_source(assessment):
    SourceRecord.objects.create(
        assessment=assessment, code="S-001", title="Paper", kind="media", dated="2020-01-01"
    )


def add_context(assessment):
    RoundContext.objects.create(assessment=assessment, entity=both("乙", "Company B"))


def add_stage(assessment):
    ChainStep.objects.create(
        assessment=assessment, code="VC-09", side="own", name=both("厂", "Plant")
    )


ADDED = {
    "an entry": (add_entry, "the register: entries IRO-099: there now, and not locked"),
    "a score": (add_score, "the register: entries IRO-001, judgements e3: there now"),
    "a consensus": (add_consensus, "the register: entries IRO-001, consensus: locked as nothing"),
    "a link": (add_link, "the register: links IRO-001 → IRO-005: there now, and not locked"),
    "a scale": (add_scale, "the register: scales scope: there now, and not locked"),
    "a source": (add_source, "the sources: records S-001: there now, and not locked"),
    "a context": (add_context, "the context: entity: locked as nothing, now"),
    "a stage": (add_stage, "the context: chain VC-09: there now, and not locked"),
}


@pytest.mark.parametrize("name", ADDED)
def test_what_was_added_to_the_rows_is_named(locked, name):
    add_row, words = ADDED[name]

    with unprotected():
        add_row(locked)

    assert words in faults(locked)


def test_a_passage_coded_to_an_entry_is_no_fault_and_another_code_is_one():
    """A coding has `entries` of its own: codes, not the rows of the register."""
    assessment = sealed_round()
    row = add(assessment, topic="energy", kind="risk", title=both("险", "Risk"))
    other = add(assessment, topic="energy", kind="risk", title=both("旧", "Old"))
    facts = {"kind": "media", "title": "Paper", "dated": date(2020, 5, 1), "by": None}
    source = actions.add_source(assessment=assessment, **facts)
    passage = actions.add_passage(source=source, text="Dust rose", by=None)
    coder = User.objects.create(username="coder")
    actions.code_passage(passage=passage, topics=[], iros=[row.code], by=coder)
    snapshots.lock(assessment=assessment, by=None)
    assert faults(assessment) == ""

    with unprotected():
        passage.codings.update(iro=other)

    words = "the sources: records S-001, passages P-001, codings c1, entries: locked as"
    assert f"{words} “['IRO-001']”, now “['IRO-002']”" in faults(assessment)


def test_a_register_added_to_a_round_that_was_locked_without_one_is_named():
    assessment = sealed_round()
    snapshots.lock(assessment=assessment, by=None)
    assert faults(assessment) == ""

    with unprotected():
        add_entry(assessment)

    assert "the register: entries IRO-099: there now, and not locked" in faults(assessment)


@pytest.mark.parametrize("part", ["register", "sources", "context"])
def test_the_database_refuses_what_is_added(locked, part):
    """The control: without taking the triggers away nothing is added."""
    add_row = {"register": add_entry, "sources": add_source, "context": add_stage}[part]

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        add_row(locked)


def test_a_new_name_of_an_expert_is_no_fault(locked):
    """People marry. The lock keeps the name of then; the control is every other change."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE auth_user SET first_name = 'Ernestine' WHERE username = 'erin'")

    assert faults(locked) == ""
