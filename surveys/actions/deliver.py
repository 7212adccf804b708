"""Send the mails that are due, each once.

A row is taken by one guarded UPDATE before its mail is handed over, so two workers never send the
same one; if a worker dies after that, nobody knows whether it went out, and it is not repeated.
"""

import smtplib
from collections import Counter
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Min
from django.utils import timezone
from django_tasks import task

from surveys.mail.emails import compose
from surveys.mail.recipients import is_rounded, may_write_to, occasion, reachable
from surveys.models import Invitation, Message, Survey
from surveys.people.tokens import token_of

State = Message.State
LEASE = timedelta(minutes=5)
PAUSE = timedelta(minutes=10)
MOST_ATTEMPTS = 5


def deliver(survey: Survey) -> Counter[str]:
    """Send what is due, one after the other; return how many ended in which state."""
    mark_uncertain()
    done: Counter[str] = Counter()
    connection = get_connection()
    while message := _take(survey):
        state = _send(message, connection)
        done[state] += 1
    connection.close()
    later = Message.objects.filter(survey=survey, state=State.WAITING, attempts__gt=0)
    if start := later.aggregate(Min("not_before"))["not_before__min"]:
        call_worker(survey, start)
    return done


@task()
def deliver_mail(survey: int) -> None:
    """Deliver in the background: the rows say what is to do, a task only that there is some."""
    deliver(Survey.objects.get(pk=survey))


def call_worker(survey: Survey, start: datetime) -> None:
    """Have the mails of a survey sent from `start` on."""
    deliver_mail.using(run_after=start).enqueue(survey.pk)


def mark_uncertain() -> int:
    """Note the mails whose sender died while sending. They are never repeated."""
    return Message.objects.abandoned(timezone.now()).update(state=State.UNCERTAIN)


def leave_uncertain(now: datetime) -> int:
    """After a restore: what was due at the backup may have gone out since, and is not repeated."""
    sending = Message.objects.filter(state=State.SENDING)
    return sum(
        mails.update(state=State.UNCERTAIN, lease_until=None)
        for mails in (Message.objects.due(now), sending)
    )


def _take(survey: Survey) -> Message | None:
    """Take one due row, so that nobody else does."""
    while True:
        now = timezone.now()
        due = Message.objects.due(now).filter(survey=survey).order_by("pk")
        if (pk := due.values_list("pk", flat=True).first()) is None:
            return None
        lease = {"state": State.SENDING, "lease_until": now + LEASE, "attempts": F("attempts") + 1}
        if Message.objects.due(now).filter(pk=pk).update(**lease):
            people = Message.objects.select_related("invitation__audience__survey__organisation")
            return people.get(pk=pk)


def _send(message: Message, connection: BaseEmailBackend) -> str:
    """Send one mail and note what became of it."""
    survey, person = message.survey, message.invitation
    may_write = may_write_to(person.email, survey.organisation)
    wanted = may_write and reachable(survey).filter(pk=person.pk).exists()
    if not wanted or timezone.now() >= survey.closes_at:
        return _end(message, State.STOPPED)
    if (token := token_of(person)) is None:
        return _end(message, State.FAILED, "SECRET_KEY has changed; invite again.")
    try:
        text = compose(person, occasion(message.kind), token)
        text.message()
        connection.open()
    except ValueError as error:
        return _end(message, State.FAILED, str(error))
    except (OSError, smtplib.SMTPException) as error:  # nothing was handed over yet
        return _later(message, error)
    return _hand_over(message, text, connection)


def _hand_over(message: Message, text: EmailMessage, connection: BaseEmailBackend) -> str:
    try:
        connection.send_messages([text])
    except smtplib.SMTPRecipientsRefused as error:
        [(code, _words)] = error.recipients.values()
        return _refuse(message, code, error)
    except smtplib.SMTPResponseException as error:
        return _refuse(message, error.smtp_code, error, bounced=False)
    except Exception as error:  # the connection broke: it may have gone out
        connection.close()
        return _end(message, State.UNCERTAIN, type(error).__name__)
    return _end(message, State.SENT)


def _refuse(message: Message, code: int, error: Exception, *, bounced: bool = True) -> str:
    if code < 500:
        return _later(message, error)
    if bounced:
        people = Invitation.objects.filter(pk=message.invitation_id)
        people.update(reach=Invitation.Reach.BOUNCED)
    return _end(message, State.FAILED, f"{type(error).__name__} {code}")


def _later(message: Message, error: Exception) -> str:
    if message.attempts >= MOST_ATTEMPTS:
        return _end(message, State.FAILED, type(error).__name__)
    message.not_before = timezone.now() + PAUSE * message.attempts
    return _end(message, State.WAITING, type(error).__name__)


def _end(message: Message, state: str, error: str = "") -> str:
    message.state, message.error, message.lease_until = state, error[:200], None
    passes = state == State.STOPPED and is_rounded(message.survey, message.kind)
    message.sent_at = timezone.now() if passes or state == State.SENT else None
    message.save(update_fields=["state", "error", "lease_until", "sent_at", "not_before"])
    return state
