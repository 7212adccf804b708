"""Seconds, memory, and the CPU of other processes."""

import json
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")


def median_seconds(work: Callable[[], Any], repeats: int = 5) -> float:
    spans = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        spans.append(time.perf_counter() - start)
    return statistics.median(spans)


def peak_mb() -> float:
    """Return the most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return user and system time of these processes, their dead children included.

    A process's own clock has nanoseconds; `/proc/<pid>/stat` counts in hundredths of a second,
    which is more than a response costs.
    """
    return sum(own_cpu_seconds(pid) + dead_children_seconds(pid) for pid in pids)


def own_cpu_seconds(pid: int) -> float:
    """Return what `clock_getcpuclockid(3)` would let one read: all threads, the ended ones too."""
    clock = (~pid << 3) | 2
    return time.clock_gettime(clock)


def dead_children_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / TICKS


def tree_cpu_seconds(roots: Iterable[int]) -> float:
    """Return the same of these processes and all that they started since."""
    return sum(cpu_seconds(descendants(root)) for root in roots)


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(below for child in children for below in descendants(int(child)))]


def report(**figures: Any) -> None:
    print(json.dumps(figures))


def set_up_django(database: str) -> None:
    os.environ["DATABASE_URL"] = database
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "materiality.project.settings")
    import django

    django.setup()
