"""A topic on one dimension: mean, error, interval, and what is withheld."""

from dataclasses import dataclass, field
from math import inf, nan, sqrt
from typing import Any

from scipy.special import stdtrit

Json = dict[str, Any]


@dataclass
class Moments:
    """The ratings of one unit on one topic: how many, their mean and variance (n - 1)."""

    n: int
    cannot_judge: int
    mean: float
    variance: float


@dataclass
class Part:
    """What one unit brings to a topic's score."""

    unit: str
    weight: float
    moments: Moments
    population: int | None = None
    standing: float = -1.0  # the unit's whole weight, where it differs from that on the topic

    def __post_init__(self) -> None:
        if self.standing < 0:
            self.standing = self.weight

    @property
    def freedom(self) -> int:
        return max(self.moments.n - 1, 1)

    @property
    def finite(self) -> float:
        n, people = self.moments.n, self.population
        if people is None or people < n:
            return 1.0
        return 1 - n / people


@dataclass
class Estimate:
    """A weighted mean with its standard error; NaN where it is undefined."""

    score: float = nan
    se: float = nan
    df: float = nan
    n: int = 0
    parts: list[Part] = field(default_factory=list)
    variances: dict[str, float] = field(default_factory=dict)  # of each unit's mean
    pooled: float = 0.0


def moments(row: list[int]) -> Moments:
    ratings, cannot_judge = row[:-1], row[-1]
    n = sum(ratings)
    if n == 0:
        return Moments(0, cannot_judge, nan, nan)
    mean = sum(rating * count for rating, count in enumerate(ratings, 1)) / n
    squares = sum(count * (rating - mean) ** 2 for rating, count in enumerate(ratings, 1))
    return Moments(n, cannot_judge, mean, squares / (n - 1) if n > 1 else nan)


def pooled_variance(parts: list[Part]) -> float:
    """Return the variance within the units, 0 where nobody differs."""
    above = below = 0.0
    for part in parts:
        if part.moments.n > 1:
            above += (part.moments.n - 1) * part.moments.variance
            below += part.moments.n - 1
    return above / below if below else 0.0


def estimate(parts: list[Part], borrowed: float | None = None) -> Estimate:
    """Return the score of these parts; `borrowed` is a variance for topics without any spread."""
    answered = [part for part in parts if part.moments.n]
    total = sum(part.weight for part in answered)
    n = sum(part.moments.n for part in answered)
    if not answered or total == 0:
        return Estimate(n=n, parts=answered)
    score = sum(part.weight * part.moments.mean for part in answered) / total
    pooled = pooled_variance(answered)
    floor = pooled or (nan if borrowed is None else borrowed)
    variances = {}
    for part in answered:
        variances[part.unit] = mean_variance(part, floor)
    if any(variances[part.unit] != variances[part.unit] for part in answered if part.weight):
        return Estimate(score, nan, nan, n, answered, {}, 0.0)
    shares = {part.unit: part.weight / total for part in answered}
    terms = [(shares[p.unit] ** 2 * variances[p.unit], p.freedom) for p in answered if p.weight]
    square = sum(term for term, _ in terms)
    below = sum(term**2 / freedom for term, freedom in terms)
    df = square**2 / below if below else inf
    return Estimate(score, sqrt(square), df, n, answered, variances, pooled)


def mean_variance(part: Part, floor: float) -> float:
    """Return the variance of a unit's mean; `floor` is NaN where nobody differs."""
    one = part.moments
    if part.finite == 0:
        return 0.0
    variance = one.variance if one.n > 1 else 0.0
    if one.n < 5 or variance == 0:
        variance = floor if floor != floor else max(variance, floor)
    return variance / one.n * part.finite


def interval(one: Estimate, points: int, confidence: float, kind: str) -> tuple[float, float]:
    if one.se != one.se:
        return nan, nan
    if one.se == 0:
        return one.score, one.score
    reach = stdtrit(one.df, (1 + confidence) / 2) * one.se
    if kind == "symmetric":
        return max(1.0, one.score - reach), min(float(points), one.score + reach)
    room = (points - one.score) * (one.score - 1)
    if room <= 1e-9:  # a score at the very end
        return max(1.0, one.score - reach), min(float(points), one.score + reach)
    k = reach**2 / room
    a, b, c = 1 + k, -(2 * one.score + k * (points + 1)), one.score**2 + k * points
    root = sqrt(max(b * b - 4 * a * c, 0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def effective_n(parts: list[Part]) -> float:
    total = sum(part.weight for part in parts)
    below = sum(part.weight**2 / part.moments.n for part in parts)
    return total**2 / below if below else nan


def withheld_units(parts: list[Part], k: int) -> set[str]:
    """Return the units of which no mean is told on this topic."""
    answered = [part for part in parts if part.moments.n]
    hidden = {part.unit for part in answered if part.moments.n < k}
    carrying = [part for part in answered if part.standing > 0]
    rest = sorted(
        (part for part in carrying if part.unit not in hidden),
        key=lambda part: part.moments.n,
    )
    left = [part for part in carrying if part.unit in hidden]
    # the score minus the means that are told leaves the others: never one alone, or fewer than k
    while left and rest and (len(left) < 2 or sum(part.moments.n for part in left) < k):
        one = rest.pop(0)
        hidden.add(one.unit)
        left.append(one)
    return hidden
