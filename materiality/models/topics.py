"""What may be material, and which question asks about it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from materiality.models.assessments import Assessment, Dimension
from surveys.languages import TextField, in_language
from surveys.models import Question
from surveys.models.organisations import OwnedQuerySet


class Category(models.TextChoices):
    ECONOMIC = "economic", _("Economic")
    ENVIRONMENT = "environment", _("Environment")
    SOCIAL = "social", _("Social")
    GOVERNANCE = "governance", _("Governance")


class Source(models.TextChoices):
    """Where a topic came from: the start list is only as good as what was looked at."""

    STANDARD = "standard", _("A standard’s list of topics")
    POLICY = "policy", _("Laws and policy")
    STRATEGY = "strategy", _("Strategy and business model")
    PEERS = "peers", _("Peers and industry")
    MEDIA = "media", _("Media and public debate")
    DUE_DILIGENCE = "due_diligence", _("Due diligence and audits")
    GRIEVANCE = "grievance", _("Complaints and grievances")
    STAKEHOLDERS = "stakeholders", _("Talks with stakeholders")
    EXPERTS = "experts", _("Experts")


class Screening(models.TextChoices):
    """Why a topic of the long list is not asked about."""

    NOT_APPLICABLE = "not_applicable", _("Not applicable to the company")
    NOT_RELEVANT = "not_relevant", _("Applicable, plainly not material")
    COVERED = "covered", _("Covered by another topic")


def validate_sources(value: Any) -> None:
    if not isinstance(value, list) or (unknown := [s for s in value if s not in Source.values]):
        example = unknown[0] if isinstance(value, list) else value
        raise ValidationError(f"Unknown source {example!r}; use any of {Source.values}.")


class TopicQuerySet(OwnedQuerySet):
    organisation_path = "assessment__organisation"

    def short_list(self) -> "TopicQuerySet":
        """What is asked and scored. The long list is all of them."""
        return self.filter(screened_out="")


class Topic(models.Model):
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="topics")
    code = models.SlugField(max_length=60)
    name = TextField()
    definition = TextField()
    example = TextField()
    category = models.CharField(max_length=12, choices=Category.choices)
    references = models.JSONField(
        default=list, blank=True, help_text=_("Rows of [standard, edition, code] of the catalogue.")
    )
    sources = models.JSONField(default=list, blank=True, validators=[validate_sources])
    actual = models.BooleanField(
        default=False, help_text=_("The impact has happened: its likelihood does not count.")
    )
    human_rights = models.BooleanField(
        default=False,
        help_text=_("A harm to human rights: severe however unlikely it is."),
    )
    position = models.PositiveSmallIntegerField(default=0)
    screened_out = models.CharField(max_length=20, choices=Screening.choices, blank=True)
    screening_reason = TextField()
    screened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    screened_at = models.DateTimeField(null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code"], name="one_topic_per_code"),
            models.CheckConstraint(
                condition=models.Q(category__in=Category.values), name="category_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(screened_out="", screened_at=None)
                | models.Q(screened_out__in=Screening.values, screened_at__isnull=False),
                name="screened_out_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name)


class TopicQuestion(models.Model):
    """What an answer means: this question rates this topic on this dimension."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="topic_questions")
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="topic_questions")
    criterion = models.CharField(max_length=20, blank=True)
    question = models.OneToOneField(Question, models.PROTECT, related_name="topic_question")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "dimension", "criterion"],
                name="one_question_per_topic_dimension_criterion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} / {self.dimension}"


class Explanation(models.Model):
    """Why a set topic of a standard is not material, or not applicable."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="explanations")
    standard = models.CharField(max_length=30)
    edition = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=30)
    reason = TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "standard", "edition", "code"],
                name="one_explanation_per_set_topic",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.code}"
