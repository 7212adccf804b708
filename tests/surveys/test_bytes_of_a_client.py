"""With the bytes of a database in hand after a client was deleted: no word of theirs is found.

In the file of SQLite and its folder; in the heap of PostgreSQL, where the site's user deletes and
the owner's nightly job writes the tables anew. Each looks before anything was deleted as well.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.bench.postgres import programs, running
from tests.conftest import missing
from tests.surveys.test_bytes import ROOT, Site, allow, files, migrate, two_users

PORT = 54398
LEAVING = ("-m", "tests.surveys.leaving")
WORDS = (b"Zwiebelkuchen", b"zwiebel.example", b"Quittenmus")
"""What the client is called, where its people get mail, and what they wrote or handed in."""
OTHER = b"Anderswo GmbH"


def found(folder: Path) -> int:
    """How often a word of the client is in any file below a folder, its key among them."""
    contents = [path.read_bytes() for path in files(folder)]
    return sum(content.count(word) for content in contents for word in WORDS)


def test_on_sqlite_no_word_is_in_the_file_or_beside_it(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    site = Site(f"sqlite:///{data / 'site.sqlite3'}", data, plaintext=False)
    site.environment |= {"DATA": str(data), "FILES": "disk", "SECRET_KEY": "x" * 50}
    site.run(*LEAVING, "migrate")
    site.run(*LEAVING, "client")
    assert found(data) > 50  # the control
    assert len(files(site.keys)) == 4  # of two open surveys of the client's, and of the other's

    site.run(*LEAVING, "wait")
    site.run("manage.py", "delete_organisations")

    assert found(data) == 0
    assert len(files(site.keys)) == 2
    assert OTHER in (data / "site.sqlite3").read_bytes()
    assert "0 faults" in site.run(*LEAVING, "faults")


def test_on_postgresql_no_word_is_in_the_heap_after_the_owners_job(tmp_path):
    """The owner's job is done before the deletion too: alone it takes nothing away."""
    if programs() is None:
        missing("PostgreSQL", "apt-get install postgresql")
    with running(PORT) as (address, _pid):
        owner, user = two_users(address)
        site = Site(user, tmp_path, plaintext=False)
        site.environment |= {"DATA": str(tmp_path), "FILES": "database", "SECRET_KEY": "x" * 50}
        migrate(site, owner)
        allow(address)
        site.run(*LEAVING, "client")
        with psycopg.connect(owner, autocommit=True) as plain:
            plain.execute("ANALYZE")  # samples of values are kept for plans: they go as well
        site.run("manage.py", "vacuum", DATABASE_URL=owner)
        undeleted = found(heap_of(address))
        site.run(*LEAVING, "wait", DATABASE_URL=owner)
        site.run("manage.py", "delete_organisations")
        before = found(heap_of(address))
        site.run("manage.py", "vacuum", DATABASE_URL=owner)
        heap = heap_of(address)
        after = found(heap)
        faults = site.run(*LEAVING, "faults")
        there = sum(path.read_bytes().count(OTHER) for path in files(heap))

    print(f"a deleted client's words in the heap: {before} before the owner's job, {after} after")
    assert undeleted > 50  # control: nothing was deleted yet
    assert before > 50  # control: deleted rows lie in their pages until then
    assert after == 0
    assert there > 0
    assert "0 faults" in faults


KILLS = (4, 9, 20, 40, 80, 110)
"""At which statement of a run the deletion is killed: while it begins, with keys and files, among
the rows of tables, with accounts."""


def killed_again_and_again(site: Site, owner: str) -> None:
    """Kill the deletion at each of these statements; then let it end, and say what is left."""
    site.run(*LEAVING, "wait", DATABASE_URL=owner)
    [there, leaving] = sorted(told := json.loads(site.run(*LEAVING, "tell")))
    for statement in KILLS:
        died = subprocess.run(
            [sys.executable, *LEAVING, "die", str(statement)],
            cwd=ROOT,
            env=site.environment,
            capture_output=True,
            check=False,
        )
        assert died.returncode == -signal.SIGKILL, (statement, died.stderr)
        assert json.loads(site.run(*LEAVING, "tell"))[there] == told[there]

    site.run("manage.py", "delete_organisations")

    assert json.loads(site.run(*LEAVING, "tell")) == {there: told[there], leaving: 0}
    assert len(files(site.keys)) == 2
    assert "0 faults" in site.run(*LEAVING, "faults")


@pytest.mark.drill
def test_on_sqlite_a_deletion_that_is_killed_is_taken_up_again(tmp_path):
    address = f"sqlite:///{tmp_path / 'site.sqlite3'}"
    site = Site(address, tmp_path, plaintext=False)
    site.environment |= {"DATA": str(tmp_path), "FILES": "disk", "SECRET_KEY": "x" * 50}
    site.run(*LEAVING, "migrate")
    site.run(*LEAVING, "client")

    killed_again_and_again(site, address)

    assert found(tmp_path) == 0


@pytest.mark.drill
def test_on_postgresql_a_deletion_that_is_killed_is_taken_up_again(tmp_path):
    if programs() is None:
        missing("PostgreSQL", "apt-get install postgresql")
    with running(PORT) as (address, _pid):
        owner, user = two_users(address)
        site = Site(user, tmp_path, plaintext=False)
        site.environment |= {"DATA": str(tmp_path), "FILES": "database", "SECRET_KEY": "x" * 50}
        migrate(site, owner)
        allow(address)
        site.run(*LEAVING, "client")

        killed_again_and_again(site, owner)


def heap_of(address: str) -> Path:
    place = address.rpartition("/")[0] + "/materiality"
    with psycopg.connect(place, autocommit=True) as plain:
        plain.execute("CHECKPOINT")
        return Path(plain.execute("SHOW data_directory").fetchone()[0]) / "base"
