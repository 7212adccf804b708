"""Can anything about a few people be worked out from what the results publish? A rank test.

Every published number on a topic is a weighted sum of the units' sums of ratings, of this round and
the one before; the share of high ratings is one of their numbers of high ratings.
`analysis.derivable` finds each set of units with fewer than `minimum_group` ratings together of
which something follows from those sums.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, Ints, ratio
from materiality.document.schema import Evaluation, Inputs, Score, Unit
from materiality.method.feeding import survey_score
from materiality.method.scoring import counts_of, topic_weights
from materiality.method.suppression import minimum_group, withheld
from materiality.method.years import as_before, common_units

Row = dict[str, Any]


def audit(inputs: Inputs, results: Evaluation) -> list[Row]:
    """Return what can be derived of fewer than `minimum_group` ratings; empty if nothing can.

    :param results: what is published, from `evaluate(inputs)`.
    :returns: rows {dimension, topic, units}; units of the previous round end in "@previous".
    """
    findings = []
    dimensions = [dimension for dimension, units in inputs["units"].items() if units]
    for dimension in dimensions:
        for at, topic in enumerate(results["topics"]):
            columns, sizes, published = _table(inputs, results, dimension, at)
            least = minimum_group(inputs, dimension)
            sets = list(analysis.derivable(published, sizes, k=least))
            sets += analysis.derivable(*_high_shares(inputs, results, dimension, at), k=least)
            for units in sets:
                names = [columns[unit] for unit in units]
                findings.append({"dimension": dimension, "topic": topic["code"], "units": names})
    return findings


def _high_shares(
    inputs: Inputs, results: Evaluation, dimension: str, at: int
) -> tuple[Floats, Ints]:
    """Return what the share of high ratings tells of the units' numbers of high ratings, and sizes.

    One row, where the share is told at all; no page or file tells a unit's own. The bounds under
    "cannot judge" are told only where every unit's mean and numbers are.
    """
    score = results["topics"][at]["scores"][dimension]
    n = _ratings(inputs, dimension)[:, at]
    held = withheld(inputs, dimension, _ratings(inputs, dimension))
    weights = np.where(n > 0, topic_weights(inputs, dimension, held)[:, at], 0.0)
    rows = [] if survey_score(score) is None else [np.nan_to_num(ratio(weights, n))]
    return _stacked(rows, n.size), n


def _table(
    inputs: Inputs, results: Evaluation, dimension: str, at: int
) -> tuple[list[str], Ints, Floats]:
    """Return names and sizes of the columns (units), and one row per published number."""
    units = inputs["units"][dimension]
    n = _ratings(inputs, dimension)[:, at]
    rows = list(_this_round(inputs, results["topics"][at]["scores"][dimension], dimension, at, n))
    names = [str(unit["code"]) for unit in units]
    earlier = as_before(inputs, dimension) if results.get("year_on_year") else None
    if earlier is None:
        return names, n, _stacked(rows, len(units))
    n_before = _ratings(earlier, dimension)[:, at]
    names += [f"{unit['code']}@previous" for unit in earlier["units"][dimension]]
    rows = [np.concatenate([row, np.zeros(n_before.size)]) for row in rows]
    before = _shown_rows(earlier, dimension, at, n_before)
    rows += [np.concatenate([np.zeros(n.size), row]) for row in before]
    rows += _changes(inputs, earlier, results, dimension, at)
    return names, np.concatenate([n, n_before]), _stacked(rows, len(names))


def _stacked(rows: Sequence[Floats], width: int) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(-1, width)


def _ratings(inputs: Inputs, dimension: str) -> Ints:
    n: Ints = counts_of(inputs, dimension)[..., :-1].sum(axis=-1)
    return n


def _this_round(inputs: Inputs, score: Score, dimension: str, at: int, n: Ints) -> Iterator[Floats]:
    """Yield one row per number that the results print on this topic."""
    codes = [unit["code"] for unit in inputs["units"][dimension]]
    yield from np.eye(n.size)[[score["units"][code]["mean"] is not None for code in codes]]
    suppressed = withheld(inputs, dimension, _ratings(inputs, dimension))
    weights = np.where(n > 0, topic_weights(inputs, dimension, suppressed)[:, at], 0.0)
    if survey_score(score) is not None:
        yield np.nan_to_num(ratio(weights, n))
    together = score.get("withheld")
    if together and together["mean"] is not None:
        yield np.nan_to_num(ratio(weights * suppressed[:, at], n))


def _shown_rows(inputs: Inputs, dimension: str, at: int, n: Ints) -> Iterator[Floats]:
    """Yield the rows of a round of which only the inputs are known: means and score."""
    suppressed = withheld(inputs, dimension, _ratings(inputs, dimension))
    yield from np.eye(n.size)[~suppressed[:, at] & (n > 0)]
    weights = np.where(n > 0, topic_weights(inputs, dimension, suppressed)[:, at], 0.0)
    if n[weights > 0].sum() >= minimum_group(inputs, dimension):
        yield np.nan_to_num(ratio(weights, n))


def _changes(
    inputs: Inputs, earlier: Inputs, results: Evaluation, dimension: str, at: int
) -> list[Floats]:
    """Return the rows of this year's and last year's score over the common units."""
    compared = results.get("year_on_year")
    change = compared["topics"][at]["dimensions"].get(dimension) if compared else None
    if change is None or change["change"] is None:
        return []
    common = common_units(inputs, dimension)
    n = [counts[:, at, :-1].sum(axis=-1) for counts in (common.after, common.before)]
    share = np.where((n[0] > 0) & (n[1] > 0), common.weights, 0.0)
    now, then = (
        _spread(each["units"][dimension], common.groups, np.nan_to_num(ratio(share, size)))
        for each, size in zip((inputs, earlier), n, strict=True)
    )
    return [np.append(now, 0 * then), np.append(0 * now, then), np.append(now, -then)]


def _spread(units: Sequence[Unit], groups: Sequence[tuple[str, ...]], value: Floats) -> Floats:
    """Return for each unit the coefficient of the common unit it belongs to, 0 for none."""
    of = {group: at for at, members in enumerate(groups) for group in members}
    places = [of.get(unit["groups"][0]) for unit in units]
    return np.array([0.0 if place is None else value[place] for place in places])
