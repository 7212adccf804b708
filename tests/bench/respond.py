"""One completed response of 14 ratings: CPU of web and database together, rate, and waiting.

Without script; with it, as `survey.js` gathers what is saved, at the slower of two paces; at full
load, and sparse (four people, 15 requests a second); on PostgreSQL and on SQLite; cold, the first
after a start. Beside each a minimal Django view of the same run: five rounds in turn, medians with
range.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from tests.bench import postgres
from tests.bench.timing import descendants, report, set_up_django, tree_cpu_seconds

ROUNDS = 5
PEOPLE, AT_ONCE = 60, 8
SPARSELY, FEW, A_SECOND = 20, 4, 15
WARM_UP = 30
PAUSE, LATEST = 6, 9.5  # of survey.js: what is saved waits for a pause, and so long at most
SLOW = 3  # seconds between two answers

Answer = Callable[["Visitor", str], None]


@contextmanager
def served(application: str, port: int, database: str, *, workers: int = 2) -> Iterator[int]:
    """Serve with two processes, as docs/operate.md says, and yield the id of the first."""
    command = [sys.executable, "-W", "ignore", "-m", "granian", f"{application}:application"]
    command += ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "2", "--log-level", "error"]
    environment = os.environ | {"DATABASE_URL": database, "ALLOWED_HOSTS": "127.0.0.1"}
    server = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        yield server.pid
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    """Return a port that nobody serves: another server's answers would be measured as ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"Nothing answers on port {port}.")


