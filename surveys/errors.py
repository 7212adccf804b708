"""What the rules say when they are broken: one class a rule, a sentence for the person who meets it."""

from django.utils.translation import gettext as _


class RuleBroken(Exception):
    """A rule of the product forbids this. `str()` is a sentence to show; nothing was stored."""

    code = "rule_broken"


class InvalidAnswers(RuleBroken):
    """The answers sent are not answers to this survey."""

    code = "invalid_answers"


class SurveyClosed(RuleBroken):
    code = "survey_closed"

    def __str__(self) -> str:
        return _("This survey is not open, so nothing was changed.")


class NotPublishable(RuleBroken):
    """The survey lacks something that respondents must be told or asked."""

    code = "not_publishable"


class Conflict(RuleBroken):
    """Somebody else changed the same thing first."""

    code = "conflict"
