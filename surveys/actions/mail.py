"""Ask by mail: who gets one, queueing, planning, stopping; `deliver` sends what is queued."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.actions.deliver import call_worker, deliver, mark_uncertain
from surveys.errors import Conflict, RuleBroken
from surveys.languages import Text
from surveys.mail.emails import check_text
from surveys.mail.recipients import (
    addressees,
    figure,
    number_reached,
    preview,
    recipients,
    reminders,
    writable,
)
from surveys.models import Invitation, MailText, Message, ReminderPlan, Survey
from surveys.sql.copying import insert_copies

State, Kind = Message.State, Message.Kind
DELAY = timedelta(minutes=2)


def write_text(survey: Survey, occasion: str, subject: Text, body: Text) -> MailText:
    """Keep an organisation's own words; `surveys.mail.emails.check_text` says what is refused."""
    check_text(survey, subject, body)
    if occasion not in MailText.Occasion.values:
        raise RuleBroken(_("There is no such mail."))
    text, _made = MailText.objects.update_or_create(
        survey=survey, occasion=occasion, defaults={"subject": subject, "body": body}
    )
    return text


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
    people = writable(recipients(survey, kind, now), survey.organisation)
    row = figure(survey, kind, people.count())
    if row == count > 0:
        mail = Message(survey=survey, kind=kind, not_before=start)
        row = figure(survey, kind, _put_in_line(mail, people))
        call_worker(survey, start)
    if row != count:
        raise Conflict(
            _("%(found)s mails would be sent, not %(typed)s. Nothing was sent.")
            % {"found": row, "typed": count}
        )
    return count


def _put_in_line(mail: Message, people: QuerySet[Invitation]) -> int:
    """Queue this mail to each of these people, by one statement; return how many that were."""
    statement, parameters = people.order_by("pk").values("id").query.sql_with_params()
    try:
        with transaction.atomic():
            return insert_copies(mail, {"invitation_id": "i.id"}, f"({statement}) i", parameters)
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
    row, _new = ReminderPlan.objects.update_or_create(
        survey=survey,
        kind=kind,
        defaults={"at": at, "most": most, "done_at": None, "held": False},
    )
    return row


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
    try:
        if number_reached(plan.survey, plan.kind) > plan.most:
            raise Conflict
        queue(plan.survey, plan.kind, preview(plan.survey, plan.kind).count)
    except RuleBroken:
        ReminderPlan.objects.filter(pk=plan.pk).update(held=True)
    return True


@transaction.atomic
def retry(survey: Survey, kind: str) -> int:
    """Try again what was refused, where the address may be written to by now.

    What perhaps went out is never repeated. Returns how many mails wait again.
    """
    people = addressees(survey, kind).values("pk")
    failed = Message.objects.filter(survey=survey, kind=kind, state=State.FAILED)
    start = timezone.now() + DELAY
    again = failed.filter(invitation__in=people).update(
        state=State.WAITING, attempts=0, error="", not_before=start
    )
    if again:
        call_worker(survey, start)
    return figure(survey, kind, again)


@transaction.atomic
def stop(survey: Survey, kind: str) -> int:
    """Take back what has not been tried, and the plan; return how many mails that were."""
    ReminderPlan.objects.filter(survey=survey, kind=kind, done_at=None).delete()
    waiting = Message.objects.filter(survey=survey, kind=kind, state=State.WAITING, attempts=0)
    return figure(survey, kind, waiting.delete()[0])


def deliver_all() -> Counter[str]:
    """Send what is due in any survey: whatever the queue lost is found here."""
    carry_out_plans()
    due = Message.objects.due(timezone.now()).values("survey")
    mark_uncertain()
    return sum((deliver(survey) for survey in Survey.objects.filter(pk__in=due)), Counter())
