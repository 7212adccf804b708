"""Weights inside a stakeholder group by what is known of all its people (raking).

A group that is asked in parts (a group of the round for each cell: staff of the east, women; staff
of the east, men) can say which share of its people each category has. Its weight, the sum of the
parts' own, is then spread over the units so that every category counts its share. Only numbers of
answers of units are used, which are disclosed and never few: raking tells nothing new of anybody.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, Ints, floats
from materiality.analysis.representativeness import TRIM
from materiality.document.schema import (
    Inputs,
    KnownShares,
    Margin,
    RakedCategory,
    RakedGroup,
    Unit,
)
from materiality.method.composites import base_dimensions
from materiality.method.groups import group_weights

WEIGHTED, TOO_FEW, SILENT, NOT_MET = "weighted", "too_few", "silent", "not_met"


def raked(inputs: Inputs) -> dict[str, list[RakedGroup]]:
    """Return per dimension how each group that has known shares came to be weighted."""
    raking = inputs.get("raking") or []
    by_dimension = {}
    for dimension in base_dimensions(inputs):
        rows = [of_group(each, inputs["units"][dimension]) for each in raking]
        by_dimension[dimension] = [row for row in rows if row is not None]
    return by_dimension


def weighted_units(
    units: Sequence[Unit], raking: Sequence[KnownShares], own: Mapping[str, float]
) -> list[Unit]:
    """Return the units with the weight of each group spread over its parts by known shares.

    :param own: the weight of each part that was asked, by code, as it was saved.
    """
    shares: dict[str, float] = {}
    for each in raking:
        group = of_group(each, units)
        if group is not None and group["state"] == WEIGHTED:
            whole = sum(own.get(code, 0.0) for code in each["groups"])
            shares |= {unit: whole * share for unit, share in group["weights"].items()}
    return [{**unit, "weight": shares.get(unit["code"], unit["weight"])} for unit in units]


def expected_weights(inputs: Inputs, dimension: str) -> dict[str, float]:
    """Return the weight that known shares give the units of a dimension, of those they weigh."""
    units, own = inputs["units"][dimension], group_weights(inputs, dimension)
    raking = inputs.get("raking") or []
    groups = [of_group(each, units) for each in raking]
    weighed = {
        unit
        for each in groups
        if each is not None and each["state"] == WEIGHTED
        for unit in each["weights"]
    }
    return {
        unit["code"]: unit["weight"]
        for unit in weighted_units(units, raking, own)
        if unit["code"] in weighed
    }


def of_group(known: KnownShares, units: Sequence[Unit]) -> RakedGroup | None:
    """Return how the parts of one group are weighted on a dimension; None if it was not asked.

    Where it cannot be done the saved weights hold: too few answers to tell the parts apart
    (`too_few`), a category of which nobody answered (`silent`), shares that contradict each other
    given who answered (`not_met`).
    """
    mine = [unit for unit in units if set(unit["groups"]) <= set(known["groups"])]
    mixed = [
        unit for unit in units if set(unit["groups"]) & set(known["groups"]) and unit not in mine
    ]
    if not mine and not mixed:
        return None
    sizes = np.array([unit.get("responses", 0) for unit in mine], dtype=np.int64)
    margins = [_merged(margin, mine) for margin in known["margins"]]
    rows = [
        _categories(margin, at, sizes) for margin, at in zip(known["margins"], margins, strict=True)
    ]
    result: RakedGroup = {
        "name": known["name"],
        "state": TOO_FEW,
        "answers": int(sizes.sum()),
        "weights": {},
        "margins": rows,
        "error": None,
        "trimmed": False,
        "deff": None,
        "effective_n": None,
    }
    if mixed or (sizes > 0).sum() < 2:
        return result
    if any(row["share"] > 0 and not row["answers"] for each in rows for row in each):
        return {**result, "state": SILENT}
    answered = np.flatnonzero(sizes)
    solution = analysis.rake(
        sizes[answered],
        [
            (codes[answered], [row["share"] for row in each])
            for (codes, _names), each in zip(margins, rows, strict=True)
        ],
        trim=TRIM,
        people=sizes[answered],
    )
    if not solution.converged:
        return {**result, "state": NOT_MET, "error": solution.max_error}
    return _with_weights(result, mine, sizes, answered, solution)


def _with_weights(
    result: RakedGroup, mine: Sequence[Unit], sizes: Ints, answered: Ints, solution: analysis.Raked
) -> RakedGroup:
    """Return the result with the share of each unit, and what unequal weights cost."""
    shares = np.zeros(len(mine))
    shares[answered] = solution.weights / solution.weights.sum()
    cost = analysis.design_effect(shares[answered], sizes[answered])
    return {
        **result,
        "state": WEIGHTED,
        "weights": {unit["code"]: float(shares[at]) for at, unit in enumerate(mine)},
        "error": solution.max_error,
        "trimmed": solution.trimmed,
        "deff": cost.deff,
        "effective_n": cost.effective_n,
    }


def _merged(margin: Margin, units: Sequence[Unit]) -> tuple[Ints, list[list[int]]]:
    """Return the category of each unit, and which categories of the margin each is made of.

    Categories that a pooled unit has people of become one: nothing tells them apart.
    """
    of = {code: at for at, row in enumerate(margin["categories"]) for code in row["groups"]}
    leader = list(range(len(margin["categories"])))

    def first(at: int) -> int:
        return at if leader[at] == at else first(leader[at])

    for unit in units:
        ends = sorted({first(of[code]) for code in unit["groups"]})
        for other in ends[1:]:
            leader[first(other)] = first(ends[0])
    heads = sorted({first(at) for at in range(len(leader))})
    names = [[at for at in range(len(leader)) if first(at) == head] for head in heads]
    codes = [heads.index(first(of[unit["groups"][0]])) for unit in units]
    return np.array(codes, dtype=np.int64), names


def _categories(
    margin: Margin, merged: tuple[Ints, list[list[int]]], sizes: Ints
) -> list[RakedCategory]:
    codes, members = merged
    answers = np.bincount(codes, sizes, minlength=len(members))
    shares: Floats = floats([row["share"] for row in margin["categories"]])
    whole = shares.sum()
    rows: list[RakedCategory] = []
    for at, those in enumerate(members):
        rows.append(
            {
                "margin": margin["name"],
                "names": [margin["categories"][one]["name"] for one in those],
                "share": float(shares[those].sum() / whole),
                "answers": int(answers[at]),
            }
        )
    return rows
