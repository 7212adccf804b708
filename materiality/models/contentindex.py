"""The content index: which disclosure stands under which heading of the report, for which topic."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from materiality.models.assessments import Assessment
from materiality.models.topics import Topic
from surveys.languages import TextField, in_language


class Heading(models.Model):
    """A heading of the report, as it is printed."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="headings")
    title = TextField()
    page = models.CharField(max_length=20, blank=True)
    prints = models.JSONField(
        default=list, blank=True, help_text=_("Disclosures whose data stand under it.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return in_language(self.title)


class Publication(models.Model):
    """When the report is published: standards count as in force or withdrawn on that day."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="publication")
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.assessment}: {self.day}"


class IndexRow(models.Model):
    """A disclosure (standard, edition, code), where it is reported, and on which topic."""

    class Status(models.TextChoices):
        REPORTED = "reported", _("Reported")
        OMITTED = "omitted", _("Omitted, with a reason")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="index_rows")
    standard = models.CharField(max_length=30)
    edition = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=30)
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="index_rows"
    )
    heading = models.ForeignKey(
        Heading, models.SET_NULL, null=True, blank=True, related_name="index_rows"
    )
    wanted = TextField(help_text=_("The heading as it was written, whether or not it exists."))
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.REPORTED)
    note = TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["reported", "omitted", "not_applicable"]),
                name="index_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.code}"
