"""How sure it is that entries and topics of the register are material.

Who is asked and how a mark falls is chance, and the worst of many entries is the worst partly by
chance. So values are drawn towards the mean of their kind, the more the less its entries differ
beyond what the experts' disagreement explains (Strawderman 1971; Daniels 1999). `docs/method.md`
has formula, limits and how well it holds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from materiality.analysis.arrays import Floats
from materiality.method.register import IMPACTS, KINDS, Entry, Scored

FEWEST = 3
"""Fewer judgements of an entry say too little of how far apart experts are."""

ROUNDING = 1 / 24
"""Variance taken for hidden by marks in whole numbers where experts agree: half of the 1/12 that
rounding hides at most. With it an entry alone is held as often as said, in whole marks or not."""

_NOISES = np.arange(-4.0, 13.0)
_ANGLES = (np.arange(32) + 0.5) / 32 * math.pi / 2
_MIDDLES, _MIDDLE_WEIGHTS = np.polynomial.hermite_e.hermegauss(7)


@dataclass(frozen=True, slots=True)
class Sureness:
    """Probabilities of being material, by code of entry and of topic; None: not given."""

    entries: Mapping[str, float | None]
    topics: Mapping[str, float | None]


def sureness(
    scored: Sequence[Scored],
    thresholds: Mapping[str, float],
    *,
    top: float = 5.0,
    likelihood_rule: str = "scaled",
) -> Sureness:
    """Return how likely it is that entries, and topics by any of theirs, reach their threshold.

    Not given for an entry with fewer than three known values, with a consensus, or of a kind
    without threshold; nor for a topic with such an entry.

    :param top: highest mark; ``likelihood_rule`` as the entries were scored by.

    >>> sureness([], {})
    Sureness(entries={}, topics={})
    """
    mark = partial(_mark, top=top, likelihood_rule=likelihood_rule)
    entries: dict[str, float | None] = {one.entry.code: None for one in scored}
    none_reaches: dict[str, float | None] = {one.entry.topic: 1.0 for one in scored}
    for kind in KINDS:
        rows = [one for one in scored if one.entry.kind == kind]
        threshold = thresholds.get(kind)
        if threshold is None or not any(map(is_given, rows)):
            none_reaches |= {one.entry.topic: None for one in rows}
            continue
        marks = {one.entry.code: [mark(one.entry, value) for value in one.known] for one in rows}
        model = of_kind([values for values in marks.values() if values])
        below: dict[str, Floats] = {}
        for one in filter(is_given, rows):
            code = one.entry.code
            below[code] = model.below(marks[code], mark(one.entry, threshold))
            entries[code] = 1 - model.share(below[code])
        for topic, codes in _codes_by_topic(rows).items():
            none = none_reaches[topic]
            if none is None or not codes <= below.keys():
                none_reaches[topic] = None
                continue
            together = np.prod([below[code] for code in sorted(codes)], axis=0)
            none_reaches[topic] = none * model.share(together)
    topics = {code: None if none is None else 1 - none for code, none in none_reaches.items()}
    return Sureness(entries, topics)


def _codes_by_topic(rows: Sequence[Scored]) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for one in rows:
        codes.setdefault(one.entry.topic, set()).add(one.entry.code)
    return codes


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


def _mark(entry: Entry, value: float, *, top: float, likelihood_rule: str) -> float:
    """Return a value on the scale of the marks it was made of, 1 … top.

    A product of two marks scatters the more the higher it is; their geometric mean does about
    evenly, and lies where marks that stand alone do.
    """
    is_scaled = entry.kind not in IMPACTS or likelihood_rule == "scaled"
    is_product = is_scaled and entry.likelihood_counts
    return math.sqrt(top * value) if is_product else value


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

    How much of the variance of one judgement is the entries' own is taken for anything from none
    to all, alike: of spread = noise * tan(angle) that share is the square of the angle's sine.

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
    log_angle = np.log(np.sin(2 * _ANGLES))
    spread = noise[:, None] * np.tan(_ANGLES)
    total = noise[:, None, None] ** 2 / counts + spread[:, :, None] ** 2
    share = 1 / (1 / total).sum(axis=2)
    middle = share * (means / total).sum(axis=2)
    fit = -np.log(total) - (means - middle[:, :, None]) ** 2 / total
    log_weight = log_noise[:, None] + log_angle + (np.log(share) + fit.sum(axis=2)) / 2
    weight = np.exp(log_weight - log_weight.max())
    weights = (weight / weight.sum())[:, :, None] * (_MIDDLE_WEIGHTS / _MIDDLE_WEIGHTS.sum())
    return OfKind(
        noise=noise[:, None, None],
        spread=spread[:, :, None],
        middle=middle[:, :, None] + np.sqrt(share)[:, :, None] * _MIDDLES,
        weight=weights,
    )
