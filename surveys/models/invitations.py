"""Who was asked. Never when they answered, nor what."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.organisations import OwnedQuerySet
from surveys.models.surveys import Audience, Survey


def token_hash(token: str) -> str:
    """Return what is stored of a link's token: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(OwnedQuerySet):
    organisation_path = "audience__survey__organisation"

    def on_list_of(self, survey: Survey) -> "InvitationQuerySet":
        """Return everybody with a personal link that holds."""
        personal = self.filter(audience__survey=survey, source=Invitation.Source.PERSONAL)
        return personal.exclude(state=Invitation.State.REVOKED).select_related("audience")


class Invitation(models.Model):
    """Somebody's link. While the survey is open, the intake tells how far they are.

    What outlives the intake is noted here when the survey is sealed, for all at once.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        STARTED = "started", _("Started")
        SUBMITTED = "submitted", _("Submitted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REVOKED = "revoked", _("Revoked")

    class Source(models.TextChoices):
        PERSONAL = "personal", _("Personal link")
        OPEN = "open", _("Open link")
        STAFF = "staff", _("Entered by staff")
        IMPORTED = "imported", _("Imported from a table")
        TEST = "test", _("Test, never counts")

    class Reach(models.TextChoices):
        OPEN = "open", _("Can be emailed")
        BOUNCED = "bounced", _("Mail came back")
        OPTED_OUT = "opted_out", _("Wants no more mail")

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    subgroup = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    seed = models.CharField(
        max_length=32, blank=True, help_text=_("With SECRET_KEY, gives the link again for a mail.")
    )
    reach = models.CharField(max_length=10, choices=Reach.choices, default=Reach.OPEN)
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.PERSONAL)
    table = models.ForeignKey(
        "surveys.AnswerTable",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        help_text=_("Which table they came in with; forgotten at the seal."),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "email"], condition=~Q(email=""), name="one_invitation_per_mail"
            ),
        ]

    def __str__(self) -> str:
        return self.email or f"#{self.pk}"
