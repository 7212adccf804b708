"""Write no more to addresses that mail came back from."""

from collections.abc import Collection

from surveys.models import Invitation, Message


def note_bounces(addresses: Collection[str]) -> int:
    """Mark everybody who was written to at these addresses; return how many that are now."""
    written_to = Message.objects.filter(state=Message.State.SENT).values("invitation")
    people = Invitation.objects.filter(email__in=addresses, pk__in=written_to)
    return people.filter(reach=Invitation.Reach.OPEN).update(reach=Invitation.Reach.BOUNCED)
