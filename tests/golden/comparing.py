"""Golden files: what came out when somebody last looked. `make golden` writes them again."""

import math
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
WRITING = os.environ.get("GOLDEN") == "write"


def golden(name: str, found: str) -> str:
    """Return the golden text of that name; write it first under `make golden`."""
    path = FOLDER / name
    if WRITING:
        path.write_text(found, encoding="utf-8")
    return kept(name)


def kept(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def same(found: Any, expected: Any) -> bool:
    """Compare JSON values; floats to nine digits, because the last ones are the processor's."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(
            same(found[k], expected[k]) for k in expected
        )
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    return bool(found == expected)
