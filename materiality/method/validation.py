"""Is this a usable `inputs` section? Every complaint says where, what was found, what is wanted."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from materiality import analysis
from materiality.bundle.checks import (
    LARGEST_COUNT,
    a_list,
    a_number,
    a_whole_number,
    an_object,
    refuse,
)
from materiality.method import lineage
from materiality.method.composites import FINANCIAL, IMPACT, SEVERITY, base_dimensions
from materiality.method.composites import KINDS as KINDS_OF_COMPOSITE
from materiality.method.rules import BY_CUTS, KINDS

TIERS = (1, 2, 3)
HORIZON = ("magnitude", "likelihood")
RULES_OF_IMPACT = {
    "severity_rule": tuple(analysis.SEVERITY_RULES),
    "likelihood_rule": ("scaled", "capped"),
}


def validate(inputs: Any) -> None:
    """Check the inputs of a bundle.

    :raises BundleError: a field is missing, of the wrong kind or out of range.
    """
    an_object(inputs, "inputs")
    _settings(inputs)
    topics = _codes(inputs, "topics")
    groups = _codes(inputs, "groups")
    dimensions = _codes(inputs, "dimensions")
    _axes(inputs["dimensions"])
    for row, dimension in zip(inputs["dimensions"], dimensions, strict=True):
        where = f"inputs.dimensions.{dimension}.minimum_group"
        a_whole_number(row.get("minimum_group", 5), where, low=1)
        if row.get("composite"):
            _composite(inputs, row)
        else:
            _dimension(inputs, dimension, topics, groups)
    _views(inputs.get("views", []), dimensions)
    _rule(inputs.get("rule"))
    _decisions(inputs.get("decisions", []), topics)
    _variants(inputs, len(topics))
    _corrected(inputs, len(topics))
    _previous(inputs.get("previous"))
    lineage.validate(inputs)


def _settings(inputs: Mapping[str, Any]) -> None:
    a_number(inputs.get("confidence", 0.95), "inputs.confidence", low=0.5, high=0.9999)
    if inputs.get("interval", "symmetric") not in analysis.INTERVALS:
        refuse("inputs.interval", f"one of {', '.join(analysis.INTERVALS)}", inputs["interval"])
    a_whole_number(inputs.get("minimum_group", 5), "inputs.minimum_group", low=1)
    a_whole_number(inputs.get("seed", 1), "inputs.seed")


def _codes(inputs: Mapping[str, Any], section: str) -> list[str]:
    rows = a_list(inputs.get(section), f"inputs.{section}")
    codes = [an_object(row, f"inputs.{section}[{at}]").get("code") for at, row in enumerate(rows)]
    for at, code in enumerate(codes):
        if not isinstance(code, str) or not code:
            refuse(f"inputs.{section}[{at}].code", "a text", code)
        if code in codes[:at]:
            refuse(f"inputs.{section}[{at}].code", "a code used once", code)
    if not codes:
        refuse(f"inputs.{section}", "at least one row", rows)
    return [str(code) for code in codes]


def _axes(dimensions: Sequence[Mapping[str, Any]]) -> None:
    axes = [row.get("axis") for row in dimensions]
    if sorted(str(axis) for axis in axes if axis) != ["x", "y"]:
        refuse("inputs.dimensions", "one dimension with axis x and one with axis y", axes)


def _composite(inputs: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Check that a composite dimension is made of dimensions that were asked."""
    where = f"inputs.dimensions.{row['code']}.composite"
    made_of = an_object(row["composite"], where)
    asked = base_dimensions(inputs)
    if made_of.get("kind") == FINANCIAL:
        rows = a_list(made_of.get("horizons"), f"{where}.horizons")
        named = [an_object(one, where).get(name) for one in rows for name in HORIZON]
    elif made_of.get("kind") == IMPACT:
        sides = [an_object(made_of.get("parts"), f"{where}.parts"), made_of.get("positive") or {}]
        named = [code for side in sides for code in an_object(side, where).values()]
        if not set(SEVERITY) & set(sides[0]):
            refuse(f"{where}.parts", f"at least one of {', '.join(SEVERITY)}", sides[0])
        for name, known in RULES_OF_IMPACT.items():
            if made_of.get(name, known[0]) not in known:
                refuse(f"{where}.{name}", f"one of {', '.join(known)}", made_of[name])
    else:
        refuse(f"{where}.kind", f"one of {', '.join(KINDS_OF_COMPOSITE)}", made_of.get("kind"))
    if unknown := [code for code in named if code not in asked]:
        refuse(where, "codes of dimensions that were asked", unknown[0])
    if not named:
        refuse(where, "at least one part", made_of)


