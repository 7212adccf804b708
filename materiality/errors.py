"""What the rules of scoring, deciding and locking say when they are broken."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.errors import RuleBroken
from surveys.languages import LANGUAGE_NAMES


class NoResultsYet(RuleBroken):
    """Nothing is sealed, or too few have answered, so there is nothing to score."""

    code = "no_results_yet"


class ReasonNeeded(RuleBroken):
    """A tier differs from the rule's suggestion and nobody said why."""

    code = "reason_needed"

    def __init__(self, topics: Sequence[str]) -> None:
        self.topics = tuple(topics)
        names = _(", ").join(self.topics)
        super().__init__(
            _("Differs from the suggestion: give a reason for %(names)s.") % {"names": names}
        )


class ChangeNeedsReason(RuleBroken):
    """Weights or the rule were to change after the results were seen, and nobody said why."""

    code = "reason_needed"

    def __str__(self) -> str:
        return _("Say why: there are results already, and this changes how they come about.")


class AlreadyAsked(RuleBroken):
    """People are being asked about these topics."""

    code = "already_asked"

    def __str__(self) -> str:
        return _(
            "The questionnaire is published, so its list of topics stands. Wording can be fixed."
        )


class HasOwner(RuleBroken):
    """Somebody has an account already, so the link for the first one is spent."""

    code = "has_owner"

    def __str__(self) -> str:
        return _("This installation has an owner already. Sign in, or ask to be let in.")


class RoundStands(RuleBroken):
    """A round that people were asked about, or that another one builds on, is not deleted."""

    code = "round_stands"


class GroupStands(RuleBroken):
    """The people of a group are being asked."""

    code = "already_asked"

    def __str__(self) -> str:
        return _("The questionnaire of this group is published, so the group stands.")


class AlreadyAsking(RuleBroken):
    """A group was to be added as if nobody were asked yet."""

    code = "already_asked"

    def __str__(self) -> str:
        return _(
            "People are asked about this already. Open the running survey to the group instead, "
            "and say how much it counts."
        )


class BadGroup(RuleBroken):
    """A group without a name, an unknown one, or one that people still belong to."""

    code = "bad_group"


class CriteriaStand(RuleBroken):
    """A questionnaire was built on criteria that were to change."""

    code = "already_asked"

    def __str__(self) -> str:
        return _("The questionnaire is built already, so the questions it asks stand.")


class BothLanguagesNeeded(RuleBroken):
    """A reason lacks a language of the round."""

    code = "both_languages_needed"

    def __init__(self, languages: Sequence[str]) -> None:
        names = _(", ").join(LANGUAGE_NAMES[code] for code in languages)
        super().__init__(_("Write the reason in: %(languages)s.") % {"languages": names})


class UnknownTopic(RuleBroken):
    code = "unknown_topic"


class FaultyFields(RuleBroken):
    """What was entered contradicts itself or lacks what it must have.

    :param faults: a sentence for each field, by its name; "" is of the whole.
    """

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return " ".join(self.faults.values())


class BadIro(FaultyFields):
    """An entry of the register."""

    code = "bad_iro"


class BadContext(FaultyFields):
    """The context of a round, or a stage of its value chain."""

    code = "bad_context"


class BadSource(FaultyFields):
    """A source, or a passage of one."""

    code = "bad_source"


class IroIsClosed(RuleBroken):
    code = "iro_is_closed"

    def __str__(self) -> str:
        return _("This entry of the register is closed. Reopen it first.")


class LastEntryFeeds(RuleBroken):
    """Closing the last open entry would turn the axes back to the survey without a word."""

    code = "last_entry_feeds"

    def __str__(self) -> str:
        return _(
            "The axes of this round rest on the register, and no entry would stay open. First add "
            "another entry, or let them rest on the survey alone, on the page “How topics are "
            "judged”."
        )


class NotAssigned(RuleBroken):
    """Somebody scored an entry that nobody asked them to."""

    code = "not_assigned"

    def __str__(self) -> str:
        return _("This entry is not assigned to you. Ask who runs the round to assign it.")


class ScoresFirst(RuleBroken):
    """Files that hold what others say were asked for by somebody who has still to score."""

    code = "scores_first"

    def __str__(self) -> str:
        return _(
            "Score your entries of the register first. The files hold what others say of them, "
            "so you can take them after that."
        )


class OwnScoresFirst(NoResultsYet):
    """Results that hold the register’s values were asked for by somebody who has still to score."""

    code = "scores_first"

    def __init__(self, count: int) -> None:
        super().__init__(
            ngettext(
                "You see results once you have scored your %(count)d entry of the register: they "
                "show what others made of it.",
                "You see results once you have scored your %(count)d entries of the register: they "
                "show what others made of them.",
                count,
            )
            % {"count": count}
        )


class BadReassessment(FaultyFields):
    """A year cannot be recorded as reassessed and unchanged."""

    code = "bad_reassessment"


class InTheRegister(RuleBroken):
    """A topic or a file that entries of the register refer to was to be removed."""

    code = "in_the_register"

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(codes)
        self.codes = codes

    def __str__(self) -> str:
        return _("The register or sources refer to this: %(codes)s. Change them first.") % {
            "codes": _(", ").join(self.codes)
        }


class TopicInUse(RuleBroken):
    """A topic was to be taken off the list, and something else of the round refers to it."""

    code = "topic_in_use"

    def __init__(self, by: Sequence[str]) -> None:
        super().__init__(by)
        self.by = by

    def __str__(self) -> str:
        return _(
            "This topic cannot be removed: %(by)s refer to it. Leave it out of the questionnaire "
            "instead, with the reason."
        ) % {"by": _(", ").join(self.by)}


