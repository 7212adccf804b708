"""Make and end tokens of the API; what was done is in the log of access."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from materiality.actions.access import note_access
from materiality.models import Access
from materiality.models.tokens import SEEN_EVERY, ApiToken, Scope
from surveys.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def make_token(
    *,
    by: "User",
    name: str,
    days: int,
    scopes: Sequence[str] = (),
    organisation: Organisation | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for oneself; return it, and what is sent as `Authorization: Token …`.

    :param days: how long it is believed.
    """
    chosen = [scope for scope in Scope.values if scope in scopes]
    token, secret = ApiToken.objects.create(
        user=by, expiry=timedelta(days=days), name=name, scopes=chosen, organisation=organisation
    )
    subject = f"+ {name}"
    note_access(kind=Access.Kind.TOKEN, by=by, subject=subject, organisation=organisation)
    return token, secret


@transaction.atomic
def end_token(*, token: ApiToken, by: "User") -> None:
    token.delete()
    note_access(
        kind=Access.Kind.TOKEN,
        by=by,
        subject=f"- {token.name}",
        organisation=token.organisation,
    )


@transaction.atomic
def end_tokens_of(*, user: "User") -> int:
    """End all tokens of a person, whose password has changed; return how many there were."""
    tokens = list(ApiToken.objects.of(user))
    for token in tokens:
        end_token(token=token, by=user)
    return len(tokens)


def note_use(*, token: ApiToken) -> None:
    """Note that a token was used within this hour."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - SEEN_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
