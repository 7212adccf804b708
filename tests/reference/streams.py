"""Methods of streams that nothing in the product calls: for tests to compare with."""

from __future__ import annotations

import numpy as np

from materiality.analysis.arrays import Ints
from materiality.analysis.streams import INDICES, raw


def indices(seed: int, stream: int, size: int, n: int) -> Ints:
    """Return whole numbers 0..n-1, as likely as one another: 32 bits times n, over 2^32."""
    halves = raw(seed, stream, INDICES, -(-size // 2)).astype("<u8").view("<u4")[:size]
    return ((halves.astype(np.uint64) * np.uint64(n)) >> np.uint64(32)).astype(np.int64)
