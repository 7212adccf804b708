"""The auditor's page in Chromium, offline: it says yes to what was locked and no to each change."""

import io
import json
from random import Random
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import override_settings

from materiality.archive.audit import audit_page
from materiality.archive.making import archive
from materiality.document import canonical
from materiality.document.envelope import digest
from materiality.locking.snapshots import results_for
from materiality.method import evaluate
from materiality.report.edition import Edition
from tests.archive.test_archive import make_rounds
from tests.browser.axe import axe_violations
from tests.second.rounds import random_inputs

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
CHECKS = ["digest", "log", "answers", "results"]
ROUNDS = 200


@pytest.fixture(scope="module")
def evidence(django_db_setup, django_db_blocker, tmp_path_factory):
    """A locked round's results and the files of its archive; made once for this file."""
    folder = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), folder, transaction.atomic():
        locked = make_rounds()
        with ZipFile(io.BytesIO(archive(locked))) as file:
            files = {name: file.read(name) for name in file.namelist()}
        yield results_for(locked), files
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def offline(chromium):
    context = chromium.new_context(offline=True)
    yield context.new_page()
    context.close()


def opened(page, folder, content: bytes):
    """Open a page from the disk; return the faults its scripts had."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    path = folder / "audit.html"
    path.write_bytes(content)
    page.goto(path.as_uri())
    return faults


def verdicts(page) -> dict[str, str]:
    return {
        name: page.locator(f"[data-check={name}]").get_attribute("class") or "" for name in CHECKS
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_was_locked_holds_and_nothing_is_loaded(evidence, offline, tmp_path, language):
    _results, files = evidence
    requests: list[str] = []
    offline.on("request", lambda request: requests.append(request.url))

    faults = opened(offline, tmp_path, files[f"audit-{language}.html"])

    assert verdicts(offline) == dict.fromkeys(CHECKS, "yes")
    assert faults == []
    assert [url for url in requests if not url.startswith("file:")] == []


def test_a_dot_leads_to_its_answers_and_its_decision_by_keyboard(evidence, offline, tmp_path):
    _results, files = evidence
    opened(offline, tmp_path, files["audit-en.html"])

    offline.locator('.pt[data-code="energy"]').focus()
    offline.keyboard.press("Enter")

    walk = offline.inner_text("#walk")
    assert "Energy" in walk
    assert "Law" in walk
    assert "Employees" in walk
    assert "Cannot judge" in walk


def test_the_log_and_who_locked_and_approved_are_read_in_it(evidence, offline, tmp_path):
    _results, files = evidence
    opened(offline, tmp_path, files["audit-en.html"])

    text = offline.inner_text("main")

    assert "alice" in text
    assert "bob" in text
    assert "=cmd" in text  # as text: what people wrote is never markup or a formula


def test_two_hundred_random_rounds_come_out_as_the_product_has_them(evidence, offline, tmp_path):
    _results, files = evidence
    opened(offline, tmp_path, files["audit-en.html"])
    world = Random(2026)
    rounds = []
    while len(rounds) < ROUNDS:
        inputs = random_inputs(world)
        rounds.append({"inputs": inputs, "results": evaluate(inputs)})

    differences = offline.evaluate("rounds => rounds.map(Recompute.differences)", rounds)

    assert [row for row in differences if row] == []
    rounds[0]["results"]["topics"][0]["rank"] = 99
    [control] = offline.evaluate("rounds => rounds.map(Recompute.differences)", rounds[:1])
    assert len(control) == 1


def bundle(change, *, hide=True):
    """Return what changes the bundle; `hide`: with new digests, so that only the content tells."""

    def tamper(files):
        document = json.loads(files["bundle.json"])
        change(document)
        lock = json.loads(files["lock.json"])
        if hide:
            document["digest"] = lock["digest"] = digest(document)
        files["bundle.json"] = canonical(document).encode() + b"\n"
        files["lock.json"] = json.dumps(lock).encode()

    return tamper


def topic(part, value):
    return lambda document: document["results"]["topics"][1].__setitem__(part, value)


def score(part, value):
    def change(document):
        document["results"]["topics"][0]["scores"]["stakeholder"][part] = value

    return change


def unit(part, value):
    def change(document):
        units = document["results"]["topics"][0]["scores"]["impact"]["units"]
        next(iter(units.values()))[part] = value

    return change


def count_once_more(document):
    next(iter(document["inputs"]["counts"]["stakeholder"].values()))[0][4] += 1


def undo_decision(document):
    document["inputs"]["decisions"] = []


def move_a_cut(document):
    document["inputs"]["rule"]["cuts"] = [4.9, 4.8]


def weigh_otherwise(document):
    document["inputs"]["units"]["stakeholder"][0]["weight"] = 9.0


def drop_moves(document):
    document["results"]["tier_moves"] = [{"topic": "energy", "before": 3, "after": 1}]


def log_line(at, change):
    def tamper(files):
        lines = files["event-log.jsonl"].decode().splitlines()
        change(lines, at)
        files["event-log.jsonl"] = ("\n".join(lines) + "\n").encode()

    return tamper


def reword(lines, at):
    entry = json.loads(lines[at])
    lines[at] = canonical({**entry, "reason": "Because"})


def remove(lines, at):
    del lines[at]


def swap(lines, at):
    lines[at], lines[at + 1] = lines[at + 1], lines[at]


def lock(part, value):
    def tamper(files):
        files["lock.json"] = json.dumps(json.loads(files["lock.json"]) | {part: value}).encode()

    return tamper


def answer_otherwise(files):
    rows = files["answers-stakeholder.csv"].decode().split("\r\n")
    name, _rating, *rest = rows[1].split(",")
    rows[1] = ",".join([name, "1", *rest])
    files["answers-stakeholder.csv"] = "\r\n".join(rows).encode()


def drop_a_person(files):
    rows = files["answers-impact.csv"].decode().split("\r\n")
    files["answers-impact.csv"] = "\r\n".join([rows[0], *rows[2:]]).encode()


def drop_answers(files):
    del files["answers-impact.csv"]


TAMPERINGS = {
    "a score, openly": ("digest", bundle(score("score", 4.9), hide=False)),
    "a score, hidden": ("results", bundle(score("score", 4.9))),
    "a number of ratings": ("results", bundle(score("n", 999))),
    "a reason": ("results", bundle(score("reason", "suppressed"))),
    "a mean": ("results", bundle(unit("mean", 1.5))),
    "a share of weight": ("results", bundle(unit("share", 0.5))),
    "those who cannot judge": ("results", bundle(unit("dont_know", 7))),
    "a rank": ("results", bundle(topic("rank", 7))),
    "a tier": ("results", bundle(topic("tier", 2))),
    "a suggestion": ("results", bundle(topic("suggested_tier", 2))),
    "a place": ("results", bundle(topic("x", 4.99))),
    "an overall score": ("results", bundle(topic("overall", 4.99))),
    "a count": ("answers", bundle(count_once_more)),
    "a decision": ("results", bundle(undo_decision)),
    "a cut": ("results", bundle(move_a_cut)),
    "a weight": ("results", bundle(weigh_otherwise)),
    "a move": ("results", bundle(drop_moves)),
    "an entry reworded": ("log", log_line(2, reword)),
    "an entry removed": ("log", log_line(3, remove)),
    "the last entry removed": ("log", log_line(-1, remove)),
    "two entries swapped": ("log", log_line(1, swap)),
    "the digest of the lock": ("digest", lock("digest", "sha256:" + "0" * 64)),
    "the end of the log": ("log", lock("log_end", "0" * 64)),
    "the entry of the lock": ("log", lock("log_head", "1" * 64)),
    "an answer": ("answers", answer_otherwise),
    "a person": ("answers", drop_a_person),
    "a file of answers": ("answers", drop_answers),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_tampered_with_is_named(evidence, offline, tmp_path, name):
    results, files = evidence
    check, tamper = TAMPERINGS[name]
    changed = dict(files)
    tamper(changed)
    assert changed != files

    faults = opened(offline, tmp_path, audit_page(Edition(results, "en"), changed))

    assert verdicts(offline)[check] == "no"
    assert offline.locator(f"[data-check={check}] p").count() >= 1
    assert faults == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_axe_finds_nothing_on_the_auditors_page(evidence, offline, tmp_path, language):
    _results, files = evidence
    opened(offline, tmp_path, files[f"audit-{language}.html"])
    offline.wait_for_selector("[data-check=results].yes")

    assert axe_violations(offline) == []

    offline.locator('.pt[data-code="energy"]').focus()
    offline.keyboard.press("Enter")
    assert axe_violations(offline) == []
