"""Hand out links. The token is shown once and stored only as its hash."""

import secrets
from collections.abc import Iterable
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from surveys.actions.answer import start
from surveys.errors import Conflict, SurveyClosed
from surveys.models import Audience, Intake, Invitation, Message, token_hash
from surveys.people.person import Person
from surveys.people.tokens import TOKEN_BYTES, token_from

AT_ONCE = 1000
MAY_HAVE_ARRIVED = (Message.State.SENDING, Message.State.SENT, Message.State.UNCERTAIN)


def invite(
    audience: Audience,
    people: Iterable[Person],
    *,
    source: str = Invitation.Source.PERSONAL,
) -> list[tuple[Invitation, str]]:
    """Return each new invitation with the token of its link.

    :raises Conflict: somebody with the same mail address is invited already.
    """
    pairs = [_invitation(audience, person, source) for person in people]
    try:
        with transaction.atomic():
            Invitation.objects.bulk_create([invitation for invitation, _secret in pairs])
    except IntegrityError as error:
        raise Conflict(_("Somebody in this list is invited already; nobody was added.")) from error
    return pairs


@transaction.atomic
def add_people(people: Iterable[tuple[Audience, Person]]) -> int:
    """Invite everybody on a checked list who is not invited yet; return how many that were."""
    rows = (
        _invitation(audience, person, Invitation.Source.PERSONAL)[0] for audience, person in people
    )
    return sum(_add(some) for some in iter(lambda: list(islice(rows, AT_ONCE)), []))


def _add(rows: list[Invitation]) -> int:
    Invitation.objects.bulk_create(rows, ignore_conflicts=True)
    hashes = [row.token_hash for row in rows]
    return int(Invitation.objects.filter(token_hash__in=hashes).count())


@transaction.atomic
def revoke(invitation: Invitation) -> None:
    """Make a link as good as unknown; erase whose it was and what was answered with it.

    The address is free again: whoever was removed by mistake is invited anew, by another link.
    """
    invitation.state = Invitation.State.REVOKED
    invitation.name = invitation.email = invitation.subgroup = invitation.seed = ""
    invitation.save(update_fields=["state", "name", "email", "subgroup", "seed"])
    Intake.objects.filter(invitation=invitation).delete()


def _invitation(audience: Audience, person: Person, source: str) -> tuple[Invitation, str]:
    is_known = person.email.strip() or person.name.strip()
    seed = secrets.token_hex(16) if is_known else ""
    token = token_from(seed) if seed else secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation(
        audience=audience,
        token_hash=token_hash(token),
        name=person.name.strip(),
        email=person.email.strip().lower(),
        subgroup=person.subgroup.strip(),
        language=_language(audience, person),
        reach=person.reach,
        seed=seed,
        source=source,
    )
    return invitation, token


def _language(audience: Audience, person: Person) -> str:
    """Return in which of the survey's languages somebody is written to."""
    spoken = audience.survey.codes
    return person.language if person.language in spoken else spoken[0]


@transaction.atomic
def join(audience: Audience, *, consent: str, language: str) -> str:
    """Let somebody in by an audience's open link and return the token of their own.

    :raises SurveyClosed: the survey is not open.
    :raises ConsentMissing: `consent` is not the hash of the survey's text.
    """
    [(_invitation_made, token)] = invite(
        audience, [Person(language=language)], source=Invitation.Source.OPEN
    )
    start(token, consent)
    return token


def opt_out(invitation: int) -> None:
    """Write no more mail to this person. Their link goes on working."""
    Invitation.objects.filter(pk=invitation).update(reach=Invitation.Reach.OPTED_OUT)


def opt_in(invitation: int) -> None:
    """Write to this person again, as they asked for."""
    Invitation.objects.filter(pk=invitation).update(reach=Invitation.Reach.OPEN)


@transaction.atomic
def correct_address(invitation: Invitation, name: str, email: str, subgroup: str) -> None:
    """Correct who somebody is. Mail that came back from another address says nothing of this one.

    In an anonymous survey another address gets another link: nobody learns by it one that
    somebody has. So it stands once a link went out, or was used.

    :raises SurveyClosed: the survey is sealed.
    :raises Conflict: another person of the group has the address, or it stands.
    """
    survey = invitation.audience.survey
    if survey.is_sealed:
        raise SurveyClosed
    address = email.strip().lower()
    is_new = address != invitation.email
    if is_new and survey.is_anonymous:
        _renew(invitation)
    if is_new and invitation.reach == Invitation.Reach.BOUNCED:
        invitation.reach = Invitation.Reach.OPEN
    invitation.name, invitation.email = name.strip(), address
    invitation.subgroup = subgroup.strip()
    try:
        with transaction.atomic():
            invitation.save(
                update_fields=["name", "email", "subgroup", "reach", "seed", "token_hash"]
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody with this address is on the list already.")) from error


def _renew(invitation: Invitation) -> None:
    went_out = Message.objects.filter(invitation=invitation, state__in=MAY_HAVE_ARRIVED)
    if went_out.exists() or Intake.objects.filter(invitation=invitation).exists():
        raise Conflict(
            _(
                "A link is out already, so the address stands: whoever has another one could open "
                "what is answered. Remove this person and add them anew."
            )
        )
    invitation.seed = secrets.token_hex(16)
    invitation.token_hash = token_hash(token_from(invitation.seed))
