"""Mails to invited people: what they say, and one row for each that is to go out."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.languages import TextField
from surveys.models.invitations import Invitation
from surveys.models.surveys import Survey


class MailText(models.Model):
    """An organisation's own words. Placeholders are in `surveys.mail.emails`."""

    class Occasion(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        REMINDER = "reminder", _("Reminder")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="mail_texts")
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    subject = TextField()
    body = TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "occasion"], name="one_text_per_occasion"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} of survey {self.survey_id}"


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> "MessageQuerySet":
        return self.filter(state=Message.State.WAITING, not_before__lte=now)

    def abandoned(self, now: datetime) -> "MessageQuerySet":
        """Mails whose sender was killed half-way: they may have gone out."""
        return self.filter(state=Message.State.SENDING, lease_until__lt=now)


class Message(models.Model):
    """One mail to one person. It is the truth; the queue only says that there is work."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        REMINDER_1 = "reminder_1", _("First reminder")
        REMINDER_2 = "reminder_2", _("Second reminder")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Refused")
        UNCERTAIN = "uncertain", _("Perhaps sent; not sent again")
        STOPPED = "stopped", _("Not needed any more")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="messages")
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "invitation", "kind"], name="one_mail_per_person_and_kind"
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
                name="sending_has_a_lease",
            ),
        ]
        indexes = [models.Index(fields=["survey", "state", "not_before"], name="mail_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class ReminderPlanQuerySet(models.QuerySet["ReminderPlan"]):
    def due(self, now: datetime) -> "ReminderPlanQuerySet":
        return self.filter(at__lte=now, done_at=None)


class ReminderPlan(models.Model):
    """A reminder that is to go out by itself: to whom is decided only then."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="reminder_plans")
    kind = models.CharField(max_length=12, choices=Message.Kind.choices[1:])
    at = models.DateTimeField()
    most = models.PositiveIntegerField(help_text=_("Not sent if it were more mails by then."))
    done_at = models.DateTimeField(null=True, blank=True)
    held = models.BooleanField(default=False, help_text=_("It were more mails than allowed."))

    objects = ReminderPlanQuerySet.as_manager()

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "kind"], name="one_plan_per_reminder"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"
