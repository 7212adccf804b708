"""Who gets a mail, what it looks like, and how far numbers of people may be told of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.errors import RuleBroken
from surveys.mail.emails import samples
from surveys.models import COUNTING_STEP, Invitation, MailText, Message, Organisation, Survey

Kind = Message.Kind
BEFORE = {Kind.REMINDER_1: Kind.INVITATION, Kind.REMINDER_2: Kind.REMINDER_1}


@dataclass(frozen=True)
class Preview:
    """What pressing send would do. `held` people are not written to in test mode.

    A reminder of an anonymous survey tells neither who gets it nor, to less than five, how many:
    that would tell who has answered.
    """

    count: int
    held: int
    by_audience: dict[str, int]
    first: list[str]
    mails: dict[str, tuple[str, str]]


def recipients(survey: Survey, kind: str, now: datetime | None = None) -> QuerySet[Invitation]:
    """Return who is to get this mail and has not: never who answered, declined or opted out.

    Except where their number would tell who has answered, if only of one person in a group or on
    the list: there a mail is queued to everybody who was asked, and stopped when it is its turn.
    """
    people = addressees(survey, kind).exclude(messages__kind=kind)
    if kind == Kind.INVITATION:
        return people
    if kind not in BEFORE:
        raise RuleBroken(_("There is no such mail."))
    if kind not in reminders(survey):
        return people.none()
    long_ago = (now or timezone.now()) - timedelta(days=survey.reminder_gap)
    return people.filter(
        messages__kind=BEFORE[Kind(kind)],
        messages__sent_at__lte=long_ago,
    )


def reminders(survey: Survey) -> list[Message.Kind]:
    """Return the reminders this survey allows, in their order."""
    return list(BEFORE)[: survey.most_reminders]


def kinds(survey: Survey) -> list[Message.Kind]:
    """Return the mails there are for this survey, in their order."""
    return [Kind.INVITATION, *reminders(survey)]


def preview(survey: Survey, kind: str) -> Preview:
    people = recipients(survey, kind)
    gets_it = writable(people, survey.organisation)
    groups = dict(gets_it.order_by().values_list("audience__code").annotate(Count("pk")))
    count = sum(groups.values())
    addresses = gets_it.order_by("pk").values_list("email", flat=True)
    return Preview(
        count=figure(survey, kind, count),
        held=figure(survey, kind, people.count() - count),
        by_audience={code: figure(survey, kind, number) for code, number in groups.items()},
        first=[] if is_rounded(survey, kind) else list(addresses[:5]),
        mails=samples(survey, occasion(kind)),
    )


def number_reached(survey: Survey, kind: str) -> int:
    """Return how many people a mail would reach now: of a reminder, who has not answered.

    Where that number would tell who has answered, in steps of five.
    """
    people = recipients(survey, kind).filter(pk__in=reachable(survey).values("pk"))
    return figure(survey, kind, writable(people, survey.organisation).count())


def is_live(organisation: Organisation) -> bool:
    """Tell whether its mail goes to everybody: switched on for the site, and not held for it."""
    is_held = organisation.mail_is_held or organisation.is_suspended
    return bool(getattr(settings, "MAIL_IS_LIVE", False)) and not is_held


def may_write_to(email: str, organisation: Organisation) -> bool:
    """Tell whether mail may leave: to everybody once switched on, until then to a short list.

    Of an organisation that is suspended none leaves.
    """
    if organisation.is_suspended:
        return False
    return is_live(organisation) or email in getattr(settings, "MAIL_TEST_ADDRESSES", ())


def writable(people: QuerySet[Invitation], organisation: Organisation) -> QuerySet[Invitation]:
    """Return those of them mail may leave for; see `may_write_to`."""
    if organisation.is_suspended:
        return people.none()
    if is_live(organisation):
        return people
    return people.filter(email__in=getattr(settings, "MAIL_TEST_ADDRESSES", ()))


def is_rounded(survey: Survey, kind: str) -> bool:
    """Tell whether numbers of this mail would tell who has answered, and are told roughly."""
    return survey.is_anonymous and kind != Kind.INVITATION


def figure(survey: Survey, kind: str, number: int) -> int:
    """Return a number of people as it may be shown: at most so many, in steps of five."""
    if not is_rounded(survey, kind):
        return number
    steps = -(-number // COUNTING_STEP)
    return steps * COUNTING_STEP


def addressees(survey: Survey, kind: str) -> QuerySet[Invitation]:
    """Return whom a mail of this kind is written to, where nothing was sent yet."""
    return _reachable(survey) if is_rounded(survey, kind) else reachable(survey)


def reachable(survey: Survey) -> QuerySet[Invitation]:
    """Return who was invited, has not submitted, and may be written to."""
    return _without_answer(survey).filter(reach=Invitation.Reach.OPEN)


def _without_answer(survey: Survey) -> QuerySet[Invitation]:
    invited = _reachable(survey).filter(state=Invitation.State.INVITED)
    return invited.exclude(intake__submitted=True)


def _reachable(survey: Survey) -> QuerySet[Invitation]:
    """Return everybody mail can be written to, whatever they did with it."""
    return Invitation.objects.on_list_of(survey).exclude(Q(email="") | Q(seed=""))


def occasion(kind: str) -> str:
    first = kind == Kind.INVITATION
    return MailText.Occasion.INVITATION if first else MailText.Occasion.REMINDER
