"""Lists of people that were handed in, until they are imported or a day has passed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.organisations import OwnedQuerySet
from surveys.models.surveys import Audience, Survey

KEPT = timedelta(days=1)


class PeopleListQuerySet(OwnedQuerySet):
    organisation_path = "survey__organisation"

    def forgotten(self, now: datetime) -> "PeopleListQuerySet":
        """Lists that nobody went on with: they hold names for no purpose."""
        return self.filter(at__lt=now - KEPT).exclude(rows=[])


class PeopleList(models.Model):
    """The table of a list and what its columns mean. After the import only the meaning is kept."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="people_lists")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    header = models.JSONField(default=list)
    rows = models.JSONField(default=list, help_text=_("Emptied by the import."))
    columns = models.JSONField(default=dict, help_text=_("Field → column."))
    audience = models.ForeignKey(Audience, models.SET_NULL, null=True, blank=True)

    objects = PeopleListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "by"], name="one_list_per_person"),
        ]

    def __str__(self) -> str:
        return f"{len(self.rows)} rows of survey {self.survey_id}"
