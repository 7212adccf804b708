import compileall
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from materiality import actions
from materiality.actions import HeadingLine
from materiality.archive.making import archive
from materiality.document import canonical, read
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.selectors.contentindex import IndexLine
from tests.builders import both
from tests.registers import fill_register
from tests.rounds import STEADY, make_round, make_user, sealed_round

pytestmark = pytest.mark.django_db
SMALL = {**STEADY, "regulators": [[5, 3, 5, 4], [1, None, 2, "cannot_judge"], [4, 4, 4, 4]]}

ONLY_NUMPY = """
import importlib.abc, runpy, sys
class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.split(".")[0]
        if top not in {*sys.stdlib_module_names, "numpy", "materiality", "cython_runtime"}:
            raise ImportError(f"{name} is neither numpy nor of the standard library")
sys.meta_path.insert(0, Refuse())
sys.argv = ["recompute.py"]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two locked rounds, the second with one of everything; made once for this file."""
    folder = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), folder, transaction.atomic():
        yield make_rounds()
        transaction.set_rollback(True)


def make_rounds():
    first = sealed_round()
    snapshots.lock(assessment=first, by=None)
    second = make_second(first)
    alice, bob = (make_user(name, second.organisation) for name in ("alice", "bob"))
    energy = second.topics.get(code="energy")
    why = {"zh-hans": "理由", "en": "A reason"}
    actions.set_rule(assessment=second, by=alice, cut_high=4.2, reason="=cmd|'/c calc'!A1")
    actions.explain_method(assessment=second, reason=why, by=alice)
    actions.decide(assessment=second, decisions={"energy": (1, "Law")}, by=alice)
    actions.attach(assessment=second, topic=energy, name="a.pdf", content=b"a", by=alice)
    actions.remark(assessment=second, topic=energy, text="+Why?", by=bob)
    actions.set_headings(assessment=second, headings=[HeadingLine(both("能源", "E"))], by=alice)
    line = IndexLine(("GRI", "2016", "302-1"), both("能源", "E"), "energy")
    actions.set_index(assessment=second, lines=[line], by=alice)
    fill_register(second)
    actions.approve(assessment=second, by=bob, comment="Looks right")
    snapshots.lock(assessment=second, by=alice)
    return Assessment.objects.get(pk=second.pk)


def make_second(first):
    from tests.rounds import answer, ask, close_and_seal

    second = make_round(year="2021", previous=first, four_eyes=True)
    actions.add_topics(
        assessment=second,
        topics=[{"code": "noise", "name": both("噪声", "Noise"), "category": "social"}],
    )
    actions.screen_out(
        assessment=second,
        topic="noise",
        kind="not_applicable",
        reason=both("没有工厂", "No factories"),
        by=None,
    )
    for survey in ask(second):
        answer(survey, SMALL)
        close_and_seal(survey)
    return second


@pytest.fixture(scope="module")
def content(made, django_db_blocker):
    with django_db_blocker.unblock():
        return archive(made)


