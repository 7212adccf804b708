"""Ask by mail: who gets one, queueing, planning, stopping; `deliver` sends what is queued."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.answers import COUNTING_STEP
from surveys.errors import Conflict, RuleBroken
from surveys.languages import Text
from surveys.mail.emails import check_text, shown
from surveys.models import Invitation, MailText, Message, ReminderPlan, Survey
from surveys.sql.copying import insert_copies

State, Kind = Message.State, Message.Kind
BEFORE = {Kind.REMINDER_1: Kind.INVITATION, Kind.REMINDER_2: Kind.REMINDER_1}
DELAY = timedelta(minutes=2)
PAUSE = timedelta(minutes=10)


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


def write_text(survey: Survey, occasion: str, subject: Text, body: Text) -> MailText:
    """Keep an organisation's own words; `surveys.mail.emails.check_text` says what is refused."""
    check_text(subject, body)
    if occasion not in MailText.Occasion.values:
        raise RuleBroken(_("There is no such mail."))
    text, _made = MailText.objects.update_or_create(
        survey=survey, occasion=occasion, defaults={"subject": subject, "body": body}
    )
    return text


def recipients(survey: Survey, kind: str, now: datetime | None = None) -> QuerySet[Invitation]:
    """Return who is to get this mail and has not: never who answered, declined or opted out.

    Except where their number would tell who has answered, if only of one person in a group or on
    the list: there a mail is queued to everybody who was asked, and stopped when it is its turn.
    """
    people = _addressed(survey, kind).exclude(messages__kind=kind)
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
    gets_it = _allowed(people)
    groups = dict(gets_it.order_by().values_list("audience__code").annotate(Count("pk")))
    count = sum(groups.values())
    addresses = gets_it.order_by("pk").values_list("email", flat=True)
    return Preview(
        count=_told(survey, kind, count),
        held=_told(survey, kind, people.count() - count),
        by_audience={code: _told(survey, kind, number) for code, number in groups.items()},
        first=[] if is_rounded(survey, kind) else list(addresses[:5]),
        mails=shown(survey, occasion(kind)),
    )


@transaction.atomic
def queue(survey: Survey, kind: str, count: int, not_before: datetime | None = None) -> int:
    """Send a mail to everybody who is to get it, two minutes from now or later.

    :param count: the number of mails, typed by who sends them.
    :raises Conflict: it is another number by now; nothing was queued.
    """
    now = timezone.now()
    start = max(not_before or now, now + DELAY)
    if survey.published_at is None or survey.is_sealed or start >= survey.closes_at:
        raise RuleBroken(_("Mail goes out while the survey is published and not closed."))
    people = _allowed(recipients(survey, kind, now))
    found = _told(survey, kind, people.count())
    if found == count > 0:
        mail = Message(survey=survey, kind=kind, not_before=start)
        found = _told(survey, kind, _put_in_line(mail, people))
        call_worker(survey, start)
    if found != count:
        raise Conflict(
            _("%(found)s mails would be sent, not %(typed)s. Nothing was sent.")
            % {"found": found, "typed": count}
        )
    return count


def _put_in_line(mail: Message, people: QuerySet[Invitation]) -> int:
    """Queue this mail to each of these people, by one statement; return how many that were."""
    found, parameters = people.order_by("pk").values("id").query.sql_with_params()
    try:
        with transaction.atomic():
            return insert_copies(mail, {"invitation_id": "i.id"}, f"({found}) i", parameters)
    except IntegrityError as error:
        raise Conflict(_("Somebody else sent this mail first. Look at what went out.")) from error


@transaction.atomic
def plan(survey: Survey, kind: str, at: datetime, most: int) -> ReminderPlan:
    """Let a reminder go out by itself. Who gets it is decided then, and again mail by mail.

    :param most: if it were more mails by then, none is sent and the plan is held.
    """
    if kind not in reminders(survey):
        raise RuleBroken(_("There is no such mail."))
    if survey.is_sealed or not timezone.now() < at < survey.closes_at:
        raise RuleBroken(_("Choose a time from now on, before the survey closes."))
    made, _new = ReminderPlan.objects.update_or_create(
        survey=survey,
        kind=kind,
        defaults={"at": at, "most": most, "done_at": None, "held": False},
    )
    return made


def carry_out_plans() -> int:
    """Queue the planned reminders that are due; return how many plans that were."""
    due = ReminderPlan.objects.due(timezone.now()).select_related("survey")
    return sum(_carry_out(plan) for plan in due)


@transaction.atomic
def _carry_out(plan: ReminderPlan) -> bool:
    """Queue one plan. It is taken by a guarded UPDATE, so that two workers never both do it."""
    now = timezone.now()
    if not ReminderPlan.objects.due(now).filter(pk=plan.pk).update(done_at=now):
        return False
    count = preview(plan.survey, plan.kind).count
    try:
        if count > plan.most:
            raise Conflict
        queue(plan.survey, plan.kind, count)
    except RuleBroken:
        ReminderPlan.objects.filter(pk=plan.pk).update(held=True)
    return True


