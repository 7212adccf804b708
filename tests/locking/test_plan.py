"""What is fixed before the answers are known; what log, files and `verify` say of it."""

import json
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from materiality import actions
from materiality.document import log
from materiality.errors import AnswersKnown, NoTimeStamp
from materiality.inputs import live
from materiality.locking import snapshots
from materiality.models import Assessment, Event, Verb
from materiality.report.edition import Edition
from materiality.report.sentences import note, registration
from materiality.report.words import LANGUAGES, WORDS
from tests.builders import both
from tests.rounds import STEADY, answer, ask, make_round, make_user
from tests.tampering import unprotected

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """A round whose people have answered, and whose surveys are open."""
    made = make_round(cut_high=4.0, cut_low=3.5)
    for survey in ask(made):
        answer(survey, STEADY)
    return Assessment.objects.get(pk=made.pk)


@pytest.fixture
def li(asked):
    return make_user("Li", asked.organisation)


def fresh(assessment):
    return Assessment.objects.get(pk=assessment.pk)


def end(assessment, mode):
    survey = assessment.surveys.get(mode=mode)
    if not survey.is_sealed:
        actions.end_survey(assessment=fresh(assessment), survey=survey, by=None)


def end_all(assessment):
    for mode in ("anonymous", "named"):
        end(assessment, mode)


def told(assessment, language="en"):
    edition = Edition(live(fresh(assessment)), language)
    return list(registration.sentences(edition)), note.stamp(edition)


def weigh(assessment, customers, by=None):
    weights = {("customers", "stakeholder"): customers}
    actions.weigh(assessment=fresh(assessment), weights=weights, by=by, reason="They know best")


def cut(assessment, high, by=None):
    actions.set_rule(assessment=fresh(assessment), cut_high=high, by=by, reason="Stricter")


def name(assessment, word):
    names = [both(word, word) for _tier in range(3)] if word else [{}, {}, {}]
    actions.set_tier_names(assessment=fresh(assessment), names=names, by=None)


def share(assessment, east):
    """Say which share of staff is of the east (employees; customers stand for the west)."""
    west = None if east is None else 100 - east
    rows = [("east", east, ["employees"]), ("west", west, ["customers"])]
    categories = [{"name": one, "share": part, "groups": codes} for one, part, codes in rows]
    told = {
        "name": "Staff",
        "groups": ["employees", "customers"],
        "margins": [{"name": "Site", "categories": categories}],
    }
    actions.set_known_shares(
        assessment=fresh(assessment), shares=[told], by=None, reason="A new list"
    )


@dataclass
class Expected:
    """The same round kept by hand: what is set, what was fixed, what changed since."""

    weights: float = 1.0
    cut: float = 4.0
    names: str = ""
    east: float | None = None
    fixed: tuple | None = None
    is_known: bool = False
    changes: list = field(default_factory=list)

    @property
    def plan(self):
        return (round(self.weights, 9), self.east, self.cut, self.names)

    def fix(self):
        if self.is_known or (self.fixed == self.plan and not self.changes):
            return
        self.fixed, self.changes = self.plan, []

    def set(self, **values):
        before = self.plan
        for key, value in values.items():
            setattr(self, key, value)
        aspects = [
            aspect
            for aspect, one, other in zip(
                ("weights", "raking", "cuts", "tiers"), before, self.plan, strict=True
            )
            if one != other
        ]
        if self.fixed is not None and aspects:
            aspects.sort(key=["cuts", "weights", "raking", "tiers"].index)
            self.changes.append((aspects, self.is_known))

    @property
    def state(self):
        if self.fixed is None:
            return "not_fixed"
        return "kept" if self.fixed == self.plan else "changed"


def fix(assessment):
    try:
        actions.fix_plan(assessment=fresh(assessment), by=None)
    except AnswersKnown:
        assert fresh(assessment).surveys.filter(sealed_at__isnull=False).exists()


