"""Send what is due: signed as Standard Webhooks has it, tried again ever later, then given up.

A row is taken by one guarded UPDATE before it is sent, so two workers never send the same at once.
"""

import base64
import hashlib
import hmac
import http.client
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from materiality.models import Delivery, Webhook
from materiality.webhooks import guard

State = Delivery.State
LEASE = timedelta(minutes=2)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
"""How long to wait after each failure; after the last the delivery is given up."""
GONE = http.client.GONE


def send_due() -> int:
    """Send every delivery that is due; return how many arrived."""
    arrived = 0
    while (delivery := _taken()) is not None:
        arrived += _send(delivery)
    return arrived


def _taken() -> Delivery | None:
    while True:
        now = timezone.now()
        due = Delivery.objects.due(now)
        key = due.order_by("not_before", "pk").values_list("pk", flat=True).first()
        if key is None:
            return None
        lease = {"state": State.SENDING, "lease_until": now + LEASE, "attempts": F("attempts") + 1}
        if Delivery.objects.due(now).filter(pk=key).update(**lease):
            return Delivery.objects.select_related("webhook").get(pk=key)


def _send(delivery: Delivery) -> bool:
    webhook, body = delivery.webhook, delivery.body.encode()
    try:
        reply = guard.post(webhook.url, body, headers(webhook, f"msg_{delivery.pk}", body))
    except guard.Unreachable as refusal:
        return _later(delivery, str(refusal))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _later(delivery, type(error).__name__)
    if 200 <= reply.status < 300:
        return _end(delivery, State.SENT, str(reply.status))
    if reply.status == GONE:
        Webhook.objects.filter(pk=webhook.pk).update(is_on=False)
    return _later(delivery, str(reply.status))


def headers(webhook: Webhook, key: str, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery; https://www.standardwebhooks.com says how they are read."""
    moment = str(int(timezone.now().timestamp()))
    secret = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    signed = hmac.new(secret, f"{key}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Materiality",
        "webhook-id": key,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def _later(delivery: Delivery, outcome: str) -> bool:
    if delivery.attempts > len(PAUSES):
        return _end(delivery, State.FAILED, outcome)
    delivery.not_before = timezone.now() + PAUSES[delivery.attempts - 1]
    return _end(delivery, State.WAITING, outcome)


def _end(delivery: Delivery, state: str, outcome: str) -> bool:
    delivery.state, delivery.outcome, delivery.lease_until = state, outcome[:100], None
    delivery.save(update_fields=["state", "outcome", "lease_until", "not_before"])
    return state == State.SENT
