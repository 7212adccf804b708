"""Which sealed answers a reviewer leaves out, by sign and never by person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.organisations import OwnedQuerySet
from surveys.models.surveys import Survey


class Criterion(models.TextChoices):
    TWO_SIGNS = "two_signs", _("At least two signs agree")
    STRAIGHT_LINING = "straight_lining", _("The same rating throughout")
    LONG_STRING = "long_string", _("A long run of the same rating")
    MIDPOINT = "midpoint", _("Almost only middle ratings")
    FAST = "fast", _("Faster than anyone reads")
    OUTLYING = "outlying", _("Far from everybody else")
    DUPLICATE = "duplicate", _("Equal to another answer of the open link")
    TRAPPED = "trapped", _("Filled in a field that people do not see")
    OPEN_LINK = "open_link", _("Came by the open link")
    BURST = "burst", _("Came by the open link among many within ten minutes")
    STAFF = "staff", _("Entered by staff")
    IMPORTED = "imported", _("Imported from a table")


class ExclusionQuerySet(OwnedQuerySet):
    organisation_path = "survey__organisation"

    def in_force(self, survey: Survey) -> "ExclusionQuerySet":
        return self.filter(survey=survey, lifted_at=None)

    def waiting(self, survey: Survey) -> "Exclusion | None":
        """Return what keeps answers by open link out until a reviewer decides; None if nothing."""
        return self.in_force(survey).filter(by=None).first()


class Exclusion(models.Model):
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="exclusions")
    criterion = models.CharField(max_length=20, choices=Criterion.choices)
    reason = models.TextField(max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Nobody: the survey says so, until a reviewer decides."),
    )
    at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.TextField(blank=True, max_length=1000)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "criterion"],
                condition=Q(lifted_at=None),
                name="one_exclusion_in_force_per_criterion",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exclusion_has_a_reason"),
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values), name="criterion_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_criterion_display()
