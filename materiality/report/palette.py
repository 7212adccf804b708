"""Colours of the printed matrix. Shape carries the tier as well, so grey prints read the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

LEAST_CONTRAST = 3.0  # WCAG 2.2, 1.4.11: graphics against what is beside them


@dataclass(frozen=True)
class Palette:
    ink: str
    ink2: str
    line: str
    tiers: tuple[str, str, str]
    band1: str
    band2: str
    paper: str = "#ffffff"


COLOUR = Palette(
    ink="#182126", ink2="#53616a", line="#c9d1d5",
    tiers=("#0b5a78", "#b45f06", "#66727a"), band1="#eaf3f6", band2="#f6f9fa",
)  # fmt: skip
GREY = Palette(
    ink="#111111", ink2="#4d4d4d", line="#bdbdbd",
    tiers=("#1f1f1f", "#8a8a8a", "#4d4d4d"), band1="#eeeeee", band2="#f7f7f7",
)  # fmt: skip


def company(tiers: Sequence[str]) -> Palette:
    """Return the colours of a company: three for the tiers, its bands a tint of the first.

    :raises ValueError: not three colours "#rrggbb", or one that does not stand out from its band.
    """
    if len(tiers) != 3:
        raise ValueError(f"three colours are needed, one per tier; got {len(tiers)}")
    one, two, three = (_check(colour) for colour in tiers)
    for at, colour in enumerate((one, two, three)):
        if (ratio := contrast(colour, ground(at, one))) < LEAST_CONTRAST:
            raise ValueError(
                f"{colour} has a contrast of {ratio:.1f}:1 on {ground(at, one)}; "
                f"at least {LEAST_CONTRAST:.0f}:1 is needed. Choose a darker colour."
            )
    return replace(COLOUR, tiers=(one, two, three), band1=_tint(one, 0.08), band2=_tint(one, 0.04))


def ground(at: int, first: str) -> str:
    """Return what is behind the signs of a tier, from 0: the first two may lie on the top band."""
    return _tint(first, 0.08) if at < 2 else COLOUR.paper


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


def _tint(colour: str, share: float) -> str:
    """Return a colour thinned with white."""
    parts = (round(255 - (255 - value) * share) for value in _parts(colour))
    return "#" + "".join(f"{value:02x}" for value in parts)
