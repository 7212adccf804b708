"""How far a survey is, per audience. Nothing here tells who."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from surveys.answers import response_counts
from surveys.models import COUNTING_STEP, Audience, Invitation, Survey

State = Invitation.State


@dataclass(frozen=True)
class AudienceProgress:
    """One audience. While an anonymous survey is open, its figures move in steps of five.

    :param invited: people with a personal link; the only ones the response rate is about.
    :param answered_invited: those of them who submitted.
    :param answered: everybody who submitted, by open link and through staff too.
    """

    audience: Audience
    target: int
    invited: int
    started: int
    answered_invited: int
    answered: int
    declined: int
    bounced: int

    @property
    def response_rate(self) -> float | None:
        """Return submitted / invited people, bounced and declined among the invited."""
        return self.answered_invited / self.invited if self.invited else None

    @property
    def missing(self) -> int:
        """Return how many answers are wanted still."""
        return max(0, self.target - self.answered)


def progress(survey: Survey) -> list[AudienceProgress]:
    """Return the figures of every audience, in their order."""
    answered = response_counts(survey)
    step = COUNTING_STEP if survey.is_anonymous and not survey.is_sealed else 1
    return [
        AudienceProgress(
            audience=audience,
            target=audience.target,
            invited=audience.invited,
            started=audience.started // step * step,
            answered_invited=audience.submitted // step * step,
            answered=answered[audience.code],
            declined=audience.declined // step * step,
            bounced=audience.bounced,
        )
        for audience in _with_counts(survey)
    ]


def _with_counts(survey: Survey) -> Iterable[Any]:
    personal = Q(invitations__source=Invitation.Source.PERSONAL) & ~Q(
        invitations__state=State.REVOKED
    )
    started, submitted = _progress_by_state() if survey.is_sealed else _progress_by_intake()
    return survey.audiences.annotate(
        invited=Count("invitations", filter=personal),
        started=Count("invitations", filter=personal & started),
        submitted=Count("invitations", filter=personal & submitted),
        declined=Count("invitations", filter=personal & Q(invitations__state=State.DECLINED)),
        bounced=Count(
            "invitations", filter=personal & Q(invitations__reach=Invitation.Reach.BOUNCED)
        ),
    ).order_by("position", "pk")  # a model's own order does not hold where rows are grouped


def _progress_by_state() -> tuple[Q, Q]:
    submitted = Q(invitations__state=State.SUBMITTED)
    return Q(invitations__state=State.STARTED) | submitted, submitted


def _progress_by_intake() -> tuple[Q, Q]:
    begun = Q(invitations__intake__isnull=False)
    return begun, Q(invitations__intake__submitted=True)
