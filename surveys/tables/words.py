"""What people and programs write for a rating: how it is compared, and the words that are known."""

import re
import unicodedata
from dataclasses import dataclass

from surveys.questionnaire.wording import plain

SCALES: tuple[tuple[str, ...], ...] = (
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
    ("not important", "slightly important", "moderately important", "important", "very important"),
    ("not at all important", "slightly important", "moderately important", "important",
     "very important"),
    ("unimportant", "slightly important", "moderately important", "important", "very important"),
    ("very unimportant", "unimportant", "neutral", "important", "very important"),
    ("very low", "low", "medium", "high", "very high"),
    ("very low", "low", "moderate", "high", "very high"),
    ("very small", "small", "medium", "large", "very large"),
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
    # Other lengths: they are here to raise doubts, for their words mean something else on five.
    ("不重要", "一般", "重要"),
    ("不重要", "重要", "非常重要"),
    ("不重要", "一般", "重要", "非常重要"),
    ("不重要", "一般", "比较重要", "非常重要"),
    ("不重要", "比较重要", "重要", "非常重要"),
    ("很不重要", "不重要", "重要", "很重要"),
    ("非常不重要", "不重要", "重要", "非常重要"),
    ("低", "中", "高"),
    ("小", "中", "大"),
    ("较低", "中等", "较高"),
    ("较小", "中等", "较大"),
    ("不满意", "一般", "满意"),
    ("不同意", "一般", "同意"),
    ("small", "medium", "large"),
    ("unimportant", "neutral", "important"),
    ("low", "medium", "high"),
    ("low", "moderate", "high"),
    ("not important", "important", "very important"),
    ("not important", "slightly important", "important", "very important"),
    ("not important", "somewhat important", "important", "very important"),
    ("not at all important", "slightly important", "moderately important", "very important"),
    ("not at all important", "slightly important", "important", "very important"),
    ("disagree", "neutral", "agree"),
    ("strongly disagree", "disagree", "agree", "strongly agree"),
)  # fmt: skip
"""Worded scales, lowest word first. One is used only where no other that fits says otherwise."""

CANNOT_JUDGE_WORDS = frozenset({
    "不了解", "不清楚", "不知道", "无法评价", "无法判断", "不适用", "说不清", "不了解,无法评价",
    "don't know", "dont know", "do not know", "cannot judge", "can't say", "no opinion",
    "not applicable", "i don't know enough to say", "cannot_judge",
})  # fmt: skip
BLANK_WORDS = frozenset({
    "", "-1", "-2", "-3", "(空)", "(跳过)", "空", "n/a", "na", "null", "-oth-",
    "{question_not_shown}",
})  # fmt: skip
"""Blank, and what 问卷星 (-3 or 跳过: skipped) and LimeSurvey (N/A: not shown) write for it."""

FINISHED = frozenset({
    "完成", "已完成", "有效", "有效答卷", "complete", "completed", "finished", "submitted",
    "approved", "validation_status_approved", "已审核", "审核通过", "通过", "已提交", "100", "100%",
    "valid",
})  # fmt: skip
"""Words that say a row counts, whatever stands over them."""
NOT_COUNTED = frozenset({
    "未完成", "incomplete", "unfinished", "partial", "in progress", "not finished", "disqualified",
    "screened out", "无效", "无效答卷", "审核未通过", "未通过", "不通过", "survey preview",
    "validation_status_not_approved", "not approved", "preview", "survey test", "test", "spam",
    "进行中", "未提交", "待完善", "作废", "test response", "预览", "测试", "rejected", "invalid",
    "over quota", "quota full", "terminated", "duplicate", "abandoned", "中途退出", "已删除",
})  # fmt: skip
"""Words that say a row does not count: tests, previews, unfinished or refused ones."""
TOTALS = frozenset({
    "合计", "总计", "小计", "共计", "平均", "平均值", "平均分", "均值", "中位数", "标准差", "总分",
    "汇总", "total", "totals", "grand total", "subtotal", "sum", "mean", "average", "avg", "median",
    "std", "std dev", "standard deviation", "minimum", "maximum", "average score", "mean score",
    "average rating", "weighted mean", "weighted average", "平均得分", "总平均", "加权平均",
    "样本量", "有效样本", "有效份数", "durchschnitt", "mittelwert", "moyenne", "gesamt",
})  # fmt: skip
"""What a spreadsheet writes beside a row that is no person's."""

_CODE = re.compile(r"[a-z]{1,3}\d{1,2}\s?[.:)\]\-]\s?(?=\D)")
_ONLY_DIGITS = re.compile(r"(-?\d{1,4})(\.0+)?\s?(分|星|级|stars?|points?)?")
_LED_BY_DIGITS = re.compile(r"(\d{1,2})\s?(分|星)?\s?[.、:)=,\-–—(]?\s?([^\W\d].*)")
_ENDED_BY_DIGITS = re.compile(
    r"([^\W\d][^\d]*?)\s?[-–—:=(\[]?\s?(\d{1,2})\s?(分|星|points?)?[)\]]?"
)


def squash(text: str) -> str:
    """Return a name as headings are compared: letters and digits only.

    >>> squash("User_Privacy"), squash("user-privacy")
    ('userprivacy', 'userprivacy')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def is_total(cell: str) -> bool:
    """Tell whether a cell begins a row of totals and not somebody's.

    >>> is_total("合 计："), is_total("Mean (n = 12)"), is_total("Mean green")
    (True, True, False)
    """
    if cell[:1].isdigit():  # as most first cells do: numbers of rows and times; no such word does
        return False
    word = plain(cell).partition("(")[0].rstrip(": ")
    return word in TOTALS or word.replace(" ", "") in TOTALS


@dataclass(frozen=True)
class Value:
    """A value apart: the number in it, the word in it, or both; neither where there is no letter
    and no plain number, as in “4 / 5”."""

    number: int | None = None
    word: str | None = None


def value_of(text: str) -> Value:
    """Take a value apart.

    >>> value_of("4分"), value_of("5 - extremely"), value_of("2 or 3").number
    (Value(number=4, word=None), Value(number=5, word='extremely'), None)
    """
    word = plain(text)
    if match := _ONLY_DIGITS.fullmatch(word):
        return Value(number=int(match[1]))
    if not any(letter.isalpha() for letter in word):
        return Value()
    word = _CODE.sub("", word, count=1)
    if match := _LED_BY_DIGITS.fullmatch(word):
        rest = match[3].rstrip(")").strip()
        if any(letter.isdigit() for letter in rest):
            return Value(word=word)
        return Value(int(match[1]), rest)
    if match := _ENDED_BY_DIGITS.fullmatch(word):
        return Value(int(match[2]), match[1].rstrip(" (-–—:=["))
    return Value(word=word)
