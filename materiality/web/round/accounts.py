"""Accounts are made by an owner or on the console; nobody signs up alone."""

from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from surveys.errors import RuleBroken
from surveys.models import Membership, Offer, Organisation, Role

JOINING = "materiality.web.round.accounts.join"
WITHIN = timedelta(days=1)


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether one may be sent there after signing in: to a path of this site alone."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)


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


@transaction.atomic
def invitation(*, organisation: Organisation, person: User, role: str) -> str:
    """Return a token with which this person, signed in, may take this role once, within a day.

    Tokens given to them before are void.
    """
    Offer.objects.filter(organisation=organisation, user=person).delete()
    made = Offer.objects.create(organisation=organisation, user=person, role=role)
    return signing.dumps(made.pk, salt=JOINING)


def invited_by(token: str) -> Offer | None:
    """Return what a token of `invitation` offers; None if it is forged, too old or void."""
    try:
        key = signing.loads(token, salt=JOINING, max_age=WITHIN)
    except signing.BadSignature:
        return None
    offers = Offer.objects.select_related("organisation", "user")
    return offers.filter(pk=key, user__is_active=True).first()


@transaction.atomic
def join(*, offer: Offer) -> Membership:
    """Take the role that was offered. The offer is gone: a later removal stands.

    :raises AlreadyMember: the person has a role here.
    """
    found, is_first = Membership.objects.get_or_create(
        organisation=offer.organisation, user=offer.user, defaults={"role": offer.role}
    )
    if not is_first:
        raise AlreadyMember
    offer.delete()
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
        Offer.objects.filter(organisation=membership.organisation, user=membership.user).delete()
        members.filter(pk=membership.pk).delete()
