"""What `deploy/` ships is whole, without a bench: each file names what is there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from materiality.project import settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SECRET = ("environment", "owner", "database")
UNITS = sorted((DEPLOY / "systemd").iterdir())


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=lambda u: u.name)
def test_a_unit_starts_a_program_that_is_there_as_nobody_special(unit):
    text = unit.read_text()
    commands = re.findall(r"^ExecStart=/opt/materiality/(.+)$", text, re.M)

    assert commands
    for command in commands:
        program, *arguments = command.split()
        if program.startswith("deploy/"):
            assert (ROOT / program).stat().st_mode & 0o100
        else:
            assert arguments[0] == "manage.py"
    assert "User=materiality" in text
    assert "ProtectSystem=strict" in text


def test_systemd_understands_every_unit(tmp_path):
    """The programs are those of this checkout; a key it does not know is a complaint."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    for unit in UNITS:
        shipped = unit.read_text().replace("/opt/materiality/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(shipped.replace("/opt/materiality", str(ROOT)))
    started = [path.name.replace("@.", "@8001.") for path in sorted(tmp_path.iterdir())]

    assert complaints(tmp_path, started) == ""


def test_the_control_a_mistyped_unit_is_noticed(tmp_path):
    (tmp_path / "x.service").write_text("[Service]\nType=oneshot\nExecStart=/bin/true\nUsr=x\n")
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")

    assert "Usr" in complaints(tmp_path, ["x.service"])


def complaints(folder: Path, units: list[str]) -> str:
    paths = [str(folder / unit) for unit in units]
    verify = ["systemd-analyze", "verify", "--man=no", *paths]
    answer = subprocess.run(verify, capture_output=True, text=True, timeout=60)
    return answer.stderr + answer.stdout


def test_what_must_not_end_is_started_again_for_ever():
    for name in ("web", "worker"):
        text = (DEPLOY / f"systemd/materiality-{name}@.service").read_text()
        assert "Restart=always" in text
        assert "StartLimitIntervalSec=0" in text


def test_every_timer_has_its_job():
    timers = [unit for unit in UNITS if unit.suffix == ".timer"]

    assert len(timers) == 4
    for timer in timers:
        assert timer.with_suffix(".service") in UNITS


def test_every_variable_of_the_example_is_one_that_is_read():
    read = Path(settings.__file__).read_text()
    names = re.findall(r"^#? ?([A-Z_]+)=", (DEPLOY / "environment.example").read_text(), re.M)

    assert len(names) > 8
    assert [name for name in names if f'"{name}"' not in read] == []


def test_the_proxy_knows_as_many_processes_as_the_supervisor_starts():
    ports = re.findall(r"^server 127\.0\.0\.1:(\d+)", (DEPLOY / "upstream.conf").read_text(), re.M)
    [count] = re.findall(
        r"numprocs=(\d+)\nnumprocs_start", (DEPLOY / "supervisord.conf").read_text()
    )

    assert ports == [str(8001 + at) for at in range(int(count))]


def test_a_database_host_and_the_proxy_of_the_cluster_know_the_same_hosts():
    proxy = (DEPLOY / "cluster/haproxy.cfg").read_text()
    hosts = re.findall(r"server (db\d) (\S+):5432", proxy)

    assert [name for name, _address in hosts] == ["db1", "db2", "db3"]
    assert "check port 8008" in proxy
    assert ":8008" in (DEPLOY / "cluster/patroni.yml").read_text()


def test_the_image_takes_nothing_from_a_registry_unless_it_is_told_to():
    text = (DEPLOY / "Containerfile").read_text()

    assert re.findall(r"^FROM (\S+)", text, re.M) == ["${BASE}", "${BASE}"]
    assert "ARG BASE=localhost/" in text
    assert text.rindex("USER materiality") > text.rindex("RUN ")


def test_what_the_image_copies_is_named_and_no_secret_is_among_it():
    """Whatever is not named stays out, such as data, tests and history."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    taken = [line.removeprefix("!") for line in lines if line.startswith("!")]

    assert "*" in lines
    assert not {"data", "tests", ".git", "."} & set(taken)
    assert [name for name in taken if not (ROOT / name).exists()] == []
    assert {
        "deploy/environment",
        "deploy/tls",
        *(f"deploy/compose/{name}" for name in SECRET),
    } <= set(lines)
