"""Workers of their own process, killed with SIGKILL at another moment each time."""

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

FORK = multiprocessing.get_context("fork")


@contextmanager
def database_of_processes(folder: Path) -> Iterator[None]:
    """Let every process see the same rows: a database in memory is replaced by a file."""
    before = connections["default"]
    if before.vendor != "sqlite":
        yield
        return
    connections["default"] = before.copy()
    connections["default"].settings_dict["NAME"] = str(folder / "drill.sqlite3")
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections["default"].close()
        connections["default"] = before


def kill_while_working(work: Callable[[], Any], longest: float, seed: int) -> bool:
    """Run `work` in a process of its own and kill it; tell whether it was working still."""
    connections["default"].close()
    worker = FORK.Process(target=work)
    worker.start()
    time.sleep(random.Random(seed).uniform(0, longest))
    worker.kill()
    worker.join()
    return worker.exitcode == -9
