"""One completed response of 14 ratings: CPU of web and database together, rate, and waiting.

Without script, with an autosave per answer, at a steady 50 a second; and a minimal Django view.
"""

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
from tests.bench.timing import report, set_up_django, tree_cpu_seconds

PEOPLE, AT_ONCE = 300, 8
WARM_UP = 30
A_SECOND = 50

Answer = Callable[[int, str], list[float]]


@contextmanager
def served(application: str, port: int, database: str) -> Iterator[int]:
    """Serve with two processes, as docs/operate.md says, and yield the id of the first."""
    command = [sys.executable, "-W", "ignore", "-m", "granian", f"{application}:application"]
    command += ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "2", "--log-level", "error"]
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


def answer_ours(port: int, token: str, autosave: bool = False) -> list[float]:
    """Landing, agree, pages, last words, thanks: what a browser without script sends.

    :param autosave: send every answer by itself first, as the script does.
    """
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
        for name in names if autosave else ():
            visitor.open(address, {name: "4", "autosave": "1"})
        fields = hidden(text) | dict.fromkeys(names, "4")
        if "<textarea" in text:
            fields["comment"] = "Please publish progress figures every year."
    raise SystemExit("The survey does not end.")


def answer_with_script(port: int, token: str) -> list[float]:
    return answer_ours(port, token, autosave=True)


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


def load(answer: Answer, port: int, tokens: list[str], roots: list[int]) -> tuple[float, float]:
    """Return CPU-ms per response and responses a second, eight people at once.

    :param roots: the first process of the web server and of the database.
    """
    before, start = tree_cpu_seconds(roots), time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as people:
        list(people.map(lambda token: answer(port, token), tokens))
    elapsed, spent = time.perf_counter() - start, tree_cpu_seconds(roots) - before
    return 1000 * spent / len(tokens), len(tokens) / elapsed


def steadily(answer: Answer, port: int, tokens: list[str]) -> float:
    """Return the 95th percentile of a request in ms while 50 people a second begin to answer."""
    with ThreadPoolExecutor(4 * AT_ONCE) as people:
        begun = []
        for token in tokens:
            begun.append(people.submit(answer, port, token))
            time.sleep(1 / A_SECOND)
    requests = [seconds for one in begun for seconds in one.result()]
    return 1000 * quantiles(requests, n=20)[-1]


def measured_ours(database: str, database_pid: int, tokens: list[str]) -> dict:
    port = free_port()
    with served("materiality.project.wsgi", port, database) as server:
        for token in tokens[:WARM_UP]:
            answer_ours(port, token)
        roots = [server, database_pid]
        plain, scripted, steady = (tokens[WARM_UP + at * PEOPLE :][:PEOPLE] for at in range(3))
        cpu, rate = load(answer_ours, port, plain, roots)
        return {
            "respond_cpu_ms": cpu,
            "respond_per_s": rate,
            "respond_autosave_cpu_ms": load(answer_with_script, port, scripted, roots)[0],
            "respond_p95_ms": steadily(answer_ours, port, steady),
        }


def measured_minimal(database: str, database_pid: int) -> dict:
    port = free_port()
    with served("tests.bench.minimal", port, database) as server:
        for _person in range(WARM_UP):
            answer_minimal(port, "")
        roots = [server, database_pid]
        cpu, rate = load(answer_minimal, port, [""] * PEOPLE, roots)
        return {"respond_cpu_ms_minimal": cpu, "respond_per_s_minimal": rate}


def main() -> None:
    with postgres.running() as (database, database_pid):
        set_up_django(database)
        tokens = prepare()
        figures = measured_ours(database, database_pid, tokens)
        figures |= measured_minimal(database, database_pid)
    ratio = figures["respond_cpu_ms"] / figures["respond_cpu_ms_minimal"]
    report(**figures, respond_ratio=ratio)


def prepare() -> list[str]:
    """Migrate, publish a survey of 14 items, and return the tokens of everybody invited."""
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.minimal_names import TABLE
    from tests.builders import make_links, make_survey

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    tokens = make_links(make_survey(topics=14), 3 * PEOPLE + WARM_UP)
    connection.close()
    return tokens


if __name__ == "__main__":
    main()
