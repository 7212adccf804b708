"""Which group was asked about which topic, and how many people a group has.

A pooled unit speaks, on each topic, for those of its groups that were asked about it: with their
weight, and as a part of their heads. What was asked is told from method 2 on (`not_asked`).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from materiality.analysis.arrays import Floats, floats
from materiality.document.schema import Group, Inputs, Unit


def asked_shares(inputs: Inputs, dimension: str) -> Floats:
    """Return which part of its weight each unit carries on each topic: [units, topics].

    1 where all its groups were asked, 0 where none was.
    """
    units, topics = inputs["units"][dimension], inputs["topics"]
    skipped = inputs.get("not_asked", {}).get(dimension, {})
    shares = np.ones((len(units), len(topics)))
    if not skipped:
        return shares
    own = group_weights(inputs, dimension)
    for row, unit in enumerate(units):
        total = sum(own.get(group, 1.0) for group in unit["groups"])
        for at, topic in enumerate(topics):
            heard = [
                group for group in unit["groups"] if topic["code"] not in skipped.get(group, ())
            ]
            share = sum(own.get(group, 1.0) for group in heard)
            shares[row, at] = share / total if total else 1.0
    return shares


def groups_asked(inputs: Inputs, dimension: str) -> Floats:
    """Return how many groups of each unit were asked about each topic: [units, topics]."""
    skipped = inputs.get("not_asked", {}).get(dimension, {})
    counts = []
    for unit in inputs["units"][dimension]:
        counts.append(
            [
                sum(topic["code"] not in skipped.get(group, ()) for group in unit["groups"])
                for topic in inputs["topics"]
            ]
        )
    return floats(counts)


def group_weights(inputs: Inputs, dimension: str) -> dict[str, float]:
    """Return the groups' own weights; a criterion of several goes by its dimension's."""
    whole = dimension.split(".")[0]
    by_group = {}
    for group in inputs["groups"]:
        weights: Mapping[str, float] = group.get("weights") or {}
        if dimension in weights or whole in weights:
            by_group[group["code"]] = weights.get(dimension, weights.get(whole, 0.0))
    return by_group


def populations(inputs: Inputs, dimension: str) -> Floats | None:
    """Return how many people each unit's groups have, on each topic; None where nobody said.

    :returns: [units, topics] of the groups that were asked, NaN where one of them is unknown.
    """
    heads = {group["code"]: group.get("population") for group in inputs["groups"]}
    if not any(heads.values()):
        return None
    skipped = inputs.get("not_asked", {}).get(dimension, {})
    table = []
    for unit in inputs["units"][dimension]:
        table.append([_heads(unit, heads, topic["code"], skipped) for topic in inputs["topics"]])
    return floats(table)


def _heads(
    unit: Unit,
    heads: Mapping[str, int | None],
    topic: str,
    skipped: Mapping[str, Sequence[str]],
) -> float:
    groups = [group for group in unit["groups"] if topic not in skipped.get(group, ())]
    known = [number for group in groups if (number := heads.get(group))]
    return float(sum(known)) if known and len(known) == len(groups) else float("nan")


def of_groups(groups: Sequence[Group], codes: Sequence[str]) -> int | None:
    """Return how many people these groups have together, or None if one is unknown."""
    heads = {group["code"]: group.get("population") for group in groups}
    known = [number for code in codes if (number := heads.get(code))]
    return sum(known) if len(known) == len(codes) else None
