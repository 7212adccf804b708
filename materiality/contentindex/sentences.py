"""What is said of each kind of finding, in both languages."""

from collections.abc import Mapping

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "missing_heading": {
        "zh-hans": "{about} 指向“{heading}”，报告中没有这个标题{suggestion}。",
        "en": "{about} points to “{heading}”, which is no heading of the report{suggestion}.",
    },
    "no_heading": {
        "zh-hans": "{about} 没有指向任何标题。",
        "en": "{about} points to no heading.",
    },
    "heading_not_indexed": {
        "zh-hans": "标题“{about}”没有出现在索引中。",
        "en": "The heading “{about}” is not in the index.",
    },
    "printed_not_indexed": {
        "zh-hans": "“{heading}”下披露了 {about}，索引中没有。",
        "en": "{about} is reported under “{heading}” and not in the index.",
    },
    "unknown_code": {
        "zh-hans": "{about} 不在标准目录中{suggestion}。",
        "en": "{about} is not in the catalogue{suggestion}.",
    },
    "edition_missing": {
        "zh-hans": "{about} 没有写明版本，可能是 {editions}。",
        "en": "{about} names no edition; it could be {editions}.",
    },
    "withdrawn_edition": {
        "zh-hans": "{about} 已于 {day} 撤回或被取代{suggestion}。",
        "en": "{about} was withdrawn or superseded on {day}{suggestion}.",
    },
    "not_yet_in_force": {
        "zh-hans": "{about} 自 {day} 起生效，报告发布时尚未生效。",
        "en": "{about} is in force from {day} only, after the report was published.",
    },
    "meaning_differs": {
        "zh-hans": "{about} 在该版本中是“{name}”，在其他版本中是{others}。",
        "en": "{about} is “{name}” in this edition, in others {others}.",
    },
    "mixed_editions": {
        "zh-hans": "{about} 引用了多个版本：{editions}。",
        "en": "{about} is cited in several editions: {editions}.",
    },
    "code_without_topic": {
        "zh-hans": "{about}“{name}”没有对应的实质性议题。",
        "en": "{about}, “{name}”, belongs to no material topic.",
    },
    "topic_not_indexed": {
        "zh-hans": "议题“{about}”引用的 {codes} 都不在索引中。",
        "en": "None of the codes of the topic “{about}” is in the index: {codes}.",
    },
    "own_topic": {
        "zh-hans": "议题“{about}”没有对应的标准条目，请说明是自设议题。",
        "en": "The topic “{about}” has no code of a standard: say that it is your own.",
    },
    "sum_differs": {
        "zh-hans": "{about}：各项合计 {sum}，写明的总数是 {total}。",
        "en": "{about}: the parts add up to {sum}, the total says {total}.",
    },
    "number_skipped": {
        "zh-hans": "{about}：编号 {before} 之后是 {after}。",
        "en": "{about}: number {before} is followed by {after}.",
    },
    "same_heads": {
        "zh-hans": "{about} 与“{other}”的列标题相同：{heads}。",
        "en": "{about} has the column heads of “{other}”: {heads}.",
    },
}
