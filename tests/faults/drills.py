"""The drills, a function each: break something, let people answer, hold what they were told against
what is stored."""

import ast
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from redis import Redis

from tests.bench.respond import free_port, wait_for
from tests.faults.crowd import PATH, Crowd, compared, send
from tests.faults.sites import Postgres, Site, fill, small_disk

Figures = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]


# ---- processes ----


def kills_sqlite(folder: Path, short: bool) -> Figures:
    site = sqlite(folder)
    return killed(site, "kills_sqlite", 10 if short else 60)


def kills_postgres(folder: Path, short: bool) -> Figures:
    with postgres(folder) as (site, _server):
        return killed(site, "kills_postgres", 10 if short else 60)


def control_early(folder: Path, short: bool) -> Figures:
    """A server that thanks before it stores must lose some, or the drill finds nothing."""
    site = sqlite(folder)
    asked, dice = site.prepare(), random.Random(16)
    with site.served(EARLY="1"):
        with Crowd(asked, site.ports) as crowd:
            for _kill in range(15 if short else 30):
                crowd.wait_for_thanks(1)
                time.sleep(dice.uniform(0, 0.1))
                site.kill(dice.randrange(2))
        time.sleep(2)  # what was thanked for, and can be stored, is by now
    return control_of(site, crowd)


def control_of(site: Site, crowd: Crowd) -> Figures:
    """Return how many were thanked in vain by a server that thanks before it stores.

    It makes receipts up, so they are not looked at: only whether the answer is there.
    """
    stored = {(digest, str(submission).replace("-", "")) for digest, submission, _ in site.stored()}
    lost = [
        digest
        for digest, (submission, _receipt) in crowd.thanked.items()
        if (digest, submission.replace("-", "")) not in stored
    ]
    problems = [] if lost else ["the control lost nothing"]
    if not stored:
        problems.append("the control stores nothing, whatever ends")
    return {"control_lost": len(lost), "control_stored": len(stored), "problems": problems}


def killed(site: Site, name: str, count: int) -> Figures:
    """Kill a process at a random moment again and again, each time only under load."""
    dice, asked, done = random.Random(16), site.prepare(), 0
    with site.served(), Crowd(asked, site.ports) as crowd:
        while done < count:
            crowd.wait_for_thanks(1)
            time.sleep(dice.uniform(0, 0.25))
            done += site.kill(dice.randrange(2))
        crowd.wait_for_thanks(5)
    return {name: done, **site.outcome(crowd)}


def restarts(folder: Path, short: bool) -> Figures:
    """End PostgreSQL in the middle of everything; people get a 503 and are thanked afterwards."""
    count = 4 if short else 20
    with postgres(folder) as (site, server):
        asked = site.prepare()
        with site.served(), Crowd(asked, site.ports) as crowd:
            for _restart in range(count):
                crowd.wait_for_thanks(5)
                server.control("restart", "-w", "-m", "immediate")
                server.wait()
            crowd.wait_for_thanks(5)
        told = site.outcome(crowd)
    wrong = {status: times for status, times in crowd.statuses.items() if status == 500}
    problems = [f"{wrong[500]} answers were 500"] if wrong else []
    return {"restarts": count, **told, "said_503": crowd.statuses[503], "problems": problems}


def control_restarts(folder: Path, short: bool) -> Figures:
    """The same by a server that thanks before it stores."""
    with postgres(folder) as (site, server):
        asked = site.prepare()
        with site.served(EARLY="1"):
            with Crowd(asked, site.ports) as crowd:
                for _restart in range(4 if short else 10):
                    crowd.wait_for_thanks(5)
                    server.control("restart", "-w", "-m", "immediate")
                    server.wait()
                crowd.wait_for_thanks(5)
            time.sleep(2)  # what was thanked for, and can be stored, is by now
        return control_of(site, crowd)


def redis_kills(folder: Path, short: bool) -> Figures:
    """Kill Redis and start it again; nobody may notice."""
    count, port = (3 if short else 10), free_port()
    program = shutil.which("redis-server")
    if program is None:
        return {"problems": ["Redis is not installed: apt-get install redis-server"]}
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir"]
    site = sqlite(folder, CACHE_URL=f"redis://127.0.0.1:{port}/1")
    asked, unused = site.prepare(600), 0
    with site.served(), Crowd(asked, site.ports) as crowd:
        for _kill in range(count):
            redis = subprocess.Popen([*command, str(folder)], stdout=subprocess.DEVNULL)
            wait_for(port)
            crowd.wait_for_thanks(3)
            unused += not keys_in_redis(port)
            redis.kill()
            redis.wait()
            crowd.wait_for_thanks(3)
    failed = sum(times for status, times in crowd.statuses.items() if status >= 500)
    problems = [f"{failed} answers failed"] if failed else []
    if unused:
        problems.append(f"Redis was not used before {unused} of its ends")
    return {"redis_kills": count, **site.outcome(crowd), "problems": problems}


