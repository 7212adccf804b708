"""The signs of the tiers. Their shape carries the tier, so that a grey print reads the same.

The highest tier is a filled circle and the lowest a hollow square, however many lie between.
"""

from collections.abc import Mapping

CIRCLE, DIAMOND, SQUARE, TRIANGLE, RING = "circle", "diamond", "square", "triangle", "ring"
SHAPES = (CIRCLE, DIAMOND, SQUARE, TRIANGLE, RING)
HOLLOW = (SQUARE, RING)
GLYPHS: Mapping[str, str] = {CIRCLE: "●", DIAMOND: "◆", SQUARE: "□", TRIANGLE: "▲", RING: "○"}

_BY_NUMBER: Mapping[int, tuple[str, ...]] = {
    2: (CIRCLE, SQUARE),
    3: (CIRCLE, DIAMOND, SQUARE),
    4: (CIRCLE, DIAMOND, TRIANGLE, SQUARE),
    5: (CIRCLE, DIAMOND, TRIANGLE, RING, SQUARE),
}


def shapes(tiers: int) -> tuple[str, ...]:
    """Return the shapes of so many tiers, 2 to 5, the highest first."""
    return _BY_NUMBER[tiers]


def shape(tier: int | None, tiers: int) -> str:
    """Return the shape of a tier, 1 the highest; of a topic in none, the lowest's.

    >>> shape(2, 2), shape(2, 4), shape(None, 3)
    ('square', 'diamond', 'square')
    """
    return shapes(tiers)[(tier or tiers) - 1]


def shape_of(text: str) -> str | None:
    """Return the shape whose glyph a text begins with.

    >>> shape_of("◆ More material"), shape_of("Data")
    ('diamond', None)
    """
    return next((name for name, glyph in GLYPHS.items() if text.startswith(glyph)), None)
