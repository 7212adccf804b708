"""Every reference case, by our public functions: numbers printed by others, or by two programs."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.analysis.readers import NOT_OURS, reader_of

FOLDER = Path(__file__).parent / "refcases"
CASES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
READ = sorted(case_id for case_id in CASES if reader_of(case_id))


def differences(found: Any, expected: Any, tolerance: float, where: str) -> list[str]:
    """Return what differs, as readable lines."""
    found = found.tolist() if isinstance(found, np.ndarray | np.generic) else found
    if isinstance(expected, dict):
        pairs = [(f"{where}.{key}", found[key], value) for key, value in expected.items()]
    elif isinstance(expected, list):
        if len(found) != len(expected):
            return [f"{where}: {len(found)} values, expected {len(expected)}"]
        pairs = [(f"{where}[{i}]", found[i], value) for i, value in enumerate(expected)]
    else:
        return [] if same(found, expected, tolerance) else [f"{where}: {found} != {expected}"]
    return [line for name, a, b in pairs for line in differences(a, b, tolerance, name)]


def same(found: Any, expected: Any, tolerance: float) -> bool:
    if expected is None:
        return found is None or math.isnan(found)
    if isinstance(expected, str | bool):
        return bool(found == expected)
    return bool(math.isclose(found, expected, rel_tol=tolerance, abs_tol=tolerance))


@pytest.mark.parametrize("case_id", READ)
def test_reference_case(case_id):
    case = CASES[case_id]
    reader = reader_of(case_id)

    found = reader(case["input"])

    wanted = {k: v for k, v in case["expected"].items() if k not in NOT_OURS.get(case_id, ())}
    assert set(wanted) <= set(found)
    assert differences(found, wanted, case["tolerance"] or 1e-12, case_id) == []


def test_every_case_in_the_folder_is_read():
    assert sorted(CASES) == READ
    assert len(CASES) >= 51


def test_a_wrong_number_is_noticed():
    case = CASES["score_edge_cases"]
    found = reader_of("score_edge_cases")(case["input"])

    found["scores"][0] += 1e-9

    assert differences(found, case["expected"], case["tolerance"], "case") != []
