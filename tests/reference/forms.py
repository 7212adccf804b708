"""Methods of forms that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Bools, Floats, floats, ratio


@dataclass(frozen=True, slots=True, eq=False)
class Worths:
    """Per topic: the log worth, mean zero; NaN for all where the data cannot order them."""

    log_worth: Floats
    converged: bool

    @property
    def shares(self) -> Floats:
        """The worths scaled to sum to one."""
        worth = np.exp(self.log_worth)
        return ratio(worth, worth.sum())


def top_n_shares(choices: ArrayLike, topics: int, *, respondents: int | None = None) -> Floats:
    """Return the share of respondents who put each topic among their top ones.

    :param choices: [respondents, n] topic codes, negative for an unused place; or a flat list of
        codes with ``respondents`` given.
    """
    codes = np.asarray(choices, dtype=np.int64)
    people = codes.shape[0] if respondents is None else respondents
    return ratio(np.bincount(codes[codes >= 0].ravel(), minlength=topics), people)


def mean_ranks(rankings: ArrayLike) -> Floats:
    """Return the mean rank of each topic over complete rankings (Borda); lower is better.

    :param rankings: [respondents, topics] rank of each topic, NaN for missing.
    """
    given = floats(rankings)
    known = np.isfinite(given)
    return ratio(np.where(known, given, 0.0).sum(axis=0), known.sum(axis=0))


def budget_shares(points: ArrayLike) -> Floats:
    """Return the mean share of each topic when everyone shares out points; all-zero rows drop out.

    :param points: [respondents, topics], at least 0, NaN as 0.
    """
    given = np.nan_to_num(floats(points))
    shares = ratio(given, given.sum(axis=1, keepdims=True))
    return ratio(np.nan_to_num(shares).sum(axis=0), (given.sum(axis=1) > 0).sum())


def pair_wins(rankings: Sequence[Sequence[int]], topics: int) -> Floats:
    """Return how often each topic (row) was placed above each other (column).

    :param rankings: for each respondent topic codes, best first; topics not named do not count.
    """
    wins = np.zeros((topics, topics))
    for ranking in rankings:
        for place, winner in enumerate(ranking):
            wins[winner, list(ranking[place + 1 :])] += 1
    return wins


def bradley_terry(wins: ArrayLike, *, tolerance: float = 1e-12, steps: int = 100_000) -> Worths:
    """Return the worth of each topic from paired comparisons, by maximum likelihood.

    P(i beats j) = w_i / (w_i + w_j) (Bradley & Terry 1952); Hunter's (2004) iteration
    w_i <- W_i / sum_j n_ij / (w_i + w_j). Exists only if every topic can be reached from every
    other through wins; otherwise NaN, and counting is all that can be said.

    :param wins: [topics, topics] row over column.
    """
    won = floats(wins).copy()
    np.fill_diagonal(won, 0.0)
    if not _strongly_connected(won > 0):
        return Worths(log_worth=np.full(len(won), np.nan), converged=False)
    games, total = won + won.T, won.sum(axis=1)
    worth = np.ones(len(won))
    for _ in range(steps):
        update = total / (games / (worth[:, None] + worth)).sum(axis=1)
        update /= np.exp(np.log(update).mean())
        moved, worth = np.abs(update / worth - 1).max(), update
        if moved < tolerance:
            return Worths(log_worth=np.log(worth), converged=True)
    return Worths(log_worth=np.log(worth), converged=False)


def plackett_luce(
    rankings: Sequence[Sequence[int]],
    topics: int,
    *,
    tolerance: float = 1e-12,
    steps: int = 100_000,
) -> Worths:
    """Return the worth of each topic from rankings, by maximum likelihood.

    P(ranking) = prod_k w_k / sum_{l >= k} w_l (Luce 1959; Plackett 1975), by Hunter's (2004)
    iteration: w_i <- (times i was placed, not last) / sum over stages with i of 1 / sum of worths.
    Exists under the same condition as :func:`bradley_terry`; otherwise NaN.

    :param rankings: for each respondent topic codes, best first; topics not named do not count.
    """
    if not _strongly_connected(pair_wins(rankings, topics) > 0):
        return Worths(log_worth=np.full(topics, np.nan), converged=False)
    stages, won = _stages(rankings, topics)
    worth = np.ones(topics)
    for _ in range(steps):
        update = won / (stages.T @ (1.0 / (stages @ worth)))
        update /= np.exp(np.log(update).mean())
        moved, worth = np.abs(update / worth - 1).max(), update
        if moved < tolerance:
            return Worths(log_worth=np.log(worth), converged=True)
    return Worths(log_worth=np.log(worth), converged=False)


def _stages(rankings: Sequence[Sequence[int]], topics: int) -> tuple[Floats, Floats]:
    """Return every choice as a row of the topics still open, and each topic's number of wins."""
    open_topics, won = [], np.zeros(topics)
    for ranking in rankings:
        for place in range(len(ranking) - 1):
            row = np.zeros(topics)
            row[list(ranking[place:])] = 1.0
            open_topics.append(row)
            won[ranking[place]] += 1
    return np.array(open_topics), won


def _strongly_connected(beats: Bools) -> bool:
    """Return whether every topic reaches every other along wins."""
    reach = beats | np.eye(len(beats), dtype=bool)
    for _ in range(len(beats).bit_length()):
        reach = (reach.astype(np.float64) @ reach.astype(np.float64)) > 0
    return bool(reach.all())
