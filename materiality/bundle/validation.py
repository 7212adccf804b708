"""Is this a usable `inputs` section? Every complaint says where, what was found, what is wanted."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from materiality.bundle.document import BundleError
from materiality.bundle.rules import BY_CUTS, KINDS

TIERS = (1, 2, 3)


def validate(inputs: Any) -> None:
    """Check the inputs of a bundle.

    :raises BundleError: a field is missing, of the wrong kind or out of range.
    """
    _object(inputs, "inputs")
    topics = _codes(inputs, "topics")
    groups = _codes(inputs, "groups")
    dimensions = _codes(inputs, "dimensions")
    _axes(inputs["dimensions"])
    for dimension in dimensions:
        _dimension(inputs, dimension, topics, groups)
    _rule(inputs.get("rule"))
    _decisions(inputs.get("decisions", []), topics)
    _variants(inputs, len(topics))
    _corrected(inputs, len(topics))
    _previous(inputs.get("previous"))


def _complain(where: str, wanted: str, found: Any) -> None:
    raise BundleError(f"{where}: expected {wanted}, found {str(found)[:80]!r}.")


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        _complain(where, "an object", value)
    return value  # type: ignore[no-any-return]


def _list(value: Any, where: str) -> Sequence[Any]:
    if not isinstance(value, list):
        _complain(where, "a list", value)
    return value  # type: ignore[no-any-return]


def _number(value: Any, where: str, *, low: float = -math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= low:
        _complain(where, f"a number of at least {low:g}" if low > -math.inf else "a number", value)
    return float(value)


def _codes(inputs: Mapping[str, Any], section: str) -> list[str]:
    rows = _list(inputs.get(section), f"inputs.{section}")
    codes = [_object(row, f"inputs.{section}[{at}]").get("code") for at, row in enumerate(rows)]
    for at, code in enumerate(codes):
        if not isinstance(code, str) or not code:
            _complain(f"inputs.{section}[{at}].code", "a text", code)
        if code in codes[:at]:
            _complain(f"inputs.{section}[{at}].code", "a code used once", code)
    if not codes:
        _complain(f"inputs.{section}", "at least one row", rows)
    return [str(code) for code in codes]


def _axes(dimensions: Sequence[Mapping[str, Any]]) -> None:
    axes = [row.get("axis") for row in dimensions]
    if sorted(axis for axis in axes if axis) != ["x", "y"]:
        _complain("inputs.dimensions", "one dimension with axis x and one with axis y", axes)


def _dimension(
    inputs: Mapping[str, Any], code: str, topics: Sequence[str], groups: Sequence[str]
) -> None:
    where = f"inputs.units.{code}"
    units = _list(_object(inputs.get("units"), "inputs.units").get(code), where)
    counts = _object(
        _object(inputs.get("counts"), "inputs.counts").get(code), f"inputs.counts.{code}"
    )
    for at, unit in enumerate(units):
        name = str(_object(unit, f"{where}[{at}]").get("code"))
        members = _list(unit.get("groups"), f"{where}[{at}].groups")
        if unknown := [member for member in members if member not in groups]:
            _complain(f"{where}[{at}].groups", "codes of inputs.groups", unknown[0])
        _number(unit.get("weight"), f"{where}[{at}].weight", low=0)
        _counts(counts.get(name), f"inputs.counts.{code}.{name}", len(topics), _scale(inputs))
        if inputs.get("gram"):
            _gram(inputs["gram"], code, name, 2 * len(topics))


def _scale(inputs: Mapping[str, Any]) -> int:
    return int(
        _number(
            _object(inputs.get("scale"), "inputs.scale").get("points"), "inputs.scale.points", low=2
        )
    )


def _counts(rows: Any, where: str, topics: int, points: int) -> None:
    rows = _list(rows, where)
    if len(rows) != topics:
        _complain(where, f"{topics} rows, one per topic", f"{len(rows)} rows")
    for at, row in enumerate(rows):
        if len(_list(row, f"{where}[{at}]")) != points + 1:
            _complain(
                f"{where}[{at}]", f"{points + 1} counts (ratings 1 to {points}, cannot judge)", row
            )
        for count in row:
            if not isinstance(count, int) or isinstance(count, bool) or count < 0:
                _complain(f"{where}[{at}]", "whole numbers of at least 0", count)


def _gram(grams: Any, dimension: str, unit: str, size: int) -> None:
    where = f"inputs.gram.{dimension}.{unit}"
    of_dimension = _object(_object(grams, "inputs.gram").get(dimension), f"inputs.gram.{dimension}")
    try:
        matrix = np.array(_list(of_dimension.get(unit), where))
    except ValueError:  # rows of different lengths
        matrix = np.empty(0)
    if matrix.shape != (size, size) or matrix.dtype.kind not in "iu":
        found = f"{matrix.shape} of {matrix.dtype}"
        _complain(where, f"{size} rows of {size} whole numbers", found)


def _rule(rule: Any) -> None:
    rule = _object(rule, "inputs.rule")
    kind = rule.get("kind")
    if kind not in KINDS:
        _complain("inputs.rule.kind", f"one of {', '.join(KINDS)}", kind)
    weights = _object(rule.get("weights"), "inputs.rule.weights")
    x, y = (_number(weights.get(axis), f"inputs.rule.weights.{axis}", low=0) for axis in "xy")
    if x + y == 0:
        _complain("inputs.rule.weights", "at least one weight above 0", dict(weights))
    _number(rule.get("band", 0), "inputs.rule.band", low=0)
    if kind in BY_CUTS:
        _cuts(rule)
    elif kind == "quadrants":
        cuts = _object(rule.get("axis_cuts"), "inputs.rule.axis_cuts")
        for axis in "xy":
            _number(cuts.get(axis), f"inputs.rule.axis_cuts.{axis}")
    elif kind == "quantiles":
        _shares(rule)


def _cuts(rule: Mapping[str, Any]) -> None:
    cuts = _list(rule.get("cuts"), "inputs.rule.cuts")
    if len(cuts) != 2 or not _number(cuts[0], "inputs.rule.cuts[0]") > _number(
        cuts[1], "inputs.rule.cuts[1]"
    ):
        _complain("inputs.rule.cuts", "two cuts, the higher first", cuts)


def _shares(rule: Mapping[str, Any]) -> None:
    shares = _list(rule.get("shares"), "inputs.rule.shares")
    numbers = [_number(share, "inputs.rule.shares", low=0) for share in shares]
    if len(numbers) != 2 or sum(numbers) > 1:
        _complain("inputs.rule.shares", "two shares of the topics, together at most 1", shares)


def _decisions(decisions: Any, topics: Sequence[str]) -> None:
    for at, row in enumerate(_list(decisions, "inputs.decisions")):
        where = f"inputs.decisions[{at}]"
        if _object(row, where).get("topic") not in topics:
            _complain(f"{where}.topic", "the code of a topic", row.get("topic"))
        if row.get("tier") not in TIERS:
            _complain(f"{where}.tier", "1, 2 or 3", row.get("tier"))


def _variants(inputs: Mapping[str, Any], topics: int) -> None:
    for at, variant in enumerate(_list(inputs.get("variants", []), "inputs.variants")):
        where = f"inputs.variants[{at}]"
        if not isinstance(_object(variant, where).get("code"), str):
            _complain(f"{where}.code", "a text", variant.get("code"))
        for dimension, rows in _object(variant.get("counts"), f"{where}.counts").items():
            known = [unit["code"] for unit in inputs["units"].get(dimension, [])]
            for unit, counts in _object(rows, f"{where}.counts.{dimension}").items():
                if unit not in known:
                    _complain(f"{where}.counts.{dimension}", "codes of inputs.units", unit)
                _counts(counts, f"{where}.counts.{dimension}.{unit}", topics, _scale(inputs))


def _corrected(inputs: Mapping[str, Any], topics: int) -> None:
    for dimension, rows in _object(inputs.get("corrected", {}), "inputs.corrected").items():
        where = f"inputs.corrected.{dimension}"
        for unit in inputs["units"].get(dimension, []):
            means = _list(_object(rows, where).get(unit["code"]), f"{where}.{unit['code']}")
            if len(means) != topics:
                _complain(f"{where}.{unit['code']}", f"{topics} means or null", means)
            for mean in means:
                _number(0 if mean is None else mean, f"{where}.{unit['code']}")


def _previous(previous: Any) -> None:
    """Check the previous round's statistics, where it brought any."""
    if not previous or not _object(previous, "inputs.previous").get("counts"):
        return
    kept = _list(previous.get("kept"), "inputs.previous.kept")
    scale = _object(previous.get("scale"), "inputs.previous.scale")
    points = int(_number(scale.get("points"), "inputs.previous.scale.points", low=2))
    units = _object(previous.get("units"), "inputs.previous.units")
    for dimension, rows in _object(previous["counts"], "inputs.previous.counts").items():
        where = f"inputs.previous.counts.{dimension}"
        for unit in _list(units.get(dimension), f"inputs.previous.units.{dimension}"):
            code = str(_object(unit, f"inputs.previous.units.{dimension}").get("code"))
            _list(unit.get("groups"), f"inputs.previous.units.{dimension}.{code}.groups")
            _counts(_object(rows, where).get(code), f"{where}.{code}", len(kept), points)
