"""What may be material, and which question asks about it."""

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


class TopicQuerySet(OwnedQuerySet):
    organisation_path = "assessment__organisation"


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
    position = models.PositiveSmallIntegerField(default=0)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code"], name="one_topic_per_code"),
            models.CheckConstraint(
                condition=models.Q(category__in=Category.values), name="category_is_known"
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
