"""Who is to get no more mail: what mail services post, and bounce mails.

Each reader takes what one service sends and returns the addresses that mail came back from for
good, and those whose owners complained or unsubscribed. A full mailbox or a busy server is no
reason to stop writing.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Any

from surveys.models import Invitation

Event = Mapping[str, Any]
Notice = tuple[str, str]
BOUNCED, OPTED_OUT = Invitation.Reach.BOUNCED, Invitation.Reach.OPTED_OUT


class Unreadable(ValueError):
    """Not what this service sends."""


def notices(service: str, body: bytes) -> list[Notice]:
    """Return addresses, in lower case, with what is known of each: bounced or opted out.

    :param service: one of `SERVICES`, or "message" for a bounce mail (RFC 3464).
    :raises Unreadable: the body is not of this service's form.
    """
    try:
        bounces = list(_of_message(body) if service == "message" else _of_json(service, body))
        return [(address.strip().lower(), reach) for address, reach in bounces]
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Unreadable(service) from error


def _of_json(service: str, body: bytes) -> Iterator[Notice]:
    posted = json.loads(body)
    for event in posted if isinstance(posted, list) else [posted]:
        yield from SERVICES[service](event)


def _postmark(event: Event) -> Iterator[Notice]:
    """postmarkapp.com/developer/webhooks: bounce, spam complaint, subscription change"""
    match event["RecordType"]:
        case "Bounce" if event["Type"] in ("HardBounce", "BadEmailAddress"):
            yield event["Email"], BOUNCED
        case "Bounce" if event["Type"] in ("SpamComplaint", "Unsubscribe"):
            yield event["Email"], OPTED_OUT
        case "SpamComplaint":
            yield event["Email"], OPTED_OUT
        case "SubscriptionChange" if event["SuppressSending"]:
            is_gone = event["SuppressionReason"] == "HardBounce"
            yield event["Recipient"], BOUNCED if is_gone else OPTED_OUT


def _sendgrid(event: Event) -> Iterator[Notice]:
    """Twilio SendGrid, event webhook; "blocked" is for now, "bounce" for good.

    What is dropped was not even tried, for a reason the service learned before.
    """
    match event["event"], event.get("type", "bounce"), event.get("reason"):
        case ("bounce", "bounce", _) | ("dropped", _, "Bounced Address" | "Invalid"):
            yield event["email"], BOUNCED
        case ("spamreport" | "unsubscribe" | "group_unsubscribe", _, _) | (
            "dropped",
            _,
            "Unsubscribed Address" | "Spam Reporting Address",
        ):
            yield event["email"], OPTED_OUT


def _mailgun(event: Event) -> Iterator[Notice]:
    """documentation.mailgun.com, webhooks: failed, complained, unsubscribed"""
    data = event["event-data"]
    match data["event"], data.get("severity"), data.get("reason"):
        case ("failed", "permanent", "suppress-unsubscribe" | "suppress-complaint"):
            yield data["recipient"], OPTED_OUT
        case ("failed", "permanent", _):
            yield data["recipient"], BOUNCED
        case ("complained" | "unsubscribed", _, _):
            yield data["recipient"], OPTED_OUT


def _ses(event: Event) -> Iterator[Notice]:
    """Amazon SES through SNS, which wraps the notification as text."""
    if event.get("Type", "Notification") != "Notification":
        return
    notice = json.loads(event["Message"])
    match notice.get("notificationType") or notice.get("eventType"):
        case "Bounce" if notice["bounce"]["bounceType"] == "Permanent":
            for one in notice["bounce"]["bouncedRecipients"]:
                yield one["emailAddress"], BOUNCED
        case "Complaint":
            for one in notice["complaint"]["complainedRecipients"]:
                yield one["emailAddress"], OPTED_OUT


SERVICES: Mapping[str, Callable[[Event], Iterator[Notice]]] = {
    "postmark": _postmark,
    "sendgrid": _sendgrid,
    "mailgun": _mailgun,
    "ses": _ses,
}


def _of_message(body: bytes) -> Iterator[Notice]:
    """Yield who a mail server gave up on, as its delivery status notification says (RFC 3464)."""
    mail = message_from_bytes(body, policy=compat32)
    reports = [part for part in mail.walk() if part.get_content_type() == _STATUS]
    if not reports:
        raise Unreadable
    for report in reports:
        for recipient in report.get_payload():
            yield from _given_up(recipient)  # type: ignore[arg-type]


_STATUS = "message/delivery-status"


def _given_up(recipient: Message) -> Iterator[Notice]:
    kind, _semicolon, address = recipient.get("Final-Recipient", "").partition(";")
    failed = recipient.get("Action", "").strip().lower() == "failed"
    permanent = recipient.get("Status", "").strip().startswith("5.")
    if failed and permanent and kind.strip().lower() == "rfc822":
        yield address, BOUNCED
