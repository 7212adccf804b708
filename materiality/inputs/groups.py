"""The groups of a round as a bundle holds them: who was asked, heard and weighed how."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from materiality.document.schema import Group, Unit
from materiality.inputs.origins import answers_of_invited
from materiality.inputs.records import Records
from materiality.inputs.units import Weights
from materiality.models import Assessment, Engagement, StakeholderGroup
from materiality.results import Text
from surveys.models import Invitation


@dataclass(frozen=True)
class Invited:
    """How many people of a group got a personal link, and to how many no mail came back."""

    people: int = 0
    reached: int = 0


def group_rows(
    records: Records,
    units: Mapping[str, list[Unit]],
    weights: Weights,
    invited: Mapping[int, Invited],
) -> list[Group]:
    alone = {
        unit["groups"][0]: unit.get("responses")
        for rows in units.values()
        for unit in rows
        if len(unit["groups"]) == 1
    }
    by_link = _answers_by_link(records)
    code_of = {row.pk: row.code for row in records.dimensions}
    rows: list[Group] = []
    for group in records.groups:
        rows.append(
            {
                "code": group.code,
                "name": group.name,
                "kind": group.kind,
                "invited": None if records.is_without_survey else invited[group.pk].people,
                "responses": alone.get(group.code),
                "invited_answered": _disclosed(by_link.get(group.pk), alone.get(group.code)),
                "population": group.head_count,
                "how_chosen": group.how_chosen,
                "frequency": group.frequency,
                "weights": {
                    code_of[row.dimension_id]: weights.get(
                        (group.code, code_of[row.dimension_id]), row.value
                    )
                    for row in group.weights.all()
                },
                "expectations": _lines(group, Engagement.Kind.EXPECTATION),
                "channels": _lines(group, Engagement.Kind.CHANNEL),
            }
        )
    return rows


def _lines(group: StakeholderGroup, kind: str) -> list[Text]:
    return [line.text for line in group.engagements.all() if line.kind == kind]


def _answers_by_link(records: Records) -> dict[int, int]:
    """Return per group how many answers that count came by personal link."""
    answers: dict[int, int] = {}
    for survey in records.surveys:
        if survey.is_sealed:
            counts = answers_of_invited(survey)
            for group in records.groups_in(survey):
                assert group.audience is not None
                answers[group.pk] = counts.get(group.audience.code, 0)
    return answers


def _disclosed(by_link: int | None, responses: int | None) -> int | None:
    """Return the number unless the group's own is not told either."""
    return None if responses is None else by_link


def invited_of(assessment: Assessment) -> dict[int, Invited]:
    """Return per group who got a personal link; open links have no such number."""
    personal = Q(audience__invitations__source=Invitation.Source.PERSONAL)
    personal &= ~Q(audience__invitations__state=Invitation.State.REVOKED)
    bounced = personal & Q(audience__invitations__reach=Invitation.Reach.BOUNCED)
    counted = assessment.groups.annotate(
        people=Count("audience__invitations", filter=personal),
        bounced=Count("audience__invitations", filter=bounced),
    )
    rows = counted.values_list("pk", "people", "bounced")
    return {pk: Invited(people, people - bounced) for pk, people, bounced in rows}
