"""The log of a round: who did what when, what was before and after, and why."""

import json
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from materiality.document import canonical
from materiality.models.assessments import Assessment
from materiality.models.immutable import WrittenOnce, WrittenOnceQuerySet


class CanonicalField(models.TextField[Any, Any]):
    """A JSON value kept as its canonical text, because that text is what was hashed.

    A JSON column of PostgreSQL would write 1e20 back as an integer.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str:
        return canonical(value)


class Verb(models.TextChoices):
    START_ROUND = "start_round", _("Started the round")
    DESCRIBE_ROUND = "describe_round", _("Renamed the round or corrected its year")
    ARCHIVE = "archive", _("Archived the round")
    UNARCHIVE = "unarchive", _("Took the round out of the archive")
    DELETE_ROUND = "delete_round", _("Deleted the draft of the round")
    DISCARD_SURVEY = "discard_survey", _("Deleted the draft of a questionnaire")
    FOLLOW = "follow", _("Named the previous round")
    CARRY_OVER = "carry_over", _("Took over last round’s list")
    ADD_TOPICS = "add_topics", _("Added topics")
    REMOVE_TOPIC = "remove_topic", _("Removed a topic")
    DESCRIBE_TOPIC = "describe_topic", _("Described a topic")
    FIX_WORDING = "fix_wording", _("Fixed wording after the first answer")
    SCREEN_OUT = "screen_out", _("Screened a topic out")
    TAKE_BACK = "take_back", _("Took a topic back onto the short list")
    REORDER = "reorder", _("Reordered the topics")
    MATCH = "match", _("Matched a topic with last round’s")
    SUCCEED = "succeed", _("Explained the changes of topics")
    EXPLAIN_METHOD = "explain_method", _("Explained the change of method")
    ADD_GROUPS = "add_groups", _("Added groups")
    DESCRIBE_GROUP = "describe_group", _("Changed a group")
    REORDER_GROUPS = "reorder_groups", _("Reordered the groups")
    MERGE_GROUPS = "merge_groups", _("Merged groups")
    SPLIT_GROUP = "split_group", _("Split a group")
    REMOVE_GROUP = "remove_group", _("Removed a group")
    DESCRIBE_ENGAGEMENT = "describe_engagement", _("Described the engagement of a group")
    DESCRIBE_ORGANISATION = "describe_organisation", _("Changed the organisation’s name or contact")
    OFFER_ROLE = "offer_role", _("Offered somebody a role")
    SET_ROLE = "set_role", _("Set who may do what")
    ASK = "ask", _("Built a questionnaire")
    PUBLISH = "publish", _("Published a questionnaire")
    ENTER = "enter", _("Entered an interview or a paper form")
    IMPORT = "import", _("Imported answers from a table")
    TAKE_BACK_IMPORT = "take_back_import", _("Took imported answers back")
    SEAL = "seal", _("Closed a survey and sealed its answers")
    REWORD = "reword", _("Fixed the wording of a published questionnaire")
    OPEN_TO_GROUP = "open_to_group", _("Opened a running survey to a further group")
    SET_SURVEY = "set_survey", _("Changed a questionnaire’s settings")
    INVITE = "invite", _("Added people to be asked")
    CORRECT_PERSON = "correct_person", _("Corrected somebody who is asked")
    OPT_OUT = "opt_out", _("Noted that somebody wants no more mail")
    OPT_IN = "opt_in", _("Noted that somebody may be written to again")
    REMOVE_PERSON = "remove_person", _("Removed somebody who was asked")
    FORGET_PERSON = "forget_person", _("Erased what was kept about somebody")
    ERASE_EXPIRED = "erase_expired", _("Erased who was asked, as the time was over")
    HAND_OUT = "hand_out", _("Took links to hand over")
    WRITE_MAIL = "write_mail", _("Wrote a mail")
    SEND = "send", _("Sent mails")
    STOP_MAIL = "stop_mail", _("Stopped mails")
    PLAN_REMINDER = "plan_reminder", _("Planned a reminder")
    EXCLUDE = "exclude", _("Left answers out")
    INCLUDE = "include", _("Counted answers again")
    REDACT = "redact", _("Read comments and took out what names people")
    WEIGH = "weigh", _("Saved weights")
    SET_SHARES = "set_shares", _("Set known shares inside a group")
    FIX_PLAN = "fix_plan", _("Fixed rule, weights, tiers and tests before the answers")
    CHANGE_PLAN = "change_plan", _("Changed what was fixed before the answers")
    STAMP_PLAN = "stamp_plan", _("Had the fixed plan time-stamped")
    SET_RULE = "set_rule", _("Set the tier rule")
    JUDGE = "judge", _("Judged what the scores cannot tell")
    EXPLAIN_TOPIC = "explain_topic", _("Explained a set topic of a standard")
    DECIDE = "decide", _("Decided a tier")
    UNDO_DECISION = "undo_decision", _("Took back the last decision of a tier")
    REMARK = "remark", _("Commented")
    ATTACH = "attach", _("Attached a file")
    DETACH = "detach", _("Removed a file")
    ASK_APPROVAL = "ask_approval", _("Asked somebody to approve the results")
    APPROVE = "approve", _("Approved the results")
    REQUEST_CHANGES = "request_changes", _("Asked for changes")
    REQUIRE_APPROVAL = "require_approval", _("Set whether a second person must approve")
    LOCK = "lock", _("Locked the round")
    INDEX = "index", _("Changed the content index")
    SET_LOOK = "set_look", _("Changed how the report looks")
    PUBLISH_FIGURE = "publish_figure", _("Published the matrix for other sites")
    WITHDRAW_FIGURE = "withdraw_figure", _("Withdrew the published matrix")
    SET_CONTEXT = "set_context", _("Described the context of the round")
    SET_CHAIN = "set_chain", _("Described the value chain")
    CARRY_CONTEXT = "carry_context", _("Took over last round’s context")
    ADD_SOURCE = "add_source", _("Added a source")
    DESCRIBE_SOURCE = "describe_source", _("Changed a source")
    REMOVE_SOURCE = "remove_source", _("Removed a source")
    ADD_PASSAGE = "add_passage", _("Added a passage of a source")
    DESCRIBE_PASSAGE = "describe_passage", _("Changed a passage of a source")
    REMOVE_PASSAGE = "remove_passage", _("Removed a passage")
    CODE_PASSAGE = "code_passage", _("Coded a passage")
    ADD_IRO = "add_iro", _("Added an entry to the register")
    DESCRIBE_IRO = "describe_iro", _("Changed an entry of the register")
    CLOSE_IRO = "close_iro", _("Closed an entry of the register")
    REOPEN_IRO = "reopen_iro", _("Reopened an entry of the register")
    IMPORT_IROS = "import_iros", _("Imported a table into the register")
    CARRY_IROS = "carry_iros", _("Took over entries of last round’s register")
    END_IROS = "end_iros", _("Closed entries of last round’s register")
    RESUME_IROS = "resume_iros", _("Took back that entries of last round’s register are closed")
    ASSIGN_IROS = "assign_iros", _("Assigned entries of the register to experts")
    UNASSIGN_IROS = "unassign_iros", _("Took entries of the register away from experts")
    SCORE_IRO = "score_iro", _("Scored an entry of the register")
    AGREE_IRO = "agree_iro", _("Wrote down the consensus on an entry of the register")
    DISAGREE_IRO = "disagree_iro", _("Took back the consensus on an entry of the register")
    SET_IRO_THRESHOLDS = "set_iro_thresholds", _("Set thresholds of the register")
    SET_IRO_SCALES = "set_iro_scales", _("Said what the numbers of the register mean")
    REASSESS = "reassess", _("Recorded that nothing material has changed")
    CONFIRM_REASSESSMENT = "confirm_reassessment", _("Confirmed that nothing material has changed")
    REMIND_IRO_EXPERTS = "remind_iro_experts", _("Reminded experts of entries to score")
    GIVE_FEEDBACK = "give_feedback", _("Told those who answered what came of it")
    WITHDRAW_FEEDBACK = "withdraw_feedback", _("Withdrew what those who answered were told")


AFTER_THE_LOCK = (
    Verb.INDEX,
    Verb.SET_LOOK,
    Verb.PUBLISH_FIGURE,
    Verb.WITHDRAW_FIGURE,
    Verb.GIVE_FEEDBACK,
    Verb.WITHDRAW_FEEDBACK,
    Verb.ERASE_EXPIRED,
    Verb.FORGET_PERSON,
    Verb.ARCHIVE,
    Verb.UNARCHIVE,
    Verb.REASSESS,
    Verb.CONFIRM_REASSESSMENT,
)
"""What the log of a locked round may still tell: how it is shown, and who was erased."""


OF_THE_REGISTER = (
    Verb.ADD_IRO,
    Verb.DESCRIBE_IRO,
    Verb.CLOSE_IRO,
    Verb.REOPEN_IRO,
    Verb.IMPORT_IROS,
    Verb.CARRY_IROS,
    Verb.END_IROS,
    Verb.RESUME_IROS,
    Verb.ASSIGN_IROS,
    Verb.UNASSIGN_IROS,
    Verb.SCORE_IRO,
    Verb.AGREE_IRO,
    Verb.DISAGREE_IRO,
    Verb.SET_IRO_THRESHOLDS,
    Verb.SET_IRO_SCALES,
    Verb.REMIND_IRO_EXPERTS,
)
"""What the log tells of the register; no result follows from it yet."""


class Event(WrittenOnce):
    """One entry of the log, chained to the one before it by its hash."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True, help_text=_("The person’s name then."))
    verb = models.CharField(max_length=30)
    subject = models.CharField(max_length=100, blank=True, help_text=_("The topic, group, …"))
    before = CanonicalField(null=True)
    after = CanonicalField(null=True)
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="one_event_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}, {self.number}: {self.label} {self.subject}".strip()

    @property
    def label(self) -> str:
        """What was done, in the reader's language."""
        return str(Verb(self.verb).label) if self.verb in Verb.values else self.verb

    def entry(self) -> dict[str, Any]:
        """Return the entry as the chain sees it (materiality.document.log)."""
        return {
            "round": self.assessment_id,
            "number": self.number,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "by": self.by_id,
            "name": self.name,
            "verb": self.verb,
            "subject": self.subject,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
            "previous": self.previous_hash,
            "hash": self.hash,
        }
