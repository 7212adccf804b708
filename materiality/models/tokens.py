"""Tokens of the API: hashed, of one person, for chosen acts, until a day."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from surveys.models import Organisation, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Scope(models.TextChoices):
    """What a token may do besides reading results; its person's role limits it further."""

    COLLECT = "collect", _("Run surveys: people, mail, answers; read who is asked")
    DECIDE = "decide", _("Change rounds: topics, groups, weights, decisions, approval")
    OWN = "own", _("Lock and delete rounds, change organisations, people and webhooks")


SEEN_EVERY = timedelta(hours=1)
"""How exactly the last use is known: a write an hour costs nothing."""


class ApiTokenManager(AuthTokenManager):  # type: ignore[misc]
    def of(self, user: "User") -> "models.QuerySet[ApiToken]":
        rows: models.QuerySet[ApiToken] = self.filter(user=user).select_related("organisation")
        return rows.order_by("-created")

    def reaching(self, organisation: Organisation) -> "models.QuerySet[ApiToken]":
        """Tokens of members that read or write this organisation's data."""
        members = organisation.memberships.values("user")
        here = models.Q(organisation=organisation) | models.Q(organisation=None)
        rows: models.QuerySet[ApiToken] = self.filter(here, user__in=members)
        return rows.select_related("user", "organisation").order_by("-created")

    def endable_by(self, user: "User") -> "models.QuerySet[ApiToken]":
        """One's own, and those for an organisation that one owns."""
        owned = Organisation.objects.for_roles(user, (Role.OWNER,))
        rows: models.QuerySet[ApiToken] = self.filter(
            models.Q(user=user) | models.Q(organisation__in=owned)
        )
        return rows.select_related("organisation")


class ApiToken(AbstractAuthToken):  # type: ignore[misc]
    """`digest` is SHA-512 of a random token of 256 bits, which is shown once and kept nowhere.

    :param organisation: the only one it reaches; None: all of its person.
    """

    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    scopes = models.JSONField(default=list)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiTokenManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expiry__isnull=False), name="api_token_expires"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        return bool(self.expiry <= timezone.now())

    @property
    def allowed(self) -> list[str]:
        """What it may do besides reading, in words."""
        return [str(Scope(scope).label) for scope in self.scopes]