@transaction.atomic
def retry(survey: Survey, kind: str) -> int:
    """Try again what was refused, where the address may be written to by now.

    What perhaps went out is never repeated. Returns how many mails wait again.
    """
    people = _addressed(survey, kind).values("pk")
    failed = Message.objects.filter(survey=survey, kind=kind, state=State.FAILED)
    start = timezone.now() + DELAY
    again = failed.filter(invitation__in=people).update(
        state=State.WAITING, attempts=0, error="", not_before=start
    )
    if again:
        call_worker(survey, start)
    return _told(survey, kind, again)


@transaction.atomic
def stop(survey: Survey, kind: str) -> int:
    """Take back what has not been tried, and the plan; return how many mails that were."""
    ReminderPlan.objects.filter(survey=survey, kind=kind, done_at=None).delete()
    waiting = Message.objects.filter(survey=survey, kind=kind, state=State.WAITING, attempts=0)
    return _told(survey, kind, waiting.delete()[0])


def delivery(survey: Survey) -> dict[str, dict[str, int]]:
    """Return how many mails of each kind are in each state, for showing progress.

    Reminders that were stopped pass for sent where they would tell who has answered.
    """
    counted = Message.objects.filter(survey=survey).values_list("kind", "state")
    found: Counter[tuple[str, str]] = Counter()
    for kind, state, number in counted.annotate(Count("pk")):
        hidden = state == State.STOPPED and is_rounded(survey, kind)
        found[kind, State.SENT if hidden else state] += number
    return {
        kind: {
            state: _told(survey, kind, found[kind, state])
            for state in State.values
            if found[kind, state]
        }
        for kind in Kind.values
    }


def failures(survey: Survey) -> QuerySet[Message]:
    """Return the mails that went wrong, as far as it may be told whose they are."""
    wrong = Message.objects.filter(survey=survey, state__in=(State.FAILED, State.UNCERTAIN))
    if survey.is_anonymous:
        wrong = wrong.filter(kind=Kind.INVITATION)
    return wrong.select_related("invitation__audience").order_by("kind", "pk")


def unreachable(survey: Survey) -> dict[str, int]:
    """Return how many people want no more mail, and to how many it cannot be delivered."""
    people = Invitation.objects.filter(audience__survey=survey)
    return people.aggregate(
        opted_out=Count("pk", filter=Q(reach=Invitation.Reach.OPTED_OUT)),
        bounced=Count("pk", filter=Q(reach=Invitation.Reach.BOUNCED)),
    )


def is_sending(survey: Survey) -> bool:
    """Tell whether mails are on their way or due soon."""
    soon = timezone.now() + PAUSE
    waits = Q(state=State.WAITING, not_before__lte=soon) | Q(state=State.SENDING)
    return Message.objects.filter(waits, survey=survey).exists()


def may_write_to(email: str) -> bool:
    """Tell whether mail may leave: to everybody once switched on, until then to a short list."""
    allowed = getattr(settings, "MAIL_TEST_ADDRESSES", ())
    return getattr(settings, "MAIL_IS_LIVE", False) or email in allowed


def _allowed(people: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Return those of them mail may leave for; see `may_write_to`."""
    if getattr(settings, "MAIL_IS_LIVE", False):
        return people
    return people.filter(email__in=getattr(settings, "MAIL_TEST_ADDRESSES", ()))


def is_rounded(survey: Survey, kind: str) -> bool:
    """Tell whether numbers of this mail would tell who has answered, and are told roughly."""
    return survey.is_anonymous and kind != Kind.INVITATION


def _told(survey: Survey, kind: str, number: int) -> int:
    """Return a number of people as it may be told: at most so many, in steps of five."""
    return -(-number // COUNTING_STEP) * COUNTING_STEP if is_rounded(survey, kind) else number


def _addressed(survey: Survey, kind: str) -> QuerySet[Invitation]:
    return _asked(survey) if is_rounded(survey, kind) else reachable(survey)


def reachable(survey: Survey) -> QuerySet[Invitation]:
    """Return who was invited, has not submitted, and may be written to."""
    return _unanswered(survey).filter(reach=Invitation.Reach.OPEN)


def _unanswered(survey: Survey) -> QuerySet[Invitation]:
    invited = _asked(survey).filter(state=Invitation.State.INVITED)
    return invited.exclude(intake__submitted=True)


def _asked(survey: Survey) -> QuerySet[Invitation]:
    """Return everybody mail can be written to, whatever they did with it."""
    return Invitation.objects.on_list_of(survey).exclude(Q(email="") | Q(seed=""))


def occasion(kind: str) -> str:
    first = kind == Kind.INVITATION
    return MailText.Occasion.INVITATION if first else MailText.Occasion.REMINDER


def call_worker(survey: Survey, start: datetime) -> None:
    """Have the mails of a survey sent from `start` on."""
    from surveys.tasks import deliver_mail

    deliver_mail.using(run_after=start).enqueue(survey.pk)
