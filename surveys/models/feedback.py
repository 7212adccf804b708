"""Who wants to hear what came of their answers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.languages import CODES
from surveys.models.surveys import Survey


class FeedbackRequestQuerySet(models.QuerySet["FeedbackRequest"]):
    def waiting(self) -> "FeedbackRequestQuerySet":
        """Return those that nobody has begun to write to."""
        return self.filter(taken_at=None)


class FeedbackRequest(models.Model):
    """An address that one mail goes to once there is a result.

    It leads to no invitation, group or answer, and is deleted when its mail is sent. No page shows
    it: it would tell who has answered.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="feedback_requests")
    email = models.EmailField()
    language = models.CharField(max_length=10)
    taken_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When its mail was begun. It is never repeated.")
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
