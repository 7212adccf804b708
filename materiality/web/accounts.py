"""Accounts are made by an owner or on the console; nobody signs up alone."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from surveys.errors import RuleBroken
from surveys.models import Membership, Organisation, Role


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
def admit(
    *, organisation: Organisation, email: str, name: str, role: str
) -> tuple[Membership, bool]:
    """Give somebody a role; return it, and whether an account was made for it just now.

    Only a new account may be opened by a link: an account that was there is somebody's own.

    :raises AlreadyMember: the person has a role here.
    """
    address = email.strip().lower()
    user = User.objects.filter(email__iexact=address).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(username=address, email=address, first_name=name.strip())
    found, is_first = Membership.objects.get_or_create(
        organisation=organisation, user=user, defaults={"role": role}
    )
    if not is_first:
        raise AlreadyMember
    return found, is_new


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
