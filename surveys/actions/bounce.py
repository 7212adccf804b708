"""Write no more to addresses that mail came back from, or whose owners complained of it."""

from collections.abc import Iterable

from django.db import transaction

from surveys.mail.bounces import BOUNCED, OPTED_OUT, Notice
from surveys.models import Invitation, Message


@transaction.atomic
def mark_unreachable(notices: Iterable[Notice]) -> int:
    """Mark everybody who was written to at these addresses; return how many that are now.

    Who wants no more mail stays so, whatever comes back from the address later.
    """
    by_reach: dict[str, list[str]] = {BOUNCED: [], OPTED_OUT: []}
    for address, reach in notices:
        by_reach[reach].append(address)
    written_to = Message.objects.filter(state=Message.State.SENT).values("invitation")
    people = Invitation.objects.filter(pk__in=written_to).exclude(email="")
    out = people.filter(email__in=by_reach[OPTED_OUT]).exclude(reach=OPTED_OUT)
    bounces = people.filter(email__in=by_reach[BOUNCED], reach=Invitation.Reach.OPEN)
    return out.update(reach=OPTED_OUT) + bounces.update(reach=BOUNCED)
