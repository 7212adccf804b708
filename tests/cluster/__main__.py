"""Build the distributed engine in network namespaces, let people answer, and end one part of it
after the other.

    python -m tests.cluster [--control]

Prints a line an event: how long nobody was thanked, and at the end how many accepted answers are
gone. With `--control` the standbys are not waited for, and some must be.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.cluster.hosts import (
    ADDRESSES,
    FROM_NGINX,
    PROXY,
    SITE,
    WEBS,
    WORKERS,
    Cluster,
    cluster,
    connects,
    missing_programs,
    patience,
)
from tests.faults.crowd import Asked, Crowd, compared
from tests.faults.sites import STORED

PEOPLE = 2000
AT_ONCE, PAUSE = 10, 0.15  # about fifty answers a second where the machine bears them
# Of all events together, the ten seconds of a failover too; 36 to 40 on a machine with other work.
LEAST_A_SECOND = 20
LISTS, PEOPLE_OF_A_LIST = 12, 2500
HANGING = 1.5
MOST_SECONDS = 15
DATABASE = ("patroni", "postgres")


def main() -> int:
    is_control = "--control" in sys.argv
    if lacking := missing_programs():
        print(
            f"Missing: {', '.join(lacking)}\n"
            "apt-get install patroni etcd-server etcd-client haproxy iproute2 iptables"
        )
        return 2
    with (
        tempfile.TemporaryDirectory() as folder,
        cluster(Path(folder), synchronous=not is_control) as hosts,
    ):
        asked = prepared(hosts)
        for host in (*WEBS, *WORKERS):
            hosts.start(host)
        patience(lambda: all(is_ready(place) for place in WEBS.values()), 90, "the web hosts")
        crowd = Crowd(asked, [8000], AT_ONCE, PAUSE, host=PROXY["proxy"], headers=FROM_NGINX)
        with crowd:
            crowd.wait_for_thanks(50)
            events = control(hosts, crowd) if is_control else drill(hosts, crowd)
            crowd.wait_for_thanks(50)
        patience(lambda: connects(f"{SITE}/materiality"), 60, "the database")
        with psycopg.connect(f"{SITE}/materiality") as plain:
            counts = compared(crowd.thanked, plain.execute(STORED).fetchall())
    print(
        json.dumps({"thanked": crowd.thanks, **counts, "statuses": dict(crowd.statuses), **events})
    )
    if is_control:
        return 0 if counts["lost"] else 1
    gaps = [event["seconds"] for event in events["events"].values()]
    if not all(event["killed"] for event in events["events"].values()):
        print("Something was to be ended and did not run.")
        return 1
    if events["a_second"] < LEAST_A_SECOND:
        print(f"Fewer than {LEAST_A_SECOND} answers a second.")
        return 1
    if crowd.statuses[500]:
        print("A failover was told as a fault of the program.")
        return 1
    everybody = LISTS * PEOPLE_OF_A_LIST
    work = events["by_workers"]
    if not work["at_its_end"] < everybody == work["added"] == work["different"]:
        print("What the worker had begun was not done once each.")
        return 1
    return 1 if counts["lost"] or counts["duplicates"] or max(gaps) > MOST_SECONDS else 0


def prepared(hosts: Cluster) -> Asked:
    with psycopg.connect(f"{SITE}/postgres", autocommit=True) as plain:
        plain.execute("CREATE DATABASE materiality")
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults.prepare", str(PEOPLE)]
    done = subprocess.run(
        command, env=hosts.environment, capture_output=True, text=True, check=True
    )
    static = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(static, env=hosts.environment, check=True)
    counts = json.loads(done.stdout.splitlines()[-1])
    return Asked([tuple(pair) for pair in counts["tokens"]], counts["questions"], counts["consent"])


def is_ready(address: str) -> bool:
    from http.client import HTTPConnection

    try:
        connection = HTTPConnection(address, 8001, timeout=3)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def drill(hosts: Cluster, crowd: Crowd) -> dict[str, Any]:
    events: dict[str, dict[str, float]] = {}
    primary = hosts.primary()
    assert primary is not None
    hosts.hang_standbys(hang=True)
    time.sleep(HANGING)
    hosts.unplug(primary, unplugged=True)
    events["primary"] = ended(hosts, crowd, primary, *DATABASE)
    hosts.unplug(primary, unplugged=False)
    hosts.start(primary, "patroni")
    patience(lambda: len(hosts.standbys()) == 2, 120, "the old primary as a standby")
    events["web host"] = ended(hosts, crowd, "web1", "granian")
    hosts.start("web1")
    patience(lambda: is_ready(ADDRESSES["web1"]), 60, "the web host")
    patience(lambda: bool(hosts.pids("work1", ("db_worker",))), 60, "the worker")
    run(hosts, "-m", "tests.cluster.lists", str(LISTS), str(PEOPLE_OF_A_LIST))
    patience(lambda: people_of_lists()[0] > 0, 60, "the worker's beginning")
    before = people_of_lists()[0]
    events["worker"] = ended(hosts, crowd, "work1", "db_worker")
    patience(lambda: bool(hosts.pids("work1", ("db_worker",))), 60, "the worker after its end")
    people, different = end_lists(hosts)
    print(
        f"work1: {before} people of lists added at its end, {people} after, {different} different"
    )
    leader = hosts.etcd_leader()
    events["etcd leader"] = ended(hosts, crowd, leader, "etcd")
    hosts.start(leader, "etcd")
    rate = crowd.rate()
    return {
        "events": events,
        "new primary": hosts.primary(),
        "was": primary,
        "a_second": rate,
        "by_workers": {"at_its_end": before, "added": people, "different": different},
    }


def run(hosts: Cluster, *command: str) -> None:
    python = [sys.executable, "-W", "ignore", *command]
    subprocess.run(python, env=hosts.environment, check=True, stdout=subprocess.DEVNULL)


def people_of_lists() -> tuple[int, int]:
    """Return how many people of the lists are invited, and how many different ones."""
    with psycopg.connect(f"{SITE}/materiality") as plain:
        [row] = plain.execute(
            "SELECT count(*), count(DISTINCT email) FROM surveys_invitation"
            " WHERE email LIKE 'list%@example.com'"
        )
    return row[0], row[1]


def end_lists(hosts: Cluster) -> tuple[int, int]:
    """Wait until the lists are added, the interrupted one too: its lease is over in a minute, and
    the timer calls a worker again."""

    def are_added() -> bool:
        run(hosts, "manage.py", "send_due_mail")
        with psycopg.connect(f"{SITE}/materiality") as plain:
            query = "SELECT count(*) FROM surveys_peoplelist WHERE state = 'added'"
            return plain.execute(query).fetchall() == [(LISTS,)]

    patience(are_added, 150, "the end of the lists")
    return people_of_lists()


def control(hosts: Cluster, crowd: Crowd) -> dict[str, Any]:
    """The same end of the primary where no answer waits for a standby."""
    primary = hosts.primary()
    assert primary is not None
    hosts.hang_standbys(hang=True)
    time.sleep(HANGING)
    hosts.unplug(primary, unplugged=True)
    return {"events": {"primary": ended(hosts, crowd, primary, *DATABASE)}}


def ended(hosts: Cluster, crowd: Crowd, host: str, *words: str) -> dict[str, float]:
    """Kill part of a host; return the longest time in which nobody was thanked."""
    start = time.monotonic()
    killed = hosts.kill(host, *words)
    hosts.hang_standbys(hang=False)
    crowd.wait_for_thanks(60, 90)
    seconds = crowd.longest_gap(start - HANGING)
    print(
        f"{host} ({', '.join(words)}): {killed} killed, nobody thanked for {seconds:.1f} s",
        flush=True,
    )
    return {"killed": killed, "seconds": seconds}


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("Network namespaces need root.")
    sys.exit(main())