def _views(views: Any, dimensions: Sequence[str]) -> None:
    for at, view in enumerate(a_list(views, "inputs.views")):
        where = f"inputs.views[{at}]"
        for axis in "xy":
            if an_object(view, where).get(axis) not in dimensions:
                refuse(f"{where}.{axis}", "the code of a dimension", view.get(axis))
            if view.get("cuts"):
                a_number(an_object(view["cuts"], where).get(axis), f"{where}.cuts.{axis}")
        if view.get("rule"):
            _rule(view["rule"])
        if view.get("combine", "either") not in ("either", "both"):
            refuse(f"{where}.combine", "either or both", view["combine"])


def _dimension(
    inputs: Mapping[str, Any], code: str, topics: Sequence[str], groups: Sequence[str]
) -> None:
    where = f"inputs.units.{code}"
    units = a_list(an_object(inputs.get("units"), "inputs.units").get(code), where)
    counts = an_object(
        an_object(inputs.get("counts"), "inputs.counts").get(code), f"inputs.counts.{code}"
    )
    _units(units, where, groups)
    for unit in units:
        name = unit["code"]
        _counts(counts.get(name), f"inputs.counts.{code}.{name}", len(topics), _scale(inputs))
        if inputs.get("gram"):
            _gram(inputs["gram"], code, name, counts[name])


def _units(units: Sequence[Any], where: str, groups: Sequence[str]) -> None:
    """Check that each group stands in one unit at most, and that every unit can be weighed."""
    seen: list[str] = []
    for at, unit in enumerate(units):
        place = f"{where}[{at}]"
        members = a_list(an_object(unit, place).get("groups"), f"{place}.groups")
        if not isinstance(unit.get("code"), str) or unit["code"] in [u["code"] for u in units[:at]]:
            refuse(f"{place}.code", "a text used once", unit.get("code"))
        for member in members:
            if member not in groups or member in seen:
                refuse(f"{place}.groups", "codes of inputs.groups, each in one unit", member)
            seen.append(member)
        if not members:
            refuse(f"{place}.groups", "at least one group", members)
        a_number(unit.get("weight"), f"{place}.weight", low=0)
        a_whole_number(unit.get("responses", 0), f"{place}.responses")
    if not units:
        refuse(where, "at least one unit", units)


def _scale(inputs: Mapping[str, Any]) -> int:
    points = an_object(inputs.get("scale"), "inputs.scale").get("points")
    return a_whole_number(points, "inputs.scale.points", low=2, high=100)


def _counts(rows: Any, where: str, topics: int, points: int) -> None:
    rows = a_list(rows, where)
    if len(rows) != topics:
        refuse(where, f"{topics} rows, one per topic", f"{len(rows)} rows")
    for at, row in enumerate(rows):
        if len(a_list(row, f"{where}[{at}]")) != points + 1:
            refuse(
                f"{where}[{at}]", f"{points + 1} counts (ratings 1 to {points}, cannot judge)", row
            )
        for count in row:
            if type(count) is not int or not 0 <= count <= LARGEST_COUNT:
                refuse(f"{where}[{at}]", f"whole numbers from 0 to {LARGEST_COUNT}", count)


def _gram(grams: Any, dimension: str, unit: str, counts: Sequence[Sequence[int]]) -> None:
    """Check the form of a Gram matrix, and that it tells of the same answers as the counts."""
    where, size = f"inputs.gram.{dimension}.{unit}", 2 * len(counts)
    rows = an_object(an_object(grams, "inputs.gram").get(dimension), f"inputs.gram.{dimension}")
    try:
        matrix = np.array(a_list(rows.get(unit), where))
    except ValueError:  # rows of different lengths
        matrix = np.empty(0)
    if matrix.shape != (size, size) or matrix.dtype.kind not in "iu":
        found = f"{matrix.shape} of {matrix.dtype}"
        refuse(where, f"{size} rows of {size} whole numbers", found)
    if (matrix < 0).any() or not np.array_equal(matrix, matrix.T):
        refuse(where, "a symmetric matrix of numbers of at least 0", "another")
    _same_answers(matrix, np.array(counts, dtype=np.int64)[:, :-1], where)


def _same_answers(gram: Any, counts: Any, where: str) -> None:
    """Check per topic the number of ratings, their sum and their sum of squares."""
    ratings, topics = np.arange(1, counts.shape[1] + 1), len(counts)
    told = {
        "numbers of ratings": (np.diagonal(gram)[:topics], counts.sum(axis=1)),
        "sums of ratings": (np.diagonal(gram, topics), counts @ ratings),
        "sums of squares": (np.diagonal(gram)[topics:], counts @ ratings**2),
    }
    for what, (found, wanted) in told.items():
        if not np.array_equal(found, wanted):
            at = int(np.flatnonzero(found != wanted)[0])
            refuse(f"{where}, topic {at + 1}", f"the {what} in counts, {wanted[at]}", found[at])


