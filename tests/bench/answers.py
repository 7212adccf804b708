"""Made-up answers of any size: six groups of unequal size, correlated ratings, some blanks."""

import numpy as np
from numpy.typing import NDArray

SHARES = (0.35, 0.3, 0.15, 0.1, 0.06, 0.04)


def block(respondents: int, topics: int = 40) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return ratings uint8 [respondents, topics] and the group code of each respondent."""
    rng = np.random.default_rng(respondents)
    group = rng.choice(6, respondents, p=SHARES)
    group[:60] = np.arange(60) % 6
    mood = rng.normal(0, 0.5, (respondents, 1)).astype(np.float32)
    centre = rng.uniform(2.5, 4.5, topics).astype(np.float32)
    noise = rng.standard_normal((respondents, topics), dtype=np.float32)
    ratings = np.clip(np.rint(centre + mood + noise), 1, 5).astype(np.uint8)
    ratings[rng.random((respondents, topics), dtype=np.float32) < 0.03] = 255
    return ratings, group
