"""Measured type: how wide a text is, where it may break."""

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

POINT = 25.4 / 72  # millimetres
FONTS = Path(__file__).parents[2] / "fonts"
WEIGHTS = {False: "Regular", True: "Bold"}

_NOT_FIRST = frozenset("，。；：、！？）》〉」』”’…·%％,.;:!?)]}")
_NOT_LAST = frozenset("（《〈「『“‘([{")
_LINKS = ("与", "和", "及", "或")


@lru_cache(maxsize=2)
def advances(bold: bool = False) -> dict[int, float]:
    """Return the advance width in em of each character that is not as wide as `usual_width` says.

    They were read from the shipped fonts (`fonts/subset.py`): the fonts themselves take a second
    and twenty megabytes of a server that only wants to know how wide a name is.
    """
    rows = json.loads((FONTS / "widths.json").read_text())[WEIGHTS[bold]]
    return {int(code): thousandths / 1000 for code, thousandths in rows.items()}


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of `text` set at `size`, in the unit of `size`."""
    known = advances(bold)
    return size * sum(known.get(ord(letter), usual_width(letter)) for letter in text)


def usual_width(letter: str) -> float:
    """Return the width in em of most characters, and a safe one for those the font lacks."""
    if unicodedata.combining(letter):
        return 0.0
    return 1.0 if ord(letter) >= 0x2E80 else 0.65


def is_chinese(text: str) -> bool:
    return any(_is_wide(letter) for letter in text)


def _is_wide(letter: str) -> bool:
    return "\u2e80" <= letter <= "\uffef"


def pieces(text: str) -> list[str]:
    """Return the parts between which a line may end; their concatenation is `text`.

    >>> pieces("ESG 报告（年）")
    ['ESG ', '报', '告', '（年）']
    """
    parts = re.findall(r"[\u2e80-\uffef]|[^ \u2e80-\uffef]+ *| +", text)
    whole: list[str] = []
    for part in parts:
        if whole and (part[0] in _NOT_FIRST or whole[-1][-1] in _NOT_LAST or part.isspace()):
            whole[-1] += part
        else:
            whole.append(part)
    return whole


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return `text` as lines no wider than `room`; a word that is wider is cut."""
    lines = [""]
    for piece in _cut_to(pieces(text), size, room, bold):
        if lines[-1] and width((lines[-1] + piece).rstrip(), size, bold=bold) > room:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _cut_to(parts: list[str], size: float, room: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if width(part.rstrip(), size, bold=bold) <= room:
            lines.append(part)
        else:
            lines.extend(_letters(part))
    return lines


def _letters(text: str) -> list[str]:
    """Return the letters of a word, each with the marks that combine with it."""
    letters: list[str] = []
    for letter in text:
        joined = unicodedata.combining(letter) or letter in "\u200d\ufe0f"
        if letters and (joined or letters[-1].endswith("\u200d")):
            letters[-1] += letter
        else:
            letters.append(letter)
    return letters


def halves(text: str) -> tuple[str, str] | None:
    """Return a long name as two balanced lines; None where it should stay on one.

    Chinese from nine characters, preferring a break before 与, 和, 及.
    """
    chinese = is_chinese(text)
    if width(text, 1.0) <= (8.5 if chinese else 9.5):
        return None
    parts = pieces(text)
    breaks = [("".join(parts[:at]), "".join(parts[at:])) for at in range(1, len(parts))]
    if not breaks:
        return None
    first, second = min(breaks, key=_imbalance)
    return first.strip(), second.strip()


def _imbalance(lines: tuple[str, str]) -> float:
    first, second = (width(line.strip(), 1.0) for line in lines)
    return abs(first - second) - (3.0 if lines[1].startswith(_LINKS) else 0.0)