class Visitor:
    """One browser: a kept connection, cookies, the seconds of each request."""

    def __init__(self, port: int, pause: float = 0.0) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.pause = pause
        self.cookie = ""
        self.seconds: list[float] = []

    def open(self, address: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, location and text of the answer; of a page in another's place, its own."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None
        if fields is not None:
            body, headers["Content-Type"] = urlencode(fields), "application/x-www-form-urlencoded"
        time.sleep(self.pause)
        start = time.perf_counter()
        self.connection.request("POST" if body is not None else "GET", address, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.seconds.append(time.perf_counter() - start)
        if set_cookie := answer.headers.get("Set-Cookie"):
            self.cookie = set_cookie.split(";")[0]
        location = answer.headers.get("Location") or answer.headers.get("Content-Location", "")
        return answer.status, location, text


def hidden(text: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return dict(fields)


def answer_ours(visitor: Visitor, token: str, script: bool = False) -> None:
    """Landing, agree, pages with last words on the last one, thanks.

    :param script: send what is saved in between, and pages, as `survey.js` does.
    """
    _status, _location, text = visitor.open(f"/r/{token}/")
    address = f"/r/{token}/1/?{urlencode(hidden(text))}"
    _status, _location, text = visitor.open(address)
    for _step in range(12):
        names = list(dict.fromkeys(re.findall(r'<input type="radio" name="([^"]+)"', text)))
        if not names:
            raise SystemExit(f"{address} asks nothing: {text[:300]}")
        fields = hidden(text)
        for batch in gathered(names) if script else ():
            seen = {"seen": fields["seen"]} if "seen" in fields else {}
            visitor.open(address, dict.fromkeys(batch, "4") | seen | {"autosave": "1"})
        fields |= dict.fromkeys(names, "4")
        if "<textarea" in text:
            fields["comment"] = "Please publish progress figures every year."
        _status, address, text = visitor.open(address, fields | ({"script": "1"} if script else {}))
        if "<code>" in text:
            return
        if not script:
            _status, _location, text = visitor.open(address)
    raise SystemExit("The survey does not end.")


def answer_with_script(visitor: Visitor, token: str) -> None:
    answer_ours(visitor, token, script=True)


def gathered(names: list[str], pace: float = SLOW) -> list[list[str]]:
    """Return what is saved before the page is sent, where an answer is given every `pace` seconds.

    >>> gathered(list("abcdefg"), pace=0.25), gathered(list("abcdefg"), pace=3)
    ([], [['a', 'b', 'c', 'd']])
    """
    batches: list[list[str]] = []
    waiting: list[str] = []
    due = 0.0
    for at, name in enumerate(names):
        now = at * pace
        if waiting and now > due:
            batches.append(waiting)
            waiting = []
        due = now + LATEST if not waiting else due
        waiting.append(name)
        if pace > PAUSE:
            due = min(due, now + PAUSE)
    return batches


def answer_minimal(visitor: Visitor, _token: str) -> None:
    from tests.bench.minimal_names import RATINGS

    _status, _location, text = visitor.open("/")
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    comment = "Please publish progress figures every year."
    fields = {"csrfmiddlewaretoken": token, "comment": comment, **dict.fromkeys(RATINGS, "4")}
    status, location, _text = visitor.open("/", fields)
    assert status == 302
    visitor.open(location)


@dataclass(frozen=True)
class Load:
    """What one load cost: CPU-ms and requests a response, responses a second, and the waiting."""

    cpu: float
    requests: float
    rate: float
    seconds: list[float]


def load(answer: Answer, port: int, tokens: list[str], roots: list[int], sparse: bool) -> Load:
    """Let people answer, eight at once or few and slowly.

    :param roots: the first process of the web server, and of the database if it has any.
    """
    people = FEW if sparse else AT_ONCE
    pause = FEW / A_SECOND if sparse else 0.0

    def one(token: str) -> list[float]:
        visitor = Visitor(port, pause)
        answer(visitor, token)
        return visitor.seconds

    before, start = tree_cpu_seconds(roots), time.perf_counter()
    with ThreadPoolExecutor(people) as crowd:
        seconds = [each for one_response in crowd.map(one, tokens) for each in one_response]
    elapsed, spent = time.perf_counter() - start, tree_cpu_seconds(roots) - before
    count = len(tokens)
    return Load(1000 * spent / count, len(seconds) / count, count / elapsed, seconds)


@dataclass(frozen=True)
class Kind:
    """One measurement of each round."""

    name: str
    answer: Answer
    server: str
    sparse: bool = False


KINDS = (
    Kind("plain", answer_ours, "ours"),
    Kind("minimal", answer_minimal, "minimal"),
    Kind("script", answer_with_script, "ours"),
    Kind("sqlite", answer_ours, "sqlite"),
    Kind("sqlite_script", answer_with_script, "sqlite"),
    Kind("sparse", answer_ours, "ours", sparse=True),
    Kind("sparse_minimal", answer_minimal, "minimal", sparse=True),
    Kind("sparse_script", answer_with_script, "ours", sparse=True),
    Kind("sparse_sqlite", answer_ours, "sqlite", sparse=True),
)
PLAIN, MINIMAL, SQLITE = KINDS[0], KINDS[1], KINDS[3]


def rounds(servers: dict[str, tuple[int, list[int]]], tokens: dict[str, list[str]]) -> dict:
    """Return, by kind, its loads: one a round."""
    loads: dict[str, list[Load]] = {kind.name: [] for kind in KINDS}
    for at in range(ROUNDS):
        for kind in KINDS if at % 2 == 0 else reversed(KINDS):
            port, roots = servers[kind.server]
            count = SPARSELY if kind.sparse else PEOPLE
            people = [tokens[kind.server].pop() for _person in range(count)]
            loads[kind.name].append(load(kind.answer, port, people, roots, kind.sparse))
    return loads


def figures_of(loads: dict[str, list[Load]]) -> dict:
    cpu = {name: [one.cpu for one in each] for name, each in loads.items()}
    middle = {name: median(each) for name, each in cpu.items()}
    ours = [sparse / dense for sparse, dense in zip(cpu["sparse"], cpu["plain"], strict=True)]
    others = [
        sparse / dense for sparse, dense in zip(cpu["sparse_minimal"], cpu["minimal"], strict=True)
    ]
    ratios = {
        "respond_ratio": _each(cpu["plain"], cpu["minimal"]),
        "respond_autosave_ratio": _each(cpu["script"], cpu["minimal"]),
        "respond_sparse_ratio": _each(ours, others),
        "respond_sparse_autosave_ratio": _each(cpu["sparse_script"], cpu["sparse_minimal"]),
        "respond_sqlite_ratio": _each(cpu["sqlite"], cpu["plain"]),
        "respond_sqlite_autosave_ratio": _each(cpu["sqlite_script"], cpu["script"]),
    }
    return {
        "respond_cpu_ms": middle["plain"],
        "respond_cpu_ms_minimal": middle["minimal"],
        "respond_autosave_cpu_ms": middle["script"],
        "respond_sqlite_cpu_ms": middle["sqlite"],
        "respond_sparse_cpu_ms": middle["sparse"],
        "respond_sparse_cpu_ms_minimal": middle["sparse_minimal"],
        "respond_autosave_cpu_ms_sqlite": middle["sqlite_script"],
        "respond_sparse_cpu_ms_script": middle["sparse_script"],
        "respond_sparse_cpu_ms_sqlite": middle["sparse_sqlite"],
        "respond_sparse_extra_ms": {
            "ours": _extra(loads["sparse"], loads["plain"]),
            "minimal": _extra(loads["sparse_minimal"], loads["minimal"]),
        },
        "respond_requests": {name: each[0].requests for name, each in loads.items()},
        "respond_per_s": median(one.rate for one in loads["plain"]),
        "respond_per_s_minimal": median(one.rate for one in loads["minimal"]),
        "respond_waits_ms": {name: waits(each) for name, each in loads.items()},
        "respond_cpu_ranges": {name: [min(each), max(each)] for name, each in cpu.items()},
        **{name: median(each) for name, each in ratios.items()},
        "respond_ranges": {name: [min(each), max(each)] for name, each in ratios.items()},
    }


def _extra(sparse: list[Load], dense: list[Load]) -> float:
    """Return how many CPU-ms more a request takes in sparse traffic."""
    pairs = zip(sparse, dense, strict=True)
    return median((few.cpu - many.cpu) / few.requests for few, many in pairs)


def _each(ours: list[float], others: list[float]) -> list[float]:
    """Return the ratio of each round."""
    return [mine / other for mine, other in zip(ours, others, strict=True)]


def waits(loads: list[Load]) -> dict[str, float]:
    """Return how long half, and all but a twentieth, of the requests waited at most."""
    seconds = [wait for one in loads for wait in one.seconds]
    return {"p50": 1000 * median(seconds), "p95": 1000 * quantiles(seconds, n=20)[-1]}


def cold(kind: Kind, port: int, roots: list[int], token: str) -> dict[str, float]:
    """Return what the first response after a start costs, and how long its first page takes."""
    visitor = Visitor(port)
    before = tree_cpu_seconds(roots)
    kind.answer(visitor, token)
    spent = tree_cpu_seconds(roots) - before
    return {"first_ms": 1000 * visitor.seconds[0], "cpu_ms": 1000 * spent}


def wait_until_ready(port: int) -> None:
    """Wait until all is there, not only the socket; of the minimal view nothing more is asked."""
    for _ in range(600):
        if Visitor(port).open("/readyz")[0] in (200, 404):
            return
        time.sleep(0.1)
    raise SystemExit(f"The server at port {port} does not get ready.")


def memory_mb(root: int) -> float:
    """Return what a worker holds: its share of memory (PSS), the mean of a server's workers."""
    [*_server, first, second] = descendants(root)
    shares = [
        int(line.split()[1])
        for pid in (first, second)
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Pss:")
    ]
    return sum(shares) / len(shares) / 1024


def main() -> None:
    with postgres.running() as (database, database_pid), TemporaryDirectory() as folder:
        sqlite = f"sqlite:///{folder}/bench.sqlite3"
        os.environ.setdefault("SURVEY_KEYS", f"{folder}/keys")
        tokens = {"ours": prepared(database), "sqlite": prepared(sqlite)}
        tokens["minimal"] = [""] * len(tokens["ours"])
        ports = {name: free_port() for name in ("ours", "sqlite", "minimal")}
        ours = "materiality.project.wsgi"
        with (
            served(ours, ports["ours"], database) as first,
            served(ours, ports["sqlite"], sqlite) as second,
            served("tests.bench.minimal", ports["minimal"], database) as third,
        ):
            servers = {
                "ours": (ports["ours"], [first, database_pid]),
                "sqlite": (ports["sqlite"], [second]),
                "minimal": (ports["minimal"], [third, database_pid]),
            }
            firsts = {}
            for kind in (PLAIN, MINIMAL, SQLITE):
                port, roots = servers[kind.server]
                wait_until_ready(port)
                firsts[kind.name] = cold(kind, port, roots, tokens[kind.server].pop())
                for _person in range(WARM_UP):
                    kind.answer(Visitor(port), tokens[kind.server].pop())
            loads = rounds(servers, tokens)
            memory = {name: memory_mb(roots[0]) for name, (_port, roots) in servers.items()}
    report(
        **figures_of(loads),
        respond_first_ms=firsts["plain"]["first_ms"],
        respond_cold=firsts,
        respond_worker_mb=memory,
    )


def prepared(database: str) -> list[str]:
    """Prepare a database in a process of its own; return the tokens."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.respond", database]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def prepare(database: str) -> list[str]:
    """Migrate, publish a survey of 14 items, and return the tokens of everybody invited."""
    set_up_django(database)
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.minimal_names import TABLE
    from tests.builders import make_links, make_survey

    call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
    people = ROUNDS * 2 * (PEOPLE + SPARSELY) + WARM_UP + 1
    tokens = make_links(make_survey(topics=14), people)
    connection.close()
    return tokens


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(prepare(sys.argv[1])))
    else:
        main()
