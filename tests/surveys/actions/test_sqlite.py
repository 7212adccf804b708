"""SQLite with connections that are kept: sixteen writers at once, and processes that are killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.surveys.actions.sqlite_writers import COMMENTS, WRITERS

PROGRAM = [sys.executable, "-W", "ignore", "-m", "tests.surveys.actions.sqlite_writers"]


class File:
    """A database file of its own, and the programs that write to it."""

    def __init__(self, folder):
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/answers.sqlite3",
            "SURVEY_KEYS": f"{folder}/keys",
        }
        self.tokens = ""
        self.tokens = self.run("prepare")

    def run(self, act: str) -> str:
        done = subprocess.run(
            [*PROGRAM, act], env=self.environment, input=self.tokens,
            capture_output=True, text=True, check=True, timeout=300,
        )  # fmt: skip
        return done.stdout

    def killed(self, act: str, after: int) -> str:
        """Kill the writers once `after` answers were told; return what was told."""
        writers = subprocess.Popen(
            [*PROGRAM, act], env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        writers.stdin.write(self.tokens)
        writers.stdin.close()
        lines = [writers.stdout.readline() for _line in range(after)]
        writers.send_signal(signal.SIGKILL)
        lines += writers.stdout.readlines()
        writers.wait()
        time.sleep(0.1)
        return "".join(lines)

    def lost(self, lines: str) -> list[str]:
        """Return what was told to be kept, and is neither there nor replaced by a later one."""
        stored = json.loads(self.run("check"))
        kept = [line.split()[1:] for line in lines.splitlines() if line.startswith("kept ")]
        return [number for token, number in kept if int(stored[token] or 0) < int(number)]


@pytest.fixture
def file(tmp_path):
    return File(tmp_path)


@pytest.mark.drill
def test_sixteen_writers_at_once_lose_nothing_and_see_no_lock(file):
    lines = file.run("write")

    said = Counter(line.split()[0] for line in lines.splitlines())
    assert said == {"kept": WRITERS * COMMENTS, "connections": WRITERS}
    assert lines.count("connections 1\n") == WRITERS
    assert file.lost(lines) == []


@pytest.mark.drill
def test_the_control_writers_that_do_not_wait_are_refused(file):
    file.environment["DATABASE_URL"] += "?timeout=0"

    lines = file.run("write")

    assert "database is locked" in lines


@pytest.mark.drill
@pytest.mark.machine
def test_answers_told_to_be_kept_survive_ten_kills(file):
    for kill in range(10):
        assert file.lost(file.killed("write", after=20 + 7 * kill)) == []


@pytest.mark.drill
@pytest.mark.machine
def test_the_control_what_is_told_before_it_is_kept_gets_lost(file):
    lost = [file.lost(file.killed("early", after=20 + 7 * kill)) for kill in range(10)]

    assert any(lost)
