"""How many answers are needed? Said before the survey, and while it runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, checked_weights, floats, ratio
from materiality.analysis.gram import ScoreDistribution


@dataclass(frozen=True, slots=True)
class Separation:
    """What it takes to tell two topics apart: the factor by which all answers must grow."""

    gap: float
    se: float
    factor: float

    @property
    def is_separated(self) -> bool:
        """Whether today's answers are enough."""
        return self.factor <= 1


def answers_to_separate(
    distribution: ScoreDistribution,
    first: int,
    second: int,
    *,
    confidence: float = 0.95,
    power: float = 0.8,
) -> Separation:
    """Return the factor by which answers must grow for two topics' scores to part.

    Var(S_a - S_b) = V_aa + V_bb - 2 V_ab shrinks as 1 / factor when every group grows alike, so
    factor = ((z_{1-alpha/2} + z_power) SE / gap)^2. Infinite for equal scores. The people who
    would come are taken to answer like those who came.

    :param first: the position of one topic; ``second`` of the other.
    """
    from scipy.special import ndtri

    v = distribution.covariance
    variance = v[first, first] + v[second, second] - 2 * v[first, second]
    gap = float(abs(distribution.score[first] - distribution.score[second]))
    se = float(np.sqrt(max(variance, 0.0)))
    needed = (_z(confidence) + float(ndtri(power))) * se
    factor = float((needed / gap) ** 2) if gap > 1e-9 else float("inf")
    return Separation(gap=gap, se=se, factor=factor)


def best_allocation(total: float, weights: ArrayLike, sd: ArrayLike) -> Floats:
    """Return how to split a number of answers over groups for the narrowest interval.

    n_g proportional to w_g sd_g (Neyman 1934); not rounded.
    """
    sd = floats(sd)
    pull = checked_weights(weights, sd.shape[0]) * sd
    return total * ratio(pull, pull.sum())


@dataclass(frozen=True, slots=True, eq=False)
class AnswersWanted:
    """Per group: answers wanted, people to invite, how many answers can be had; and the power then.

    ``power`` is that of the answers that can be had, equal to what was asked for where all can.
    """

    answers: Floats
    invitations: Floats
    reachable: Floats
    power: float


def answers_wanted(
    weights: ArrayLike,
    gap: float,
    *,
    sd: ArrayLike = 1.0,
    population: ArrayLike | None = None,
    response_rate: ArrayLike = 1.0,
    confidence: float = 0.95,
    power: float = 0.8,
) -> AnswersWanted:
    """Return, before a survey, how many answers tell two topics apart that differ by ``gap``.

    2 (z + z_power)^2 (sum w s)^2 / gap^2 answers in all, split as n_g proportional to w_g s_g
    (Neyman 1934), each then n / (1 + n / N) (Cochran 1977, ch. 4). The two scores are taken as
    independent, which is careful: people who rate one topic high tend to rate the other high.

    :param population: [units] head counts N; NaN where unknown, which bounds nothing.
    :param response_rate: [units] the share of the invited who will answer, above 0.

    >>> answers_wanted([1, 1], 0.5).answers.round(1).tolist()
    [31.4, 31.4]
    """
    from scipy.special import ndtr, ndtri

    share = checked_weights(weights, len(floats(weights)))
    share, spread = share / share.sum(), np.broadcast_to(floats(sd), share.shape)
    z = _z(confidence)
    total = 2 * ((z + float(ndtri(power))) * (share * spread).sum() / gap) ** 2
    heads = np.full(share.shape, np.inf) if population is None else floats(population)
    heads = np.where(np.isfinite(heads), heads, np.inf)
    plain = best_allocation(total, share, spread)
    answers = plain / (1 + plain / heads)
    reachable = np.minimum(answers, heads * floats(response_rate))
    unsampled = np.clip(1 - reachable / heads, 0, 1)
    parts = np.where(share > 0, ratio((share * spread) ** 2 * unsampled, reachable), 0.0)
    se = float(np.sqrt(2 * parts.sum()))
    return AnswersWanted(
        answers=answers,
        invitations=answers / floats(response_rate),
        reachable=reachable,
        power=float(ndtr(gap / se - z)) if se > 0 else 1.0,
    )


def _z(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2))
