"""Whose data it is, and who may see it."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.languages import LanguagesField, TextField, in_language

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    REVIEWER = "reviewer", _("Reviewer")
    VIEWER = "viewer", _("Viewer")


MAY_EDIT = (Role.OWNER, Role.EDITOR)
MAY_DECIDE = (Role.OWNER, Role.EDITOR, Role.REVIEWER)


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to an organisation, through the path `organisation_path`."""

    organisation_path = "organisation"

    def for_roles(self, user: "User | AnonymousUser", roles: tuple[Role, ...]) -> "OwnedQuerySet":
        if not user.is_authenticated:
            return self.none()
        own = Membership.objects.of(user).filter(role__in=roles).values("organisation")
        return self.filter(**{f"{self.organisation_path}__in": own})

    def with_role(self, user: "User | AnonymousUser") -> "OwnedQuerySet":
        """Give each row the person's `role` in the organisation it belongs to.

        Who that person is stands beside it, as the number `reader`.
        """
        own = Membership.objects.of(user).filter(
            organisation=models.OuterRef(self.organisation_path)
        )
        rows: OwnedQuerySet = self.annotate(
            role=models.Subquery(own.values("role")[:1]),
            reader=models.Value(user.pk, output_field=models.BigIntegerField()),
        )
        return rows

    def visible_to(self, user: "User | AnonymousUser") -> "OwnedQuerySet":
        return self.for_roles(user, tuple(Role))

    def editable_by(self, user: "User | AnonymousUser") -> "OwnedQuerySet":
        return self.for_roles(user, MAY_EDIT)


class OrganisationQuerySet(OwnedQuerySet):
    organisation_path = "pk"


class Organisation(models.Model):
    name = TextField()
    contact = TextField(help_text=_("Whom respondents may ask: a name and a mail address."))
    languages = LanguagesField(help_text=_("What it asks and reports in, one or more."))

    sender = models.CharField(
        max_length=100, blank=True, help_text=_("The name that mail of its surveys comes from.")
    )
    reply_to = models.EmailField(blank=True, help_text=_("Where answers to its mail go."))
    mail_is_held = models.BooleanField(
        default=False, help_text=_("Its mail goes to the test addresses alone.")
    )
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(languages=[]), name="organisation_has_a_language"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name)

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


def organisation_of_token(user: Any) -> int | None:
    """Return the only organisation a person's token reaches; None: all, or no token was sent."""
    return getattr(user, "within", None)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        """A person's own; those that a token of the API reaches, where one was sent.

        An organisation that is suspended is open to nobody.
        """
        own = self.filter(user=user.pk, organisation__suspended_at=None)
        only = organisation_of_token(user)
        return own if only is None else own.filter(organisation=only)


class Membership(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    language = models.CharField(
        max_length=10, blank=True, help_text=_("What the person last signed in in.")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_role_per_person"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Offer(models.Model):
    """A role that an account of somebody else's making may take. It goes with its first use."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="offers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="offers")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_offer_per_person"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="offered_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
