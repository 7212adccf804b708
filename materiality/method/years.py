"""Against the previous round: each topic's change on each axis, if the two can be compared at all.

The previous round's counts travel in `inputs.previous`. Both rounds are scored with this year's
weights, over the groups that were asked in both, pooled alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, Ints, floats, without_blanks
from materiality.document.schema import (
    Change,
    ChangeNumbers,
    CommonUnit,
    Dimension,
    Inputs,
    Succession,
    TopicChange,
    TopicResult,
    Unit,
    YearOnYear,
    previous_of,
    version_of,
)
from materiality.method.composites import base_dimensions
from materiality.method.families import nothing, together
from materiality.method.scales import is_comparable, means_before, points_before
from materiality.method.scoring import counts_of, number
from materiality.method.suppression import withheld

Row = dict[str, Any]

SAME_TOPIC = ("continued", "renamed")


WORDING = {"question": "question_changed", "labels": "scale_changed"}


@dataclass(frozen=True)
class Origin:
    """Where a topic of this round comes from, and why it cannot be compared ("" if it can)."""

    before: str | None
    kind: str
    obstacle: str


@dataclass(frozen=True, eq=False)
class Common:
    """Counts of both rounds over the units common to both: [units, topics, points + 1].

    ``members``: per common unit the positions of this round's units, and of last round's.
    """

    groups: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]
    before: Ints
    after: Ints
    members: tuple[tuple[list[int], list[int]], ...]
    population: Floats
    population_before: Floats
    paired: Floats | None = None


def year_on_year(
    inputs: Inputs,
    topics: Sequence[TopicResult],
    common: Callable[[str], Common],
) -> YearOnYear | None:
    """Return per topic and dimension: moved, within noise or not comparable, with the interval.

    None without the previous round's counts. Method: `analysis.year_on_year` (docs/method.md, 10).
    From method 2 on the overall score is compared too, and all tests of the round are one family.

    :param topics: the topics of the results, for the point where the rule is made linear.
    :param common: a dimension to its `common_units`.
    """
    previous = previous_of(inputs)
    if not previous.get("counts"):
        return None
    origin = origins(inputs)
    compared = {code: _compare(inputs, code, origin, common) for code in base_dimensions(inputs)}
    changes = []
    for at, topic in enumerate(inputs["topics"]):
        source = origin[topic["code"]]
        changes.append(
            TopicChange(
                topic=topic["code"],
                before=source.before,
                kind=source.kind,
                dimensions={code: rows[at] for code, (_units, rows) in compared.items()},
            )
        )
    units = {code: units for code, (units, _rows) in compared.items()}
    return together(inputs, topics, {"units": units, "topics": changes})


def origins(inputs: Inputs) -> dict[str, Origin]:
    """Return where each topic comes from; "comparable" in a succession overrides its kind."""
    lines: dict[str | None, list[Succession]] = {}
    for line in inputs.get("successions", []):
        lines.setdefault(line["after"], []).append(line)
    return {topic["code"]: _origin(lines.get(topic["code"], [])) for topic in inputs["topics"]}


def _origin(lines: Sequence[Succession]) -> Origin:
    if not lines or any(line["kind"] == "added" for line in lines):
        return Origin(None, "added", "added")
    line = next((line for line in lines if line["kind"] in SAME_TOPIC), lines[0])
    comparable = line.get("comparable", line["kind"] in SAME_TOPIC and len(lines) == 1)
    changed = next((one["kind"] for one in lines if one["kind"] not in SAME_TOPIC), line["kind"])
    return Origin(line["before"], line["kind"], "" if comparable else changed)


def _compare(
    inputs: Inputs,
    dimension: str,
    origin_of: Mapping[str, Origin],
    common_of: Callable[[str], Common],
) -> tuple[list[CommonUnit], list[Change]]:
    """Return the common units of one dimension, and each topic's change on it."""
    obstacles = _obstacles(inputs, dimension, origin_of)
    common = None if all(obstacles) else common_of(dimension)
    if common is None or not common.groups:
        silent = [nothing(obstacle or "no_common_groups") for obstacle in obstacles]
        return [], silent
    before, after = means_before(inputs, common.before), analysis.group_means(common.after)
    comparable = [not obstacle for obstacle in obstacles]
    changes = analysis.year_on_year(
        before,
        after,
        common.weights,
        comparable=comparable,
        population=common.population,
        population_before=common.population_before,
        paired=common.paired,
        confidence=inputs.get("confidence", 0.95),
    )
    is_first = version_of(inputs) == "1"
    levels = [_level(one.mean, before.mean - after.mean, common.weights) for one in (before, after)]
    rows = [
        _row(changes, levels, at, is_first) if comparable[at] else nothing(obstacles[at])
        for at in range(len(obstacles))
    ]
    pairs = zip(common.groups, common.weights, strict=True)
    return [{"groups": list(groups), "weight": weight} for groups, weight in pairs], rows


