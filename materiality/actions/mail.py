"""Mail to those who are asked: each verb, and its log entry, which names nobody."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from materiality.actions.log import hold_open, record
from materiality.models import Assessment, Verb
from surveys.actions import mail
from surveys.languages import Text
from surveys.mail import recipients
from surveys.models import Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def send_mail(
    *,
    assessment: Assessment,
    survey: Survey,
    kind: str,
    count: int,
    not_before: datetime | None,
    by: "User | None",
) -> int:
    """Queue a mail to everybody who is to get it; `count` is the number as it was typed."""
    current = hold_open(assessment)
    queued = mail.queue(survey, kind, count, not_before)
    record(current, Verb.SEND, by=by, subject=survey.slug, after=_mails(survey, kind, queued))
    return queued


@transaction.atomic
def stop_mail(*, assessment: Assessment, survey: Survey, kind: str, by: "User | None") -> int:
    """Take back the mails that have not been tried, and the plan of that reminder."""
    return _act_and_log(assessment, survey, kind, by, mail.stop, Verb.STOP_MAIL)


@transaction.atomic
def retry_mail(*, assessment: Assessment, survey: Survey, kind: str, by: "User | None") -> int:
    """Try the refused mails again whose address may be written to."""
    return _act_and_log(assessment, survey, kind, by, mail.retry, Verb.SEND)


def _act_and_log(
    assessment: Assessment,
    survey: Survey,
    kind: str,
    by: "User | None",
    act: Callable[[Survey, str], int],
    verb: Verb,
) -> int:
    current = hold_open(assessment)
    mails = act(survey, kind)
    if mails:
        record(current, verb, by=by, subject=survey.slug, after=_mails(survey, kind, mails))
    return mails


def _mails(survey: Survey, kind: str, count: int) -> dict[str, Any]:
    return {"kind": kind, "at_most" if recipients.is_rounded(survey, kind) else "mails": count}


@transaction.atomic
def plan_reminder(
    *,
    assessment: Assessment,
    survey: Survey,
    kind: str,
    at: datetime,
    most: int,
    by: "User | None",
) -> None:
    """Let a reminder go out by itself, to at most so many people as was typed."""
    current = hold_open(assessment)
    mail.plan(survey, kind, at, most)
    after = {"kind": kind, "at": at.isoformat(), "most": most}
    record(current, Verb.PLAN_REMINDER, by=by, subject=survey.slug, after=after)


@transaction.atomic
def write_mail(
    *,
    assessment: Assessment,
    survey: Survey,
    occasion: str,
    subject: Text,
    body: Text,
    by: "User | None",
) -> None:
    """Keep the words of a mail."""
    current = hold_open(assessment)
    mail.write_text(survey, occasion, subject, body)
    after = {"occasion": occasion, "subject": dict(subject), "body": dict(body)}
    record(current, Verb.WRITE_MAIL, by=by, subject=survey.slug, after=after)
