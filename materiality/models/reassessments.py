"""A year in which a locked round was looked at again, and nothing material had changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from materiality.models.assessments import Assessment
from materiality.models.immutable import WrittenOnce, WrittenOnceQuerySet
from surveys.languages import TextField


class ReassessmentQuerySet(WrittenOnceQuerySet):
    def standing(self) -> "list[Reassessment]":
        """Return the last record of each round and year, in the order of years: one query."""
        rows = self.select_related("by", "confirmation__by", "assessment").order_by("pk")
        last = {(row.assessment_id, row.year): row for row in rows}
        return sorted(last.values(), key=lambda row: (row.year, row.pk))


class Reassessment(WrittenOnce):
    """Somebody's conclusion that a locked round still holds for a later year.

    It is a record. A wrong one is answered by a newer one of the same year, which then stands.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reassessments")
    year = models.CharField(max_length=20)
    looked_at = TextField(help_text=_("What was looked at: business, value chain, events, law."))
    reason = TextField(help_text=_("Why nothing material has changed."))
    people = models.CharField(max_length=300, help_text=_("Who looked at it."))
    concluded_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ReassessmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(looked_at={}) & ~models.Q(reason={}) & ~models.Q(people=""),
                name="reassessment_says_what_why_and_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.year}"

    @property
    def holds(self) -> bool:
        """Whether it waits for no second person."""
        return hasattr(self, "confirmation") or not self.assessment.four_eyes


class Confirmation(WrittenOnce):
    """A second person stands for a conclusion that nothing material has changed."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="confirmations")
    reassessment = models.OneToOneField(Reassessment, models.PROTECT, related_name="confirmation")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.reassessment)
