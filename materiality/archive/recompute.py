"""Check this archive and compute its results again. Needs Python 3.11 or newer and numpy.

    python3 recompute.py

Says of each step whether it holds, and ends with 0 if all of them do. The method is in the folder
method/: the product's own source, unchanged, each formula beside its source of reference.
"""

import csv
import hashlib
import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent


def main() -> int:
    load_method()
    bundle = json.loads((HERE / "bundle.json").read_text(encoding="utf-8"))
    steps = (
        ("The files are those of SHA256SUMS", changed_files),
        ("The bundle has the digest it says", wrong_digest),
        ("The log is whole and ends where the round was locked", broken_log),
        ("The answers give the counts of the bundle", other_counts),
        ("The inputs of the bundle give its results", other_results),
    )
    failed = 0
    for sentence, check in steps:
        faults = list(check(bundle))
        failed += bool(faults)
        sys.stdout.write(f"{'NO ' if faults else 'yes'}  {sentence}.\n")
        sys.stdout.writelines(f"       {line}\n" for line in faults[:5])
    return min(failed, 1)


def load_method() -> None:
    """Put the method on the path, with its distribution functions in SciPy's place."""
    sys.path.insert(0, str(HERE / "method"))
    special = importlib.import_module("materiality.archive.special")
    sys.modules["scipy"] = ModuleType("scipy")
    sys.modules["scipy.special"] = special


def changed_files(_bundle: Mapping[str, Any]) -> Iterator[str]:
    for line in (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        path = HERE / name
        if not path.exists():
            yield f"{name} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name} was changed"


def wrong_digest(bundle: Mapping[str, Any]) -> Iterator[str]:
    document = importlib.import_module("materiality.document.envelope")
    own = document.digest(bundle)
    locked = json.loads((HERE / "lock.json").read_text(encoding="utf-8"))
    for place, digest in (("bundle.json", bundle["digest"]), ("lock.json", locked["digest"])):
        if digest != own:
            yield f"{place} says {digest}, the content gives {own}"


def broken_log(_bundle: Mapping[str, Any]) -> Iterator[str]:
    log = importlib.import_module("materiality.document.log")
    lines = (HERE / "event-log.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    locked = json.loads((HERE / "lock.json").read_text(encoding="utf-8"))
    last = entries[-1]["hash"] if entries else ""
    if fault := log.first_fault(entries, locked["log_end"] or last):
        yield f"entry {fault.number}: {fault.why}"
    if locked["log_head"] and locked["log_head"] not in {entry["hash"] for entry in entries}:
        yield "the entry of the lock is not among them"


def other_counts(bundle: Mapping[str, Any]) -> Iterator[str]:
    """Count the ratings of answers-*.csv; the last column of a count is "cannot judge"."""
    inputs = bundle["inputs"]
    points = inputs["scale"]["points"]
    for dimension, stored in inputs["counts"].items():
        counted = {unit: [[0] * (points + 1) for _ in rows] for unit, rows in stored.items()}
        for unit, ratings in answers(dimension):
            for at, rating in enumerate(ratings):
                if rating:
                    column = points if rating == "cannot judge" else int(rating) - 1
                    counted[unit][at][column] += 1
        yield from (f"{dimension}: {unit}" for unit in stored if counted[unit] != stored[unit])


def answers(dimension: str) -> Iterator[tuple[str, list[str]]]:
    with (HERE / f"answers-{dimension}.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines)
        next(rows, None)
        for unit, *ratings in rows:
            yield unit, ratings


def other_results(bundle: Mapping[str, Any]) -> Iterator[str]:
    evaluation = importlib.import_module("materiality.method.evaluation")
    comparing = importlib.import_module("materiality.document.comparing")
    results = evaluation.evaluate(bundle["inputs"])
    if place := comparing.first_difference(bundle["results"], results):
        yield f"{place} differs"


if __name__ == "__main__":
    sys.exit(main())
