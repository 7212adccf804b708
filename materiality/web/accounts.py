"""Accounts are made by an owner or on the console; nobody signs up alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.errors import RuleBroken
from surveys.models import Membership, Organisation, Role

JOINING = "materiality.web.accounts.join"
WITHIN = timedelta(days=1)


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class LastOwner(RuleBroken):
    """Without an owner nobody could lock a round or let anybody in."""

    code = "last_owner"

    def __str__(self) -> str:
        return _("An organisation needs an owner. Make somebody else an owner first.")


class AlreadyMember(RuleBroken):
    """Letting in gives a first role; changing one is its own act, with its own guard."""

    code = "already_member"

    def __str__(self) -> str:
        return _("This person is a member already. Change the role in the list.")


@transaction.atomic
def admit(*, organisation: Organisation, email: str, name: str, role: str) -> tuple[User, bool]:
    """Let somebody in; return the person, and whether an account was made for it just now.

    An account that was there may have been made by another organisation's owner, who held its
    first link: so it gets no role before its holder has joined by a link of this organisation.

    :raises AlreadyMember: the person has a role here.
    """
    address = email.strip().lower()
    user = User.objects.filter(email__iexact=address).first()
    if user is None:
        user = User.objects.create_user(username=address, email=address, first_name=name.strip())
        Membership.objects.create(organisation=organisation, user=user, role=role)
        return user, True
    if user.memberships.filter(organisation=organisation).exists():
        raise AlreadyMember
    return user, False


def invitation(*, organisation: Organisation, person: User, role: str) -> str:
    """Return a token with which this person, signed in, may take this role within a day."""
    now = timezone.now().timestamp()
    return signing.dumps([organisation.pk, person.pk, role, now], salt=JOINING)


@dataclass(frozen=True)
class Invited:
    organisation: Organisation
    person: User
    role: str

    @property
    def label(self) -> str:
        return str(Role(self.role).label)


def invited_by(token: str) -> Invited | None:
    """Return what a token of `invitation` offers; None if it is forged, too old or void."""
    try:
        at, who, role, since = signing.loads(token, salt=JOINING, max_age=WITHIN)
    except (signing.BadSignature, ValueError):
        return None
    organisation = Organisation.objects.filter(pk=at).first()
    person = User.objects.filter(pk=who, is_active=True).first()
    if not organisation or not person or _joinings(organisation, person, since).exists():
        return None
    return Invited(organisation, person, role)


def _joinings(organisation: Organisation, person: User, since: float) -> QuerySet[LogEntry]:
    """Return when this person joined: an earlier invitation is used up, even after a removal."""
    return LogEntry.objects.filter(
        user=person,
        content_type=ContentType.objects.get_for_model(Organisation),
        object_id=str(organisation.pk),
        action_flag=ADDITION,
        action_time__gte=datetime.fromtimestamp(since, tz=UTC),
    )


@transaction.atomic
def join(*, invited: Invited) -> Membership:
    """Take the role that was offered.

    :raises AlreadyMember: the person has a role here.
    """
    found, is_first = Membership.objects.get_or_create(
        organisation=invited.organisation, user=invited.person, defaults={"role": invited.role}
    )
    if not is_first:
        raise AlreadyMember
    LogEntry.objects.create(
        user=invited.person,
        content_type=ContentType.objects.get_for_model(Organisation),
        object_id=str(invited.organisation.pk),
        object_repr=str(invited.organisation)[:200],
        action_flag=ADDITION,
        change_message=f"joined as {invited.role}",
    )
    return found


@transaction.atomic
def set_role(*, membership: Membership, role: str) -> None:
    """Change what somebody may do; an empty role takes the membership away.

    :raises LastOwner: nobody would be left to own the organisation.
    """
    members = Membership.objects.select_for_update().filter(organisation=membership.organisation)
    owners = [member.pk for member in members if member.role == Role.OWNER]
    if owners == [membership.pk] and role != Role.OWNER:
        raise LastOwner
    if role:
        members.filter(pk=membership.pk).update(role=role)
    else:
        members.filter(pk=membership.pk).delete()
