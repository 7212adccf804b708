"""Mails to the people who work on a round leave here, and a mail server may not take them."""

import logging
import smtplib

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


def send_letter(to: User, subject: str, body: str) -> bool:
    """Send a mail; return whether the mail server took it."""
    mail = EmailMessage(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [to.email])
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as refusal:
        logger.warning("A mail to a colleague was not taken: %s", refusal)
        return False
    return True
