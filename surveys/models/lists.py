"""Lists of people that were handed in, until they are imported or a day has passed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.imports import passing_storage
from surveys.models.organisations import OwnedQuerySet
from surveys.models.surveys import Audience, Survey

KEPT = timedelta(days=1)


def stored_name(_list: "PeopleList", _name: str) -> str:
    return f"people-lists/{uuid4().hex}"


class PeopleListQuerySet(OwnedQuerySet):
    organisation_path = "survey__organisation"

    def free(self, now: datetime) -> "PeopleListQuerySet":
        """Lists to be added that nobody is adding; who began and died holds its lease no longer."""
        left = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(left, state=PeopleList.State.ADDING)

    def headings_of_last(self, survey: Survey) -> dict[str, str]:
        """Return field → heading as the organisation's last list was mapped."""
        lists = self.filter(survey__organisation=survey.organisation_id).exclude(columns={})
        last = lists.order_by("-at").values_list("header", "columns").first()
        if last is None:
            return {}
        header, columns = last
        return {field: header[at] for field, at in columns.items() if at < len(header)}

    def last_of(self, survey: Survey, by: Any) -> "PeopleList | None":
        """Return the list this person handed in last, without its rows."""
        mine = self.filter(survey=survey, by=by).defer("rows")
        return mine.select_related("survey").first()

    def forgotten(self, now: datetime) -> "PeopleListQuerySet":
        """Lists that nobody went on with: they hold names for no purpose."""
        return self.filter(at__lt=now - KEPT).exclude(rows=[], problems=[], file="")


class PeopleList(models.Model):
    """The table of a list, what its columns mean, and how many of its people are on the list.

    After the import only the meaning is kept, and for a day the rows that could not be used.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("Columns to be named")
        ADDING = "adding", _("Being added")
        ADDED = "added", _("Imported")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="people_lists")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200, default="")
    file = models.FileField(
        upload_to=stored_name,
        storage=passing_storage,
        default="",
        help_text=_("As it was handed in, to be read otherwise. Erased by the import."),
    )
    reading = models.JSONField(default=dict, help_text=_("What was said of the file."))
    before = models.ForeignKey(
        Survey,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Whose people it is compared with."),
    )
    header = models.JSONField(default=list)
    rows = models.JSONField(default=list, help_text=_("Emptied by the import."))
    first = models.PositiveIntegerField(default=2, help_text=_("Number of the first row."))
    columns = models.JSONField(default=dict, help_text=_("Field → column."))
    meanings = models.JSONField(
        default=dict, db_column="said", help_text=_("What values mean, as somebody said.")
    )
    audience = models.ForeignKey(Audience, models.SET_NULL, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAPPING)
    lease_until = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0, help_text=_("Rows of the list."))
    read = models.PositiveIntegerField(default=0, help_text=_("Rows read so far."))
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0, help_text=_("Rows of people invited before."))
    problems = models.JSONField(default=list, help_text=_("The first of them: row, value, reason."))
    problem_count = models.PositiveIntegerField(default=0)

    objects = PeopleListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "by"], name="one_list_per_person"),
        ]

    def __str__(self) -> str:
        return f"People for survey {self.survey_id}"

    @property
    def waits(self) -> bool:
        """Tell whether something of the file must be said before its rows can be read."""
        return bool(self.file) and not self.header
