"""How sure it is that entries and topics of the register are material.

Who is asked and how a mark falls is chance, and the worst of many entries is the worst partly by
chance. So values are drawn towards the mean of their kind, the more the less its entries differ
beyond what the experts' disagreement explains (DuMouchel 1994; Gelman 2006). `docs/method.md` has
formula, limits and how well it holds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from materiality.analysis.arrays import Floats
from materiality.method.register import KINDS, Scored

FEWEST = 3
"""Fewer judgements of an entry say too little of how far apart experts are."""

ROUNDING = 1 / 12
"""Variance that marks in whole numbers hide: experts who agree may still differ by as much."""

_NOISES = np.arange(-4.0, 13.0)
_SPREADS = (np.arange(16) + 0.5) / 16
_MIDDLES, _MIDDLE_WEIGHTS = np.polynomial.hermite_e.hermegauss(7)


@dataclass(frozen=True, slots=True)
class Sureness:
    """Probabilities of being material, by code of entry and of topic; None: not given."""

    entries: Mapping[str, float | None]
    topics: Mapping[str, float | None]


def sureness(scored: Sequence[Scored], thresholds: Mapping[str, float]) -> Sureness:
    """Return how likely it is that entries, and topics by any of theirs, reach their threshold.

    Not given for an entry with fewer than three known values, with a consensus, or of a kind
    without threshold; nor for a topic with such an entry.

    >>> sureness([], {})
    Sureness(entries={}, topics={})
    """
    entries: dict[str, float | None] = {one.entry.code: None for one in scored}
    none_reaches: dict[str, float | None] = {one.entry.topic: 1.0 for one in scored}
    for kind in KINDS:
        rows = [one for one in scored if one.entry.kind == kind]
        threshold = thresholds.get(kind)
        model = _model(rows)
        for topic in sorted({one.entry.topic for one in rows}):
            of_topic = [one for one in rows if one.entry.topic == topic]
            given = [one for one in of_topic if is_given(one)]
            if model is None or threshold is None:
                none_reaches[topic] = None
                continue
            below = {one.entry.code: model.below(one.known, threshold) for one in given}
            entries |= {code: 1 - model.share(one) for code, one in below.items()}
            so_far = none_reaches[topic]
            if so_far is None or len(given) < len(of_topic):
                none_reaches[topic] = None
                continue
            together = np.prod([below[code] for code in sorted(below)], axis=0)
            none_reaches[topic] = so_far * model.share(together)
    topics = {code: None if none is None else 1 - none for code, none in none_reaches.items()}
    return Sureness(entries, topics)


def is_given(one: Scored) -> bool:
    """Whether the judgements of an entry say how sure its value is.

    A consensus is what all agreed on after they talked: the scatter of scores given before says
    nothing of it.
    """
    return len(one.known) >= FEWEST and not one.by_consensus


def why_missing(*, known: int, by_consensus: bool, has_threshold: bool) -> str:
    """Return why an entry has no probability: "threshold", "consensus", "few"; "": it has one.

    :param known: how many experts' judgements come to a value.

    >>> why_missing(known=2, by_consensus=False, has_threshold=True)
    'few'
    """
    if not has_threshold:
        return "threshold"
    if by_consensus:
        return "consensus"
    return "few" if known < FEWEST else ""


def _model(rows: Sequence[Scored]) -> "OfKind | None":
    if not any(map(is_given, rows)):
        return None
    return of_kind([one.known for one in rows if one.known])


@dataclass(frozen=True, slots=True)
class OfKind:
    """What the entries of a kind say of one another: a grid of possible truths with weights.

    :param noise: standard deviation of one judgement.
    :param spread: standard deviation of the entries' true values.
    :param middle: their mean.
    :param weight: how likely each of these is; they sum to one.
    """

    noise: Floats
    spread: Floats
    middle: Floats
    weight: Floats

    def below(self, values: Sequence[float], threshold: float) -> Floats:
        """Return for each possible truth how likely the true value of an entry is below.

        :param values: what the experts gave.
        """
        from scipy.special import ndtr

        own = self.noise**2 / len(values)
        pull = own / (own + self.spread**2)
        true = pull * self.middle + (1 - pull) * (math.fsum(values) / len(values))
        return ndtr((threshold - true) / np.sqrt((1 - pull) * own))

    def share(self, chances: Floats) -> float:
        """Return a probability over all possible truths from that under each."""
        return min(1.0, float((self.weight * chances).sum()))


def of_kind(entries: Sequence[Sequence[float]]) -> OfKind:
    """Return what the values of all entries of a kind say of their noise, spread and mean.

    Entries with a consensus or few judgements take part: leaving out the disputed ones would make
    experts seem to agree.

    :param entries: known values by entry, in any order; one of them has two or more.
    """
    entries = sorted(sorted(values) for values in entries)  # sums to the same last digit
    counts = np.array([len(values) for values in entries], dtype=float)
    means = np.array([math.fsum(values) / len(values) for values in entries])
    within = math.fsum(
        (value - mean) ** 2 for values, mean in zip(entries, means, strict=True) for value in values
    )
    df = counts.sum() - len(counts)
    pooled = max(within / df, ROUNDING)
    noise = np.sqrt(pooled) * np.exp(_NOISES / math.sqrt(2 * df))
    log_noise = -df * np.log(noise / np.sqrt(pooled)) - df * pooled / (2 * noise**2)
    spread = noise[:, None] * (_SPREADS / (1 - _SPREADS))
    total = noise[:, None, None] ** 2 / counts + spread[:, :, None] ** 2
    share = 1 / (1 / total).sum(axis=2)
    middle = share * (means / total).sum(axis=2)
    fit = -np.log(total) - (means - middle[:, :, None]) ** 2 / total
    log_weight = log_noise[:, None] + (np.log(share) + fit.sum(axis=2)) / 2
    weight = np.exp(log_weight - log_weight.max())
    weights = (weight / weight.sum())[:, :, None] * (_MIDDLE_WEIGHTS / _MIDDLE_WEIGHTS.sum())
    return OfKind(
        noise=noise[:, None, None],
        spread=spread[:, :, None],
        middle=middle[:, :, None] + np.sqrt(share)[:, :, None] * _MIDDLES,
        weight=weights,
    )
