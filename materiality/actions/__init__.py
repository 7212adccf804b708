"""Every write of the workspace is a verb here: keyword-only, atomic, and it says who."""

from materiality.actions.approvals import approve, require_approval, standing_approval
from materiality.actions.contentindex import (
    HeadingLine,
    IndexLine,
    index_lines,
    set_headings,
    set_index,
    suggested_lines,
)
from materiality.actions.decisions import decide
from materiality.actions.evidence import attach, detach, remark
from materiality.actions.log import WeightSet, weight_sets
from materiality.actions.questionnaire import SurveyPlan, ask
from materiality.actions.reports import (
    ask_for_package,
    fail_package,
    finish_package,
    look_of,
    publish_figure,
    set_look,
    set_template,
    take_package,
    withdraw_figure,
)
from materiality.actions.rounds import add_groups, carry_over, start_round
from materiality.actions.settings import expect, set_rule, weigh
from materiality.actions.successions import Change, explain_method, follow, succeed
from materiality.actions.texts import describe_engagement, describe_topic
from materiality.actions.topics import (
    add_topic,
    add_topics,
    add_topics_from_catalogue,
    match_topic,
    move,
    remove_topic,
    reorder,
    screen_out,
    take_back,
)

__all__ = [
    "Change",
    "HeadingLine",
    "IndexLine",
    "SurveyPlan",
    "WeightSet",
    "add_groups",
    "add_topic",
    "add_topics",
    "add_topics_from_catalogue",
    "approve",
    "ask",
    "ask_for_package",
    "attach",
    "carry_over",
    "decide",
    "describe_engagement",
    "describe_topic",
    "detach",
    "expect",
    "explain_method",
    "fail_package",
    "finish_package",
    "follow",
    "index_lines",
    "look_of",
    "match_topic",
    "move",
    "publish_figure",
    "remark",
    "remove_topic",
    "reorder",
    "require_approval",
    "screen_out",
    "set_headings",
    "set_index",
    "set_look",
    "set_rule",
    "set_template",
    "standing_approval",
    "start_round",
    "succeed",
    "suggested_lines",
    "take_back",
    "take_package",
    "weigh",
    "weight_sets",
    "withdraw_figure",
]