@pytest.fixture
def unpacked(content, tmp_path):
    with ZipFile(io.BytesIO(content)) as file:
        file.extractall(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def compiled(content, tmp_path_factory):
    """The archive in a folder, and the sources it brings compiled: that is half of a recount."""
    folder = tmp_path_factory.mktemp("archive")
    with ZipFile(io.BytesIO(content)) as file:
        file.extractall(folder)
    compileall.compile_dir(folder, quiet=1)
    return folder


@pytest.fixture
def ready(compiled, tmp_path):
    """A copy to forge, whose sources are no younger than what was compiled of them."""
    return shutil.copytree(compiled, tmp_path / "archive")


def table(content, name):
    with ZipFile(io.BytesIO(content)) as file:
        text = file.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_everything_an_auditor_asks_for_is_in_it(content):
    names = {name for name in ZipFile(io.BytesIO(content)).namelist() if "/" not in name}

    assert names >= {
        "README.txt",
        "SHA256SUMS",
        "bundle.json",
        "bundle.schema.json",
        "lock.json",
        "method-zh-hans.txt",
        "method-en.txt",
        "answers-stakeholder.csv",
        "answers-impact.csv",
        "exclusions.csv",
        "long-list.csv",
        "scores.csv",
        "settings.csv",
        "decisions.csv",
        "changes.csv",
        "engagement.csv",
        "content-index.csv",
        "event-log.jsonl",
        "approvals.csv",
        "comments.csv",
        "files.csv",
        "recompute.py",
    }
    assert (
        sum(name.startswith("questionnaire-") for name in names) == 4
    )  # two surveys, two languages


def test_every_file_of_it_is_said_in_the_readme(content):
    file = ZipFile(io.BytesIO(content))
    readme = file.read("README.txt").decode()
    patterns = [name.replace("*", ".*") for name in re.findall(r"^([\w*-]+[./]\w*)", readme, re.M)]

    names = [name for name in file.namelist() if name not in ("README.txt", "SHA256SUMS")]
    unsaid = [
        name
        for name in names
        if not name.startswith("method/") and not any(re.match(p, name) for p in patterns)
    ]
    assert unsaid == []


def test_the_same_round_gives_the_same_bytes(made, content):
    assert archive(made) == content


def test_the_sums_are_those_of_the_files(unpacked):
    lines = (unpacked / "SHA256SUMS").read_text(encoding="utf-8").splitlines()

    for line in lines:
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((unpacked / name).read_bytes()).hexdigest() == digest
    assert len(lines) == sum(path.is_file() for path in unpacked.rglob("*")) - 1


def recompute(folder):
    return subprocess.run(
        [sys.executable, "-I", "-c", ONLY_NUMPY],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_numpy_and_the_standard_library_recompute_every_number(ready):
    done = recompute(ready)

    assert done.returncode == 0, done.stdout + done.stderr
    assert [line[:3] for line in done.stdout.splitlines()] == ["yes"] * 5


def edit(name, change):
    def attack(folder):
        path = folder / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return attack


def in_results(folder):
    """Forge a number, and every digest that anybody could recompute from the archive alone."""
    bundle = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    bundle["results"]["topics"][0]["scores"]["impact"]["high"] += 0.001
    from materiality.document import digest

    bundle["digest"] = digest(bundle)
    (folder / "bundle.json").write_text(canonical(bundle), encoding="utf-8")
    edit("lock.json", lambda t: re.sub(r"sha256:\w+", bundle["digest"], t))(folder)


def one_rating(text):
    head, first, *rest = text.splitlines()
    unit, rating, others = first.split(",", 2)
    return "\n".join([head, f"{unit},{5 if rating != '5' else 1},{others}", *rest])


FORGERIES = {
    "a file": ("The files are", edit("README.txt", lambda t: t + "x")),
    "the bundle": ("The bundle has", edit("bundle.json", lambda t: t.replace("A reason", "None"))),
    "a result and its digests": ("The inputs of the bundle", in_results),
    "an answer": ("The answers give", edit("answers-impact.csv", one_rating)),
    "an entry of the log": (
        "The log is",
        edit("event-log.jsonl", lambda t: t.replace("Law", "Lie")),
    ),
    "the log's tail": (
        "The log is",
        edit("event-log.jsonl", lambda t: "".join(t.splitlines(True)[:-1])),
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_recompute_says_what_does_not_hold(ready, name):
    sentence, forge = FORGERIES[name]

    forge(ready)

    done = recompute(ready)
    assert done.returncode == 1
    assert f"NO   {sentence}" in done.stdout


def test_the_bundle_is_the_locked_one(made, unpacked):
    document = read((unpacked / "bundle.json").read_text(encoding="utf-8"))

    assert document["digest"] == made.snapshot.digest
    lock = json.loads((unpacked / "lock.json").read_text(encoding="utf-8"))
    assert (lock["locked_by"], lock["approved_by"]) == ("alice", "bob")
    assert lock["log_head"] == lock["log_end"] == made.snapshot.log_head


def test_answers_name_nobody_and_stand_in_no_order_that_means_anything(content):
    rows = table(content, "answers-stakeholder.csv")

    units = {row["unit"] for row in rows}
    assert len(rows) == 15
    assert "regulators" not in units  # three of them: pooled, and shown only so
    assert sum("regulators" in unit for unit in units) == 1
    assert rows == sorted(
        rows, key=lambda row: (row["unit"], *map(numbered, list(row.values())[1:]))
    )
    assert set(rows[0]) == {"unit", "privacy", "energy", "safety", "ethics"}


def numbered(cell):
    return {"": 0, "cannot judge": 255}.get(cell) if not cell.isdigit() else int(cell)


def test_what_was_left_out_is_listed_with_its_reason(content):
    left = {(row["what"], row["topic"]): row for row in table(content, "exclusions.csv")}

    assert left["groups pooled", ""]["why"] == "a group with fewer than 5 answers"
    assert left["topic screened out", "noise"]["why"] == "not_applicable"


def test_overrides_thresholds_and_changes_are_there_with_reasons(content):
    [override] = [row for row in table(content, "decisions.csv") if row["overridden"] == "1"]
    assert (override["topic"], override["reason"], override["by"]) == ("energy", "Law", "alice")
    rules = [row for row in table(content, "settings.csv") if row["verb"] == "set_rule"]
    assert json.loads(rules[0]["after"])["set"]["cut_high"] == 4.2
    changed = table(content, "changes.csv")
    assert [row["aspect"] for row in changed if row["kind"] == "method_changed"] == ["cuts"]
    [moved] = [row for row in changed if row["after_en"] == "Energy"]
    assert (moved["kind"], moved["tiers_after"], moved["cause"]) == (
        "moved_tier",
        "[1]",
        "decision",
    )
    assert [row["name"] for row in table(content, "files.csv")] == ["a.pdf"]
    assert [row["verdict"] for row in table(content, "approvals.csv")] == ["approved"]
    assert [row["screened_out"] for row in table(content, "long-list.csv")] == [
        *[""] * 4,
        "not_applicable",
    ]


def test_no_cell_is_a_formula(content):
    file = ZipFile(io.BytesIO(content))
    cells = [
        cell
        for name in file.namelist()
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(file.read(name).decode("utf-8-sig")))
        for cell in row
    ]

    assert "'+Why?" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_the_questionnaire_reads_as_it_was_sent(content):
    file = ZipFile(io.BytesIO(content))
    [name] = [n for n in file.namelist() if "stakeholder" in n and n.endswith("-en.txt")]

    text = file.read(name).decode()

    assert "Which topics matter?" in text
    assert "  5 Extremely" in text
    assert "2. Energy\n   What energy means" in text


def test_a_round_without_results_has_no_archive(tmp_path):
    assessment = make_round(year="1999")

    with pytest.raises(CommandError):
        call_command("export_evidence", assessment.pk, tmp_path / "a.zip")
    with pytest.raises(CommandError, match="no round"):
        call_command("export_evidence", 10**6, tmp_path / "a.zip")


def test_a_draft_can_be_handed_over_too_and_says_so(tmp_path, capsys):
    assessment = sealed_round(year="1998")

    call_command("export_evidence", assessment.pk, tmp_path / "a.zip")

    with ZipFile(tmp_path / "a.zip") as file:
        lock = json.loads(file.read("lock.json"))
        file.extractall(tmp_path)
    assert lock["locked_at"] is None
    assert lock["digest"] == results_for(assessment).digest
    assert recompute(tmp_path).returncode == 0
