"""On what each tier depends: a unit left out, a weight changed, a cut moved."""

from collections.abc import Callable, Iterator, Mapping
from operator import methodcaller
from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Bools, Floats, Ints, floats, ratio
from materiality.document.schema import AXES, Axis, Dimension, Evaluation, Inputs
from materiality.method.composites import compose, parts
from materiality.method.feeding import is_fed
from materiality.method.groups import groups_asked
from materiality.method.rules import axis_cuts, suggested_tiers
from materiality.method.scoring import counts_of, disclosed_means, topic_weights
from materiality.method.suppression import withheld

Row = dict[str, Any]

SHIFTS = (-0.25, 0.25)
DRAWS = 1000
NUDGE = 1e-6


def of_topics(inputs: Inputs, results: Evaluation) -> list[Row]:
    """Return per topic who decides its tier, at which shares it changes, and how often it holds.

    Nothing is said where the register feeds the axes: units do not decide alone then. Weights are
    those of units; all rules and decisions aside, tiers here are the suggested ones.
    """
    rows: list[Row] = [{"deciding_units": [], "switches": []} for _topic in inputs["topics"]]
    if is_fed(inputs):
        return [{**row, "weight_stability": None} for row in rows]
    frames = _frames(inputs, results)
    for frame in frames:
        for unit, topic in zip(*np.nonzero(frame.decides()), strict=True):
            rows[topic]["deciding_units"].append(frame.name(unit))
        for topic, switch in frame.switches():
            rows[topic]["switches"].append(switch)
    holds = _weight_stability(inputs, frames, _coordinates(results))
    for row, share in zip(rows, holds, strict=True):
        row["switches"].sort(key=lambda one: abs(one["share"] - one["now"]))
        row["weight_stability"] = None if np.isnan(share) else float(share)
    return rows


def of_tiers(inputs: Inputs, results: Evaluation) -> list[Row]:
    """Return what would change the tier of which topics: units left out, cuts moved, equal weights.

    One row {what, dimension, unit, shift, topics} each; `topics` are those that change.
    """
    if is_fed(inputs):
        return []
    frames = _frames(inputs, results)
    now, coordinates = _suggested_tiers(results), _coordinates(results)
    rows = []
    for frame in frames:
        for unit, tiers in enumerate(frame.without()):
            rows.append(_variant("left_out", now, tiers, inputs, **frame.name(unit)))
    for shift in SHIFTS if inputs["rule"].get("cuts") or inputs["rule"].get("axis_cuts") else ():
        tiers = suggested_tiers(inputs, *coordinates, shift=shift)
        rows.append(_variant("cuts", now, tiers, inputs, shift=shift))
    equal = dict(zip("xy", coordinates, strict=True))
    for frame in frames:
        equal[frame.axis] = frame.score(AxisPart.equal)
    rows.append(
        _variant("equal_weights", now, suggested_tiers(inputs, equal["x"], equal["y"]), inputs)
    )
    return rows


def _variant(what: str, now: Ints, tiers: Ints, inputs: Inputs, **details: Any) -> Row:
    changed = np.flatnonzero(analysis.tiers_changed(now, tiers) & (now > 0) & (tiers > 0))
    about = {"dimension": None, "unit": None, "shift": None} | details
    return {"what": what, **about, "topics": [inputs["topics"][at]["code"] for at in changed]}


class AxisPart:
    """One question behind an axis: its unit means as they are disclosed, and their weights."""

    def __init__(self, inputs: Inputs, code: str) -> None:
        n = counts_of(inputs, code)[..., :-1].sum(axis=-1)
        self.held: Bools = withheld(inputs, code, n)
        self.weights = topic_weights(inputs, code, self.held)
        self.means = disclosed_means(inputs, code)
        self.groups = groups_asked(inputs, code)

    @property
    def speaks(self) -> Bools:
        return (self.weights > 0) & np.isfinite(self.means)

    def equal(self) -> Floats:
        """Return weights under which each group that was asked counts once."""
        return np.where(self.weights > 0, self.groups, 0.0)

    def without(self, unit: int) -> Floats:
        """Return the weights without a unit; without all withheld ones where it is withheld."""
        gone = self.held[unit] & self.held
        gone[unit] = True
        return np.where(gone, 0.0, self.weights)


