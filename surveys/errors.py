"""What the rules say when they are broken: a class a rule, a sentence for who meets it."""

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


class UnknownLink(RuleBroken):
    """No such token, or a revoked one: nobody may tell which."""

    code = "unknown_link"

    def __str__(self) -> str:
        return _(
            "We cannot find this survey. Check the link, or ask the person who sent it to you."
        )


class TooManyUnknownLinks(RuleBroken):
    """Somebody may be guessing. Links that exist are answered all the same."""

    code = "too_many_unknown_links"

    def __str__(self) -> str:
        return _(
            "Too many links that do not exist were opened from your network."
            " Check the link and try again in a minute; a right link works at once."
        )


class ConsentMissing(RuleBroken):
    code = "consent_missing"

    def __str__(self) -> str:
        return _("Agree to how your answers are used before you answer.")


class Unavailable(RuleBroken):
    """Something this needs is away for now; it can be tried again."""

    code = "unavailable"


class SealBroken(Exception):
    """The stored block is not the one that was sealed: somebody changed it."""


class Overtaken(Exception):
    """Another worker took over what this one was doing."""


class Unusable(Exception):
    """One value of one row of a table: `args` are the value and why."""
