"""Backups made while people answer, brought back on an empty machine, on both engines."""

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pyrage
import pytest

from tests.backup.places import Machine
from tests.bench.postgres import programs, running
from tests.conftest import missing

pytestmark = [pytest.mark.drill, pytest.mark.machine]
PORT = 54396
PEOPLE = 60
SECRET = pyrage.x25519.Identity.generate()
Place = Callable[..., Machine]


@pytest.fixture(scope="module")
def server():
    if programs() is None:
        missing("PostgreSQL", "apt-get install postgresql")
    with running(PORT) as (address, _pid):
        yield address


class Sqlite:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def machine(self, name: str, like: Machine | None = None, **settings: str) -> Machine:
        """Give a machine of this name, its database empty or a copy of another's."""
        folder = self.folder / name
        if like is not None:
            shutil.copytree(like.folder, folder)
        return Machine(folder, f"sqlite:///{folder / 'site.sqlite3'}", **settings)


class Postgresql(Sqlite):
    def __init__(self, folder: Path, server: str) -> None:
        super().__init__(folder)
        self.server = server

    def machine(self, name: str, like: Machine | None = None, **settings: str) -> Machine:
        template = "TEMPLATE " + like.folder.name if like else ""
        with psycopg.connect(self.server, autocommit=True) as plain:
            plain.execute(f"DROP DATABASE IF EXISTS {name}")
            plain.execute(f"CREATE DATABASE {name} {template}")
        if like is not None:
            shutil.copytree(like.folder, self.folder / name)
        return Machine(self.folder / name, self.server.replace("/postgres", f"/{name}"), **settings)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request, tmp_path_factory) -> tuple[Sqlite, Machine, list[str]]:
    """A machine with a locked round and an open survey, and the links of those asked."""
    folder = tmp_path_factory.mktemp(request.param)
    is_sqlite = request.param == "sqlite"
    engine = Sqlite(folder) if is_sqlite else Postgresql(folder, request.getfixturevalue("server"))
    machine = engine.machine("filled", FILES="disk")
    return engine, machine, json.loads(machine.do("fill", str(PEOPLE)))


@pytest.fixture
def place(filled, tmp_path) -> Place:
    engine, _machine, _tokens = filled
    engine.folder = tmp_path
    return engine.machine


@pytest.fixture
def lived(filled, place) -> tuple[Machine, list[str]]:
    _engine, machine, tokens = filled
    copy = place("first", machine, BACKUP_RECIPIENT=str(SECRET.to_public()), FILES="disk")
    return copy, tokens


def identity(folder: Path) -> Path:
    path = folder / "identity"
    path.write_text(f"# of tests\n{SECRET}\n")
    return path


def test_made_while_people_answer_it_comes_back_whole_three_times_of_three(lived, place, tmp_path):
    machine, tokens = lived
    answering = machine.start("-m", "tests.backup.living", "answer", *tokens)
    stored: list[str] = []
    reader = threading.Thread(target=lambda: stored.extend(map(str.strip, answering.stdout)))
    reader.start()
    backups = []
    while len(backups) < 3:
        before = list(stored)
        file = tmp_path / f"{len(backups)}.backup.age"
        machine.manage("backup", file)
        backups.append((file, before))
    answering.wait()
    reader.join()
    assert len(stored) == PEOPLE

    for at, (file, before) in enumerate(backups):
        other = place(f"empty{at}")
        shutil.copytree(machine.keys, other.keys)
        said = other.manage("restore", file, "--identity", identity(tmp_path))
        told = other.tell()

        assert "rows are back" in said
        assert set(before) <= set(told["receipts"]) <= set(stored)
        assert told["comments"] == ["Plant trees"] * len(told["receipts"])
        assert other.manage("verify")
        assert list((other.folder / "data/files/evidence").iterdir())
    print(f"restored 3 of 3, {[len(before) for _file, before in backups]} answers before each")
    assert machine.tell()["receipts"] == sorted(stored)


def test_mail_that_was_due_is_not_sent_again_by_the_copy(lived, place, tmp_path):
    machine, _tokens = lived
    assert machine.tell()["mails"] == ["waiting"]
    machine.manage("backup", tmp_path / "file")
    other = place("empty")
    shutil.copytree(machine.keys, other.keys)

    said = other.manage("restore", tmp_path / "file", "--identity", identity(tmp_path))

    assert "1 mails that were due then may have gone out" in said
    assert other.tell()["mails"] == ["uncertain"]


