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


def differences(result: Any, expected: Any, tolerance: float, where: str) -> list[str]:
    """Return what differs, as readable lines."""
    result = result.tolist() if isinstance(result, np.ndarray | np.generic) else result
    if isinstance(expected, dict):
        pairs = [(f"{where}.{key}", result[key], value) for key, value in expected.items()]
    elif isinstance(expected, list):
        if len(result) != len(expected):
            return [f"{where}: {len(result)} values, expected {len(expected)}"]
        pairs = [(f"{where}[{i}]", result[i], value) for i, value in enumerate(expected)]
    else:
        return [] if same(result, expected, tolerance) else [f"{where}: {result} != {expected}"]
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

    result = reader(case["input"])

    wanted = {k: v for k, v in case["expected"].items() if k not in NOT_OURS.get(case_id, ())}
    assert set(wanted) <= set(result)
    assert differences(result, wanted, case["tolerance"] or 1e-12, case_id) == []


def test_every_case_in_the_folder_is_read():
    assert sorted(CASES) == READ
    assert len(CASES) >= 51


def test_a_wrong_number_is_noticed():
    case = CASES["score_edge_cases"]
    result = reader_of("score_edge_cases")(case["input"])

    result["scores"][0] += 1e-9

    assert differences(result, case["expected"], case["tolerance"], "case") != []
