"""Webhooks of an organisation, and what is to be told to each: rows say it, workers send it."""

import secrets
from base64 import b64encode
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models import Organisation


class News(models.TextChoices):
    """What happened. Nothing of it says who, or what anybody answered."""

    RESPONSES = "survey.responses", _("Five more answers came in")
    SEALED = "survey.sealed", _("A survey was sealed")
    APPROVED = "round.approved", _("Results were approved")
    LOCKED = "round.locked", _("A round was locked")


def new_secret() -> str:
    """Return a secret as Standard Webhooks writes them: 256 random bits."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


class Webhook(models.Model):
    """An address that is told. Off until somebody turns it on."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    kinds = models.JSONField(default=list)
    secret = models.CharField(max_length=60, default=new_secret)
    is_on = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url

    @property
    def last_call(self) -> "Delivery | None":
        """Return what was told last, or is to be; what was before it was turned on has no body."""
        return self.deliveries.exclude(body="").order_by("pk").last()


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Those to be sent now: waiting, or left behind by a worker that died.

        Of an organisation that is suspended none leaves; they wait until it is resumed.
        """
        waiting = Q(state=Delivery.State.WAITING, not_before__lte=now)
        left = Q(state=Delivery.State.SENDING, lease_until__lte=now)
        open_ones = self.filter(webhook__is_on=True, webhook__organisation__suspended_at=None)
        return open_ones.filter(waiting | left)


class Delivery(models.Model):
    """One thing to tell one webhook. `key` is what happened, so it is told once.

    A worker that died may have sent it: receivers tell a repetition by `webhook-id`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=100)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=100, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "key"], name="told_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "sent", "failed"]),
                name="delivery_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_state_display()}"
