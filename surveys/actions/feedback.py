"""Tell those who answered what came of it: where to read it, and a mail to whoever asked for one.

Addresses are kept apart from invitations and answers. Each is written to by one worker: its row is
taken by one guarded UPDATE before its mail is handed over, and deleted afterwards. Only where a
worker is killed between the two, the mail goes out again: it says the same and holds no secret.
"""

import logging
import smtplib
from functools import partial

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from surveys.errors import RuleBroken
from surveys.mail.emails import feedback_mail
from surveys.mail.recipients import may_write_to
from surveys.models import FeedbackRequest, Survey
from surveys.sql.vacuum import vacuum
from surveys.visit.visits import Visit

LONGEST_ADDRESS = 254  # of RFC 5321
logger = logging.getLogger("surveys.feedback")


class NoAddress(RuleBroken):
    """What was entered is no address a mail could go to."""

    code = "no_address"

    def __str__(self) -> str:
        return _("This is no e-mail address. Write one like name@example.com.")


def ask_for_feedback(visit: Visit, email: str, *, language: str) -> None:
    """Note that whoever is at this link wants a mail with the result. Twice is once.

    :raises NoAddress: the address is none. :raises RuleBroken: this survey offers no such mail.
    """
    survey = visit.form.survey
    if not survey.feedback or visit.draft is None:
        raise RuleBroken(_("This survey does not offer a mail with the result."))
    address = email.strip().lower()
    if len(address) > LONGEST_ADDRESS:
        raise NoAddress
    try:
        validate_email(address)
    except ValidationError as error:
        raise NoAddress from error
    FeedbackRequest.objects.get_or_create(
        survey=survey, email=address, defaults={"language": language}
    )


@transaction.atomic
def give_feedback(survey: Survey, path: str) -> None:
    """Lead everybody's link to this page from now on, and write to whoever asked for a mail."""
    Survey.objects.filter(pk=survey.pk).update(feedback_path=path)
    transaction.on_commit(lambda: send_feedback.enqueue(survey.pk))


def take_feedback_back(survey: Survey) -> None:
    """Let the links of a survey say again only that it has closed."""
    Survey.objects.filter(pk=survey.pk).update(feedback_path="")


@task()
def send_feedback(survey: int) -> None:
    """Write to whoever asked for it, in the background."""
    deliver_feedback(Survey.objects.select_related("organisation").get(pk=survey))


def deliver_left_feedback() -> int:
    """Send what waits of every survey: killed workers left it, or mail was not switched on."""
    waiting = FeedbackRequest.objects.waiting().values("survey")
    surveys = Survey.objects.filter(pk__in=waiting).exclude(feedback_path="")
    return sum(map(deliver_feedback, surveys.select_related("organisation").order_by("pk")))


def deliver_feedback(survey: Survey) -> int:
    """Send the mails of a survey that has feedback; return how many went out.

    Those that may not leave yet, as mail is not switched on, wait and lose nothing.
    """
    if not survey.feedback_path:
        return 0
    sent = 0
    connection = get_connection()
    for request in survey.feedback_requests.waiting().order_by("pk"):
        if may_write_to(request.email, survey.organisation) and _take(request):
            mail = feedback_mail(survey, request.email, request.language)
            mail.connection = connection
            sent += _send(request, mail)
    connection.close()
    transaction.on_commit(partial(vacuum, FeedbackRequest))
    return sent


def _take(request: FeedbackRequest) -> bool:
    """Take a row, so that no other worker writes to the same address."""
    free = FeedbackRequest.objects.waiting().filter(pk=request.pk)
    return bool(free.update(taken_at=timezone.now()))


def _send(request: FeedbackRequest, mail: EmailMessage) -> int:
    """Send a mail and forget its address. One that was refused is forgotten as well."""
    try:
        mail.send()
    except (OSError, smtplib.SMTPException) as error:
        # The address is a person's: the log names the kind of error alone.
        logger.warning("A mail with the result was not sent: %s", type(error).__name__)
        return 0
    finally:
        request.delete()
    return 1
