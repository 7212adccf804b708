"""Tables of answers from elsewhere, until they are imported, and what their columns meant."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.organisations import Organisation, OwnedQuerySet
from surveys.models.surveys import Audience, Survey

KEPT = timedelta(days=1)


def stored_name(_table: "AnswerTable", _name: str) -> str:
    return f"answer-tables/{uuid4().hex}"


class TableMemory(models.Model):
    """What an organisation said of headings and words before."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="table_memory", primary_key=True
    )
    meanings = models.JSONField(default=dict, help_text=_("Heading → meaning."))
    words = models.JSONField(default=dict, help_text=_("Word → rating."))
    audiences = models.JSONField(default=dict, help_text=_("Value → audience code."))

    def __str__(self) -> str:
        return f"{len(self.meanings)} headings"


class AnswerTableQuerySet(OwnedQuerySet):
    organisation_path = "survey__organisation"

    def forgotten(self, now: datetime) -> "AnswerTableQuerySet":
        """Tables that nobody went on with: they hold answers for no purpose."""
        return self.filter(at__lt=now - KEPT).exclude(state=AnswerTable.State.IMPORTED)


class AnswerTable(models.Model):
    """A file of answers: what its columns mean, and how far it has been read."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("Columns to be named")
        CHECKING = "checking", _("Being read")
        CHECKED = "checked", _("Read")
        IMPORTED = "imported", _("Imported")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answer_tables")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the content."))
    file = models.FileField(upload_to=stored_name, help_text=_("Erased by the import."))
    header = models.JSONField(default=list)
    samples = models.JSONField(default=list, help_text=_("Some values of each column."))
    meanings = models.JSONField(default=dict, help_text=_("Column → meaning."))
    words = models.JSONField(default=dict, help_text=_("Word → rating."))
    audiences = models.JSONField(default=dict, help_text=_("Value → audience code."))
    audience = models.ForeignKey(Audience, models.CASCADE, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAPPING)
    read = models.PositiveIntegerField(default=0, help_text=_("Rows read so far."))
    known = models.PositiveIntegerField(default=0, help_text=_("Rows imported before."))
    unfinished = models.PositiveIntegerField(default=0, help_text=_("Rows without an answer."))
    imported = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text=_("The first of them: row, value, reason."))
    problem_count = models.PositiveIntegerField(default=0)

    objects = AnswerTableQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="imported") | Q(problem_count=0),
                name="table_with_problems_is_not_imported",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StagedAnswer(models.Model):
    """A row that can be imported. It lies here until all can, and then moves at once."""

    table = models.ForeignKey(AnswerTable, models.CASCADE, related_name="staged")
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, help_text=_("Tells the row again in another file."))
    ciphertext = models.BinaryField(help_text=_("As in the intake it becomes."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "key"], name="one_staged_answer_per_key"),
        ]

    def __str__(self) -> str:
        return self.key[:12]
