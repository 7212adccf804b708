"""Random rounds by the product and by the second reader: every field, the draws too."""

import ast
import copy
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from materiality.method import evaluate
from tests.second import compare, raking, reader, rounds

FOLDER = Path(__file__).parent
GOLDEN = FOLDER.parent / "golden"


def found_by_both(inputs: Any) -> list[str]:
    product = json.loads(json.dumps(evaluate(copy.deepcopy(inputs))))
    return list(compare.differences(product, reader.evaluate(inputs)))


@pytest.mark.parametrize("seed", range(1000, 1010))
def test_ten_random_rounds_come_out_alike_in_every_field(seed):
    assert found_by_both(rounds.random_inputs(Random(seed))) == []


@pytest.mark.drill
@pytest.mark.parametrize("block", range(10))
def test_two_hundred_random_rounds_come_out_alike_in_every_field(block):
    found = {
        seed: found_by_both(rounds.random_inputs(Random(seed)))
        for seed in range(20 * block, 20 * block + 20)
    }
    assert {seed: rows[:5] for seed, rows in found.items() if rows} == {}


@pytest.mark.parametrize("year", [2019, 2020])
def test_the_demo_comes_out_alike(year):
    document = json.loads((GOLDEN / f"bundle-{year}.json").read_text(encoding="utf-8"))

    results = reader.evaluate(document["inputs"])

    assert list(compare.differences(document["results"], results)) == []


def another_seed(inputs):
    inputs["seed"] += 1


def another_weight(inputs):
    inputs["units"]["stakeholder"][0]["weight"] *= 2


def another_answer(inputs):
    rows = inputs["previous"]["counts"]["stakeholder"]
    row = next(iter(rows.values()))[0]
    row[0], row[-2] = row[0] + row[-2], 0


@pytest.mark.parametrize(
    ("change", "field"),
    [(another_seed, "tier_probabilities"), (another_weight, "score"), (another_answer, "p")],
)
def test_what_differs_would_be_seen(change, field):
    """The control: the second reader gets other inputs than the product."""
    document = json.loads((GOLDEN / "bundle-2020.json").read_text(encoding="utf-8"))
    change(document["inputs"])

    found = list(compare.differences(document["results"], reader.evaluate(document["inputs"])))

    assert any(f".{field}" in line for line in found)


def test_the_random_rounds_hold_what_they_should():
    """All kinds of rule, both kinds of axis, years before: else little was compared."""
    drawn = [rounds.random_inputs(Random(seed)) for seed in range(200)]
    kinds = {one["rule"]["kind"] for one in drawn}
    moves = {move["kind"] for one in drawn for move in one.get("successions", [])}
    scales = {one["scale"]["points"] for one in drawn}
    composite = [one for one in drawn if any(d.get("composite") for d in one["dimensions"])]

    assert len(kinds) == 8
    assert {"continued", "renamed", "widened", "split", "merged", "absorbed", "added"} <= moves
    assert len(scales) > 1
    assert min(len(composite), sum("previous" in one for one in drawn)) >= 20
    late = [
        one for one in drawn if any(v["code"] == "without_late" for v in one.get("variants", []))
    ]
    assert len(late) >= 20
    shares = [raking.raking(one) for one in drawn if one.get("raking")]
    states = {row["state"] for found in shares for rows in found.values() for row in rows}
    assert states == {"weighted", "too_few", "silent", "not_met"}


def test_the_second_reader_imports_nothing_of_the_product():
    modules = [path for path in FOLDER.glob("*.py") if not path.name.startswith("test_")]
    imported = [name for path in modules for name in imports_of(path)]

    assert len(modules) >= 7
    assert [name for name in imported if name.split(".")[0] in {"materiality", "surveys"}] == []


def imports_of(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return names
