"""An organisation that is to go: the request, the warrant that locked rows give way to, the proof.

None of them refers to the organisation by a foreign key: they outlive it.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

WAIT = timedelta(days=14)
"""Between the request and the deletion any owner may take it back; the database holds to it."""


def new_token() -> str:
    return secrets.token_urlsafe(32)


class DeletionQuerySet(models.QuerySet["Deletion"]):
    def waiting(self) -> "DeletionQuerySet":
        """Requests that can be taken back: nothing is deleted yet."""
        return self.filter(begun_at=None)

    def due(self, now: datetime) -> "DeletionQuerySet":
        """Those whose time has come, and those that were begun and interrupted."""
        return self.filter(ended_at=None).filter(Q(not_before__lte=now) | Q(begun_at__isnull=False))

    def unswept(self) -> "DeletionQuerySet":
        """Those whose rows are gone, while their bytes may lie in free space of the database."""
        return self.filter(ended_at__isnull=False, swept_at=None)


class Deletion(models.Model):
    """One request to delete an organisation, how far it is, and in the end its certificate."""

    organisation = models.BigIntegerField(unique=True, help_text="Its number.")
    token = models.CharField(max_length=43, unique=True, default=new_token)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    by_operator = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Nobody’s account asked; one that did may be deleted by now.",
    )
    asked_at = models.DateTimeField()
    not_before = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="No row of it is left since then.")
    swept_at = models.DateTimeField(null=True, help_text="No byte in the tables since then.")
    certificate = models.TextField(blank=True, help_text="Canonical JSON.")

    objects = DeletionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, certificate="")
                | (Q(begun_at__isnull=False, ended_at__isnull=False) & ~Q(certificate="")),
                name="deletion_ends_with_a_certificate",
            ),
        ]

    def __str__(self) -> str:
        return f"organisation {self.organisation}"


class Warrant(models.Model):
    """Locked rows of this organisation may be deleted, and not changed, until it is gone.

    The database takes one only for a suspended organisation whose waiting time is over.
    """

    organisation = models.BigIntegerField(unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"organisation {self.organisation}"
