"""How much CPU a page takes, against a fixed job of the same run: machines and tracing differ."""

import gc
import time
from collections.abc import Callable

from tests.bench.fixed_job import work

FIXED_SECONDS = 0.036  # what the fixed job takes on the machine that the goals were set on
TRIES = 3


def cpu_seconds_of(visit: Callable[[], object]) -> float:
    """Return the seconds of CPU that a visit would take on that machine, the least of some.

    What earlier tests left in memory is put aside, as a worker does before it serves: else the
    collector of garbage walks over all of it during the visit.
    """
    gc.collect()
    gc.freeze()
    try:
        return FIXED_SECONDS * _least(visit) / _least(work)
    finally:
        gc.unfreeze()


def _least(job: Callable[[], object]) -> float:
    seconds = []
    for _try in range(TRIES):
        began = time.process_time()
        job()
        seconds.append(time.process_time() - began)
    return min(seconds)
