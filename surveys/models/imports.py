"""Tables of answers from elsewhere: taken, read, imported, perhaps taken back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.encryption.contents import decrypt_facts, encrypt_facts
from surveys.models.organisations import OwnedQuerySet
from surveys.models.surveys import Audience, Survey

KEPT = timedelta(days=1)
MOST_ATTEMPTS = 3


def passing_storage() -> Storage:
    return storages["passing"]


def stored_name(_table: "AnswerTable", _name: str) -> str:
    return f"answer-tables/{uuid4().hex}"


class AnswerTableQuerySet(OwnedQuerySet):
    organisation_path = "survey__organisation"

    def forgotten(self, now: datetime) -> "AnswerTableQuerySet":
        """Tables that nobody went on with: they hold answers for no purpose."""
        return self.filter(at__lt=now - KEPT).exclude(state__in=AnswerTable.DONE)

    def unread(self, now: datetime) -> "AnswerTableQuerySet":
        """Tables to be read that nobody is reading: who began and died holds its lease no more."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(free, state=AnswerTable.State.CHECKING)

    def imported(self) -> "AnswerTableQuerySet":
        """Tables whose answers count now."""
        return self.filter(state=AnswerTable.State.IMPORTED)


class AnswerTable(models.Model):
    """An import: a file of answers, what was said of it, how far it is read, and what it says.

    What a plan guesses is not stored: it follows from `look`, `tally` and `said`. The first two
    hold answers, so they are encrypted under the key of the survey, which the seal destroys.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("To be read")
        CHECKING = "checking", _("Being read")
        CHECKED = "checked", _("Read")
        IMPORTED = "imported", _("Imported")
        TAKEN_BACK = "taken_back", _("Taken back")

    DONE = (State.IMPORTED, State.TAKEN_BACK)

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answer_tables")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the content."))
    file = models.FileField(
        upload_to=stored_name, storage=passing_storage, help_text=_("Erased by the import.")
    )
    seen = models.BinaryField(
        default=b"",
        help_text=_("First rows, and how often each value stands there: encrypted, and erased."),
    )
    options = models.JSONField(
        default=dict, db_column="said", help_text=_("What somebody said of the table.")
    )
    summary = models.JSONField(default=dict, help_text=_("What an import does, or did."))
    marks = models.BinaryField(
        default=b"", help_text=_("Of the people in it, to know them again. Erased by the seal.")
    )
    beside = models.JSONField(default=list, help_text=_("Imports it was compared with."))
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAPPING)
    lease_until = models.DateTimeField(null=True, blank=True, help_text=_("Of who is reading it."))
    attempts = models.PositiveSmallIntegerField(default=0, help_text=_("How often it was begun."))
    read = models.PositiveIntegerField(default=0, help_text=_("Rows read so far."))
    known = models.PositiveIntegerField(default=0, help_text=_("Rows imported before."))
    unfinished = models.PositiveIntegerField(default=0, help_text=_("Rows that are left out."))
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

    @property
    def look(self) -> dict[str, Any]:
        """The first rows of each plausible reading."""
        return self._facts.get("look", {})  # type: ignore[no-any-return]

    @property
    def tally(self) -> dict[str, Any]:
        """How often each value stands there."""
        return self._facts.get("tally", {})  # type: ignore[no-any-return]

    @property
    def _facts(self) -> dict[str, Any]:
        """What is seen, decrypted once as long as it is the same."""
        stored = bytes(self.seen)
        if getattr(self, "_decrypted", (None, {}))[0] != stored:
            self._decrypted = (stored, decrypt_facts(stored))
        return self._decrypted[1]

    def see(self, look: dict[str, Any], tally: dict[str, Any]) -> None:
        """Keep what was seen of the file, on this row; it is not saved yet."""
        self.seen = encrypt_facts(self.survey.key, {"look": look, "tally": tally})


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
