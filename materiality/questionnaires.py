"""The standard wording of the questions, in both languages."""

from dataclasses import dataclass

from surveys.languages import Text


@dataclass(frozen=True)
class PromptTexts:
    text: Text
    hint: Text
    labels: dict[str, list[str]]


HINT = {
    "zh-hans": "按您自己的看法选择即可，没有对错。",
    "en": "There are no right answers. Choose what you think.",
}
CANNOT_JUDGE = {"zh-hans": "不了解，无法评价", "en": "I don’t know enough to say"}
IMPORTANCE = PromptTexts(
    text={
        "zh-hans": "这些议题对您有多重要？",
        "en": "How important are these topics to you?",
    },
    hint=HINT,
    labels={
        "zh-hans": ["不重要", "不太重要", "一般", "重要", "非常重要"],
        "en": ["Not at all", "Slightly", "Fairly", "Very", "Extremely"],
    },
)
IMPACT = PromptTexts(
    text={
        "zh-hans": "公司在这方面的影响有多大？",
        "en": "How large is the company’s impact?",
    },
    hint=HINT,
    labels={
        "zh-hans": ["很小", "较小", "中等", "较大", "很大"],
        "en": ["Very small", "Small", "Medium", "Large", "Very large"],
    },
)
HEADLINE = {"zh-hans": "哪些议题对您最重要？", "en": "Which topics matter most to you?"}
IMPACT_HEADLINE = {
    "zh-hans": "公司在哪些方面影响最大？",
    "en": "Where is the company’s impact largest?",
}
