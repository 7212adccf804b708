"""Who counts for what, and how they are engaged."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from materiality.models.assessments import Assessment, Dimension
from materiality.models.topics import Topic
from surveys.languages import TextField, in_language
from surveys.models import Audience
from surveys.models.organisations import OwnedQuerySet


class GroupQuerySet(OwnedQuerySet):
    organisation_path = "assessment__organisation"


class StakeholderGroup(models.Model):
    """A stakeholder group, or a panel that rates impact."""

    class Kind(models.TextChoices):
        STAKEHOLDERS = "stakeholders", _("Stakeholder group")
        PANEL = "panel", _("Impact panel")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="groups")
    audience = models.OneToOneField(
        Audience, models.PROTECT, null=True, blank=True, related_name="stakeholder_group"
    )
    code = models.SlugField()
    name = TextField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STAKEHOLDERS)
    how_chosen = TextField()
    frequency = TextField()
    position = models.PositiveSmallIntegerField(default=0)
    head_count = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=_("How many people the group has, if that is known."),
    )
    chosen_topics = models.JSONField(
        default=list, blank=True, help_text=_("Codes of the topics it is asked about; empty: all.")
    )

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code"], name="one_group_per_code"),
        ]

    def __str__(self) -> str:
        return in_language(self.name)

    def is_asked_about(self, topic: Topic) -> bool:
        return not self.chosen_topics or topic.code in self.chosen_topics


class Engagement(models.Model):
    """One line of the engagement table: what a group expects, or how it is heard."""

    class Kind(models.TextChoices):
        EXPECTATION = "expectation", _("Expectation")
        CHANNEL = "channel", _("Channel and response")

    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="engagements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return in_language(self.text)


class Weight(models.Model):
    """How much a group counts on a dimension, relative to the others on it."""

    group = models.ForeignKey(StakeholderGroup, models.CASCADE, related_name="weights")
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="weights")
    value = models.FloatField(default=1.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "dimension"], name="one_weight_per_dimension"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="weight_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.group} / {self.dimension}: {self.value:g}"
