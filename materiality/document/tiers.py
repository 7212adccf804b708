"""What tiers are usually called: a word for each place, told by how many there are.

The lowest tier of the classic matrix is material too, for whoever is on the list is (GRI 3); the
lowest of double materiality holds what reaches no boundary and is not (ESRS 1, 3.3).
"""

from collections.abc import Mapping

MOST, HIGH, MORE, PLAIN, LESS = "most", "high", "more", "plain", "less"
MATERIAL, NONE = "material", "none"
WORDS = (MOST, HIGH, MORE, PLAIN, LESS, MATERIAL, NONE)

_CLASSIC: Mapping[int, tuple[str, ...]] = {
    2: (HIGH, PLAIN),
    3: (HIGH, MORE, PLAIN),
    4: (HIGH, MORE, PLAIN, LESS),
    5: (MOST, HIGH, MORE, PLAIN, LESS),
}
_DOUBLE: Mapping[int, tuple[str, ...]] = {
    2: (MATERIAL, NONE),
    3: (HIGH, MORE, NONE),
    4: (HIGH, MORE, MATERIAL, NONE),
    5: (MOST, HIGH, MORE, MATERIAL, NONE),
}


def words_of(tiers: int, *, is_double: bool) -> tuple[str, ...]:
    """Return a word of `WORDS` for each of so many tiers, 2 to 5, the highest first.

    >>> words_of(2, is_double=True)
    ('material', 'none')
    """
    return (_DOUBLE if is_double else _CLASSIC)[tiers]
