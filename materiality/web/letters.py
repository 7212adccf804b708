"""Mail about an account goes out beside the answer: its time tells nobody who is here."""

import logging
from threading import Thread

from django.core.mail import EmailMessage

logger = logging.getLogger("materiality.door")
NAME = "a letter"


def send_soon(message: EmailMessage) -> None:
    Thread(target=_send, args=(message,), name=NAME).start()


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError:  # smtplib's errors are of this kind; the address stays out of the log
        logger.exception("A mail about an account was not sent.")
