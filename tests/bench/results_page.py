"""The workspace as its owner gets it from a server: the first page of a fresh worker, the results.

Rounds of 40 topics in 4 groups and of 200 in 40, everybody of another mind. Times are CPU of the
worker and the wait at the socket. The results page is measured cold (the second page a worker ever
gave, figures and all) and warm. A cold figure is the median of servers started one after another.
"""

import os
import random
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.respond import Visitor, free_port, served, wait_until_ready
from tests.bench.timing import report, set_up_django, tree_cpu_seconds

SIZES = {40: 4, 200: 40}
STARTS, WARM = 3, 9
PEOPLE = 8


def prepared() -> tuple[dict[int, int], str]:
    """Fill the database; return the round of each size, and the cookie of their owner."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from surveys.models import Membership, Role
    from tests.rounds import make_user

    call_command("migrate", verbosity=0)
    chance = random.Random(7)
    rounds = {topics: _round(topics, groups, chance) for topics, groups in SIZES.items()}
    user = make_user("alice", rounds[40].organisation)
    Membership.objects.get_or_create(
        user=user, organisation=rounds[200].organisation, defaults={"role": Role.OWNER}
    )
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    pks = {topics: assessment.pk for topics, assessment in rounds.items()}
    return pks, f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _round(topics: int, groups: int, chance: random.Random) -> Any:
    from tests.rounds import sealed_round

    usual = [chance.choice((2, 3, 4)) for _ in range(topics)]
    names = ["employees", "customers", "regulators"]
    names += [f"group{at}" for at in range(groups - len(names) - 1)] + ["panel"]
    ratings = {}
    for name in names:
        ratings[name] = [
            [min(5, max(1, each + chance.choice((-1, 0, 0, 1, 1)))) for each in usual]
            for _person in range(PEOPLE)
        ]
    codes = tuple(f"topic-{number}" for number in range(topics))
    return sealed_round(ratings, topics=codes)


class Worker:
    """A fresh server, and what each of its answers costs."""

    def __init__(self, port: int, root: int, cookie: str) -> None:
        self.root, self.visitor, self.cookie = root, Visitor(port), cookie

    def costs(self, address: str) -> dict[str, float]:
        self.visitor.cookie = self.cookie  # a page may set another
        before = tree_cpu_seconds([self.root])
        status, location, text = self.visitor.open(address)
        if status != 200:
            raise SystemExit(f"{address} answers {status} {location}: {text[:200]}")
        spent = tree_cpu_seconds([self.root]) - before
        return {
            "cpu": 1000 * spent,
            "wait": 1000 * self.visitor.seconds[-1],
            "kb": len(text) / 1024,
        }


def _cold(visit: Callable[[Worker], list[dict[str, float]]], database: str, cookie: str) -> list:
    """Return the costs of some pages, each the median of as many servers as `STARTS`."""
    rows = []
    for _start in range(STARTS):
        port = free_port()
        with served("materiality.project.wsgi", port, database, workers=1) as root:
            wait_until_ready(port)
            rows.append(visit(Worker(port, root, cookie)))
    return [
        {name: median(each[name] for each in page) for name in page[0]}
        for page in zip(*rows, strict=True)
    ]


def main() -> None:
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["SURVEY_KEYS"] = str(Path(folder, "keys"))
        set_up_django(database)
        pks, cookie = prepared()
        pages = {topics: f"/a/{pk}/results/" for topics, pk in pks.items()}

        def usual(worker: Worker) -> list[dict[str, float]]:
            first = [worker.costs(f"/a/{pks[40]}/"), worker.costs(pages[40])]
            warm = [worker.costs(pages[40]) for _ in range(WARM)]
            return [*first, {name: median(each[name] for each in warm) for name in warm[0]}]

        def large(worker: Worker) -> list[dict[str, float]]:
            return [worker.costs(pages[200]), worker.costs(pages[200])]

        first, cold, warm = _cold(usual, database, cookie)
        cold_200, warm_200 = _cold(large, database, cookie)
    report(
        staff_first_page_ms=first["wait"],
        staff_first_page_cpu_ms=first["cpu"],
        results_page_ms=warm["wait"],
        results_page_cpu_ms=warm["cpu"],
        results_page_cold_ms=cold["wait"],
        results_page_cold_cpu_ms=cold["cpu"],
        results_page_kb=warm["kb"],
        results_200_cold_ms=cold_200["wait"],
        results_200_cold_cpu_ms=cold_200["cpu"],
        results_200_warm_cpu_ms=warm_200["cpu"],
    )


if __name__ == "__main__":
    main()
