"""A site to break: its database on either engine, its processes, its people."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.postgres import programs
from tests.bench.respond import free_port, wait_for
from tests.bench.timing import descendants
from tests.faults.crowd import Asked, Crowd, compared, send

ROOT = Path(__file__).resolve().parents[2]
STORED = (
    "SELECT i.token_hash, t.submission, t.receipt FROM surveys_intake t "
    "JOIN surveys_invitation i ON i.id = t.invitation_id WHERE t.submitted"
)
PEOPLE = 3000


class Site:
    """The product over a database, served by processes that are forked anew."""

    def __init__(self, folder: Path, address: str, **settings: str) -> None:
        self.folder, self.address = folder, address
        self.ports = [free_port(), free_port()]
        self.environment = os.environ | {
            "DATABASE_URL": address,
            "DATA": str(folder),
            "SURVEY_KEYS": str(folder / "keys"),
            "DJANGO_SETTINGS_MODULE": "materiality.project.settings",
            "ALLOWED_HOSTS": "127.0.0.1",
            **settings,
        }

    def prepare(self, people: int = PEOPLE) -> Asked:
        """Migrate, publish a survey and invite people."""
        command = [sys.executable, "-W", "ignore", "-m", "tests.faults.prepare", str(people)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        told = json.loads(done.stdout.splitlines()[-1])
        return Asked([tuple(pair) for pair in told["tokens"]], told["questions"], told["consent"])

    @contextmanager
    def served(self, **settings: str) -> Iterator[None]:
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.faults.serving", str(self.folder),
                 *map(str, self.ports)],
                cwd=ROOT, env=self.environment | settings, stdout=log, stderr=log,
            )  # fmt: skip
            try:
                for port in self.ports:
                    wait_for(port)
                yield
            finally:
                process.kill()
                process.wait()

    def processes(self) -> list[int]:
        return list(map(int, (self.folder / "pids").read_text().split()))

    def kill(self, which: int) -> bool:
        """Kill one process; tell whether it was alive."""
        pids = self.processes()
        try:
            os.kill(pids[which % len(pids)], signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def stored(self) -> list[tuple[Any, ...]]:
        if self.address.startswith("sqlite"):
            path = self.address.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path)) as plain:
                return plain.execute(STORED).fetchall()
        with psycopg.connect(self.address) as plain:
            return plain.execute(STORED).fetchall()

    def outcome(self, crowd: Crowd) -> dict[str, int]:
        """Hold what people were told against what is stored."""
        told = compared(crowd.thanked, self.stored())
        return {**told, "thanked": crowd.thanks}

    def answers(self, asked: Asked) -> int:
        """Return the status of one more answer."""
        return send(self.ports[0], asked.tokens[-1][0], asked.body(_uuid()))[0]


def _uuid() -> str:
    from uuid import uuid4

    return str(uuid4())


class Postgres:
    """A server that can be broken: its data in a folder, ended and started at will."""

    def __init__(self, folder: Path, **options: str) -> None:
        binaries = programs()
        if binaries is None:
            raise SystemExit("PostgreSQL is needed: apt-get install postgresql")
        self.port = free_port()
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        for parent in [folder, *folder.parents][:-1]:
            parent.chmod(parent.stat().st_mode | 0o111)
        self.become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.become:
            shutil.chown(self.data, "postgres")
        self.binaries = binaries
        told = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.data)}
        told |= {"port": str(self.port), **options}
        self.options = " ".join(f"-c {name}={value}" for name, value in told.items())
        init = [*self.become, str(binaries / "initdb"), "-D", str(self.data), "-U", "site"]
        init += ["--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(init, check=True, capture_output=True)
        self.control("start", "-w")

    @property
    def address(self) -> str:
        return f"postgres://site@127.0.0.1:{self.port}/postgres"

    def control(self, verb: str, *options: str) -> bool:
        """Run pg_ctl; tell whether it did it."""
        command = [*self.become, str(self.binaries / "pg_ctl"), "-s", "-D", str(self.data)]
        if verb != "stop":
            command += ["-l", str(self.data / "log"), "-o", self.options]
        done = subprocess.run([*command, *options, verb], check=False, capture_output=True)
        return done.returncode == 0

    def processes(self) -> list[int]:
        """Return the server and its children."""
        return descendants(int((self.data / "postmaster.pid").read_text().split()[0]))

    def is_alive(self) -> bool:
        try:
            with psycopg.connect(self.address, connect_timeout=2) as plain:
                plain.execute("SELECT 1")
            return True
        except psycopg.Error:
            return False

    def wait(self, patience: float = 60) -> None:
        """Wait until it answers; start it if it gave up, as its unit would."""
        end = time.monotonic() + patience
        while not self.is_alive():
            if time.monotonic() > end:
                raise TimeoutError((self.data / "log").read_text()[-2000:])
            if not self.control("status"):
                self.control("start", "-w")
            time.sleep(0.2)

    def stop(self) -> None:
        self.control("stop", "-m", "immediate")


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a disk of some megabytes; whoever may not mount gets none."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)]
    subprocess.run(["mount", *options], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill a disk to its last byte with one file."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler
