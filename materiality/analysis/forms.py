"""Other ways to ask: choose the top ones, put in order, best and worst, points to share out.

Forms must not be mixed from year to year; between them only ranks can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from materiality.analysis.arrays import Floats, Ints, floats, ratio


@dataclass(frozen=True, slots=True, eq=False)
class BestWorstScores:
    """Per topic: (best - worst) / shown, its logit utility, and how often it was shown."""

    score: Floats
    utility: Floats
    shown: Ints


def best_worst_scores(best: ArrayLike, worst: ArrayLike, shown: ArrayLike) -> BestWorstScores:
    """Score best-worst choices by counting (Finn & Louviere 1992; Marley & Louviere 2005).

    s = (best - worst) / shown; utility = ln((1 + s) / (1 - s)) (Lipovetsky & Conklin 2014), with s
    of +-1 moved in by 1 / (2 shown). NaN for a topic never shown.

    :param best: [topics] times chosen best; ``worst`` likewise; ``shown`` times offered.
    :raises ValueError: a topic chosen more often than shown.
    """
    times = np.asarray(shown, dtype=np.int64)
    if (floats(best) + floats(worst) > times).any():
        raise ValueError("a topic cannot be chosen more often than it was shown")
    score = ratio(floats(best) - floats(worst), times)
    margin = 1 - ratio(0.5, times)
    inside = np.where(np.abs(score) == 1, np.sign(score) * margin, score)
    return BestWorstScores(score=score, utility=np.log((1 + inside) / (1 - inside)), shown=times)
