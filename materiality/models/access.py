"""Who signed in and who took data away: what no round's log tells."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models import Organisation


class AccessQuerySet(models.QuerySet["Access"]):
    def of(self, organisation: Organisation) -> "AccessQuerySet":
        """What concerns an organisation: its data, and the sign-ins of its members."""
        members = Q(organisation=None, by__memberships__organisation=organisation)
        return self.filter(Q(organisation=organisation) | members).distinct()


class Access(models.Model):
    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Did not get in")
        DOWNLOAD = "download", _("Downloaded")
        READ_LIST = "read_list", _("Read a list of people")
        TOKEN = "token", _("Made or ended a token of the API")
        ROLE = "role", _("Set who may do what")
        WEBHOOK = "webhook", _("Changed what is told to other programs")
        ORGANISATION = "organisation", _("Suspended, resumed, exported or deleted an organisation")

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.CharField(max_length=200, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
