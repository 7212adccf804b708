"""Break the product in every way we know, and count what it costs whoever answers.

    python -m tests.faults [--short] [NAME …]

Prints a line a drill and writes `faults.json`. `--short` breaks less often, for every submission.
A drill fails where an accepted answer is lost or doubled, and where a control loses nothing: then
nothing was tried.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from tests.faults import drills

SUMS = ("lost", "duplicates")
DRILLS: dict[str, Callable[[Path, bool], dict[str, Any]]] = {
    "kills_sqlite": drills.kills_sqlite,
    "kills_postgres": drills.kills_postgres,
    "control_early": drills.control_early,
    "restarts": drills.restarts,
    "control_restarts": drills.control_restarts,
    "redis_kills": drills.redis_kills,
    "full_disk_sqlite": drills.full_disk_sqlite,
    "full_disk_postgres": drills.full_disk_postgres,
    "pairs": drills.pairs,
    "reply_lost": drills.reply_lost,
    "fsync_errors": drills.fsync_errors,
    "fsync_errors_postgres": drills.fsync_errors_postgres,
    "clock_jumps": drills.clock_jumps,
    "linked": drills.linked,
    "proxy": drills.proxy,
}
NOTICED = (
    "full_disk_sqlite",
    "fsync_errors",
    "fsync_errors_postgres",
    "reply_lost",
    "clock_jumps",
)
"""Drills that have to find fault with a server that thanks before it stores."""


def main(arguments: list[str]) -> int:
    short = "--short" in arguments
    names = [name for name in arguments if not name.startswith("-")] or list(DRILLS)
    figures: dict[str, Any] = dict.fromkeys(SUMS, 0) | {"full_disks": 0, "linked_most": None}
    problems: list[str] = []
    for name in names:
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            told = DRILLS[name](Path(folder), short)
        if name in NOTICED:
            told["control"] = control(name)
            if not told["control"]:
                problems.append(f"{name}: its control, which thanks too early, is not noticed")
        problems += [f"{name}: {problem}" for problem in told.pop("problems", [])]
        for key, value in told.items():
            _add(figures, name, key, value)
        seconds = time.monotonic() - start
        print(f"{name}: {json.dumps(told)} in {seconds:.0f} s", flush=True)
    if figures["lost"] or figures["duplicates"]:
        problems.append("accepted answers were lost or doubled")
    Path("faults.json").write_text(json.dumps(figures | {"problems": problems}, indent=1) + "\n")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def control(name: str) -> list[str]:
    """Return what a short drill finds wrong with a server that thanks before it stores."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, EARLY="1"):
        problems: list[str] = DRILLS[name](Path(folder), True)["problems"]
    return problems


def _add(figures: dict[str, Any], drill: str, key: str, value: Any) -> None:
    """Add a figure up over all drills where it counts the same, else keep it under its drill."""
    if key in (*SUMS, "full_disks"):
        figures[key] += value
    elif key in ("linked_most", "kills_sqlite", "kills_postgres", "restarts", "redis_kills"):
        figures[key] = value
    else:
        figures.setdefault("drills", {}).setdefault(drill, {})[key] = value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