class UnusableFile(RuleBroken):
    code = "unusable_file"


class FourEyes(RuleBroken):
    """Whoever made or decided something cannot be the one who approves it."""

    code = "four_eyes"

    def __str__(self) -> str:
        return _("You made the last change or decided a tier: somebody else has to approve.")


class CommentNeeded(RuleBroken):
    code = "comment_needed"

    def __str__(self) -> str:
        return _("Write what you want to say first.")


class NotApproved(RuleBroken):
    """Nobody has approved the results, or they have changed since."""

    code = "not_approved"

    def __str__(self) -> str:
        return _("A second person has to approve these results before the round is locked.")


class RoundLocked(RuleBroken):
    code = "locked"

    def __str__(self) -> str:
        return _("This round is locked. Start a new round to correct it.")


class NotLocked(RuleBroken):
    code = "not_locked"

    def __str__(self) -> str:
        return _("This is done with a locked round only. Lock the round first.")


class NobodyAnswered(RuleBroken):
    """Those who answered were to be told something, and no survey was held."""

    code = "nobody_answered"

    def __str__(self) -> str:
        return _("No survey was held in this round, so there is nobody who answered to be told.")


class NothingToUndo(RuleBroken):
    code = "nothing_to_undo"

    def __str__(self) -> str:
        return _("Somebody decided since, or took it back already. Look at the table again.")


class TiersDecided(RuleBroken):
    """Each decision was between the tiers there are."""

    code = "tiers_decided"

    def __init__(self, topics: Sequence[str]) -> None:
        super().__init__(topics)
        self.topics = topics

    def __str__(self) -> str:
        values = {"topics": _(", ").join(self.topics)}
        return (
            _(
                "People have decided the tier of %(topics)s. Take these decisions back on the page "
                "of results before the number of tiers changes."
            )
            % values
        )


class NoSuchTier(RuleBroken):
    """A decision for a tier that the round does not have."""

    code = "no_such_tier"

    def __init__(self, tier: int, tiers: int) -> None:
        super().__init__(tier)
        self.tier, self.tiers = tier, tiers

    def __str__(self) -> str:
        values = {"found": self.tier, "tiers": self.tiers}
        return _("This round has the tiers 1 to %(tiers)d; found %(found)d.") % values


class ScaleStands(RuleBroken):
    """People are being asked on this scale."""

    code = "scale_stands"

    def __str__(self) -> str:
        return _(
            "A questionnaire is published, so its rating scale stands. Another scale needs a new "
            "round."
        )


class ScaleIsUsed(RuleBroken):
    """Entries of the register are judged on this scale."""

    code = "scale_is_used"

    def __str__(self) -> str:
        return _(
            "Entries of the register have scores, thresholds or words for numbers on this rating "
            "scale, so it stands. Another scale needs a new round."
        )


class BadScale(RuleBroken):
    code = "bad_scale"

    def __init__(self, points: int) -> None:
        super().__init__(points)
        self.points = points

    def __str__(self) -> str:
        return _("A scale has 3 to 11 points; found %(found)s.") % {"found": self.points}


class LastOwner(RuleBroken):
    """Without an owner nobody could lock a round or let anybody in."""

    code = "last_owner"

    def __str__(self) -> str:
        return _("An organisation needs an owner. Make somebody else an owner first.")


class AlreadyMember(RuleBroken):
    """Letting in gives a first role; changing one is its own act, with its own guard."""

    code = "already_member"

    def __str__(self) -> str:
        return _("This person is a member already. Change the role in the list.")


class RoundIncomplete(RuleBroken):
    """Something is missing that a locked round must have."""

    code = "incomplete"


class BadWeights(RuleBroken):
    code = "bad_weights"


class BadShares(RuleBroken):
    """Parts of a group that do not fit together, or known shares that do not come to a whole."""

    code = "bad_shares"


class PartsStand(RuleBroken):
    """Which groups are parts of one was to change after answers were sealed."""

    code = "answers_known"

    def __str__(self) -> str:
        return _(
            "Answers are sealed, so which groups are parts of one stands: small parts are pooled "
            "by it, and another pooling would tell what a few said. Shares can still be changed."
        )


class NotASuccession(RuleBroken):
    """A round cannot come after itself, nor a topic after one of its own round."""

    code = "not_a_succession"


class AnswersKnown(RuleBroken):
    """The plan was to be fixed in advance, and answers or scores were known already."""

    code = "answers_known"

    def __str__(self) -> str:
        return _(
            "Answers or experts’ scores are known already, so nothing can be fixed before them any "
            "more. Changes of the rule and of weights are in the log with their reasons."
        )


class NothingFixed(RuleBroken):
    """A time stamp was asked for, and no plan was fixed."""

    code = "nothing_fixed"

    def __str__(self) -> str:
        return _("Nothing was fixed yet. Fix the plan first, then have it time-stamped.")


class NoTimeStamp(RuleBroken):
    """No time-stamping service is set, or it gave no usable answer."""

    code = "no_time_stamp"

    def __init__(self, why: str = "") -> None:
        self.why = why
        super().__init__(why)

    def __str__(self) -> str:
        if not self.why:
            return _("No time-stamping service is set (TIMESTAMP_URL).")
        return _(
            "The time-stamping service gave no stamp: %(why)s. What was fixed stands in the log; "
            "ask again later."
        ) % {"why": self.why}