ACTS = {
    "fix": (fix, lambda e: e.fix()),
    "weigh customers more": (lambda a: weigh(a, 5), lambda e: e.set(weights=5.0)),
    "weigh alike": (lambda a: weigh(a, 1), lambda e: e.set(weights=1.0)),
    "cut higher": (lambda a: cut(a, 4.4), lambda e: e.set(cut=4.4)),
    "cut as before": (lambda a: cut(a, 4.0), lambda e: e.set(cut=4.0)),
    "name the tiers": (lambda a: name(a, "A"), lambda e: e.set(names="A")),
    "name them as usual": (lambda a: name(a, ""), lambda e: e.set(names="")),
    "know shares": (lambda a: share(a, 30.0), lambda e: e.set(east=30.0)),
    "know them no more": (lambda a: share(a, None), lambda e: e.set(east=None)),
    "seal the groups": (lambda a: end(a, "anonymous"), lambda e: setattr(e, "is_known", True)),
    "seal the panel": (lambda a: end(a, "named"), lambda e: setattr(e, "is_known", True)),
    "remark": (
        lambda a: actions.remark(assessment=fresh(a), text="Well", by=None),
        lambda e: None,
    ),
}


@settings(max_examples=5, deadline=None)
@given(order=st.permutations([*ACTS, "fix", "cut higher"]))
def test_ten_acts_in_any_order_give_the_right_sentence(order):
    with transaction.atomic():
        made = make_round(cut_high=4.0, cut_low=3.5)
        share(made, None)  # parts stand from the first seal on; their shares can change
        for survey in ask(made):
            answer(survey, STEADY)
        expected = Expected()
        for act in order:
            do, keep = ACTS[act]
            do(made)
            keep(expected)
        found = live(fresh(made)).document["results"]["registration"]
        sentences, _stamp = told(made)
        transaction.set_rollback(True)

    changes = [(change["aspects"], change["after_answers"]) for change in found["changes"]]
    assert (found["state"], changes) == (expected.state, expected.changes)
    late, early = WORDS["en"]["plan_late"], WORDS["en"]["plan_early"]
    assert sum(late in line for line in sentences[1:]) == sum(late for _, late in expected.changes)
    assert sum(early in line for line in sentences[1:]) == sum(
        not late for _, late in expected.changes
    )
    not_fixed = WORDS["en"]["plan_not_fixed"] in sentences
    assert not_fixed == (expected.state == "not_fixed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_fixed_and_kept_is_said_in_the_note_and_in_the_line_of_every_file(
    asked, li, language
):
    actions.fix_plan(assessment=asked, by=li)
    end_all(asked)

    sentences, stamp = told(asked, language)

    assert "Li" in sentences[0]
    assert sentences[-1] == WORDS[language]["plan_kept"]
    assert stamp.endswith(WORDS[language]["plan_short_kept"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_after_the_answers_is_named_with_who_why_and_what_it_moved(asked, li, language):
    """privacy stands at 4.5 on both axes: a boundary of 4.6 takes it out of the first tier."""
    actions.fix_plan(assessment=asked, by=None)
    end_all(asked)
    cut(asked, 4.6, by=li)

    sentences, stamp = told(asked, language)

    changed = sentences[-1]
    for words in ("Li", "Stricter", WORDS[language]["plan_late"]):
        assert words in changed
    assert {"en": "Privacy", "zh-hans": "议题privacy"}[language] in changed
    assert {"en": "Energy", "zh-hans": "议题energy"}[language] not in changed
    assert stamp.endswith(WORDS[language]["plan_short_changed_late"])


def test_nothing_is_fixed_after_the_answers_are_known(asked):
    end(asked, "named")

    with pytest.raises(AnswersKnown):
        actions.fix_plan(assessment=fresh(asked), by=None)

    end(asked, "anonymous")
    sentences, stamp = told(asked)
    assert sentences == [WORDS["en"]["plan_not_fixed"]]
    assert stamp.endswith(WORDS["en"]["plan_short_not_fixed"])


def test_fixing_the_same_again_adds_nothing_and_another_plan_replaces_it(asked):
    first = actions.fix_plan(assessment=asked, by=None)
    assert actions.fix_plan(assessment=fresh(asked), by=None) == first

    cut(asked, 4.2)
    second = actions.fix_plan(assessment=fresh(asked), by=None)
    end_all(asked)

    assert second.after["digest"] != first.after["digest"]
    assert live(fresh(asked)).document["results"]["registration"] == {
        "state": "kept",
        "changes": [],
    }


def test_a_locked_round_keeps_its_sentences_and_verifies(asked, li, capsys):
    actions.fix_plan(assessment=asked, by=li)
    end_all(asked)
    snapshots.lock(assessment=fresh(asked), by=li)

    call_command("verify")

    found = snapshots.results_for(fresh(asked))
    assert found.inputs["registration"]["fixed"]["by"] == "Li"


# ---- verify: back-dated rows and forged plans ----


def forged(assessment, change):
    """Change the log as its owner could: rewrite entries, all hashes and the head."""
    events = list(assessment.events.order_by("number"))
    rows = [event.entry() for event in events]
    rows = change(rows)
    previous = log.START
    with unprotected():
        Event.objects.filter(assessment=assessment).order_by()._raw_delete("default")
        for number, row in enumerate(rows, start=1):
            row |= {"number": number, "previous": previous}
            row["hash"] = previous = log.hash_of(row)
            event = Event(
                assessment=assessment, number=number, at=row["at"], by_id=row["by"],
                name=row["name"], verb=row["verb"], subject=row["subject"], before=row["before"],
                after=row["after"], reason=row["reason"], previous_hash=row["previous"],
                hash=row["hash"],
            )  # fmt: skip
            Event.objects.bulk_create([event])
        Assessment.objects.filter(pk=assessment.pk).update(log_head=previous)


def faults(capsys):
    with pytest.raises(CommandError):
        call_command("verify")
    return capsys.readouterr().err


def plan_row(assessment, rows, **changes):
    from materiality.document import digest
    from materiality.inputs import plan_in_force

    plan = plan_in_force(fresh(assessment))
    after = {"digest": digest(plan), "plan": plan}
    return {**rows[0], "verb": Verb.FIX_PLAN, "before": None, "after": after, **changes}


def test_verify_finds_a_back_dated_row_at_the_end(asked, capsys):
    end_all(asked)
    forged(asked, lambda rows: [*rows, plan_row(asked, rows, at=rows[0]["at"])])
    old = fresh(asked).events.first().at - timedelta(days=9)
    forged(asked, lambda rows: [*rows[:-1], {**rows[-1], "at": old.isoformat()}])

    err = faults(capsys)

    assert "dated before an entry that was written earlier" in err


def test_verify_finds_a_plan_that_stands_after_the_answers(asked, capsys):
    end_all(asked)
    forged(asked, lambda rows: [*rows, plan_row(asked, rows, at=rows[-1]["at"])])

    assert "a plan cannot be fixed once answers are known" in faults(capsys)


def test_verify_finds_a_plan_exchanged_under_its_digest(asked, capsys):
    actions.fix_plan(assessment=asked, by=None)

    def exchange(rows):
        rows[-1]["after"]["plan"]["cuts"] = [4.9, 1.5]
        return rows

    forged(asked, exchange)

    assert "the digest is not that of the plan" in faults(capsys)


def test_verify_finds_a_plan_slipped_in_before_the_seal_of_a_locked_round(asked, capsys):
    end_all(asked)
    snapshots.lock(assessment=fresh(asked), by=None)
    forged(asked, lambda rows: [*rows[:3], plan_row(asked, rows, at=rows[2]["at"]), *rows[3:]])

    assert "not the one the round was locked with" in faults(capsys)


# ---- time stamps, by a service of our own ----


@dataclass
class Authority:
    folder: Path
    url: str = ""

    @property
    def roots(self):
        return str(self.folder / "ca.pem")


def openssl(folder, *words):
    command = ["openssl", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


CONFIG = """
[tsa]
default_tsa = own
[own]
serial = ./serial
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[ext]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """The folder of an authority: a root, and a certificate that may stamp."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    new = ("req", "-newkey", "rsa:2048", "-nodes", "-sha256")
    openssl(folder, *new, "-x509", "-days", "9", "-subj", "/CN=Own root",
            "-keyout", "ca.key", "-out", "ca.pem")  # fmt: skip
    openssl(folder, *new, "-subj", "/CN=Own authority", "-keyout", "tsa.key", "-out", "tsa.csr")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "9", "-sha256", "-extfile", "tsa.cnf",
            "-extensions", "ext", "-out", "tsa.pem")  # fmt: skip
    return folder


@contextmanager
def served(folder):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            (folder / "question").write_bytes(self.rfile.read(length))
            answer = openssl(folder, "ts", "-reply", "-config", "tsa.cnf", "-section", "own",
                             "-queryfile", "question")  # fmt: skip
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def authority(keys, settings):
    with served(keys) as url:
        settings.TIMESTAMP_URL = url
        settings.TIMESTAMP_CERTIFICATES = str(keys / "ca.pem")
        yield Authority(keys, url)


def test_a_stamp_of_a_service_is_kept_said_and_verified(asked, authority, capsys):
    actions.fix_plan(assessment=asked, by=None)

    event = actions.stamp_plan(assessment=fresh(asked), by=None)

    assert event.after["authority"] == "Own authority"
    end_all(asked)
    sentences, _stamp = told(asked)
    assert any("Own authority" in line for line in sentences)
    call_command("verify")


def test_verify_finds_a_stamp_of_another_entry(asked, authority, capsys):
    """A plan slipped in before the seal changes every hash after it, and the stamp stays behind."""
    actions.fix_plan(assessment=asked, by=None)
    actions.stamp_plan(assessment=fresh(asked), by=None)

    def exchange(rows):
        rows[-2]["after"] = plan_row(asked, rows)["after"] | {"digest": "sha256:0"}
        rows[-2]["reason"] = "never said"
        return rows

    forged(asked, exchange)

    assert "it is a stamp of something else" in faults(capsys)


def test_verify_finds_a_stamp_that_another_authority_signed(asked, authority, settings, capsys):
    actions.fix_plan(assessment=asked, by=None)
    actions.stamp_plan(assessment=fresh(asked), by=None)
    other = authority.folder / "other.pem"
    openssl(authority.folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9",
            "-subj", "/CN=Other", "-keyout", "other.key", "-out", "other.pem")  # fmt: skip
    settings.TIMESTAMP_CERTIFICATES = str(other)

    assert "its signature does not hold" in faults(capsys)


def test_a_service_that_is_away_leaves_what_was_fixed(asked, settings):
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    actions.fix_plan(assessment=asked, by=None)

    with pytest.raises(NoTimeStamp, match="did not answer"):
        actions.stamp_plan(assessment=fresh(asked), by=None)

    assert fresh(asked).events.filter(verb=Verb.FIX_PLAN).count() == 1
    assert not fresh(asked).events.filter(verb=Verb.STAMP_PLAN).exists()


def test_the_plan_in_a_bundle_is_that_of_the_log(asked):
    event = actions.fix_plan(assessment=asked, by=None)
    end_all(asked)

    fixed = live(fresh(asked)).inputs["registration"]["fixed"]

    assert json.loads(json.dumps(fixed["plan"])) == event.after["plan"]
    assert (fixed["digest"], fixed["entry"]) == (event.after["digest"], event.hash)
