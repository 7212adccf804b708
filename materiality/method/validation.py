"""Is this a usable `inputs` section? Only what its types cannot say: what must fit together.

The types themselves are checked at the border (`bundle.border`). Every complaint says where, what
is wanted, what was found.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from materiality.analysis.arrays import Ints
from materiality.document.checks import refuse
from materiality.document.schema import (
    AXES,
    Composite,
    Dimension,
    Group,
    Inputs,
    KnownShares,
    Previous,
    Rule,
    ScreenedOut,
    SourcePassage,
    Topic,
    Unit,
    version_of,
)
from materiality.method.composites import FINANCIAL, SEVERITY, base_dimensions
from materiality.method.feeding import is_without_survey
from materiality.method.iro_checks import check_register
from materiality.method.raking import expected_weights
from materiality.method.rules import BY_CUTS, MOST_TIERS, number_of_tiers


def validate(inputs: Inputs) -> None:
    """Check that the parts of a bundle's inputs fit together.

    :raises BundleError: they do not; the message names the place.
    """
    topics = _codes(inputs["topics"], "inputs.topics")
    is_asked = not is_without_survey(inputs)
    groups = _codes(inputs["groups"], "inputs.groups", may_be_none=not is_asked)
    dimensions = _codes(inputs["dimensions"], "inputs.dimensions")
    _axes(inputs)
    for row in inputs["dimensions"]:
        made_of = row.get("composite")
        if made_of:
            _composite(inputs, row, made_of)
        elif is_asked:
            _dimension(inputs, row["code"], len(topics), groups)
    if not is_asked:
        _nothing_asked(inputs)
    _views(inputs, dimensions)
    _rule(inputs["rule"], "inputs.rule")
    _decisions(inputs, topics)
    _tier_names(inputs)
    _variants(inputs)
    _corrected(inputs)
    _raking(inputs, groups)
    _context(inputs)
    _sources(inputs, topics)
    _previous(inputs.get("previous"))
    _successions(inputs, topics)
    check_register(inputs)


def _codes(
    rows: Sequence[Topic | ScreenedOut | Group | Dimension],
    where: str,
    *,
    may_be_none: bool = False,
) -> list[str]:
    """Return the codes of a list, each of which stands there once."""
    codes = [row["code"] for row in rows]
    if not codes and not may_be_none:
        refuse(where, "at least one row", codes)
    for at, code in enumerate(codes):
        if not code or code in codes[:at]:
            refuse(f"{where}[{at}].code", "a code used once", code)
    return codes


def _axes(inputs: Inputs) -> None:
    axes = [axis for row in inputs["dimensions"] if (axis := row.get("axis"))]
    if sorted(axes) != list(AXES):
        refuse("inputs.dimensions", "one dimension with axis x and one with axis y", axes)


def _composite(inputs: Inputs, row: Dimension, made_of: Composite) -> None:
    """Check that a composite dimension is made of dimensions that were asked."""
    where = f"inputs.dimensions.{row['code']}.composite"
    dimensions = base_dimensions(inputs)
    if made_of["kind"] == FINANCIAL:
        horizons = made_of.get("horizons") or []
        named = [code for one in horizons for code in (one["magnitude"], one["likelihood"])]
    else:
        negative = made_of.get("parts") or {}
        named = [*negative.values(), *(made_of.get("positive") or {}).values()]
        if not set(SEVERITY) & set(negative):
            refuse(f"{where}.parts", f"at least one of {', '.join(SEVERITY)}", negative)
    if unknown := [code for code in named if code not in dimensions]:
        refuse(where, "codes of dimensions that were asked", unknown[0])
    if not named:
        refuse(where, "at least one part", made_of)


def _nothing_asked(inputs: Inputs) -> None:
    """Check that a round whose axes rest on the register alone tells of no answers at all.

    Each dimension has its empty list of units, and only those on the axes are there.
    """
    for row in inputs["dimensions"]:
        where = f"inputs.units.{row['code']}"
        if inputs["units"].get(row["code"]) is None:
            refuse(where, "an empty list, since no survey was held", None)
        if row.get("composite") or not row.get("axis"):
            wanted = "a dimension on an axis, rated as a whole, since no survey was held"
            refuse(f"inputs.dimensions.{row['code']}", wanted, row["code"])
    for name in ("surveys", "variants"):
        if rows := inputs.get(name):
            refuse(f"inputs.{name}", "none, since no survey was held", rows)
    if any(inputs["counts"].values()):
        refuse("inputs.counts", "none, since no survey was held", inputs["counts"])


def _views(inputs: Inputs, dimensions: Sequence[str]) -> None:
    for at, view in enumerate(inputs.get("views", [])):
        where = f"inputs.views[{at}]"
        for axis in AXES:
            if view[axis] not in dimensions:
                refuse(f"{where}.{axis}", "the code of a dimension", view[axis])
        rule = view.get("rule")
        if rule:
            _rule(rule, f"{where}.rule")


def _dimension(inputs: Inputs, code: str, topics: int, groups: Sequence[str]) -> None:
    """Check the units, counts and Gram matrices of a dimension that was asked."""
    where = f"inputs.units.{code}"
    units = inputs["units"].get(code) or refuse(where, "at least one unit", None)
    counts = inputs["counts"].get(code) or refuse(f"inputs.counts.{code}", "counts per unit", None)
    grams = inputs.get("gram")
    _units(units, where, groups)
    for unit in units:
        place = f"{code}.{unit['code']}"
        rows = counts.get(unit["code"])
        _counts(rows, f"inputs.counts.{place}", topics, inputs["scale"]["points"])
        _responses(inputs, unit, counts[unit["code"]], f"inputs.units.{place}.responses")
        if grams:
            matrix = grams.get(code, {}).get(unit["code"])
            _gram(matrix, f"inputs.gram.{place}", counts[unit["code"]])


def _units(units: Sequence[Unit], where: str, groups: Sequence[str]) -> None:
    """Check that each group stands in one unit at most."""
    seen: list[str] = []
    codes = [unit["code"] for unit in units]
    for at, unit in enumerate(units):
        if unit["code"] in codes[:at]:
            refuse(f"{where}[{at}].code", "a code used once", unit["code"])
        for member in unit["groups"]:
            if member not in groups or member in seen:
                refuse(f"{where}[{at}].groups", "codes of inputs.groups, each in one unit", member)
            seen.append(member)
        if not unit["groups"]:
            refuse(f"{where}[{at}].groups", "at least one group", unit["groups"])


def _counts(rows: Sequence[Sequence[int]] | None, where: str, topics: int, points: int) -> None:
    if rows is None:
        refuse(where, f"{topics} rows, one per topic", rows)
    if len(rows) != topics:
        refuse(where, f"{topics} rows, one per topic", f"{len(rows)} rows")
    for at, row in enumerate(rows):
        if len(row) != points + 1:
            wanted = f"{points + 1} counts (ratings 1 to {points}, cannot judge)"
            refuse(f"{where}[{at}]", wanted, row)


def _responses(inputs: Inputs, unit: Unit, rows: Sequence[Sequence[int]], where: str) -> None:
    """Check that no topic was rated by more people than answered, and that none gave nothing.

    Whoever answered gave one answer at least, on this dimension or on another.
    """
    responses = unit.get("responses")
    if responses is None:
        return
    least = max(sum(row) for row in rows)
    if responses < least:
        refuse(where, f"at least {least}, the most answers on one topic", responses)
    most = _all_answers(inputs, unit["groups"])
    if version_of(inputs) != "1" and responses > most:
        refuse(where, f"at most {most}, all the answers of these groups", responses)


def _all_answers(inputs: Inputs, groups: Sequence[str]) -> int:
    """Return how many answers the units with one of these groups gave, on all dimensions."""
    total = 0
    for dimension, units in inputs["units"].items():
        for unit in units:
            if set(unit["groups"]) & set(groups):
                rows = inputs["counts"].get(dimension, {}).get(unit["code"], [])
                total += sum(sum(row) for row in rows)
    return total


def _gram(
    rows: Sequence[Sequence[int]] | None, where: str, counts: Sequence[Sequence[int]]
) -> None:
    """Check the form of a Gram matrix, and that it is of the same answers as the counts."""
    size = 2 * len(counts)
    try:
        matrix = np.array(rows)
    except ValueError:  # rows of different lengths
        matrix = np.empty(0)
    if matrix.shape != (size, size) or matrix.dtype.kind not in "iu":
        shape = f"{matrix.shape} of {matrix.dtype}"
        refuse(where, f"{size} rows of {size} whole numbers", shape)
    if (matrix < 0).any() or not np.array_equal(matrix, matrix.T):
        refuse(where, "a symmetric matrix of numbers of at least 0", "another")
    _same_answers(matrix, np.array(counts, dtype=np.int64)[:, :-1], where)


def _same_answers(gram: Ints, counts: Ints, where: str) -> None:
    """Check per topic the number of ratings, their sum and their sum of squares."""
    ratings, topics = np.arange(1, counts.shape[1] + 1), len(counts)
    pairs = {
        "numbers of ratings": (np.diagonal(gram)[:topics], counts.sum(axis=1)),
        "sums of ratings": (np.diagonal(gram, topics), counts @ ratings),
        "sums of squares": (np.diagonal(gram)[topics:], counts @ ratings**2),
    }
    for what, (actual, wanted) in pairs.items():
        if not np.array_equal(actual, wanted):
            at = int(np.flatnonzero(actual != wanted)[0])
            refuse(f"{where}, topic {at + 1}", f"the {what} in counts, {wanted[at]}", actual[at])


def _rule(rule: Rule, where: str) -> None:
    """Check that a rule has what its kind needs."""
    weights = rule["weights"]
    if weights["x"] < 0 or weights["y"] < 0 or weights["x"] + weights["y"] == 0:
        refuse(f"{where}.weights", "weights of at least 0, one of them above 0", dict(weights))
    most = MOST_TIERS - 1
    if rule["kind"] in BY_CUTS:
        cuts = list(rule.get("cuts") or [])
        falling = all(high > low for high, low in pairwise(cuts))
        if not 1 <= len(cuts) <= most or not falling:
            refuse(f"{where}.cuts", f"one to {most} cuts, the higher first", cuts)
    elif rule["kind"] == "quadrants":
        _axis_cuts(rule, where)
    elif rule["kind"] == "quantiles":
        shares = rule.get("shares") or []
        if not 1 <= len(shares) <= most or sum(shares) > 1:
            wanted = f"one to {most} shares of the topics, together at most 1"
            refuse(f"{where}.shares", wanted, shares)
    if "tiers" in rule and rule["tiers"] != number_of_tiers(rule):
        refuse(f"{where}.tiers", f"{number_of_tiers(rule)}, as its cuts or shares", rule["tiers"])


def _axis_cuts(rule: Rule, where: str) -> None:
    """Check the cuts of "quadrants": one per axis, for five tiers a lower one too."""
    if not rule.get("axis_cuts"):
        refuse(f"{where}.axis_cuts", "a cut for x and one for y", None)
    if number_of_tiers(rule) < MOST_TIERS:
        return
    low = rule.get("axis_cuts_low")
    if not low or any(low[axis] >= rule["axis_cuts"][axis] for axis in AXES):
        wanted = "a cut for x and one for y, below those of axis_cuts"
        refuse(f"{where}.axis_cuts_low", wanted, dict(low) if low else None)


def _raking(inputs: Inputs, groups: Sequence[str]) -> None:
    """Check that known shares fit together, and that they are what the units are weighted by."""
    seen: list[str] = []
    for at, group in enumerate(inputs.get("raking") or []):
        where = f"inputs.raking[{at}]"
        for code in group["groups"]:
            if code not in groups or code in seen:
                refuse(f"{where}.groups", "codes of groups, each once", code)
            seen.append(code)
        _margins(group, where)
    if seen and not inputs.get("standing_weights"):  # else other weights are being tried
        _raked_weights(inputs)


def _margins(group: KnownShares, where: str) -> None:
    if not group["margins"]:
        refuse(f"{where}.margins", "at least one characteristic", group["margins"])
    for number, margin in enumerate(group["margins"]):
        place = f"{where}.margins[{number}].categories"
        named = [code for row in margin["categories"] for code in row["groups"]]
        if sorted(named) != sorted(group["groups"]):
            refuse(place, "each group of it in one category", named)
        if not sum(row["share"] for row in margin["categories"]) > 0:
            refuse(place, "a share above 0", margin["categories"])


def _raked_weights(inputs: Inputs) -> None:
    for code in base_dimensions(inputs):
        expected = expected_weights(inputs, code)
        for unit in inputs["units"][code]:
            wanted = expected.get(unit["code"], unit["weight"])
            if not math.isclose(wanted, unit["weight"], rel_tol=1e-9, abs_tol=1e-12):
                place = f"inputs.units.{code}.{unit['code']}.weight"
                refuse(place, f"{wanted!r}, as the known shares have it", unit["weight"])


def _context(inputs: Inputs) -> None:
    """Check that stages of the value chain have codes of their own, and horizons an order."""
    context = inputs.get("context") or {}
    codes = [step["code"] for step in context.get("chain", [])]
    for at, code in enumerate(codes):
        if not code or code in codes[:at]:
            refuse(f"inputs.context.chain[{at}].code", "a code used once", code)
    _steps_of_entries(inputs, {step["code"]: step["side"] for step in context.get("chain", [])})
    years = context.get("horizons")
    if years and years["medium"] <= years["short"]:
        wanted = f"more than {years['short']}, where short term ends"
        refuse("inputs.context.horizons.medium", wanted, years["medium"])
    period = context.get("period")
    days = {
        "period.start": period and period["start"],
        "period.end": period and period["end"],
        "approved_on": context.get("approved_on"),
        "last_revision": context.get("last_revision"),
        "next_revision": context.get("next_revision"),
    }
    for name, day in days.items():
        if day is not None:
            _day(day, f"inputs.context.{name}")


def _sources(inputs: Inputs, topics: Sequence[str]) -> None:
    """Check that passages are coded to topics and entries that are there, each by a coder once."""
    sources, register = inputs.get("sources"), inputs.get("register")
    if sources is None:
        return
    known = [*topics, *(row["code"] for row in inputs.get("screened_out", []))]
    rows = [*register["entries"], *register.get("closed", [])] if register else []
    entries = [row["code"] for row in rows]
    seen: set[str] = set()
    for at, source in enumerate(sources["records"]):
        where = f"inputs.sources.records[{at}]"
        if source["code"] in seen:
            refuse(f"{where}.code", "a code used once", source["code"])
        seen.add(source["code"])
        if source["confidentiality"] == "confidential":
            texts = [row["text"] for row in source["passages"] if row.get("text")]
            if texts:
                refuse(f"{where}.passages", "no text, since it is confidential", len(texts))
        _codings(source["passages"], f"{where}.passages", known, entries)
    _codings(sources.get("comments", []), "inputs.sources.comments", known, entries)


def _codings(
    passages: Sequence[SourcePassage], where: str, topics: Sequence[str], entries: Sequence[str]
) -> None:
    for at, passage in enumerate(passages):
        coders = [coding["coder"] for coding in passage["codings"]]
        if len(set(coders)) < len(coders):
            refuse(f"{where}[{at}].codings", "each coder once", coders)
        for coding in passage["codings"]:
            if unknown := [code for code in coding["topics"] if code not in topics]:
                refuse(f"{where}[{at}].codings", "codes of topics", unknown[0])
            if unknown := [code for code in coding["entries"] if code not in entries]:
                refuse(f"{where}[{at}].codings", "codes of entries of the register", unknown[0])


def _steps_of_entries(inputs: Inputs, sides: Mapping[str, str]) -> None:
    """Check that entries of the register lie in stages that are there, on their own side."""
    register = inputs.get("register")
    for at, entry in enumerate(register["entries"] if register else []):
        step = entry.get("step")
        if step is not None and sides.get(step) != entry.get("stage"):
            where = f"inputs.register.entries[{at}].step"
            refuse(where, "a stage of inputs.context.chain on the side of the entry", step)


def _day(text: str, where: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        refuse(where, "a day such as 2026-12-31", text)


def _tier_names(inputs: Inputs) -> None:
    names, tiers = inputs.get("tier_names") or [], number_of_tiers(inputs["rule"])
    if names and len(names) != tiers:
        refuse("inputs.tier_names", f"{tiers} names, one per tier", f"{len(names)} names")


def _decisions(inputs: Inputs, topics: Sequence[str]) -> None:
    for at, row in enumerate(inputs.get("decisions", [])):
        if row["topic"] not in topics:
            refuse(f"inputs.decisions[{at}].topic", "the code of a topic", row["topic"])
        if row["tier"] > number_of_tiers(inputs["rule"]):
            wanted = f"1 to {number_of_tiers(inputs['rule'])}, a tier of the rule"
            refuse(f"inputs.decisions[{at}].tier", wanted, row["tier"])


def _variants(inputs: Inputs) -> None:
    topics, points = len(inputs["topics"]), inputs["scale"]["points"]
    for at, variant in enumerate(inputs.get("variants", [])):
        for dimension, rows in variant["counts"].items():
            where = f"inputs.variants[{at}].counts.{dimension}"
            known = _unit_codes(inputs["units"], dimension)
            for unit, counts in rows.items():
                if unit not in known:
                    refuse(where, "codes of inputs.units", unit)
                _counts(counts, f"{where}.{unit}", topics, points)


def _unit_codes(units: Mapping[str, Sequence[Unit]], dimension: str) -> list[str]:
    return [unit["code"] for unit in units.get(dimension, [])]


def _corrected(inputs: Inputs) -> None:
    topics = len(inputs["topics"])
    for dimension, rows in inputs.get("corrected", {}).items():
        where = f"inputs.corrected.{dimension}"
        if dimension not in inputs["units"]:
            refuse(where, "the code of a dimension", dimension)
        for code in _unit_codes(inputs["units"], dimension):
            if len(rows.get(code, [])) != topics:
                refuse(f"{where}.{code}", f"{topics} means or null", rows.get(code))


def _previous(previous: Previous | None) -> None:
    """Check the previous round's statistics, where it brought any."""
    if not previous or not previous.get("counts"):
        return
    for name in ("kept", "scale", "units"):
        if name not in previous:
            refuse(f"inputs.previous.{name}", "a value beside counts", None)
    codes, points = previous["kept"], previous["scale"]["points"]
    for dimension, rows in previous["counts"].items():
        if dimension not in previous["units"]:
            refuse(f"inputs.previous.units.{dimension}", "a list of units", None)
        for code in _unit_codes(previous["units"], dimension):
            place = f"{dimension}.{code}"
            _counts(rows.get(code), f"inputs.previous.counts.{place}", len(codes), points)
            grams = previous.get("gram")
            if grams:
                matrix = grams.get(dimension, {}).get(code)
                _gram(matrix, f"inputs.previous.gram.{place}", rows[code])


def _successions(inputs: Inputs, topics: Sequence[str]) -> None:
    previous = inputs.get("previous")
    before = [row["code"] for row in previous["topics"]] if previous else []
    for at, row in enumerate(inputs.get("successions", [])):
        where = f"inputs.successions[{at}]"
        wanted = "the code of a topic of that round, or null"
        if row["before"] is not None and row["before"] not in before:
            refuse(f"{where}.before", wanted, row["before"])
        if row["after"] is not None and row["after"] not in topics:
            refuse(f"{where}.after", wanted, row["after"])