def _rule(rule: Any) -> None:
    rule = an_object(rule, "inputs.rule")
    kind = rule.get("kind")
    if kind not in KINDS:
        refuse("inputs.rule.kind", f"one of {', '.join(KINDS)}", kind)
    weights = an_object(rule.get("weights"), "inputs.rule.weights")
    x, y = (a_number(weights.get(axis), f"inputs.rule.weights.{axis}", low=0) for axis in "xy")
    if x + y == 0:
        refuse("inputs.rule.weights", "at least one weight above 0", dict(weights))
    a_number(rule.get("band", 0), "inputs.rule.band", low=0)
    if kind in BY_CUTS:
        _cuts(rule)
    elif kind == "quadrants":
        cuts = an_object(rule.get("axis_cuts"), "inputs.rule.axis_cuts")
        for axis in "xy":
            a_number(cuts.get(axis), f"inputs.rule.axis_cuts.{axis}")
    elif kind == "quantiles":
        _shares(rule)


def _cuts(rule: Mapping[str, Any]) -> None:
    cuts = a_list(rule.get("cuts"), "inputs.rule.cuts")
    if len(cuts) != 2 or not a_number(cuts[0], "inputs.rule.cuts[0]") > a_number(
        cuts[1], "inputs.rule.cuts[1]"
    ):
        refuse("inputs.rule.cuts", "two cuts, the higher first", cuts)


def _shares(rule: Mapping[str, Any]) -> None:
    shares = a_list(rule.get("shares"), "inputs.rule.shares")
    numbers = [a_number(share, "inputs.rule.shares", low=0) for share in shares]
    if len(numbers) != 2 or sum(numbers) > 1:
        refuse("inputs.rule.shares", "two shares of the topics, together at most 1", shares)


def _decisions(decisions: Any, topics: Sequence[str]) -> None:
    for at, row in enumerate(a_list(decisions, "inputs.decisions")):
        where = f"inputs.decisions[{at}]"
        if an_object(row, where).get("topic") not in topics:
            refuse(f"{where}.topic", "the code of a topic", row.get("topic"))
        if type(row.get("tier")) is not int or row["tier"] not in TIERS:
            refuse(f"{where}.tier", "1, 2 or 3", row.get("tier"))


def _variants(inputs: Mapping[str, Any], topics: int) -> None:
    for at, variant in enumerate(a_list(inputs.get("variants", []), "inputs.variants")):
        where = f"inputs.variants[{at}]"
        if not isinstance(an_object(variant, where).get("code"), str):
            refuse(f"{where}.code", "a text", variant.get("code"))
        for dimension, rows in an_object(variant.get("counts"), f"{where}.counts").items():
            known = [unit["code"] for unit in inputs["units"].get(dimension, [])]
            for unit, counts in an_object(rows, f"{where}.counts.{dimension}").items():
                if unit not in known:
                    refuse(f"{where}.counts.{dimension}", "codes of inputs.units", unit)
                _counts(counts, f"{where}.counts.{dimension}.{unit}", topics, _scale(inputs))


def _corrected(inputs: Mapping[str, Any], topics: int) -> None:
    for dimension, rows in an_object(inputs.get("corrected", {}), "inputs.corrected").items():
        where = f"inputs.corrected.{dimension}"
        if dimension not in inputs["units"]:
            refuse(where, "the code of a dimension", dimension)
        for unit in inputs["units"].get(dimension, []):
            means = a_list(an_object(rows, where).get(unit["code"]), f"{where}.{unit['code']}")
            if len(means) != topics:
                refuse(f"{where}.{unit['code']}", f"{topics} means or null", means)
            for mean in means:
                a_number(0 if mean is None else mean, f"{where}.{unit['code']}")


def _previous(previous: Any) -> None:
    """Check the previous round's statistics, where it brought any."""
    if not previous or not an_object(previous, "inputs.previous").get("counts"):
        return
    kept = a_list(previous.get("kept"), "inputs.previous.kept")
    scale = an_object(previous.get("scale"), "inputs.previous.scale")
    points = int(a_number(scale.get("points"), "inputs.previous.scale.points", low=2))
    units = an_object(previous.get("units"), "inputs.previous.units")
    for dimension, rows in an_object(previous["counts"], "inputs.previous.counts").items():
        where = f"inputs.previous.counts.{dimension}"
        for unit in a_list(units.get(dimension), f"inputs.previous.units.{dimension}"):
            code = str(an_object(unit, f"inputs.previous.units.{dimension}").get("code"))
            named = f"inputs.previous.units.{dimension}.{code}"
            for group in a_list(unit.get("groups"), f"{named}.groups"):
                if not isinstance(group, str):
                    refuse(f"{named}.groups", "texts", group)
            a_number(unit.get("weight", 0), f"{named}.weight", low=0)
            _counts(an_object(rows, where).get(code), f"{where}.{code}", len(kept), points)
            if previous.get("gram"):
                _gram(previous["gram"], dimension, code, rows[code])
