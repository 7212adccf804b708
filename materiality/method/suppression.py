"""Which unit means are not shown: primary suppression, and complementary so that none follows.

Terms of Hundepool et al. 2012, Statistical Disclosure Control.
"""

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Bools, Floats, Ints, floats
from materiality.document.schema import Inputs


def minimum_group(inputs: Inputs, dimension: str) -> int:
    """Return the fewest ratings that a disclosed mean or score on a dimension rests on.

    A dimension has its own where those who rated it agreed that single ratings can be seen.
    """
    for row in inputs["dimensions"]:
        if row["code"] == dimension and "minimum_group" in row:
            return row["minimum_group"]
    return int(inputs.get("minimum_group", analysis.K))


def standing_weights(inputs: Inputs, dimension: str) -> Floats:
    """Return the weights in whose proportion withheld units are combined: [units].

    Those of the units, unless weights are being tried: then the ones that were saved, because a
    mean that only ever appears in one fixed combination cannot be solved for by trying weights.
    """
    saved = inputs.get("standing_weights", {}).get(dimension, {})
    units = inputs["units"][dimension]
    return floats([saved.get(unit["code"], unit["weight"]) for unit in units])


def withheld(inputs: Inputs, dimension: str, n: Ints) -> Bools:
    """Return which unit means are suppressed: [units, topics].

    Primary suppression: too few ratings. Complementary suppression: units that go too, since the
    score, which is published, would give a primary one away (terms of Hundepool et al. 2012).

    :param n: [units, topics] numbers of ratings.
    """
    least, weights = minimum_group(inputs, dimension), standing_weights(inputs, dimension)
    primary: Bools = (n > 0) & (n < least)
    suppressed = primary.copy()
    for topic in np.flatnonzero(primary.any(axis=0)):
        suppressed[:, topic] = _add_complementary(primary[:, topic], n[:, topic], weights, least)
    return suppressed


def _add_complementary(primary: Bools, n: Ints, weights: Floats, least: int) -> Bools:
    """Suppress further units, smallest first, until no few people follow from the score."""
    suppressed = primary.copy()
    while _follows(suppressed, n, weights, least):
        others = np.flatnonzero(~suppressed & (weights > 0) & (n > 0))
        if not others.size:
            break  # all that has weight is suppressed: the score itself is
        suppressed[others[np.argmin(n[others])]] = True
    return suppressed


def _follows(suppressed: Bools, n: Ints, weights: Floats, least: int) -> bool:
    """Return whether score minus disclosed means leaves one unit, or under `least` ratings."""
    hidden = suppressed & (weights > 0)  # what weighs nothing is not in the score to begin with
    return bool(hidden.any()) and bool(hidden.sum() < 2 or n[hidden].sum() < least)
