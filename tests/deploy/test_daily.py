"""What runs once a day: no job waits for another one, and none is left out."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JOBS = ["erase_expired", "delete_organisations", "clearsessions"]


@pytest.fixture
def site(tmp_path):
    """A place with the scripts alone, whose `manage.py` writes down what it is told to do."""
    (tmp_path / "deploy").mkdir()
    for name in ("daily", "scheduled"):
        shutil.copy(ROOT / "deploy" / name, tmp_path / "deploy" / name)
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(
        f'#!/bin/sh\necho "$2" >>{tmp_path}/done\ncase " $FAILS " in *" $2 "*) exit 1; esac\n'
    )
    python.chmod(0o755)
    return tmp_path


def run(site, *, fails=""):
    return subprocess.run(
        [site / "deploy/daily"],
        env={**os.environ, "FAILS": fails},
        capture_output=True,
        text=True,
        timeout=30,
    )


def done(site) -> list[str]:
    return (site / "done").read_text().split()


@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_fails_keeps_no_other_from_running(site, job):
    answer = run(site, fails=job)

    assert done(site) == JOBS
    assert answer.returncode == 1
    assert answer.stderr == f"{job} failed\n"


def test_a_day_without_a_failure_is_done(site):
    assert run(site).returncode == 0
    assert done(site) == JOBS


@pytest.mark.parametrize(("fails", "times"), [("", 1), ("erase_expired", 3)])
def test_without_systemd_a_day_is_done_once_and_tried_again_until_it_is(site, fails, times):
    """Three rounds of two minutes, each as short as it can be."""
    (site / ".venv/bin/sleep").write_text(
        f"#!/bin/sh\necho slept >>{site}/rounds\n[ $(wc -l <{site}/rounds) -lt 3 ] || kill $PPID\n"
    )
    (site / ".venv/bin/sleep").chmod(0o755)
    path = f"{site / '.venv/bin'}:{os.environ['PATH']}"
    subprocess.run(
        [site / "deploy/scheduled"],
        env={**os.environ, "FAILS": fails, "PATH": path, "BACKUPS": ""},
        capture_output=True,
        timeout=30,
    )

    assert done(site).count("send_due_mail") == 3
    assert [done(site).count(job) for job in JOBS] == [times] * 3


def test_systemd_runs_the_same_list():
    unit = (ROOT / "deploy/systemd/materiality-erase.service").read_text()

    assert re.findall(r"^ExecStart=(.+)$", unit, re.M) == ["/opt/materiality/deploy/daily"]
