"""Print the branch coverage of the last run by room; fail where a room that must not has gaps.

Run as ``python -m tests.coverage`` after ``pytest --cov``.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

LEAST = 95.0
MUST = ("materiality/analysis", "materiality/method", "surveys/actions", "materiality/locking")


class Share(NamedTuple):
    """What tests take of a room, in per cent; lines alone say little of what an `if` leaves out."""

    lines: float
    branches: float


def rooms(files: Mapping[str, Any]) -> dict[str, Share]:
    """Return the shares of lines and of branches taken in each room."""
    sums: dict[str, Counter[str]] = {}
    for name, file in files.items():
        room = "/".join(Path(name).parts[:2]) if len(Path(name).parts) > 2 else "beside the rooms"
        sums.setdefault(room, Counter()).update(file["summary"])
    return {room: _share(sums[room]) for room in sorted(sums)}


def _share(counts: Mapping[str, Any]) -> Share:
    lines = _per_cent(counts["covered_lines"], counts["num_statements"])
    return Share(lines, _per_cent(counts["covered_branches"], counts["num_branches"]))


def _per_cent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0  # a room without a branch leaves none out


def gaps(shares: Mapping[str, Share]) -> list[str]:
    """Return the rooms under the least; a room that was not measured counts as one."""
    return [room for room in MUST if min(shares.get(room, Share(0, 0))) < LEAST]


def main() -> None:
    command = [sys.executable, "-m", "coverage", "json", "-q", "-o", "-"]
    report = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    shares = rooms(report["files"])
    print(" lines  branches")
    for room, share in shares.items():
        least = f"  at least {LEAST:g}" if room in MUST else ""
        print(f"{share.lines:6.1f} {share.branches:9.1f}  {room}{least}")
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