def _level(means: Floats, present: Floats, weights: Sequence[float]) -> Floats:
    """Return one round's scores over the units that rated the topic in both."""
    return analysis.weighted_mean(np.where(np.isfinite(present), means, np.nan), weights).mean


def _row(changes: analysis.Changes, levels: Sequence[Floats], at: int, is_first: bool) -> Change:
    verdict = str(changes.verdict[at])
    if verdict == analysis.CANNOT_TELL and is_first:
        verdict = analysis.WITHIN_NOISE
    if verdict == analysis.NOT_COMPARABLE:
        return nothing("no_answers")
    numbers: ChangeNumbers = {
        "change": number(changes.change[at]),
        "se": number(changes.se[at]),
        "df": number(changes.df[at]),
        "low": number(changes.low[at]),
        "high": number(changes.high[at]),
        "p": number(changes.p[at]),
        "p_adjusted": number(changes.p_adjusted[at]),
    }
    before, after = (number(level[at]) for level in levels)
    return {"verdict": verdict, "reason": None, "before": before, "after": after, **numbers}


def _obstacles(inputs: Inputs, dimension: str, origin_of: Mapping[str, Origin]) -> list[str]:
    """Return why each topic cannot be compared on a dimension, "" where it can."""
    whole = _changed_question(inputs, dimension)
    codes = previous_of(inputs).get("kept", [])
    obstacles = []
    for topic in inputs["topics"]:
        origin = origin_of[topic["code"]]
        no_answers = "" if origin.before in codes else "no_answers"
        obstacles.append(whole or origin.obstacle or no_answers)
    return obstacles


def _changed_question(inputs: Inputs, dimension: str) -> str:
    previous = previous_of(inputs)
    if dimension not in previous["counts"]:
        return "not_asked_before"
    if not is_comparable(inputs):
        return "scale_changed"
    now, then = (
        _words(rows, dimension) for rows in (inputs["dimensions"], previous.get("dimensions", []))
    )
    # where a rule maps the scale, it maps its words too
    parts = ("question",) if previous["scale"] != inputs["scale"] else tuple(WORDING)
    changed = [
        name for name in parts if now.get(name) and then.get(name) not in (None, now.get(name))
    ]
    return WORDING[changed[0]] if changed else ""


def _words(dimensions: Sequence[Dimension], code: str) -> Mapping[str, Any]:
    """Return the words in which a dimension was asked; none where it was not."""
    return next((dict(row) for row in dimensions if row["code"] == code), {})


def common_units(inputs: Inputs, dimension: str) -> Common:
    """Pool both rounds alike, into the finest units that both can form.

    A unit with a group that was asked in one round only is left out, and so is, on a topic, every
    unit with a mean that either round withheld: no change may tell what a result did not.
    """
    previous = previous_of(inputs)
    now, then = inputs["units"][dimension], previous["units"][dimension]
    members = [_join(groups, now, then) for groups in _finest(now, then)]
    members = [(new, old) for new, old in members if _groups(now, new) == _groups(then, old)]
    earlier = as_before(inputs, dimension)
    counts, old_counts = _visible(inputs, dimension), _visible(earlier, dimension)
    topics = len(inputs["topics"])
    now_empty, then_empty = (
        [np.zeros((0, topics, points + 1), dtype=np.int64)]
        for points in (inputs["scale"]["points"], points_before(inputs))
    )
    weights = []
    for new, _old in members:
        weights.append(float(sum(now[at]["weight"] for at in new)))
    return Common(
        groups=tuple(_groups(now, new) for new, _ in members),
        weights=tuple(weights),
        before=np.concatenate(then_empty + [_pool(old_counts, old)[None] for _, old in members]),
        after=np.concatenate(now_empty + [_pool(counts, new)[None] for new, _ in members]),
        members=tuple((new, old) for new, old in members),
        population=floats([_people(now, new) for new, _ in members]),
        population_before=floats([_people(then, old) for _, old in members]),
        paired=_paired(inputs, earlier, dimension, [_groups(now, new) for new, _ in members]),
    )


