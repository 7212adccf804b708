"""Which counts of ratings may be printed: none of a few people, and none that tells theirs."""

from materiality.results import Score


def printable(score: Score) -> frozenset[str]:
    """Return the codes of the units whose counts may stand beside the total.

    A count under the minimum is kept back, and that of each mean the results withhold. What is kept
    back follows together, as the total less what is printed: so further units, the smallest first,
    are kept back until that is two units and as many ratings as the minimum.
    """
    least = score.minimum_group
    units = sorted((unit for unit in score.units if unit.n), key=lambda unit: unit.n)
    small = [unit.n for unit in units if unit.n < least or unit.mean is None]
    others = [unit for unit in units if unit.n >= least and unit.mean is not None]
    while others and small and (len(small) < 2 or sum(small) < least):
        small.append(others.pop(0).n)
    return frozenset(unit.unit.code for unit in others)


def total(score: Score) -> int | None:
    """Return the number of ratings of all units; None if they are a few."""
    return None if 0 < score.n < score.minimum_group else score.n
