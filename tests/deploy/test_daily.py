"""What runs again and again: no job waits for another one, and none is left out."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
OFTEN = ["send_due_mail", "send_webhooks", "backup"]
JOBS = ["erase_expired", "delete_organisations", "clearsessions"]


@pytest.fixture
def site(tmp_path):
    """A place with the scripts alone, whose `manage.py` writes down what it is told to do."""
    (tmp_path / "deploy").mkdir()
    for name in ("daily", "jobs", "scheduled"):
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
    rounds_of(site, fails=fails)

    assert [done(site).count(job) for job in OFTEN] == [3] * 3
    assert [done(site).count(job) for job in JOBS] == [times] * 3


def rounds_of(site, *arguments, fails="", backups="/var/backups/materiality"):
    """Run three rounds of two minutes, each as short as it can be."""
    (site / ".venv/bin/sleep").write_text(
        f"#!/bin/sh\necho slept >>{site}/rounds\n[ $(wc -l <{site}/rounds) -lt 3 ] || kill $PPID\n"
    )
    (site / ".venv/bin/sleep").chmod(0o755)
    path = f"{site / '.venv/bin'}:{os.environ['PATH']}"
    subprocess.run(
        [site / "deploy/scheduled", *arguments],
        env={**os.environ, "FAILS": fails, "PATH": path, "BACKUPS": backups},
        capture_output=True,
        timeout=30,
    )


@pytest.mark.parametrize("job", OFTEN)
def test_webhooks_and_backups_do_not_wait_for_the_mail_server(site, job):
    rounds_of(site, fails=job)

    assert [done(site).count(each) for each in OFTEN] == [3] * 3


def test_without_a_folder_for_them_no_backup_is_tried(site):
    rounds_of(site, backups="")

    assert done(site).count("backup") == 0
    assert done(site).count("send_webhooks") == 3


@pytest.mark.parametrize(("fails", "times"), [("", 1), ("vacuum", 3)])
def test_the_owner_of_the_tables_does_its_part_and_nothing_else(site, fails, times):
    rounds_of(site, "vacuum", fails=fails)

    assert done(site) == ["vacuum"] * times


def jobs_of_the_units(site) -> set[str]:
    """What systemd runs and lets end; a script is run to see what it does."""
    for unit in UNITS:
        text = unit.read_text()
        if "Type=oneshot" not in text:
            continue
        for command in re.findall(r"^ExecStart=/opt/materiality/(.+)$", text, re.M):
            subprocess.run([site / part if "/" in part else part for part in shlex.split(command)])
    return set(done(site))


def test_systemd_and_the_schedule_without_it_run_the_same_jobs(site, tmp_path_factory):
    rounds_of(site)
    rounds_of(site, "vacuum")
    scheduled = set(done(site))
    (site / "done").unlink()

    assert scheduled == jobs_of_the_units(site) == {*OFTEN, *JOBS, "vacuum"}


def test_the_installation_without_systemd_starts_both_schedules():
    """The site's by the supervisor, the owner's beside it, as a user of its own."""
    start = (ROOT / "deploy/install").read_text().partition("\nstart() {")[2]
    [owners] = re.findall(r"deploy/with\" \"\$SETTINGS/owner\" \\\n(.+?)</dev/null", start, re.S)

    assert "--reuid materiality-owner" in owners
    assert "deploy/scheduled vacuum" in owners
    assert "command=deploy/scheduled\n" in (ROOT / "deploy/supervisord.conf").read_text()


@pytest.mark.parametrize("name", ["erase", "vacuum"])
def test_what_failed_today_is_tried_again_before_tomorrow(name):
    unit = (ROOT / f"deploy/systemd/materiality-{name}.service").read_text()

    assert "Restart=on-failure\nRestartSec=10min\n" in unit


def test_the_owners_password_is_in_no_process_of_the_sites_user():
    for unit in UNITS:
        text = unit.read_text()
        [user] = re.findall(r"^User=(.+)$", text, re.M)
        has_it = "EnvironmentFile=/etc/materiality/owner" in text
        assert (user == "materiality-owner") == has_it, unit.name
