"""The sizes a matrix is printed in, in millimetres (ux figure rules), and on screen, in pixels."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from materiality.report.figure.layout.type import POINT

MANY_TOPICS = 20
MOST_LISTED = 60  # more leave no room for the plot; their list is a table of its own
TALLEST = 257.0  # A4 within margins of 20 mm
HALF_PAGE = TALLEST / 2
WIDE_LIST = 86.0  # two columns beside the plot, which keeps 68 mm


@dataclass(frozen=True, slots=True)
class Size:
    """One sheet. The plot takes what margins, list and note leave."""

    width: float
    height: float
    margin: float  # left of the plot: tick labels
    right: float  # right of the plot, without a list beside it
    label: float
    tick: float
    title: float
    list: float
    note: float
    radius: float
    list_at: str = ""  # right, below or none
    list_width: float = 0.0
    columns: int = 1
    gap: float = 0.0
    tallest: float = math.inf
    has_key: bool = False
    has_note: bool = True
    only_numbers: bool = False
    is_list_elsewhere: bool = False


HALF_ZH = Size(
    width=170, height=112, margin=9, right=1, label=8 * POINT, tick=7 * POINT, title=8 * POINT,
    list=8 * POINT, note=6.5 * POINT, radius=1.15, list_at="right", list_width=43, gap=11,
    tallest=HALF_PAGE,
)  # fmt: skip
HALF_EN = Size(
    width=170, height=112, margin=9, right=1, label=8 * POINT, tick=7 * POINT, title=8 * POINT,
    list=7.5 * POINT, note=6.5 * POINT, radius=1.15, list_at="right", list_width=53, gap=7,
    tallest=HALF_PAGE,
)  # fmt: skip
FULL = Size(
    width=170, height=216, margin=9, right=4, label=9 * POINT, tick=7 * POINT, title=8 * POINT,
    list=8.5 * POINT, note=6.5 * POINT, radius=1.4, list_at="below", columns=3,
    tallest=TALLEST,
)  # fmt: skip
FULL_MANY = Size(
    width=170, height=240, margin=9, right=4, label=7.5 * POINT, tick=7 * POINT, title=8 * POINT,
    list=7.5 * POINT, note=6.5 * POINT, radius=1.15, list_at="below", columns=3,
    tallest=TALLEST,
)  # fmt: skip
COLUMN = Size(
    width=84, height=96, margin=8, right=3, label=7 * POINT, tick=6.5 * POINT, title=7 * POINT,
    list=7 * POINT, note=6.5 * POINT, radius=1.0, has_key=True, only_numbers=True,
)  # fmt: skip
SQUARE = Size(
    width=150, height=150, margin=9, right=4, label=9 * POINT, tick=8 * POINT, title=9 * POINT,
    list=8.5 * POINT, note=6.5 * POINT, radius=1.4, has_key=True,
)  # fmt: skip
SCREEN = Size(
    width=820, height=500, margin=40, right=12, label=13, tick=12, title=13,
    list=13, note=12, radius=6.5, has_note=False,
)  # fmt: skip
PHONE = Size(
    width=360, height=400, margin=34, right=10, label=13, tick=12, title=13,
    list=13, note=12, radius=6.5, has_note=False, only_numbers=True,
)  # fmt: skip

SLIDE = Size(
    width=308, height=140, margin=14, right=6, label=11 * POINT, tick=10 * POINT,
    title=11 * POINT, list=11 * POINT, note=8 * POINT, radius=1.7, has_key=True, has_note=False,
)  # fmt: skip

SIZES: Mapping[str, Size] = {
    "column": COLUMN, "square": SQUARE, "screen": SCREEN, "phone": PHONE, "slide": SLIDE,
}  # fmt: skip
NAMES = ("auto", "half", "full", *SIZES)


def size_of(name: str, *, language: str, topics: int) -> Size:
    """Return the sheet of this name; "auto" takes half a page up to twenty topics, else a full one.

    :raises ValueError: no such size.
    """
    if name not in NAMES:
        raise ValueError(f"size must be one of {', '.join(NAMES)}, got {name!r}")
    if name == "auto":
        name = "half" if topics <= MANY_TOPICS else "full"
    if name == "half":
        size = HALF_ZH if language.startswith("zh") else HALF_EN
    elif name == "full":
        size = FULL if topics <= MANY_TOPICS else FULL_MANY
    else:
        size = SIZES[name]
    return size


def arrangements(size: Size, *, topics: int) -> list[Size]:
    """Return the ways to set this sheet, the best first: the list over more columns, then none.

    Without its list a sheet shows numbers, and the list of topics is a table of its own.
    """
    if not size.list_at:
        return [size]
    without = replace(
        size, list_at="", has_key=True, is_list_elsewhere=True, right=max(size.right, 4.0)
    )
    if topics > MOST_LISTED:
        return [without]
    more = replace(size, columns=size.columns + 1)
    if size.list_at == "right":
        more = replace(more, list_width=WIDE_LIST, gap=7.0)
    return [size, more, without]
