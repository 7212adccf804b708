"""Print the branch coverage of the last run by room; fail where a room that must not has gaps.

Run as ``python -m tests.coverage`` after ``pytest --cov``.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LEAST = 95.0
MUST = ("materiality/analysis", "materiality/method", "surveys/actions", "materiality/locking")


def rooms(files: Mapping[str, Any]) -> dict[str, float]:
    """Return the share of lines and branches taken in each room, in per cent."""
    taken: Counter[str] = Counter()
    all_of_it: Counter[str] = Counter()
    for name, file in files.items():
        room = "/".join(Path(name).parts[:2]) if len(Path(name).parts) > 2 else "beside the rooms"
        summary = file["summary"]
        taken[room] += summary["covered_lines"] + summary["covered_branches"]
        all_of_it[room] += summary["num_statements"] + summary["num_branches"]
    return {room: 100 * taken[room] / all_of_it[room] for room in sorted(all_of_it)}


def gaps(shares: Mapping[str, float]) -> list[str]:
    """Return the rooms under the least; a room that was not measured counts as one."""
    return [room for room in MUST if shares.get(room, 0) < LEAST]


def main() -> None:
    command = [sys.executable, "-m", "coverage", "json", "-q", "-o", "-"]
    report = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    shares = rooms(report["files"])
    for room, share in shares.items():
        least = f"  at least {LEAST:g} %" if room in MUST else ""
        print(f"{share:6.1f} %  {room}{least}")
    print(f"{report['totals']['percent_covered']:6.1f} %  lines and branches of everything")
    for room in gaps(shares):
        lines = {
            name: file["missing_lines"] + [f"{a}->{b}" for a, b in file["missing_branches"]]
            for name, file in report["files"].items()
            if name.startswith(f"{room}/")
        }
        for name in filter(lines.get, lines):
            print(f"not taken: {name}: {', '.join(map(str, lines[name]))}")
    if missing := gaps(shares):
        sys.exit(f"Under {LEAST:g} %: {', '.join(missing)}. Write the tests that are missing.")


if __name__ == "__main__":
    main()
