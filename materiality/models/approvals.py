"""A second person's verdict, bound to the digest of what was looked at."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from materiality.models.assessments import Assessment
from materiality.models.immutable import WrittenOnce, WrittenOnceQuerySet
from surveys.languages import Text, TextField


class Verdict(models.TextChoices):
    APPROVED = "approved", _("Approved")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")


class Approval(WrittenOnce):
    """Holds for the results of that digest only; later ones have to be approved again."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=71)
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    comment = models.TextField(blank=True, max_length=1000)
    comments = TextField(help_text=_("The comment in each language of a round of several."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="verdict_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="approved") | ~models.Q(comment=""),
                name="who_asks_for_changes_says_which",
            ),
        ]

    @property
    def texts(self) -> Text:
        """The comment by language; under "" where nobody said which it is in."""
        return self.comments or {"": self.comment}

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_verdict_display()}"