def test_a_sealed_survey_is_sealed_in_a_backup_from_before_the_seal_too(lived, place, tmp_path):
    machine, tokens = lived
    machine.do("answer", *tokens[:9])
    machine.manage("backup", tmp_path / "before")
    machine.do("seal")
    machine.manage("backup", tmp_path / "after")
    other = place("other")
    shutil.copytree(machine.keys, other.keys)

    said = other.refused("restore", tmp_path / "before", "--identity", identity(tmp_path))

    assert "the answers of open" in said
    assert "a later backup holds what was sealed" in said
    told = other.manage(
        "restore", tmp_path / "before", "--identity", identity(tmp_path), "--without-keys"
    )
    assert "open has a new key and no answers" in told
    assert other.tell()["comments"] == []
    other.do("answer", tokens[0])  # by the same link
    assert other.tell()["comments"] == ["Plant trees"]

    third = place("third")
    shutil.copytree(machine.keys, third.keys)
    third.manage("restore", tmp_path / "after", "--identity", identity(tmp_path))
    assert third.tell()["rows"]["surveys_sealedanswers"] == 2


def test_the_control_with_a_copy_of_the_keys_from_before_the_seal_answers_are_read(
    lived, place, tmp_path
):
    machine, tokens = lived
    machine.do("answer", *tokens[:9])
    machine.manage("backup", tmp_path / "before")
    other = place("other")
    shutil.copytree(machine.keys, other.keys)
    machine.do("seal")

    other.manage("restore", tmp_path / "before", "--identity", identity(tmp_path))

    assert len(other.tell()["comments"]) == 9


def test_what_cannot_be_used_is_refused_and_the_place_stays_empty(lived, place, tmp_path):
    machine, _tokens = lived
    file = tmp_path / "file"
    machine.manage("backup", file)
    whole = file.read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: len(whole) - 100])
    (tmp_path / "foreign").write_bytes(b"PK\x03\x04 a letter" * 100)
    stranger = tmp_path / "stranger"
    stranger.write_text(str(pyrage.x25519.Identity.generate()))
    other = place("other")
    ours = identity(tmp_path)

    assert "cut short or was changed" in other.refused("restore", cut, "--identity", ours)
    assert "no backup of Materiality" in other.refused("restore", tmp_path / "foreign")
    assert "Name the file with its secret key" in other.refused("restore", file)
    assert "for another key" in other.refused("restore", file, "--identity", stranger)
    assert "These keys are not in" in other.refused("restore", file, "--identity", ours)
    shutil.copytree(machine.keys, other.keys)
    other.manage("restore", file, "--identity", ours)
    assert "holds tables already" in other.refused("restore", file, "--identity", ours)


def test_another_engine_is_refused(lived, place, tmp_path):
    machine, _tokens = lived
    machine.manage("backup", tmp_path / "file")
    is_sqlite = machine.environment["DATABASE_URL"].startswith("sqlite")
    address = "postgres://nobody@127.0.0.1:1/no" if is_sqlite else f"sqlite:///{tmp_path / 'no'}"
    other = Machine(tmp_path / "strange", address)

    said = other.refused("restore", tmp_path / "file", "--identity", identity(tmp_path))

    assert "Restore it into the same engine" in said


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_selfcheck_names_what_is_gone(lived, place, tmp_path):
    machine, tokens = lived
    machine.do("answer", tokens[0])
    assert "Everything is there" in machine.manage("selfcheck")
    with closing(sqlite3.connect(machine.folder / "site.sqlite3")) as plain:
        plain.execute("DROP TRIGGER materiality_snapshot_no_update")
        plain.execute("UPDATE surveys_intake SET ciphertext = zeroblob(1536)")
        plain.commit()
    for file in (machine.folder / "data/files/evidence").iterdir():
        file.unlink()

    process = machine.start("manage.py", "selfcheck")
    _out, said = process.communicate()

    assert process.returncode == 1
    assert "materiality_snapshot_no_update is gone" in said
    assert "1 answers cannot be read" in said
    assert "its content is gone" in said
