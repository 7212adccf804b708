"""Weights from judgements: pair by pair, or each against the best and the worst.

Nothing is stored here: the weights go to the results page, are tried there and saved with a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from materiality.analysis import ahp_weights, best_worst_weights, reciprocal_matrix

CONSISTENT = 0.10
"""Saaty (1980): judgements that contradict each other more should be looked at again."""
MOST_PAIRED = 10
"""Random indices are published for up to ten items; 45 pairs are more than anybody judges well."""


@dataclass(frozen=True)
class Judged:
    """Shares that sum to 1, in the order of the items, and how far the judgements agree."""

    shares: tuple[float, ...]
    consistency_ratio: float

    @property
    def is_consistent(self) -> bool:
        return self.consistency_ratio <= CONSISTENT

    @property
    def points(self) -> tuple[float, ...]:
        """Return the shares as weights from 0 to 100, the highest 100."""
        highest = max(self.shares)
        return tuple(round(100 * share / highest, 1) for share in self.shares)


def pairs(items: Sequence[str]) -> list[tuple[str, str]]:
    """Return every pair once, in the order in which `by_pairs` reads them."""
    return list(combinations(items, 2))


def by_pairs(items: Sequence[str], judged: Mapping[tuple[str, str], float]) -> Judged:
    """Weigh by the analytic hierarchy process (Saaty 1977).

    :param judged: for each of `pairs(items)`, how many times the first matters more (1/9 to 9).
    """
    upper = [judged[pair] for pair in pairs(items)]
    weights = ahp_weights(reciprocal_matrix(upper, len(items)))
    return Judged(tuple(map(float, weights.weights)), float(weights.consistency_ratio))


def by_best_worst(
    items: Sequence[str],
    best: str,
    worst: str,
    to_others: Mapping[str, float],
    to_worst: Mapping[str, float],
) -> Judged:
    """Weigh by the linear best-worst method (Rezaei 2016).

    :param to_others: how many times the best matters more than each (1 to 9).
    :param to_worst: how many times each matters more than the worst (1 to 9).
    """
    weights = best_worst_weights(
        [to_others[item] for item in items],
        [to_worst[item] for item in items],
        best=items.index(best),
        worst=items.index(worst),
    )
    return Judged(tuple(map(float, weights.weights)), float(weights.consistency_ratio))