def keys_in_redis(port: int) -> int:
    with Redis(port=port, db=1) as connection:
        return int(connection.dbsize())


# ---- disks ----


def full_disk_sqlite(folder: Path, short: bool) -> Figures:
    with small_disk(folder / "disk", 24) as disk:
        site = Site(folder, f"sqlite:///{disk}/site.sqlite3")
        return filled(site, disk, 1 if short else 3)


def full_disk_postgres(folder: Path, short: bool) -> Figures:
    sizes = {"min_wal_size": "32MB", "max_wal_size": "64MB", "restart_after_crash": "on"}
    with small_disk(folder / "disk", 280) as disk:
        server = Postgres(disk, **sizes)
        try:
            site = Site(folder, server.address)
            return filled(site, disk, 1 if short else 3, server)
        finally:
            server.stop()


def filled(site: Site, disk: Path, rounds: int, server: Postgres | None = None) -> Figures:
    """Fill the disk while people answer, then free it; all goes on by itself."""
    asked, refused = site.prepare(600), 0
    with site.served(), Crowd(asked, site.ports, people=4) as crowd:
        for _round in range(rounds):
            crowd.wait_for_thanks(5)
            filler = fill(disk)
            before = crowd.statuses[503]
            end = time.monotonic() + 10
            while crowd.statuses[503] < before + 3 and time.monotonic() < end:
                time.sleep(0.1)
            refused += crowd.statuses[503] - before
            filler.unlink()
            if server is not None:
                server.wait()
            if not crowd.wait_for_thanks(5):
                return {"problems": ["it did not recover"], **site.outcome(crowd)}
    problems = [] if refused else ["the full disk was not felt"]
    wrong = crowd.statuses[500]
    if wrong:
        problems.append(f"{wrong} answers were 500")
    return {"full_disks": rounds, **site.outcome(crowd), "said_503": refused, "problems": problems}


def fsync_errors(folder: Path, short: bool) -> Figures:
    """Let the disk refuse to flush: what could not be flushed is not thanked for."""
    site = sqlite(folder)
    site.ports = site.ports[:1]
    return unflushed(site, site.processes, 40 if short else 200)


def fsync_errors_postgres(folder: Path, short: bool) -> Figures:
    """The same for PostgreSQL, which ends itself where its log cannot be flushed."""
    with postgres(folder) as (site, server):
        return unflushed(site, server.processes, 20 if short else 60, server)


def unflushed(
    site: Site, processes: Callable[[], list[int]], wanted: int, server: Postgres | None = None
) -> Figures:
    """Let people answer while what these processes flush fails, until so many met it.

    Whom it took a while to tell is waited for: only who was thanked for nothing counts.
    """
    if shutil.which("strace") is None:
        return {"problems": ["strace is not installed: apt-get install strace"]}
    asked = site.prepare(600)
    with site.served(), Crowd(asked, site.ports, people=2) as crowd:
        crowd.wait_for_thanks(5)
        inject = "inject=fsync,fdatasync:error=EIO"
        command = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", inject]
        command += [word for pid in processes() for word in ("-p", str(pid))]
        with (site.folder / "strace").open("w") as trace:
            tracer = subprocess.Popen(command, stderr=trace)
            before, end = crowd.statuses[503], time.monotonic() + 30
            time.sleep(0.5)
            thanks = crowd.thanks
            while crowd.statuses[503] < before + wanted and time.monotonic() < end:
                time.sleep(0.1)
            meanwhile = crowd.thanks - thanks
            tracer.terminate()
            tracer.wait()
        if server is not None:
            server.wait()
        recovered = crowd.wait_for_thanks(5)
    problems = [] if recovered else ["it did not recover"]
    if meanwhile > 2:  # those that were on their way
        problems.append(f"{meanwhile} were thanked while nothing could be flushed")
    refused = crowd.statuses[503] - before
    if refused < wanted:
        problems.append(f"only {refused} answers met the fault")
    injected = (site.folder / "strace").read_text().count("INJECTED")
    return {"refused": refused, "injected": injected, **site.outcome(crowd), "problems": problems}


# ---- people and clocks ----


def pairs(folder: Path, short: bool) -> Figures:
    """Send each answer twice at the same moment: one receipt, one answer."""
    count = 100 if short else 1000
    with postgres(folder) as (site, _server):
        asked = site.prepare(count)
        thanked, different = {}, 0
        with site.served(), ThreadPoolExecutor(8) as crowd:
            for token, digest in asked.tokens:
                submission = str(uuid4())
                body = asked.body(submission)
                both = crowd.map(lambda port, t=token, b=body: patiently(port, t, b), site.ports)
                receipts = {receipt for _status, receipt in both}
                different += len(receipts) != 1
                thanked[digest] = (submission, max(receipts))
        told = compared(thanked, site.stored())
    problems = [f"{different} pairs were told two things"] if different else []
    return {"pairs": count, **told, "problems": problems}


