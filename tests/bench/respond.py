"""CPU of one completed response, web and database together: ours, and a minimal Django view."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import quantiles
from urllib.parse import urlencode

from tests.bench import postgres
from tests.bench.timing import cpu_seconds, descendants, report, set_up_django

PEOPLE, AT_ONCE = 300, 8
WARM_UP = 30


@contextmanager
def gunicorn(application: str, port: int, database: str) -> Iterator[int]:
    """Serve with two processes and yield the id of the first."""
    environment = os.environ | {
        "DATABASE_URL": database,
        "GUNICORN_CMD_ARGS": f"-b 127.0.0.1:{port} -w 2 --threads 4 --log-level error",
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    command = [sys.executable, "-W", "ignore", "-m", "gunicorn", application]
    server = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        yield server.pid
    finally:
        server.terminate()
        server.wait(20)


def wait_for(port: int) -> None:
    for _ in range(150):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"Nothing answers on port {port}.")


class Visitor:
    """One browser: a kept connection, cookies, the seconds of each request."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = ""
        self.seconds: list[float] = []

    def open(self, address: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, location and text of the answer."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None
        if fields is not None:
            body, headers["Content-Type"] = urlencode(fields), "application/x-www-form-urlencoded"
        start = time.perf_counter()
        self.connection.request("POST" if body is not None else "GET", address, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.seconds.append(time.perf_counter() - start)
        if set_cookie := answer.headers.get("Set-Cookie"):
            self.cookie = set_cookie.split(";")[0]
        return answer.status, answer.headers.get("Location", ""), text


def hidden(text: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return dict(fields)


def answer_ours(port: int, token: str) -> list[float]:
    """Landing, agree, pages, last words, thanks: what a browser without script sends."""
    visitor = Visitor(port)
    address = f"/r/{token}/"
    _status, _location, text = visitor.open(address)
    fields = hidden(text) | {"go": "start"}
    for _step in range(12):
        status, location, text = visitor.open(address, fields)
        if status != 302:
            raise SystemExit(f"{address} answered {status}: {text[:300]}")
        address = location
        _status, _location, text = visitor.open(address)
        if address.rstrip("/").endswith("done"):
            return visitor.seconds
        names = set(re.findall(r'<input type="radio" name="([^"]+)"', text))
        fields = hidden(text) | dict.fromkeys(names, "4")
        if "<textarea" in text:
            fields["comment"] = "Please publish progress figures every year."
    raise SystemExit("The survey does not end.")


def answer_minimal(port: int, _token: str) -> list[float]:
    from tests.bench.minimal_names import RATINGS

    visitor = Visitor(port)
    _status, _location, text = visitor.open("/")
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    comment = "Please publish progress figures every year."
    fields = {"csrfmiddlewaretoken": token, "comment": comment, **dict.fromkeys(RATINGS, "4")}
    status, location, _text = visitor.open("/", fields)
    assert status == 302
    visitor.open(location)
    return visitor.seconds


def load(answer: Callable[[int, str], list[float]], port: int, tokens: list[str], pids: list[int]):
    """Return CPU-ms per response, responses a second, and the 95th percentile of a request."""
    for token in tokens[:WARM_UP]:
        answer(port, token)
    before, start = cpu_seconds(pids), time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as people:
        spans = list(people.map(lambda token: answer(port, token), tokens[WARM_UP:]))
    elapsed, spent = time.perf_counter() - start, cpu_seconds(pids) - before
    requests = [span for one in spans for span in one]
    return 1000 * spent / PEOPLE, PEOPLE / elapsed, 1000 * quantiles(requests, n=20)[-1]


def measured(application: str, port: int, database: str, database_pid: int, answer, tokens):
    with gunicorn(application, port, database) as server:
        answer(port, tokens.pop())
        pids = descendants(server) + descendants(database_pid)
        return load(answer, port, tokens, pids)


def main() -> None:
    with postgres.running() as (database, database_pid):
        set_up_django(database)
        tokens = prepare()
        ours = measured(
            "materiality.project.wsgi", 8741, database, database_pid, answer_ours, tokens
        )
        spare = [""] * (PEOPLE + WARM_UP + 1)
        minimal = measured(
            "tests.bench.minimal", 8742, database, database_pid, answer_minimal, spare
        )
    report(
        respond_cpu_ms=ours[0],
        respond_per_s=ours[1],
        respond_p95_ms=ours[2],
        respond_cpu_ms_minimal=minimal[0],
        respond_per_s_minimal=minimal[1],
        respond_ratio=ours[0] / minimal[0],
    )


def prepare() -> list[str]:
    """Migrate, publish a survey of 14 items, and return the tokens of everybody invited."""
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.minimal_names import TABLE
    from tests.builders import make_links, make_survey

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    tokens = make_links(make_survey(topics=14), PEOPLE + WARM_UP + 1)
    connection.close()
    return tokens


if __name__ == "__main__":
    main()
