"""Labels that overlap nothing: simulated annealing from several starts, with a fixed seed.

The cost of a layout is the cost of each place (direction, distance, what lies under it) plus, for
each pair of labels, what they take from each other. The same input gives the same layout.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from materiality.report.figure.layout.candidates import (
    Anchor,
    Candidates,
    Floats,
    Surroundings,
    around,
    crossings,
    hits,
    overlap,
    passes,
    sign_boxes,
    strips,
    taken,
    ways,
)
from materiality.report.figure.layout.shapes import Label, Rect, Segment

SEED = 11
KEEP_NAME, KEEP_NUMBER = 48, 24  # candidates per label
STARTS, MORE_STARTS = 2, 8  # more where labels still take something from each other
MENDS = 40  # tries to part labels that touch, among many
FEW_LABELS = 20  # these are annealed for looks too; more only where labels touch
CROWD, HOPELESS = 60, 0.2  # of so many labels, once this share of them touch, no try finds room
LABELS_AT_ONCE = 400  # labels times starts; very many labels get fewer starts
SWEEPS = 45
HOT, COOLING = 10.0, 0.87
OVERLAP, CROSSED, LEADERS_CROSS = 45.0, 45.0, 6.0
ANCHORS = {1: "start", 0: "middle", -1: "end"}


@dataclass(frozen=True)
class Placement:
    """Labels in the order of their anchors, and how many faults no arrangement could avoid."""

    labels: tuple[Label, ...]
    faults: int

    @property
    def is_hopeless(self) -> bool:
        """Whether more work would not make it legible."""
        return len(self.labels) > CROWD and self.faults > HOPELESS * len(self.labels)


def place(
    anchors: Sequence[Anchor],
    surroundings: Surroundings,
    *,
    seed: int = SEED,
    thorough: bool = False,
    is_trial: bool = False,
) -> Placement:
    """Return the best arrangement found.

    :param thorough: consider every candidate place, not only the cheapest ones of each label.
    :param is_trial: give up soon where many labels do not fit; there is another way to write them.

    A fault is a label over another label or over a sign, outside the bounds, or under a leader.
    """
    if not anchors:
        return Placement((), 0)
    keep = [None if thorough else _keep(anchor) for anchor in anchors]
    problem = _Problem(around(anchors, surroundings, keep), surroundings.size)
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    chosen = _anneal(problem, chance, is_trial=is_trial)
    picked = problem.candidates.take(np.array(chosen))
    labels = tuple(_label(picked, at, anchor) for at, anchor in enumerate(anchors))
    return Placement(labels, faults(picked, anchors, surroundings))


def _keep(anchor: Anchor) -> int:
    return KEEP_NAME if len(anchor.wordings[0].lines[0]) > 4 else KEEP_NUMBER


def _label(picked: Candidates, at: int, anchor: Anchor) -> Label:
    leader = picked.leader[at].tolist() if picked.has_leader[at] else None
    return Label(
        anchor.wordings[picked.wording[at]].lines,
        Rect(*picked.box[at].tolist()),
        ANCHORS[int(picked.side[at])],
        Segment(*leader) if leader else None,
    )


def faults(picked: Candidates, anchors: Sequence[Anchor], around: Surroundings) -> int:
    """Return how many faults this arrangement has."""
    signs = sign_boxes(anchors)
    other = ~np.eye(len(anchors), dtype=bool)
    bounds, (x, y, w, h) = around.bounds, picked.box.T
    out = (
        (x < bounds.x - 1e-9)
        | (y < bounds.y - 1e-9)
        | (x + w > bounds.right + 1e-9)
        | (y + h > bounds.bottom + 1e-9)
    )
    boxes = np.array([(r.x, r.y, r.w, r.h) for r in around.taken]).reshape(-1, 4)
    return int(
        (overlap(picked.box, picked.box, 0.0)[other] > 0).sum() // 2
        + ((overlap(picked.box, signs, 0.0) > 0) & other).sum()
        + (hits(picked.leader, picked.box, 0.0) & other).sum()
        + (overlap(picked.box, boxes, 0.0) > 0).sum()
        + out.sum()
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """What one candidate costs together with others: only with those that it takes from."""

    at: NDArray[np.int64]
    cost: Floats


class _Problem:
    """The candidates of all labels, with the cost of each pair worked out when first needed."""

    def __init__(self, candidates: Candidates, size: float) -> None:
        self.candidates, self.size = candidates, size
        owners = candidates.owner
        self.first = np.searchsorted(owners, np.arange(owners[-1] + 1)).tolist()
        self.end = [*self.first[1:], len(owners)]
        self.has_leader = candidates.has_leader
        self._extent = np.ascontiguousarray(candidates.extent().T)
        # What is asked of every pair, once as columns: a row then takes those of its neighbours.
        self._ways = ways(candidates.leader)
        self._strips = strips(candidates.box, size * 0.1)
        self._rows: dict[int, _Row] = {}

    def _near(self, candidate: int) -> NDArray[np.int64]:
        """Return the candidates of other labels that this one could touch; few do."""
        (x0, y0, x1, y1), margin = self._extent, self.size
        left, top, right, bottom = self._extent[:, candidate]
        touching = x0 < right + margin
        touching &= x1 > left - margin
        touching &= y0 < bottom + margin
        touching &= y1 > top - margin
        label = self.candidates.owner[candidate]
        touching[self.first[label] : self.end[label]] = False
        return np.flatnonzero(touching)

    def row(self, candidate: int) -> _Row:
        """Return the cost of this candidate together with each that it takes something from."""
        if candidate not in self._rows:
            self._rows[candidate] = self._row(candidate)
        return self._rows[candidate]

    def _row(self, candidate: int) -> _Row:
        every, one, size = self.candidates, slice(candidate, candidate + 1), self.size
        near = self._near(candidate)
        area = overlap(every.box[one], every.box[near], size * 0.3)[0]
        cost = np.where(area > 0, OVERLAP + area / size**2 * 20, 0.0)
        # Who has no leader has NaN for it, which passes and crosses nothing.
        cost += CROSSED * passes(taken(self._ways, near), taken(self._strips, candidate))
        if self.has_leader[candidate]:
            cost += CROSSED * passes(taken(self._ways, candidate), taken(self._strips, near))
            cost += LEADERS_CROSS * crossings(every.leader[one], every.leader[near])[0]
        taking = cost > 0
        return _Row(near[taking], cost[taking])


class _State:
    """One arrangement, and for every candidate what the labels chosen now would cost it."""

    def __init__(self, problem: _Problem) -> None:
        self.problem = problem
        self.chosen = list(problem.first)
        self.own = problem.candidates.cost
        self.field: Floats = np.zeros(len(self.own))
        for candidate in self.chosen:
            row = problem.row(candidate)
            self.field[row.at] += row.cost
        # Labels whose places may cost something else than when they last looked for a better one.
        self.is_stirred = np.ones(len(self.chosen), dtype=bool)

    def price(self, candidate: int) -> float:
        return float(self.own[candidate] + self.field[candidate])

    def move(self, label: int, candidate: int) -> None:
        new, old = self.problem.row(candidate), self.problem.row(self.chosen[label])
        change = np.zeros(len(self.own))
        change[new.at] = new.cost
        change[old.at] -= old.cost
        touched = np.concatenate((new.at, old.at))
        self.field[touched] += change[touched]  # one that stands twice is written once
        self.chosen[label] = candidate
        self.is_stirred[self.problem.candidates.owner[touched]] = True
        self.is_stirred[label] = True

    def total(self) -> float:
        return float(self.own[self.chosen].sum()) + self.quarrel() / 2

    def quarrel(self) -> float:
        """What the labels take from each other, each pair counted twice."""
        return float(self.field[self.chosen].sum())

    def touching(self) -> list[int]:
        """Return the labels that take something from another."""
        return np.flatnonzero(self.field[self.chosen] > 1e-9).tolist()

    def around(self, label: int) -> list[int]:
        """Return a label and those that it touches now."""
        at = self.problem.row(self.chosen[label]).at
        touched = at[np.isin(at, self.chosen)]
        return [label, *np.unique(self.problem.candidates.owner[touched]).tolist()]

    def copy(self) -> "_State":
        same = _State.__new__(_State)
        same.problem, same.own = self.problem, self.own
        same.chosen, same.field = list(self.chosen), self.field.copy()
        same.is_stirred = self.is_stirred.copy()
        return same

    def descend(self) -> None:
        """Give each label its cheapest place until none moves."""
        for _ in range(10):
            has_moved = False
            for label in range(len(self.chosen)):
                # Nothing has changed for the others: they would stay where they are.
                if self.is_stirred[label]:
                    has_moved |= self._improve(label)
            if not has_moved:
                return

    def _improve(self, label: int) -> bool:
        first, end = self.problem.first[label], self.problem.end[label]
        prices = self.own[first:end] + self.field[first:end]
        best = first + int(np.argmin(prices))
        self.is_stirred[label] = False
        if self.price(best) >= self.price(self.chosen[label]) - 1e-9:
            return False
        self.move(label, best)
        self.is_stirred[label] = False
        return True


def _anneal(problem: _Problem, chance: random.Random, *, is_trial: bool) -> list[int]:
    """Return the cheapest arrangement of several starts: one greedy, the others annealed.

    Of many labels only those that touch are moved at first: all of them at once take long.
    """
    state = _State(problem)
    state.descend()
    touching = len(state.touching())
    if len(state.chosen) > CROWD and touching > HOPELESS * len(state.chosen):
        return state.chosen
    if len(state.chosen) > FEW_LABELS:
        state = _mend(state, chance)
        if is_trial:
            return state.chosen
    best, least, quarrel = list(state.chosen), state.total(), state.quarrel()
    enough = STARTS if len(state.chosen) <= FEW_LABELS else 0
    for start in range(max(STARTS, min(MORE_STARTS, LABELS_AT_ONCE // len(state.chosen)))):
        if start >= enough and quarrel < 1e-9:
            break
        state = _State(problem)
        _cool(state, chance)
        state.descend()
        if state.total() < least - 1e-9:
            best, least, quarrel = list(state.chosen), state.total(), state.quarrel()
    return best


def _mend(state: _State, chance: random.Random) -> _State:
    """Return the arrangement with the labels that touch, and their neighbours, put elsewhere."""
    for _ in range(MENDS):
        touching = state.touching()
        if not touching:
            break
        tried = state.copy()
        for label in tried.around(touching[int(chance.random() * len(touching))]):
            first, end = tried.problem.first[label], tried.problem.end[label]
            tried.move(label, first + int(chance.random() * chance.random() * (end - first)))
        tried.descend()
        if tried.total() < state.total() - 1e-9:
            state = tried
    return state


def _cool(state: _State, chance: random.Random) -> None:
    problem, heat = state.problem, HOT
    for _ in range(SWEEPS):
        for _ in state.chosen:
            label = int(chance.random() * len(state.chosen))
            first, end = problem.first[label], problem.end[label]
            candidate = first + int(chance.random() * chance.random() * (end - first))
            worse = state.price(candidate) - state.price(state.chosen[label])
            if worse <= 0 or chance.random() < math.exp(-worse / heat):
                state.move(label, candidate)
        heat *= COOLING