class Frame:
    """One axis as seen from its units: the other axis stands still."""

    def __init__(
        self, inputs: Inputs, axis: Axis, dimension: Dimension, scores: list[Floats]
    ) -> None:
        self.inputs, self.axis = inputs, axis
        self.made_of = dimension.get("composite")
        codes = parts(self.made_of) if self.made_of else [dimension["code"]]
        self.parts = {code: AxisPart(inputs, code) for code in codes}
        self.dimension = codes[0]  # of several questions all are asked of the same units
        at = "xy".index(self.axis)
        self.own, self.other = scores[at], scores[1 - at]

    def name(self, unit: int) -> Row:
        units = self.inputs["units"][self.dimension]
        return {"dimension": self.dimension, "unit": units[unit]["code"]}

    def score(self, weights: Callable[[AxisPart], Floats]) -> Floats:
        """Return the scores under other weights; undefined where they are not shown."""
        return self.composed(
            {
                code: analysis.weighted_mean(part.means, weights(part)).mean
                for code, part in self.parts.items()
            }
        )

    def composed(self, scores: Mapping[str, Floats]) -> Floats:
        """Return one number of the parts' scores, [topics] or [draws, topics]."""
        values = scores[self.dimension]
        if self.made_of:
            values = compose(self.inputs, self.made_of, scores.__getitem__)
        return np.where(np.isfinite(self.own), values, np.nan)

    def tiers(self, scores: Floats) -> Ints:
        """Return the tiers that scores on this axis give, the other axis as it is."""
        x, y = (scores, self.other) if self.axis == "x" else (self.other, scores)
        return suggested_tiers(self.inputs, *np.broadcast_arrays(x, y))

    def without(self) -> Ints:
        """Return the tiers without each unit in turn: [units, topics]."""
        return self.tiers(self._left_out())

    def _left_out(self) -> Floats:
        units = range(len(self.inputs["units"][self.dimension]))
        return np.stack([self.score(methodcaller("without", at)) for at in units])

    def decides(self) -> Bools:
        """Return which units decide each topic's tier: [units, topics].

        A unit without weight or ratings decides nothing, and the only one of an axis need not be
        named.
        """
        speaks: Bools = np.any([part.speaks for part in self.parts.values()], axis=0)
        if len(speaks) == 1:
            return np.zeros_like(speaks)
        current = self.tiers(self.own)
        return analysis.tiers_changed(current, self.without()) & speaks & (current > 0)

    def switches(self) -> Iterator[tuple[int, Row]]:
        """Yield the shares of the answering weight at which one unit alone changes a tier.

        S(w) = w m_g + (1 - w) S(-g), so w = (c - S(-g)) / (m_g - S(-g)), for each cut c on this
        axis. Not for withheld means, which would follow from it, nor for an axis of several
        questions, which is not linear in the weights.
        """
        if self.made_of:
            return
        part = self.parts[self.dimension]
        spoken = np.where(np.isfinite(part.means), part.weights, 0.0)
        now = ratio(spoken, spoken.sum(axis=0))
        rest = self._left_out()
        for cut in axis_cuts(self.inputs, self.axis, self.other):
            share = np.where(part.held, np.nan, ratio(cut - rest, part.means - rest))
            beyond = self.tiers(cut + np.where(self.own < cut, NUDGE, -NUDGE))
            for unit, topic in zip(*np.nonzero((share >= 0) & (share <= 1)), strict=True):
                row = {"share": float(share[unit, topic]), "now": float(now[unit, topic])}
                yield int(topic), {**self.name(unit), **row, "tier": int(beyond[topic])}


def _weight_stability(inputs: Inputs, frames: list[Frame], scores: list[Floats]) -> Floats:
    """Return the share of weights around the chosen ones that keep each topic's tier."""
    seed = int(inputs.get("seed", 1))
    drawn = {axis: np.tile(own, (DRAWS, 1)) for axis, own in zip("xy", scores, strict=True)}
    for at, frame in enumerate(frames):
        chosen = [unit["weight"] for unit in inputs["units"][frame.dimension]]
        if not sum(chosen):
            return np.full(len(inputs["topics"]), np.nan)
        weights = analysis.weights_around(chosen, draws=DRAWS, seed=seed + at)
        drawn[frame.axis] = frame.composed(
            {code: analysis.scores_under(part.means, weights) for code, part in frame.parts.items()}
        )
    now = suggested_tiers(inputs, *scores)
    same = suggested_tiers(inputs, drawn["x"], drawn["y"]) == now
    return np.where(now > 0, same.mean(axis=0), np.nan)


def _frames(inputs: Inputs, results: Evaluation) -> list[Frame]:
    """Return the frames of x and y, in this order."""
    scores = _coordinates(results)
    by_axis = {row["axis"]: row for row in inputs["dimensions"] if row.get("axis")}
    return [Frame(inputs, axis, by_axis[axis], scores) for axis in AXES]


def _coordinates(results: Evaluation) -> list[Floats]:
    coordinates = []
    for axis in AXES:
        coordinates.append(floats([row[axis] for row in results["topics"]]))
    return coordinates


def _suggested_tiers(results: Evaluation) -> Ints:
    return np.array([row["suggested_tier"] or 0 for row in results["topics"]], dtype=np.int64)
