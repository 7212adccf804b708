"""Who belongs to an organisation, and what each may do.

Rounds have the log, so each round that is not locked tells of it: its decisions were open to the
people who were let in.
"""

from django.contrib.auth.models import User
from django.db import transaction

from materiality.actions.access import note_access
from materiality.actions.log import hold, name_of, record
from materiality.errors import AlreadyMember, LastOwner
from materiality.models import Access, Assessment, Verb
from surveys.models import Membership, Offer, Organisation, Role


@transaction.atomic
def admit(
    *, organisation: Organisation, email: str, name: str, role: str, by: User | None
) -> tuple[User, bool]:
    """Let somebody in; return the person, and whether an account was made for it just now.

    An account that was there may have been made by another organisation's owner, who held its
    first link: so it gets no role before its holder has joined by a link of this organisation.

    :raises AlreadyMember: the person has a role here.
    """
    address = email.strip().lower()
    person = User.objects.filter(email__iexact=address).first()
    if person is None:
        person = User.objects.create_user(username=address, email=address, first_name=name.strip())
        Membership.objects.create(organisation=organisation, user=person, role=role)
        _log_role(organisation, person, before="", after=role, by=by)
        return person, True
    if person.memberships.filter(organisation=organisation).exists():
        raise AlreadyMember
    return person, False


@transaction.atomic
def offer_role(*, organisation: Organisation, person: User, role: str, by: User | None) -> Offer:
    """Offer a role to somebody who has an account; what was offered before is void."""
    Offer.objects.filter(organisation=organisation, user=person).delete()
    offer: Offer = Offer.objects.create(organisation=organisation, user=person, role=role)
    _log(organisation, Verb.OFFER_ROLE, person, before=None, after={"role": role}, by=by)
    return offer


@transaction.atomic
def join(*, offer: Offer, by: User) -> Membership:
    """Take the role that was offered. The offer is gone: a later removal stands.

    :raises AlreadyMember: the person has a role here.
    """
    membership, is_first = Membership.objects.get_or_create(
        organisation=offer.organisation, user=offer.user, defaults={"role": offer.role}
    )
    if not is_first:
        raise AlreadyMember
    _log_role(offer.organisation, offer.user, before="", after=offer.role, by=by)
    offer.delete()
    return membership


@transaction.atomic
def set_role(*, membership: Membership, role: str, by: User | None) -> None:
    """Change what somebody may do; an empty role takes the membership away.

    :raises LastOwner: nobody would be left to own the organisation.
    """
    organisation, person = membership.organisation, membership.user
    members = Membership.objects.select_for_update().filter(organisation=organisation)
    owners = [member.pk for member in members if member.role == Role.OWNER]
    if owners == [membership.pk] and role != Role.OWNER:
        raise LastOwner
    before = members.get(pk=membership.pk).role
    if role == before:
        return
    if role:
        members.filter(pk=membership.pk).update(role=role)
    else:
        Offer.objects.filter(organisation=organisation, user=person).delete()
        members.filter(pk=membership.pk).delete()
    _log_role(organisation, person, before=before, after=role, by=by)


def _log_role(
    organisation: Organisation, person: User, *, before: str, after: str, by: User | None
) -> None:
    """Write who may do what from now on; an empty role is none."""
    was = {"role": before} if before else None
    now = {"role": after} if after else None
    _log(organisation, Verb.SET_ROLE, person, before=was, after=now, by=by)
    subject = f"{name_of(person)}: {before or '-'} → {after or '-'}"
    note_access(kind=Access.Kind.ROLE, by=by, subject=subject, organisation=organisation)


def _log(
    organisation: Organisation,
    verb: Verb,
    person: User,
    *,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
    by: User | None,
) -> None:
    open_rounds = Assessment.objects.filter(
        organisation=organisation, snapshot=None, deleted_at=None
    )
    for each in open_rounds.order_by("pk"):
        record(hold(each), verb, by=by, subject=name_of(person), before=before, after=after)


@transaction.atomic
def note_language(*, user: User, language: str) -> None:
    """Keep in which language somebody signs in, so that mails to them are in it."""
    Membership.objects.filter(user=user).exclude(language=language).update(language=language)


@transaction.atomic
def set_own_name(*, user: User, name: str) -> None:
    """Say what one is called, in the order one writes it oneself."""
    User.objects.filter(pk=user.pk).update(first_name=name.strip(), last_name="")
