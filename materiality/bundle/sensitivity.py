"""On what each tier depends: a unit left out, a weight changed, a cut moved."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Bools, Floats, Ints, floats, ratio
from materiality.bundle.rules import axis_cuts, suggested_tiers
from materiality.bundle.scoring import counts_of, disclosed_means, topic_weights, withheld

Inputs = Mapping[str, Any]
Row = dict[str, Any]

SHIFTS = (-0.25, 0.25)
DRAWS = 1000
NUDGE = 1e-6


def of_topics(inputs: Inputs, results: Mapping[str, Any]) -> list[Row]:
    """Return per topic who decides its tier, at which shares it changes, and how often it holds.

    Weights are those of units; all rules and decisions aside, tiers here are the suggested ones.
    """
    frames = _frames(inputs, results)
    rows: list[Row] = [{"deciding_units": [], "switches": []} for _topic in inputs["topics"]]
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


def of_tiers(inputs: Inputs, results: Mapping[str, Any]) -> list[Row]:
    """Return what would change the tier of which topics: units left out, cuts moved, equal weights.

    One row {what, dimension, unit, shift, topics} each; `topics` are those that change.
    """
    frames = _frames(inputs, results)
    now, coordinates = _suggested(results), _coordinates(results)
    rows = []
    for frame in frames:
        for unit, tiers in enumerate(frame.without()):
            rows.append(_variant("left_out", now, tiers, inputs, **frame.name(unit)))
    for shift in SHIFTS if inputs["rule"].get("cuts") or inputs["rule"].get("axis_cuts") else ():
        tiers = suggested_tiers(inputs, *coordinates, shift=shift)
        rows.append(_variant("cuts", now, tiers, inputs, shift=shift))
    equal = dict(zip("xy", coordinates, strict=True))
    for frame in frames:
        equal[frame.axis] = frame.score(np.where(frame.weights > 0, 1.0, 0.0))
    rows.append(
        _variant("equal_weights", now, suggested_tiers(inputs, equal["x"], equal["y"]), inputs)
    )
    return rows


def _variant(what: str, now: Ints, tiers: Ints, inputs: Inputs, **details: Any) -> Row:
    changed = np.flatnonzero(analysis.tiers_changed(now, tiers) & (now > 0) & (tiers > 0))
    about = {"dimension": None, "unit": None, "shift": None} | details
    return {"what": what, **about, "topics": [inputs["topics"][at]["code"] for at in changed]}


class Frame:
    """One axis as seen from its units: the other axis stands still."""

    def __init__(self, inputs: Inputs, dimension: Mapping[str, Any], scores: list[Floats]) -> None:
        code = dimension["code"]
        self.inputs, self.dimension, self.axis = inputs, code, str(dimension["axis"])
        n = counts_of(inputs, code)[..., :-1].sum(axis=-1)
        self.held: Bools = withheld(inputs, code, n)
        self.weights = topic_weights(inputs, code, self.held)
        self.means = disclosed_means(inputs, code)
        at = "xy".index(self.axis)
        self.own, self.other = scores[at], scores[1 - at]

    def name(self, unit: int) -> Row:
        units = self.inputs["units"][self.dimension]
        return {"dimension": self.dimension, "unit": units[unit]["code"]}

    def score(self, weights: Floats) -> Floats:
        """Return the scores under other weights; undefined where they are not shown."""
        found = analysis.weighted_mean(self.means, weights).mean
        return np.where(np.isfinite(self.own), found, np.nan)

    def tiers(self, scores: Floats) -> Ints:
        """Return the tiers that scores on this axis give, the other axis as it is."""
        x, y = (scores, self.other) if self.axis == "x" else (self.other, scores)
        return suggested_tiers(self.inputs, *np.broadcast_arrays(x, y))

    def without(self) -> Ints:
        """Return the tiers without each unit in turn: [units, topics]."""
        return self.tiers(self._left_out())

    def _left_out(self) -> Floats:
        """Return the scores without each unit; without all withheld ones where it is withheld."""
        kept = 1.0 - np.eye(len(self.weights))[:, :, None] * np.ones(self.held.shape[1])
        kept = np.where(self.held[:, None, :] & self.held[None, :, :], 0.0, kept)
        return np.stack([self.score(self.weights * row) for row in kept])

    def decides(self) -> Bools:
        """Return which units decide each topic's tier: [units, topics].

        A unit without weight or ratings decides nothing, and the only one of an axis need not be
        named.
        """
        if len(self.weights) == 1:
            return np.zeros(self.held.shape, dtype=bool)
        speaks = (self.weights > 0) & np.isfinite(self.means)
        current = self.tiers(self.own)
        return analysis.tiers_changed(current, self.without()) & speaks & (current > 0)

    def switches(self) -> Iterator[tuple[int, Row]]:
        """Yield the shares of the answering weight at which one unit alone changes a tier.

        S(w) = w m_g + (1 - w) S(-g), so w = (c - S(-g)) / (m_g - S(-g)), for each cut c on this
        axis. Not for withheld means, which would follow from it.
        """
        spoken = np.where(np.isfinite(self.means), self.weights, 0.0)
        now = ratio(spoken, spoken.sum(axis=0))
        rest = self._left_out()
        for cut in axis_cuts(self.inputs, self.axis, self.other):
            share = np.where(self.held, np.nan, ratio(cut - rest, self.means - rest))
            beyond = self.tiers(cut + np.where(self.own < cut, NUDGE, -NUDGE))
            for unit, topic in zip(*np.nonzero((share >= 0) & (share <= 1)), strict=True):
                found = {"share": float(share[unit, topic]), "now": float(now[unit, topic])}
                yield int(topic), {**self.name(unit), **found, "tier": int(beyond[topic])}


def _weight_stability(inputs: Inputs, frames: list[Frame], scores: list[Floats]) -> Floats:
    """Return the share of weights around the chosen ones that keep each topic's tier."""
    seed = int(inputs.get("seed", 1))
    drawn = {axis: np.tile(own, (DRAWS, 1)) for axis, own in zip("xy", scores, strict=True)}
    for at, frame in enumerate(frames):
        chosen = [unit["weight"] for unit in inputs["units"][frame.dimension]]
        if not sum(chosen):
            return np.full(len(inputs["topics"]), np.nan)
        weights = analysis.weights_around(chosen, draws=DRAWS, seed=seed + at)
        found = analysis.scores_under(frame.means, weights)
        drawn[frame.axis] = np.where(np.isfinite(frame.own), found, np.nan)
    now = suggested_tiers(inputs, *scores)
    kept = suggested_tiers(inputs, drawn["x"], drawn["y"]) == now
    return np.where(now > 0, kept.mean(axis=0), np.nan)


def _frames(inputs: Inputs, results: Mapping[str, Any]) -> list[Frame]:
    """Return the frames of x and y, in this order; a composite axis has no units of its own."""
    scores = _coordinates(results)
    by_axis = {row["axis"]: row for row in inputs["dimensions"] if row.get("axis")}
    return [
        Frame(inputs, by_axis[axis], scores) for axis in "xy" if not by_axis[axis].get("composite")
    ]


def _coordinates(results: Mapping[str, Any]) -> list[Floats]:
    return [floats([row[axis] for row in results["topics"]]) for axis in "xy"]


def _suggested(results: Mapping[str, Any]) -> Ints:
    return np.array([row["suggested_tier"] or 0 for row in results["topics"]], dtype=np.int64)
