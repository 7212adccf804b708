"""Who wants to hear what came of their answers."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.languages import CODES
from surveys.models.surveys import Survey

LEASE = timedelta(minutes=5)
"""How long a worker has for one mail; after that it is taken to have died."""


class FeedbackRequestQuerySet(models.QuerySet["FeedbackRequest"]):
    def waiting(self) -> "FeedbackRequestQuerySet":
        """Return those that nobody is writing to: not begun, or left by a worker that died."""
        left = Q(taken_at__lte=timezone.now() - LEASE)
        return self.filter(Q(taken_at=None) | left)


class FeedbackRequest(models.Model):
    """An address that one mail goes to once there is a result.

    It leads to no invitation, group or answer, and is deleted when its mail is sent. No page shows
    it: it would tell who has answered.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="feedback_requests")
    email = models.EmailField()
    language = models.CharField(max_length=10)
    taken_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When a worker began its mail.")
    )

    objects = FeedbackRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "email"], name="one_feedback_per_address"),
            models.CheckConstraint(
                condition=Q(language__in=CODES), name="feedback_is_in_a_known_language"
            ),
        ]

    def __str__(self) -> str:
        return f"feedback of survey {self.survey_id}"
