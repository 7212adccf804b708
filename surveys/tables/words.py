"""What people and programs write for a rating: words, codes, digits."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from surveys.models import BLANK, CANNOT_JUDGE, SCALE
from surveys.questionnaire.wording import plain

Scale = Sequence[str]

SCALES: tuple[Scale, ...] = (
    ("非常不重要", "不重要", "一般", "重要", "非常重要"),
    ("很不重要", "不重要", "一般", "重要", "很重要"),
    ("完全不重要", "不太重要", "一般", "比较重要", "非常重要"),
    ("不重要", "不太重要", "一般", "重要", "非常重要"),
    ("不重要", "不太重要", "一般", "比较重要", "非常重要"),
    ("很小", "较小", "中等", "较大", "很大"),
    ("非常小", "较小", "一般", "较大", "非常大"),
    ("很低", "较低", "中等", "较高", "很高"),
    ("非常不同意", "不同意", "一般", "同意", "非常同意"),
    ("很不满意", "不满意", "一般", "满意", "很满意"),
    ("not at all important", "slightly important", "moderately important", "very important",
     "extremely important"),
    ("not important", "slightly important", "important", "very important", "extremely important"),
    ("very unimportant", "unimportant", "neutral", "important", "very important"),
    ("very low", "low", "medium", "high", "very high"),
    ("very small", "small", "medium", "large", "very large"),
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
)  # fmt: skip
DONT_KNOW = frozenset({
    "不了解", "不清楚", "不知道", "无法评价", "无法判断", "不适用", "说不清", "不了解,无法评价",
    "don't know", "dont know", "do not know", "cannot judge", "can't say", "no opinion",
    "not applicable", "i don't know enough to say", "cannot_judge",
})  # fmt: skip
NOTHING = frozenset({"", "-1", "-2", "-3", "(空)", "(跳过)", "空", "n/a", "na", "null", "-oth-"})
"""Blank, and what 问卷星 (-3 or 跳过: skipped) and LimeSurvey (N/A: not shown) write for it."""

_DIGIT = re.compile(r"a?0*([1-5])(\.0+)?(\s*(分|star|stars|points?))?")
_LED_BY_DIGIT = re.compile(r"a?([1-5])\s*([.、:)=\-–—]|\s)\s*\D.*")


def rating_of(text: str, words: Mapping[str, int]) -> int | None:
    """Return 1 to 5, 0 for blank, 255 for “cannot judge”; None where nobody can tell.

    >>> rating_of("4", {}), rating_of("A5", {}), rating_of("3、一般", {}), rating_of("4.5", {})
    (4, 5, 3, None)
    """
    word = plain(text)
    if word in words:
        return words[word]
    if word in NOTHING:
        return BLANK
    if word in DONT_KNOW:
        return CANNOT_JUDGE
    found = _DIGIT.fullmatch(word) or _LED_BY_DIGIT.fullmatch(word)
    return int(found[1]) if found else None


def guess_words(prompts: Iterable[Collection[str]], scales: Sequence[Scale]) -> dict[str, int]:
    """Return word → rating, from the scale that explains most words given to each prompt.

    “不重要” is 1 on one scale and 2 on another: the words beside it decide.

    :param prompts: some ratings under each prompt. ``scales``: tried in this order.
    """
    found: dict[str, int] = {}
    known = [{plain(word): at for at, word in enumerate(scale, 1)} for scale in (*scales, *SCALES)]
    for values in prompts:
        words = {plain(value) for value in values if rating_of(value, {}) is None}
        best = max(known, key=lambda scale: len(words & scale.keys()))
        found |= {word: best[word] for word in words & best.keys()}
    return found


def unknown_words(columns: Iterable[Collection[str]], words: Mapping[str, int]) -> list[str]:
    """Return the values that mean no rating yet, as they are compared."""
    values = {plain(value) for column in columns for value in column}
    return sorted(value for value in values if rating_of(value, words) is None)


assert all(len(scale) == SCALE for scale in SCALES)
