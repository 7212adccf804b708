"""How far mails are on their way."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from surveys.mail.recipients import figure, is_rounded
from surveys.models import Invitation, Message, Survey

State, Kind = Message.State, Message.Kind
SOON = timedelta(minutes=10)


def delivery(survey: Survey) -> dict[str, dict[str, int]]:
    """Return how many mails of each kind are in each state, for showing progress.

    Reminders that were stopped pass for sent where they would tell who has answered.
    """
    counted = Message.objects.filter(survey=survey).values_list("kind", "state")
    numbers: Counter[tuple[str, str]] = Counter()
    for kind, state, number in counted.annotate(Count("pk")):
        hidden = state == State.STOPPED and is_rounded(survey, kind)
        numbers[kind, State.SENT if hidden else state] += number
    figures = {}
    for kind in Kind.values:
        figures[kind] = {
            state: figure(survey, kind, numbers[kind, state])
            for state in State.values
            if numbers[kind, state]
        }
    return figures


def failures(survey: Survey) -> QuerySet[Message]:
    """Return the mails that went wrong, as far as it may be told whose they are."""
    wrong = Message.objects.filter(survey=survey, state__in=(State.FAILED, State.UNCERTAIN))
    if survey.is_anonymous:
        wrong = wrong.filter(kind=Kind.INVITATION)
    return wrong.select_related("invitation__audience").order_by("kind", "pk")


def unreachable(survey: Survey) -> dict[str, int]:
    """Return how many people want no more mail, and to how many it cannot be delivered."""
    people = Invitation.objects.filter(audience__survey=survey)
    return people.aggregate(
        opted_out=Count("pk", filter=Q(reach=Invitation.Reach.OPTED_OUT)),
        bounced=Count("pk", filter=Q(reach=Invitation.Reach.BOUNCED)),
    )


def is_sending(survey: Survey) -> bool:
    """Tell whether mails are on their way or due soon."""
    soon = timezone.now() + SOON
    waits = Q(state=State.WAITING, not_before__lte=soon) | Q(state=State.SENDING)
    return Message.objects.filter(waits, survey=survey).exists()
