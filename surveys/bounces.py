"""Which addresses mail came back from for good: what mail services post, and bounce mails.

Each reader takes what one service sends and returns the addresses it gives up on. A full mailbox or
a busy server is no reason to stop writing.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Any

Event = Mapping[str, Any]


class Unreadable(ValueError):
    """Not what this service sends."""


def bounced(service: str, body: bytes) -> list[str]:
    """Return the addresses, in lower case.

    :param service: one of `SERVICES`, or "message" for a bounce mail (RFC 3464).
    :raises Unreadable: the body is not of this service's form.
    """
    try:
        found = list(_of_message(body) if service == "message" else _of_json(service, body))
        return [address.strip().lower() for address in found]
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Unreadable(service) from error


def _of_json(service: str, body: bytes) -> Iterator[str]:
    posted = json.loads(body)
    for event in posted if isinstance(posted, list) else [posted]:
        yield from SERVICES[service](event)


def _postmark(event: Event) -> list[str]:
    """postmarkapp.com/developer/webhooks/bounce-webhook"""
    hard = event["RecordType"] == "Bounce" and event["Type"] in ("HardBounce", "BadEmailAddress")
    return [event["Email"]] if hard else []


def _sendgrid(event: Event) -> list[str]:
    """Twilio SendGrid, event webhook; "blocked" is for now, "bounce" for good."""
    hard = event["event"] == "bounce" and event.get("type", "bounce") == "bounce"
    return [event["email"]] if hard else []


def _mailgun(event: Event) -> list[str]:
    """documentation.mailgun.com, webhooks: failed, permanent"""
    data = event["event-data"]
    hard = data["event"] == "failed" and data["severity"] == "permanent"
    return [data["recipient"]] if hard else []


def _ses(event: Event) -> list[str]:
    """Amazon SES through SNS, which wraps the notification as text."""
    if event.get("Type") == "SubscriptionConfirmation":
        return []
    told = json.loads(event["Message"])
    kind = told.get("notificationType") or told.get("eventType")
    if kind != "Bounce" or told["bounce"]["bounceType"] != "Permanent":
        return []
    return [one["emailAddress"] for one in told["bounce"]["bouncedRecipients"]]


SERVICES: Mapping[str, Callable[[Event], list[str]]] = {
    "postmark": _postmark,
    "sendgrid": _sendgrid,
    "mailgun": _mailgun,
    "ses": _ses,
}


def _of_message(body: bytes) -> Iterator[str]:
    """Yield who a mail server gave up on, as its delivery status notification says (RFC 3464)."""
    mail = message_from_bytes(body, policy=compat32)
    reports = [part for part in mail.walk() if part.get_content_type() == _STATUS]
    if not reports:
        raise Unreadable
    for report in reports:
        for recipient in report.get_payload():
            yield from _given_up(recipient)  # type: ignore[arg-type]


_STATUS = "message/delivery-status"


def _given_up(recipient: Message) -> list[str]:
    kind, _semicolon, address = recipient.get("Final-Recipient", "").partition(";")
    failed = recipient.get("Action", "").strip().lower() == "failed"
    permanent = recipient.get("Status", "").strip().startswith("5.")
    is_mail = kind.strip().lower() == "rfc822"
    return [address] if failed and permanent and is_mail else []
