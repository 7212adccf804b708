"""The groups of a round as a bundle holds them: who was asked, heard and weighed how."""

from collections.abc import Mapping

from django.db.models import Count, Q

from materiality.bundle.schema import Group, Unit
from materiality.inputs.origins import answers_of_invited
from materiality.inputs.units import Weights
from materiality.models import Assessment, Engagement, StakeholderGroup
from materiality.results import Text
from surveys.models import Invitation


def groups_of(
    assessment: Assessment, units: Mapping[str, list[Unit]], weights: Weights
) -> list[Group]:
    alone = {
        unit["groups"][0]: unit.get("responses")
        for rows in units.values()
        for unit in rows
        if len(unit["groups"]) == 1
    }
    invited, by_link = invited_of(assessment), _answers_by_link(assessment)
    groups = assessment.groups.prefetch_related("engagements", "weights__dimension")
    return [
        {
            "code": group.code,
            "name": group.name,
            "kind": group.kind,
            "invited": invited.get(group.pk),
            "responses": alone.get(group.code),
            "invited_answered": _shown(by_link.get(group.pk), alone.get(group.code)),
            "population": group.head_count,
            "how_chosen": group.how_chosen,
            "frequency": group.frequency,
            "weights": {
                row.dimension.code: weights.get((group.code, row.dimension.code), row.value)
                for row in group.weights.all()
            },
            "expectations": _lines(group, Engagement.Kind.EXPECTATION),
            "channels": _lines(group, Engagement.Kind.CHANNEL),
        }
        for group in groups
    ]


def _lines(group: StakeholderGroup, kind: str) -> list[Text]:
    return [line.text for line in group.engagements.all() if line.kind == kind]


def _answers_by_link(assessment: Assessment) -> dict[int, int]:
    """Return per group how many answers that count came by personal link."""
    found: dict[int, int] = {}
    for survey in assessment.surveys.select_related("sealed").defer("sealed__block"):
        if survey.is_sealed:
            counts = answers_of_invited(survey)
            audiences = survey.audiences.filter(stakeholder_group__isnull=False)
            for code, group in audiences.values_list("code", "stakeholder_group"):
                found[group] = counts.get(code, 0)
    return found


def _shown(by_link: int | None, responses: int | None) -> int | None:
    """Return the number unless the group's own is not told either."""
    return None if responses is None else by_link


def invited_of(assessment: Assessment) -> dict[int, int]:
    """Return per group how many people got a personal link; open links have no such number."""
    personal = Q(audience__invitations__source=Invitation.Source.PERSONAL)
    personal &= ~Q(audience__invitations__state=Invitation.State.REVOKED)
    counted = assessment.groups.annotate(invited=Count("audience__invitations", filter=personal))
    return dict(counted.values_list("pk", "invited"))
