"""Text from people, made safe to print: no control character survives, direction stays inside."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence

# What XML cannot hold, and what would turn or hide the text after it.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANK = re.compile(r"\s+")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_EXACT = 1e-9  # a share that is exactly 29 % comes as 28.999999999999996
_ISOLATE, _END = "\u2068", "\u2069"


def plain(text: object) -> str:
    """Return `text` on one line, without control, invisible or direction characters.

    >>> plain("Water\\x00 &\\n energy")
    'Water & energy'
    """
    return _BLANK.sub(" ", _UNPRINTABLE.sub("", str(text))).strip()


def isolated(text: str) -> str:
    """Return `text` so that right-to-left letters in it cannot reorder what stands around it."""
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return f"{_ISOLATE}{text}{_END}"
    return text


def name_in(name: Mapping[str, str], language: str, code: str = "") -> str:
    """Return a name in this language; its code in brackets where the translation is missing."""
    return plain(name.get(language, "")) or (f"[{plain(code)}]" if code else "")


def number(value: float | None, digits: int = 2) -> str:
    """Return a score as it is printed; an en dash where it is undefined.

    >>> number(-0.125, 1), number(None)
    ('−0.1', '–')
    """
    if value is None:
        return "–"
    return f"{value:.{digits}f}".replace("-", "−")


def percent(share: float | None) -> str:
    """Return a share in percent; only what is exactly all or nothing is printed so.

    >>> percent(0.5), percent(0.999), percent(1.0), percent(0.001), percent(-0.0), percent(None)
    ('50%', '>99%', '100%', '<1%', '0%', '–')
    """
    if share is None:
        return "–"
    return _in_percent(share, round(share * 100))


def percents(shares: Sequence[float]) -> list[str]:
    """Return the parts of a whole in percent, so that the numbers printed add up to it.

    Largest remainder (Hamilton): all are rounded down, and the points that are missing go to those
    who lost most, the first of equals.

    >>> percents([0.335, 0.335, 0.33]), percents([0.999, 0.001, 0])
    (['34%', '33%', '33%'], ['>99%', '<1%', '0%'])
    """
    points = [math.floor(share * 100 + _EXACT) for share in shares]
    missing = round(sum(shares) * 100) - sum(points)
    lost = [share * 100 - whole for share, whole in zip(shares, points, strict=True)]
    for place in sorted(range(len(points)), key=lambda at: -round(lost[at], 9))[:missing]:
        points[place] += 1
    return [_in_percent(share, whole) for share, whole in zip(shares, points, strict=True)]


def _in_percent(share: float, points: int) -> str:
    if share < 1 and points >= 100:
        return ">99%"
    if share > 0 and points == 0:
        return "<1%"
    return f"{abs(points)}%"


def with_sign(value: float | None) -> str:
    return number(value) if value is None or value < 0 else f"+{value:.2f}"