def patiently(port: int, token: str, body: bytes) -> tuple[int, str]:
    """Send until there is a receipt: who was second may be told to try again."""
    for _try in range(50):
        status, receipt = send(port, token, body)
        if receipt:
            return status, receipt
        time.sleep(0.05)
    return status, ""


def reply_lost(folder: Path, short: bool) -> Figures:
    """Hang up before the reply comes; whoever sends again is told what was stored."""
    count = 20 if short else 100
    site = sqlite(folder)
    asked, different = site.prepare(count), 0
    with site.served():
        for token, digest in asked.tokens:
            body = asked.body(str(uuid4()))
            hang_up(site.ports[0], token, body)
            kept = wait_for_row(site, digest)
            _status, receipt = patiently(site.ports[1], token, body)
            different += receipt != kept
        rows = site.stored()
    problems = [f"{different} were told another receipt"] if different else []
    doubled = len(rows) - count
    return {"replies_lost": count, "lost": max(0, -doubled), "duplicates": max(0, doubled),
            "problems": problems}  # fmt: skip


def hang_up(port: int, token: str, body: bytes) -> None:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Invitation {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(head.encode() + body)
        line.shutdown(socket.SHUT_RD)


def wait_for_row(site: Site, digest: str) -> str:
    """Return the receipt that is stored for a token, once it is."""
    for _try in range(200):
        with suppress(Exception):  # a locked file is asked again
            for found, _submission, receipt in site.stored():
                if found == digest:
                    return str(receipt)
        time.sleep(0.02)
    return ""


def clock_jumps(folder: Path, short: bool) -> Figures:
    """Let the server's clock jump: while the survey is open all is stored, after it nothing."""
    site = sqlite(folder)
    asked, clock = site.prepare(300), folder / "clock"
    jumps = (-7200, 7200, -86400 * 0.5, 0, 86400 * 400, 0)  # the survey is open for some days
    problems, closed = [], 0
    with site.served(), Crowd(asked, site.ports, people=3) as crowd:
        for seconds in jumps:
            clock.write_text(str(seconds))
            time.sleep(0.5)
            status = site.answers(asked)
            is_over = seconds > 86400 * 100
            closed += is_over and status == 409
            if (status == 409) != is_over and status in (200, 201, 409):
                problems.append(f"{seconds} s off: {status}")
    if not closed:
        problems.append("a year later the survey was still open")
    return {"clock_jumps": len(jumps), **site.outcome(crowd), "problems": problems}


# ---- what other tests do already ----


def linked(folder: Path, short: bool) -> Figures:
    """Read the bytes of both engines after the seal, with the cure and without it."""
    said = run_tests("-s", "-m", "not browser", "tests/surveys/test_bytes.py")
    lines = re.findall(r"linked ([\w ]+?) (encrypted|control) (\{.*\})", said)
    sources = {(engine, kind): ast.literal_eval(found) for engine, kind, found in lines}
    cured = [
        n for (_e, kind), found in sources.items() if kind == "encrypted" for n in found.values()
    ]
    control = [max(found.values()) for (_e, kind), found in sources.items() if kind == "control"]
    problems = []
    if len(sources) != 6 or max(cured, default=99) > 3:
        problems.append(f"{sources}")
    if not control or min(control) < 100:
        problems.append(f"the control linked {control}")
    return {"linked_most": max(cured, default=None), "linked_control": control,
            "sources": {f"{engine} {kind}": found for (engine, kind), found in sources.items()},
            "problems": problems}  # fmt: skip


def proxy(folder: Path, short: bool) -> Figures:
    """Slow bodies, slow readers and 400 MB through the shipped proxy, and without it."""
    wanted = "slow or hundred or control" + ("" if short else " or killed")
    said = run_tests("-s", "-m", "drill", "tests/deploy/test_serving.py", "-k", wanted)
    lines = re.findall(r"^\.?((?:\d+ slow|400 MB|kills).*)$", said, re.M)
    passed = re.search(r"(\d+) passed", said)
    problems = [] if passed and "failed" not in said.splitlines()[-1] else [said[-1000:]]
    return {"said": lines, "problems": problems}


def run_tests(*arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


# ---- sites ----


def sqlite(folder: Path, **settings: str) -> Site:
    return Site(folder, f"sqlite:///{folder}/site.sqlite3", **settings)


@contextmanager
def postgres(folder: Path) -> Iterator[tuple[Site, Postgres]]:
    server = Postgres(folder)
    try:
        yield Site(folder, server.address), server
    finally:
        server.stop()
