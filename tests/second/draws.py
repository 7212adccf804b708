"""Joint draws, by the recipe of `docs/bundle.md`."""

from math import floor, nan, sqrt

import numpy as np
from scipy.special import gammaincinv, ndtri

from tests.second.scores import Estimate, Json

DRAWS = 1000


def uniforms(seed: int, stream: int, part: int, number: int) -> np.ndarray:
    raw = np.random.PCG64(np.random.SeedSequence([seed, stream, part])).random_raw(number)
    return ((raw >> np.uint64(12)).astype(float) + 0.5) / 2.0**52


def correlation(gram: list[list[int]], s: int, t: int) -> float:
    """Return the correlation of two topics' means in one unit, 0 where either has no spread."""
    topics = len(gram) // 2

    def covariance(a: int, b: int) -> float:
        n_a, n_b = gram[a][a], gram[b][b]
        if not n_a or not n_b:
            return 0.0
        m_a, m_b = gram[a][topics + a] / n_a, gram[b][topics + b] / n_b
        product = gram[topics + a][topics + b]
        product -= m_b * gram[b][topics + a]  # the sum of a over those who rated b
        product -= m_a * gram[a][topics + b]
        product += m_a * m_b * gram[a][b]
        return product / (n_a * n_b)

    if s == t:
        return 1.0
    spread = covariance(s, s) * covariance(t, t)
    if spread <= 1e-24:
        return 0.0
    return max(-1.0, min(1.0, covariance(s, t) / sqrt(spread)))


def draws_of(estimates: list[Estimate], grams: dict[str, list], seed: int, stream: int):
    """Return 1 000 draws of the scores, a row a draw; undefined scores stay NaN."""
    topics = len(estimates)
    cov = np.zeros((topics, topics))
    shares = []
    for one in estimates:
        total = sum(part.weight for part in one.parts)
        shares.append({p.unit: p.weight / total for p in one.parts} if total else {})
    for unit, gram in grams.items():
        for s in range(topics):
            for t in range(topics):
                if unit not in estimates[s].variances or unit not in estimates[t].variances:
                    continue
                sd = sqrt(estimates[s].variances[unit] * estimates[t].variances[unit])
                weight = shares[s][unit] * shares[t][unit]
                cov[s, t] += weight * correlation(gram, s, t) * sd
    still = np.diag(cov) == 0
    ridge = max(1e-10 * np.diag(cov).max(initial=0), 1e-40)
    factor = np.linalg.cholesky(cov + ridge * np.eye(topics))
    factor[still] = 0
    normals = ndtri(uniforms(seed, stream, 0, DRAWS * topics)).reshape(DRAWS, topics)
    noise = normals @ factor.T
    chances = uniforms(seed, stream, 1, DRAWS)
    for t, one in enumerate(estimates):
        if one.df == one.df and round(one.df, 9) < 30:
            k = max(1, floor(round(one.df, 9)))
            noise[:, t] *= np.sqrt(k / (2 * gammaincinv(k / 2, chances)))
    scores = np.array([one.score for one in estimates])
    return scores + noise


def middle(values, confidence=0.95) -> tuple:
    left_out = floor((1 - confidence) / 2 * DRAWS + 1e-9)
    ordered = np.sort(values)
    return ordered[left_out], ordered[DRAWS - 1 - left_out]


__all__ = ["DRAWS", "Json", "draws_of", "middle", "nan", "uniforms"]
