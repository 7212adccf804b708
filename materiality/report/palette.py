"""Colours of the printed matrix. Shape carries the tier as well, so grey prints read the same."""

from dataclasses import dataclass


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
