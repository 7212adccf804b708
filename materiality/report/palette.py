"""Colours of the printed matrix. Shape carries the tier as well, so grey prints read the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from materiality.report import signs

LEAST_CONTRAST = 3.0  # WCAG 2.2, 1.4.11: graphics against what is beside them


@dataclass(frozen=True)
class Palette:
    """`signs` gives each shape its colour; `bands` are the tints behind them, the darkest first."""

    ink: str
    ink2: str
    line: str
    signs: Mapping[str, str]
    bands: tuple[str, str, str, str]
    paper: str = "#ffffff"

    @property
    def accent(self) -> str:
        """The colour of the highest tier."""
        return self.signs[signs.CIRCLE]

    @property
    def tint(self) -> str:
        """The band behind the highest of three tiers; heads of tables have it too."""
        return self.bands[2]

    def bands_of(self, tiers: int) -> tuple[str, ...]:
        """Return the tints of all tiers but the lowest, the highest first.

        >>> COLOUR.bands_of(2), COLOUR.bands_of(3)
        (('#eaf3f6',), ('#eaf3f6', '#f6f9fa'))
        """
        return (self.tint,) if tiers == 2 else self.bands[1 - tiers :]


COLOUR = Palette(
    ink="#182126",
    ink2="#53616a",
    line="#c9d1d5",
    signs={
        signs.CIRCLE: "#0b5a78",
        signs.DIAMOND: "#b45f06",
        signs.SQUARE: "#66727a",
        signs.TRIANGLE: "#2f6b3a",
        signs.RING: "#7a3e8e",
    },
    bands=("#d3e6ed", "#dfedf2", "#eaf3f6", "#f6f9fa"),
)
GREY = Palette(
    ink="#111111",
    ink2="#4d4d4d",
    line="#bdbdbd",
    signs={
        signs.CIRCLE: "#1f1f1f",
        signs.DIAMOND: "#787878",
        signs.SQUARE: "#4d4d4d",
        signs.TRIANGLE: "#5a5a5a",
        signs.RING: "#4d4d4d",
    },
    bands=("#dddddd", "#e6e6e6", "#eeeeee", "#f7f7f7"),
)
TINTS = (0.16, 0.12, 0.08, 0.04)


def company(colours: Sequence[str]) -> Palette:
    """Return the colours of a company: one a tier, 2 to 5; its bands are tints of the first.

    :raises ValueError: too few or too many, one that is not "#rrggbb", or one that does not stand
        out from its band.
    """
    tiers = len(colours)
    if not 2 <= tiers <= 5:
        raise ValueError(f"two to five colours are needed, one per tier; got {tiers}")
    checked = [_check(colour) for colour in colours]
    for at, colour in enumerate(checked):
        behind = ground(at, checked[0], tiers=tiers)
        if (ratio := contrast(colour, behind)) < LEAST_CONTRAST:
            raise ValueError(
                f"{colour} has a contrast of {ratio:.1f}:1 on {behind}; "
                f"at least {LEAST_CONTRAST:.0f}:1 is needed. Choose a darker colour."
            )
    chosen = dict(zip(signs.shapes(tiers), checked, strict=True))
    first, second, third, fourth = (thinned(checked[0], share) for share in TINTS)
    return replace(COLOUR, signs={**COLOUR.signs, **chosen}, bands=(first, second, third, fourth))


def ground(at: int, first: str, *, tiers: int = 3) -> str:
    """Return what is behind the signs of a tier, from 0: the top band, but for the lowest.

    :param first: the colour of the highest tier, of which the bands are tints.
    """
    if at == tiers - 1:
        return COLOUR.paper
    return thinned(first, TINTS[2] if tiers == 2 else TINTS[5 - tiers])


def is_colour(text: str) -> bool:
    """Tell whether this is a colour as #rrggbb, in small letters.

    >>> is_colour("#0b5a78"), is_colour("blue")
    (True, False)
    """
    return len(text) == 7 and text[0] == "#" and set(text[1:]) <= set("0123456789abcdef")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2).

    (L1 + 0.05) / (L2 + 0.05), L the relative luminance of the lighter and of the darker colour.

    >>> round(contrast("#000000", "#ffffff"), 1), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (value / 255 for value in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _check(colour: str) -> str:
    written = colour.strip().lower()
    if not is_colour(written):
        raise ValueError(f"a colour is written as #rrggbb, got {colour!r}")
    return written


def thinned(colour: str, share: float) -> str:
    """Return a colour thinned with white."""
    parts = (round(255 - (255 - value) * share) for value in _parts(colour))
    return "#" + "".join(f"{value:02x}" for value in parts)
