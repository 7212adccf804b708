"""The shipped proxy and supervisor, under attack: deaths, the slow, the large."""

import json
import os
import random
import signal
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.deploy.site import PORT, PROCESSES, UNCHECKED, Site, programs, running, wait_for

pytestmark = pytest.mark.drill
KILLS = 10
SLOW = 40
LARGE = 400 << 20


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if not programs():
        missing("The proxy or the supervisor", "apt-get install nginx-light supervisor openssl")
    folder = tmp_path_factory.mktemp("site")
    with running(folder) as started:
        yield started


class Visitors:
    """Ask for a page again and again, and note what came and how long the longest took."""

    def __init__(self, site: Site, port: int = PORT) -> None:
        self.site, self.port = site, port
        self.statuses: list[int] = []
        self.longest = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._ended.is_set():
            start = time.monotonic()
            self.statuses.append(self.site.get("/accounts/login/", self.port))
            self.longest = max(self.longest, time.monotonic() - start)
            time.sleep(0.05)

    def __enter__(self) -> "Visitors":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def failed(self) -> list[int]:
        return [status for status in self.statuses if status != 200]


def test_no_visitor_notices_when_one_process_after_another_is_killed(site):
    dice = random.Random(4)
    with Visitors(site) as visitors:
        for _kill in range(KILLS):
            victim = dice.choice(site.processes())
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            time.sleep(0.5)
            wait_for(site)

    print(f"kills {KILLS}: {len(visitors.statuses)} pages, {len(visitors.failed)} failed")
    assert len(visitors.statuses) > KILLS
    assert visitors.failed == []


def test_all_processes_killed_at_once_are_a_503_and_come_back(site):
    for victim in site.processes():
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    first = site.get("/accounts/login/")

    wait_for(site)

    assert first in (200, 503)
    assert site.get("/accounts/login/") == 200


def slow_bodies(port: int, count: int, *, tls: bool) -> list[socket.socket]:
    """Open requests whose bodies never end."""
    head = (
        b"POST /r/x/1/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
        b"X-Forwarded-For: 203.0.113.1\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\nq1="
    )
    return [opened(port, head, tls=tls) for _at in range(count)]


def slow_readers(port: int, path: str, count: int, *, tls: bool) -> list[socket.socket]:
    """Ask for something long and do not read it."""
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n".encode()
    return [opened(port, head * 8, tls=tls) for _at in range(count)]


def opened(port: int, head: bytes, *, tls: bool) -> socket.socket:
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(10)
    plain.connect(("127.0.0.1", port))
    line: socket.socket = UNCHECKED.wrap_socket(plain) if tls else plain
    line.sendall(head)
    return line


def asked(site: Site, port: int) -> tuple[int, float]:
    start = time.monotonic()
    status = site.get("/healthz", port, timeout=5)
    return status, time.monotonic() - start


def test_slow_bodies_hold_nobody_up(site):
    held = slow_bodies(PORT, SLOW, tls=True)
    time.sleep(1)
    status, seconds = asked(site, PORT)
    close(held)

    print(f"{SLOW} slow bodies: others wait {seconds:.2f} s")
    assert status == 200
    assert seconds < 3


def test_the_control_without_the_proxy_slow_bodies_hold_a_process_up(site):
    port = next(iter(PROCESSES.values()))
    held = slow_bodies(port, 8, tls=False)
    time.sleep(1)
    status, _seconds = asked(site, port)
    close(held)

    assert status == 0


def test_slow_readers_hold_nobody_up(site):
    held = slow_readers(PORT, "/static/materiality/plotly-basic.min.js", SLOW, tls=True)
    time.sleep(1)
    status, seconds = asked(site, PORT)
    close(held)

    print(f"{SLOW} slow readers: others wait {seconds:.2f} s")
    assert status == 200
    assert seconds < 3


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
def test_four_hundred_megabytes_for_a_respondents_page_are_refused_and_not_kept(site, chunked):
    sent, status = send_large(chunked=chunked)

    print(f"400 MB: refused with {status}, {sent >> 20} MB thrown away")
    assert status == 413
    assert size(site.folder / "bodies") < 1 << 20


def send_large(*, chunked: bool) -> tuple[int, int]:
    """Send a file to a respondent's page; return how much was taken, and the answer's status."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {LARGE}"
    head = (
        f"POST /r/x/1/ HTTP/1.1\r\nHost: localhost\r\n{length}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    line = opened(PORT, head.encode(), tls=True)
    some, sent = b"x" * 65536, 0
    piece = b"10000\r\n" + some + b"\r\n" if chunked else some
    with suppress(OSError, ssl.SSLError):
        while sent < LARGE:
            line.sendall(piece)
            sent += len(some)
            line.settimeout(0.05 if sent > 1 << 20 else 10)
    line.settimeout(10)
    said = b""
    with suppress(OSError, ssl.SSLError):
        said = line.recv(4096)
    line.close()
    return sent, int(said.split()[1]) if said.startswith(b"HTTP/1.1 ") else 0


def sent_by_program(path: str, megabytes: int) -> tuple[int, str, bytes]:
    """Announce a body that long, send it; return status, type and answer."""
    body = b"x" * (megabytes << 20)
    request = urllib.request.Request(f"https://127.0.0.1:{PORT}{path}", body, method="POST")
    request.add_header("Content-Type", "multipart/form-data; boundary=b")
    try:
        answer = urllib.request.urlopen(request, timeout=60, context=UNCHECKED)
    except urllib.error.HTTPError as error:
        answer = error
    return int(answer.status), answer.headers["Content-Type"], answer.read()


def announced(path: str, megabytes: int) -> bytes:
    """Announce a body that long and send none of it; return what comes within a second."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {megabytes << 20}\r\n\r\n"
    line = opened(PORT, head.encode(), tls=True)
    line.settimeout(1)
    answer = b""
    with suppress(TimeoutError):
        while piece := line.recv(4096):
            answer += piece
    line.close()
    return answer


@pytest.mark.parametrize(
    ("path", "taken", "refused"),
    [
        ("/api/v1/surveys/1/imports/", 500, 521),
        ("/api/v1/surveys/1/people-files/", 20, 61),
        ("/api/v1/assessments/1/register-sheet/", 20, 61),
        ("/api/v1/responses/", 9, 11),
    ],
)
def test_a_program_may_send_what_a_page_takes_and_more_is_refused_in_its_own_form(
    site, path, taken, refused
):
    assert announced(path, taken) == b""  # the body is waited for

    head, _blank, body = announced(path, refused).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"Content-Type: application/json" in head
    assert json.loads(body).keys() == {"code", "detail"}


def test_a_table_of_twelve_megabytes_reaches_the_program(site):
    status, kind, _body = sent_by_program("/api/v1/surveys/1/imports/", 12)

    assert status in (401, 403)
    assert kind == "application/json"


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_the_proxys_log_has_no_token_and_no_whole_address(site):
    site.get("/r/aVerySecretToken/1/?lang=en")
    time.sleep(0.2)
    log = (site.folder / "access.log").read_text()

    assert "aVerySecretToken" not in log
    assert '"path":"/r/…/1/"' in log
    assert "127.0.0.0" in log
    assert "127.0.0.1" not in log


def close(lines: list[socket.socket]) -> None:
    for line in lines:
        line.close()
