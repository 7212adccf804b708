"""The standard wording of the questions, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

Text = Mapping[str, str]


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
FINANCIAL = PromptTexts(
    text={
        "zh-hans": "这个议题对公司财务的影响可能有多大？",
        "en": "How large could the effect of this topic on the company’s finances be?",
    },
    hint={
        "zh-hans": "想想收入、成本、资产、现金流和融资，包括风险和机遇。",
        "en": "Think of revenue, costs, assets, cash flow and financing: risks and opportunities.",
    },
    labels=IMPACT.labels,
)
LIKELY = {
    "zh-hans": ["几乎不可能", "不太可能", "有可能", "很可能", "几乎肯定或已发生"],
    "en": ["Very unlikely", "Unlikely", "Possible", "Likely", "Almost certain, or has happened"],
}
SEVERITY = {
    "scale": PromptTexts(
        text={
            "zh-hans": "公司在这方面造成的影响有多严重，或益处有多大？",
            "en": "How grave, or how beneficial, is the company’s impact?",
        },
        hint=HINT,
        labels=IMPACT.labels,
    ),
    "scope": PromptTexts(
        text={
            "zh-hans": "影响波及的范围有多广？",
            "en": "How widespread is the impact?",
        },
        hint={
            "zh-hans": "想想受影响的人数、地区或环境的范围。",
            "en": "Think of how many people, places or how much of nature it reaches.",
        },
        labels={
            "zh-hans": ["极少数", "少数", "一部分", "大部分", "几乎全部"],
            "en": ["Very few", "Few", "Some", "Many", "Nearly all"],
        },
    ),
    "irremediability": PromptTexts(
        text={
            "zh-hans": "造成的损害有多难补救？",
            "en": "How hard is it to put the damage right?",
        },
        hint={
            "zh-hans": "只考虑负面影响。没有负面影响时，请选“不了解，无法评价”。",
            "en": "Negative impacts only. If there is none, choose “I don’t know enough to say”.",
        },
        labels={
            "zh-hans": ["很容易补救", "较容易", "需要时间和投入", "很难", "无法补救"],
            "en": ["Very easy", "Easy", "Takes time and effort", "Very hard", "Impossible"],
        },
    ),
    "likelihood": PromptTexts(
        text={
            "zh-hans": "这种影响发生的可能性有多大？",
            "en": "How likely is the impact?",
        },
        hint=HINT,
        labels=LIKELY,
    ),
}
HORIZONS = {
    "short": {"zh-hans": "短期", "en": "in the short term"},
    "medium": {"zh-hans": "中期", "en": "in the medium term"},
    "long": {"zh-hans": "长期", "en": "in the long term"},
}


def financial(horizon: str) -> dict[str, PromptTexts]:
    """Return the questions on one horizon: how large the financial effect, and how likely."""
    when = HORIZONS[horizon]
    return {
        "magnitude": PromptTexts(
            text={
                "zh-hans": f"{when['zh-hans']}内，这个议题对公司财务的影响可能有多大？",
                "en": f"How large could its effect on the company’s finances be {when['en']}?",
            },
            hint=FINANCIAL.hint,
            labels=FINANCIAL.labels,
        ),
        "likelihood": PromptTexts(
            text={
                "zh-hans": f"{when['zh-hans']}内，这种财务影响发生的可能性有多大？",
                "en": f"How likely is that financial effect {when['en']}?",
            },
            hint=HINT,
            labels=LIKELY,
        ),
    }


CRITERIA: dict[str, dict[str, PromptTexts]] = {
    "impact": SEVERITY,
    "financial": {
        f"{name}.{horizon}": texts
        for horizon in HORIZONS
        for name, texts in financial(horizon).items()
    },
}
"""Per dimension, the question of each criterion; a criterion of a horizon is “magnitude.short”."""

WHOLE: dict[str, PromptTexts] = {
    "stakeholder": IMPORTANCE,
    "impact": IMPACT,
    "financial": FINANCIAL,
}
"""Per dimension, the one question of a dimension that is not asked by criteria."""


def texts_of(dimension: str, criterion: str = "") -> PromptTexts:
    """Return the wording of a criterion of a dimension; of the dimension itself if it is empty."""
    return CRITERIA[dimension][criterion] if criterion else WHOLE[dimension]


HEADLINE = {"zh-hans": "哪些议题对您最重要？", "en": "Which topics matter most to you?"}
IMPACT_HEADLINE = {
    "zh-hans": "公司在哪些方面影响最大？",
    "en": "Where is the company’s impact largest?",
}
FINANCIAL_HEADLINE = {
    "zh-hans": "哪些议题可能影响公司财务？",
    "en": "Which topics could affect the company’s finances?",
}
