"""From a reference case to the public functions: one reader per family of methods.

A reader takes the ``input`` of a case and returns the fields of its ``expected`` by our functions.
A new file in ``refcases/`` is picked up when the beginning of its id is known here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Input = dict[str, Any]
Fields = dict[str, Any]

READERS: dict[str, Callable[[Input], Fields]] = {}

NOT_OURS: dict[str, set[str]] = {
    # R's boot.ci leaves the stratum sizes out of the acceleration; ours scales, as scipy does.
    "bootstrap_stratified_fixed_indices": {"a_R_boot", "bca_R_boot"},
    # Of the runs of equal answers only the longest is a sign here.
    "longstring_irv": {"avgstr"},
    # The Wald interval gives a 5/5 group no variance; it is in the file as a contrast.
    "mover_weighted_top2": {"wald_ci95"},
}


def reads(*prefixes: str) -> Callable[[Callable[[Input], Fields]], Callable[[Input], Fields]]:
    def register(reader: Callable[[Input], Fields]) -> Callable[[Input], Fields]:
        READERS.update(dict.fromkeys(prefixes, reader))
        return reader

    return register


def reader_of(case_id: str) -> Callable[[Input], Fields] | None:
    """Return the reader with the longest beginning in common with the id."""
    known = [prefix for prefix in READERS if case_id.startswith(prefix)]
    return READERS[max(known, key=len)] if known else None
