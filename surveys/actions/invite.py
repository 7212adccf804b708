"""Hand out links. The token is shown once and stored only as its hash."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from surveys.actions.answer import start
from surveys.errors import Conflict
from surveys.models import Audience, Intake, Invitation, token_hash

TOKEN_BYTES = 18


@dataclass(frozen=True)
class Person:
    """Somebody to ask. Without name and mail: a link to hand over, on paper say."""

    name: str = ""
    email: str = ""
    language: str = "zh-hans"


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
def revoke(invitation: Invitation) -> None:
    """Make a link as good as unknown and erase what was answered with it."""
    invitation.state = Invitation.State.REVOKED
    invitation.save(update_fields=["state"])
    Intake.objects.filter(invitation=invitation).delete()


def _invitation(audience: Audience, person: Person, source: str) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation(
        audience=audience,
        token_hash=token_hash(token),
        name=person.name.strip(),
        email=person.email.strip().lower(),
        language=person.language,
        source=source,
    )
    return invitation, token


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
