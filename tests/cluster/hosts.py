"""Seven hosts on one machine: each a network namespace on one bridge."""

import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from string import Template
from typing import Any

import psycopg

from tests.bench.postgres import programs

ROOT = Path(__file__).resolve().parents[2]
BRIDGE = "materiality0"
NETWORK, GATEWAY = "10.77.0.0/24", "10.77.0.1"
DATABASES = {"db1": "10.77.0.11", "db2": "10.77.0.12", "db3": "10.77.0.13"}
WEBS = {"web1": "10.77.0.21", "web2": "10.77.0.22"}
WORKERS = {"work1": "10.77.0.31"}
PROXY = {"proxy": "10.77.0.41"}
ADDRESSES = {**DATABASES, **WEBS, **WORKERS, **PROXY}
PASSWORD = "a password of tests"
NAME = "survey.example.org"
# What nginx in front of HAProxy says; the people of the drill stand where it would.
FROM_NGINX = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
NEEDED = ("patroni", "etcd", "etcdctl", "haproxy", "ip", "iptables", "runuser")
SITE = f"postgres://postgres:a%20password%20of%20tests@{PROXY['proxy']}:5432"


def missing_programs() -> list[str]:
    return [name for name in NEEDED if shutil.which(name) is None]


class Cluster:
    """What runs on which host, and how to end and start it."""

    def __init__(self, folder: Path, *, synchronous: bool) -> None:
        self.folder, self.synchronous = folder, synchronous
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        folder.chmod(0o755)
        self.environment = os.environ | {
            "DATABASE_URL": f"{SITE}/materiality",
            "DATA": str(folder / "site"),
            "SURVEY_KEYS": str(folder / "site/keys"),
            "DJANGO_SETTINGS_MODULE": "materiality.project.settings",
            # As in docs/operate.md: a name of its own, and hosts that are asked by their addresses.
            "PRODUCTION": "1",
            "SECRET_KEY": "a secret of the cluster, " * 4,
            "ALLOWED_HOSTS": NAME,
            "SITE_URL": f"https://{NAME}",
            "TRUSTED_PROXIES": f"{PROXY['proxy']},{GATEWAY}",
            "CACHE_URL": "sql:",
            "FILES": "database",
            "HOST": "0.0.0.0",
        }
        (folder / "site").mkdir()

    # ---- what runs ----

    def start(self, host: str, *names: str) -> None:
        """Start what a host has to run, or some of it."""
        for name, command in self.commands(host).items():
            if not names or name in names:
                log = (self.folder / f"{host}-{name}.log").open("ab")
                self.running[f"{host}-{name}"] = subprocess.Popen(
                    ["ip", "netns", "exec", host, *command], cwd=ROOT, env=self.environment,
                    stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip

    def commands(self, host: str) -> Mapping[str, list[str]]:
        if host in DATABASES:
            return {"etcd": self._etcd(host), "patroni": self._patroni(host)}
        if host in WEBS:
            return {"web": ["deploy/web", "8001"]}
        if host in WORKERS:
            return {"worker": ["sh", str(self._worker_script())]}
        return {"haproxy": ["haproxy", "-db", "-f", str(ROOT / "deploy/cluster/haproxy.cfg")]}

    def _worker_script(self) -> Path:
        """Return what starts the worker again whenever it ends, as systemd does."""
        script = self.folder / "again.sh"
        worker = ".venv/bin/python -W ignore manage.py db_worker"
        script.write_text(f"while :; do {worker}; sleep 1; done\n")
        return script

    def _home(self, name: str) -> Path:
        home = self.folder / name
        if not home.exists():
            home.mkdir(mode=0o700)
            shutil.chown(home, "postgres")
        return home

    def _etcd(self, host: str) -> list[str]:
        at = f"http://{ADDRESSES[host]}"
        peers = ",".join(f"{name}=http://{place}:2380" for name, place in DATABASES.items())
        return [
            *("runuser", "-u", "postgres", "--", "etcd", "--name", host),
            *("--data-dir", str(self._home(f"{host}-etcd")), "--logger", "zap"),
            *("--listen-peer-urls", f"{at}:2380", "--initial-advertise-peer-urls", f"{at}:2380"),
            *("--listen-client-urls", f"{at}:2379", "--advertise-client-urls", f"{at}:2379"),
            *("--initial-cluster", peers, "--initial-cluster-state", "new"),
            *("--heartbeat-interval", "200", "--election-timeout", "2000"),
        ]

    def _patroni(self, host: str) -> list[str]:
        home = self._home(f"{host}-postgresql")
        binaries = programs()
        settings = {
            "NAME": host,
            "ADDRESS": ADDRESSES[host],
            "PEERS": ",".join(f"{place}:2379" for place in DATABASES.values()),
            "SYNCHRONOUS": str(self.synchronous).lower(),
            "NETWORK": NETWORK,
            "DATA": str(home / "data"),
            "BINARIES": str(binaries),
            "PASSWORD": PASSWORD,
            "SOCKETS": str(home),
        }
        text = Template((ROOT / "deploy/cluster/patroni.yml").read_text()).substitute(settings)
        path = self.folder / f"{host}.yml"
        path.write_text(text)
        return ["runuser", "-u", "postgres", "--", "patroni", str(path)]

    # ---- what is asked of it ----

    def wait(self) -> None:
        """Wait until a primary is there with its standbys, and the database for the site."""
        patience(lambda: self.primary() is not None, 120, "a primary")
        patience(lambda: len(self.standbys()) == 2, 120, "two standbys")
        patience(lambda: connects(SITE + "/postgres"), 30, "the way to the primary")

    def primary(self) -> str | None:
        return next((host for host in DATABASES if self.role(host) == "/primary"), None)

    def role(self, host: str) -> str:
        """Return which question of Patroni's a host says yes to."""
        for question in ("/primary", "/synchronous", "/replica"):
            with suppress(OSError):
                address = f"http://{ADDRESSES[host]}:8008{question}"
                if urllib.request.urlopen(address, timeout=2).status == 200:
                    return question
        return ""

    def standbys(self) -> list[str]:
        """Return the standbys that count: the synchronous ones where answers wait for them."""
        wanted = "/synchronous" if self.synchronous else "/replica"
        return [host for host in DATABASES if self.role(host) == wanted]

    def etcd_leader(self) -> str:
        for host, place in DATABASES.items():
            command = ["etcdctl", "--endpoints", f"http://{place}:2379", "endpoint", "status"]
            done = subprocess.run(
                [*command, "-w", "fields"], env=os.environ | {"ETCDCTL_API": "3"},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            status = dict(
                line.split(" : ", 1) for line in done.stdout.splitlines() if " : " in line
            )
            if status and status.get('"MemberID"') == status.get('"Leader"'):
                return host
        raise LookupError("etcd has no leader")

    # ---- what is done to it ----

    def pids(self, host: str, words: tuple[str, ...]) -> list[int]:
        """Return the processes of a host whose command line has one of these words."""
        listed = subprocess.run(["ip", "netns", "pids", host], capture_output=True, text=True)
        found = []
        for pid in map(int, listed.stdout.split()):
            with suppress(OSError):
                line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                if any(word in line for word in words):
                    found.append(pid)
        return found

    def signal(self, host: str, number: int, *words: str) -> int:
        pids = self.pids(host, words)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return len(pids)

    def kill(self, host: str, *words: str) -> int:
        return self.signal(host, signal.SIGKILL, *(words or ("",)))

    def hang_standbys(self, *, hang: bool) -> None:
        """Let nothing of the primary's database reach the standbys, as where a line hangs.

        A process that is stopped would not do: its kernel goes on receiving for it.
        """
        for host in DATABASES:
            self._drop(host, hang, "INPUT", "!", "-i", "lo")

    def unplug(self, host: str, *, unplugged: bool) -> None:
        """Let nothing leave a host's database: a dead host's kernel sends no more."""
        self._drop(host, unplugged, "OUTPUT", "!", "-o", "lo")

    def _drop(self, host: str, dropped: bool, *where: str) -> None:
        rule = [*where, "-p", "tcp", "--sport", "5432", "-j", "DROP"]
        command = ["ip", "netns", "exec", host, "iptables", "-w", "-I" if dropped else "-D", *rule]
        subprocess.run(command, check=dropped, capture_output=True)


@contextmanager
def cluster(folder: Path, *, synchronous: bool) -> Iterator[Cluster]:
    """Build seven hosts and the engine on them; take all of it away afterwards."""
    made = Cluster(folder, synchronous=synchronous)
    try:
        build()
        for host in (*DATABASES, *PROXY):
            made.start(host)
        made.wait()
        yield made
    finally:
        for host in ADDRESSES:
            made.kill(host)
        for process in made.running.values():
            process.wait(20)
        take_away()


def build() -> None:
    take_away()
    ip("link", "add", BRIDGE, "type", "bridge")
    ip("addr", "add", f"{GATEWAY}/24", "dev", BRIDGE)
    ip("link", "set", BRIDGE, "up")
    for number, (host, address) in enumerate(ADDRESSES.items()):
        ip("netns", "add", host)
        ip("link", "add", f"mat{number}", "type", "veth", "peer", "name", "eth0", "netns", host)
        ip("link", "set", f"mat{number}", "master", BRIDGE)
        ip("link", "set", f"mat{number}", "up")
        ip("-n", host, "addr", "add", f"{address}/24", "dev", "eth0")
        ip("-n", host, "link", "set", "eth0", "up")
        ip("-n", host, "link", "set", "lo", "up")


def take_away() -> None:
    with suppress(subprocess.CalledProcessError):
        ip("link", "del", BRIDGE)
    for number, host in enumerate(ADDRESSES):
        # A namespace goes some time after its last process, and would keep its line until then.
        with suppress(subprocess.CalledProcessError):
            ip("link", "del", f"mat{number}")
        with suppress(subprocess.CalledProcessError):
            ip("netns", "del", host)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def connects(address: str) -> bool:
    try:
        with psycopg.connect(address, connect_timeout=3) as plain:
            plain.execute("SELECT 1")
        return True
    except psycopg.Error:
        return False


def patience(question: Any, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not question():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come")
        time.sleep(0.5)
