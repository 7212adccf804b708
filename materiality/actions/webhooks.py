"""Set up, turn on and remove the addresses that are told what happens."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from materiality.actions.access import note_access
from materiality.models import Access, News, Webhook
from materiality.webhooks import guard
from materiality.webhooks.news import forget_earlier
from surveys.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def add_webhook(
    *, organisation: Organisation, url: str, kinds: Sequence[str], by: "User"
) -> Webhook:
    """Set up a webhook, which tells nothing before it is turned on.

    :raises Unreachable: no webhook may lead there.
    """
    guard.checked(url)
    chosen = [kind for kind in News.values if kind in kinds]
    made = Webhook.objects.create(organisation=organisation, url=url, kinds=chosen)
    _note(made, "+", by)
    return made


@transaction.atomic
def turn_webhook(*, webhook: Webhook, on: bool, by: "User") -> None:
    """Turn a webhook on or off. What happens while it is off is not told later."""
    if webhook.is_on == on:
        return
    if on:
        forget_earlier(webhook)
    Webhook.objects.filter(pk=webhook.pk).update(is_on=on)
    _note(webhook, "on" if on else "off", by)


@transaction.atomic
def remove_webhook(*, webhook: Webhook, by: "User") -> None:
    _note(webhook, "-", by)
    webhook.delete()


def _note(webhook: Webhook, act: str, by: "User") -> None:
    note_access(
        kind=Access.Kind.WEBHOOK,
        by=by,
        subject=f"{act} {webhook.url}",
        organisation=webhook.organisation,
    )