def _paired(
    inputs: Inputs, earlier: Inputs, dimension: str, units: Sequence[Sequence[str]]
) -> Floats | None:
    """Return the covariance of each common unit's two means over people who rated in both rounds.

    None where no such people are known. The sums over pairs add up over the groups of a unit.
    """
    sums = previous_of(inputs).get("twice", {}).get(dimension)
    if not sums or version_of(inputs) == "1":
        return None
    n_after = counts_of(inputs, dimension)[..., :-1].sum(axis=-1)
    n_before = counts_of(earlier, dimension)[..., :-1].sum(axis=-1)
    now = {g: at for at, unit in enumerate(inputs["units"][dimension]) for g in unit["groups"]}
    then = {g: at for at, unit in enumerate(earlier["units"][dimension]) for g in unit["groups"]}
    codes: list[str | None] = [*previous_of(inputs)["kept"]]
    origin_of = origins(inputs)
    places = [origin_of[topic["code"]].before for topic in inputs["topics"]]
    table = np.full((len(units), len(places)), np.nan)
    for row, groups in enumerate(units):
        sizes_before = n_before[sorted({then[group] for group in groups})].sum(axis=0)
        sizes_after = n_after[sorted({now[group] for group in groups})].sum(axis=0)
        lines = [sums[group] for group in groups if group in sums]
        if not lines:
            continue
        pairs = np.sum(lines, axis=0)
        for at, before in enumerate(places):
            if before not in codes:
                continue
            n, first, second, both = pairs[codes.index(before)]
            sizes = sizes_before[at], sizes_after[at]
            if n >= 2 and min(sizes) > 0:
                covariance = (both - first * second / n) / (n - 1)
                table[row, at] = covariance * n / (sizes[0] * sizes[1])
    return table


def _people(units: Sequence[Unit], chosen: Sequence[int]) -> float:
    """Return the head count of several units together; NaN where one is unknown."""
    known = [number for at in chosen if (number := units[at].get("population"))]
    return float(sum(known)) if len(known) == len(chosen) else float("nan")


def _finest(*partitions: Sequence[Unit]) -> list[frozenset[str]]:
    """Return the finest sets of groups that every unit of all partitions fits into."""
    sets: list[frozenset[str]] = []
    for unit in (unit for partition in partitions for unit in partition):
        touching = [one for one in sets if one & set(unit["groups"])]
        sets = [one for one in sets if one not in touching]
        sets.append(frozenset(unit["groups"]).union(*touching))
    return sorted(sets, key=sorted)


def _join(groups: frozenset[str], *partitions: Sequence[Unit]) -> tuple[list[int], ...]:
    members = []
    for units in partitions:
        members.append([at for at, unit in enumerate(units) if groups & set(unit["groups"])])
    return tuple(members)


def _groups(units: Sequence[Unit], chosen: Sequence[int]) -> tuple[str, ...]:
    return tuple(sorted(group for at in chosen for group in units[at]["groups"]))


def _pool(counts: Floats, units: list[int]) -> Ints:
    """Return the counts of several units together, none on a topic where one is not visible."""
    total: Ints = without_blanks(counts[units].sum(axis=0)).astype(np.int64)
    return total


def _visible(inputs: Inputs, dimension: str) -> Floats:
    """Return the counts as floats, NaN where the unit's mean on the topic is withheld."""
    counts = counts_of(inputs, dimension)
    suppressed = withheld(inputs, dimension, counts[..., :-1].sum(axis=-1))
    return np.where(suppressed[..., None], np.nan, counts)


def as_before(inputs: Inputs, dimension: str) -> Inputs:
    """Return the previous round as inputs of its own, in the order of this round's topics.

    Topics without an origin there have no answers.
    """
    previous = previous_of(inputs)
    sources = origins(inputs)
    codes: list[str | None] = [*previous["kept"]]
    places = [
        codes.index(origin.before) if origin.before in codes else None
        for origin in (sources[topic["code"]] for topic in inputs["topics"])
    ]
    blank = [0] * (previous["scale"]["points"] + 1)
    counts = {
        unit: [blank if place is None else rows[place] for place in places]
        for unit, rows in previous["counts"].get(dimension, {}).items()
    }
    return {
        "topics": inputs["topics"],
        "dimensions": previous.get("dimensions", []),
        "groups": inputs["groups"],
        "rule": inputs["rule"],
        "scale": previous["scale"],
        "units": {dimension: previous["units"].get(dimension, [])},
        "counts": {dimension: counts},
        "minimum_group": previous.get("minimum_group", inputs.get("minimum_group", analysis.K)),
    }
