"""Every write of the workspace is a verb here: keyword-only, atomic, and it says who."""

from materiality.actions.access import forget_old_accesses, note_access
from materiality.actions.approvals import approve, ask_approval, require_approval
from materiality.actions.contentindex import HeadingLine, set_headings, set_index, set_publication
from materiality.actions.context import StepRow, carry_context, set_chain, set_context
from materiality.actions.decisions import decide, undo_decision
from materiality.actions.deletion import (
    ask_deletion,
    delete_due,
    delete_organisation,
    sweep,
)
from materiality.actions.entering import enter_answer
from materiality.actions.evidence import attach, detach, remark
from materiality.actions.exclusions import decide_open_answers, exclude_answers, include_answers
from materiality.actions.feedback import give_feedback, withdraw_feedback
from materiality.actions.fieldwork import (
    AudiencePlan,
    end_survey,
    let_many_in,
    open_survey,
    reword,
    set_groups,
    set_prompt,
    set_questionnaire,
)
from materiality.actions.groups import (
    add_groups,
    add_suggested_groups,
    describe_groups,
    merge_groups,
    remove_group,
    reorder_groups,
    split_group,
)
from materiality.actions.housekeeping import (
    archive_round,
    delete_round,
    describe_round,
    discard_survey,
)
from materiality.actions.judgements import (
    explain_set_topics,
    judge_comparable,
    judge_impacts,
)
from materiality.actions.known_shares import set_known_shares
from materiality.actions.later_groups import open_to_group
from materiality.actions.mail import plan_reminder, retry_mail, send_mail, stop_mail, write_mail
from materiality.actions.members import admit, join, offer_role, set_own_name, set_role
from materiality.actions.organisations import (
    describe_organisation,
    first_owner,
    found_organisation,
    resume_organisation,
    set_mail,
    suspend_organisation,
)
from materiality.actions.people import (
    correct_person,
    erase_expired,
    forget_person,
    hand_out,
    invite_list,
    invite_people,
    remove_person,
    take_over_list,
    write_again,
    write_no_more,
)
from materiality.actions.plan import fix_plan, stamp_plan
from materiality.actions.presets import set_preset, set_tier_names
from materiality.actions.questionnaire import SurveyPlan, ask
from materiality.actions.reassessments import confirm_reassessment, reassess
from materiality.actions.redacting import redact_comments
from materiality.actions.register import (
    add_iro,
    carry_iros,
    close_iro,
    describe_iro,
    end_iros,
    reopen_iro,
    resume_iros,
    take_in_iros,
)
from materiality.actions.register_many import change_iros, close_iros
from materiality.actions.register_reminders import remind_iro_experts
from materiality.actions.register_scales import carry_iro_scales, set_iro_scales
from materiality.actions.register_scores import (
    agree_iro,
    assign_iros,
    disagree_iro,
    score_iro,
    set_iro_thresholds,
    unassign_iros,
)
from materiality.actions.reports import (
    ask_for_package,
    fail_package,
    finish_package,
    publish_figure,
    set_look,
    set_quotes,
    set_slides_template,
    set_template,
    take_package,
    withdraw_figure,
)
from materiality.actions.rounds import carry_over, enter_last_list, start_round
from materiality.actions.scale import map_last_scale, set_scale
from materiality.actions.settings import expect, set_criteria, set_rule, weigh
from materiality.actions.successions import SuccessionLine, explain_method, follow, succeed
from materiality.actions.texts import describe_engagement, describe_topic
from materiality.actions.tokens import end_token, end_tokens_of, make_token
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
from materiality.actions.webhooks import add_webhook, remove_webhook, turn_webhook

__all__ = [
    "AudiencePlan",
    "HeadingLine",
    "StepRow",
    "SuccessionLine",
    "SurveyPlan",
    "add_groups",
    "add_iro",
    "add_suggested_groups",
    "add_topic",
    "add_topics",
    "add_topics_from_catalogue",
    "add_webhook",
    "admit",
    "agree_iro",
    "approve",
    "archive_round",
    "ask",
    "ask_approval",
    "ask_deletion",
    "ask_for_package",
    "assign_iros",
    "attach",
    "carry_context",
    "carry_iro_scales",
    "carry_iros",
    "carry_over",
    "change_iros",
    "close_iro",
    "close_iros",
    "confirm_reassessment",
    "correct_person",
    "decide",
    "decide_open_answers",
    "delete_due",
    "delete_organisation",
    "delete_round",
    "describe_engagement",
    "describe_groups",
    "describe_iro",
    "describe_organisation",
    "describe_round",
    "describe_topic",
    "detach",
    "disagree_iro",
    "discard_survey",
    "end_iros",
    "end_survey",
    "end_token",
    "end_tokens_of",
    "enter_answer",
    "enter_last_list",
    "erase_expired",
    "exclude_answers",
    "expect",
    "explain_method",
    "explain_set_topics",
    "fail_package",
    "finish_package",
    "first_owner",
    "fix_plan",
    "follow",
    "forget_old_accesses",
    "forget_person",
    "found_organisation",
    "give_feedback",
    "hand_out",
    "include_answers",
    "invite_list",
    "invite_people",
    "join",
    "judge_comparable",
    "judge_impacts",
    "let_many_in",
    "make_token",
    "map_last_scale",
    "match_topic",
    "merge_groups",
    "move",
    "note_access",
    "offer_role",
    "open_survey",
    "open_to_group",
    "plan_reminder",
    "publish_figure",
    "reassess",
    "redact_comments",
    "remark",
    "remind_iro_experts",
    "remove_group",
    "remove_person",
    "remove_topic",
    "remove_webhook",
    "reopen_iro",
    "reorder",
    "reorder_groups",
    "require_approval",
    "resume_iros",
    "resume_organisation",
    "retry_mail",
    "reword",
    "score_iro",
    "screen_out",
    "send_mail",
    "set_chain",
    "set_context",
    "set_criteria",
    "set_groups",
    "set_headings",
    "set_index",
    "set_iro_scales",
    "set_iro_thresholds",
    "set_known_shares",
    "set_look",
    "set_mail",
    "set_own_name",
    "set_preset",
    "set_prompt",
    "set_publication",
    "set_questionnaire",
    "set_quotes",
    "set_role",
    "set_rule",
    "set_scale",
    "set_slides_template",
    "set_template",
    "set_tier_names",
    "split_group",
    "stamp_plan",
    "start_round",
    "stop_mail",
    "succeed",
    "suspend_organisation",
    "sweep",
    "take_back",
    "take_in_iros",
    "take_over_list",
    "take_package",
    "turn_webhook",
    "unassign_iros",
    "undo_decision",
    "weigh",
    "withdraw_feedback",
    "withdraw_figure",
    "write_again",
    "write_mail",
    "write_no_more",
]
