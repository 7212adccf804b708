"""How each survey of a round was held, as facts of its bundle: mode, ways, numbers, exclusions."""

from collections.abc import Mapping

from materiality.bundle.schema import ExclusionFacts, Source, SurveyFacts
from materiality.inputs.groups import invited_of
from materiality.inputs.origins import counted
from materiality.models import Assessment, Dimension
from surveys import answers
from surveys.models import Survey

SOURCES = (answers.PERSONAL, *answers.ORIGINS)


def surveys_of(assessment: Assessment, dimensions: Mapping[str, list[str]]) -> list[SurveyFacts]:
    """Return the facts of every sealed survey of a round.

    :param dimensions: the codes of a bundle's dimensions per code of the round's dimension.
    """
    invited = invited_of(assessment)
    return [
        _facts(survey, _asked_in(survey, assessment, dimensions), _invited(survey, invited))
        for survey in assessment.surveys.select_related("sealed")
        .defer("sealed__block")
        .order_by("pk")
        if survey.is_sealed
    ]


def _asked_in(
    survey: Survey, assessment: Assessment, dimensions: Mapping[str, list[str]]
) -> list[str]:
    rows = Dimension.objects.filter(
        assessment=assessment, topic_questions__question__survey=survey
    ).distinct()
    return [code for row in rows for code in dimensions.get(row.code, [])]


def _invited(survey: Survey, invited: Mapping[int, int]) -> int:
    groups = survey.audiences.filter(stakeholder_group__isnull=False)
    return sum(invited.get(pk, 0) for pk in groups.values_list("stakeholder_group", flat=True))


def _facts(survey: Survey, dimensions: list[str], invited: int) -> SurveyFacts:
    origins, exclusions, met, answered = counted(survey)
    least = survey.smallest_shown
    totals = {source: sum(row[source] for row in origins.values()) for source in SOURCES}
    return {
        "code": survey.slug,
        "dimensions": dimensions,
        "mode": survey.mode,
        "opened": survey.opens_at.date().isoformat(),
        "closed": survey.closes_at.date().isoformat(),
        "sources": _shown(totals, least),
        "invited": invited,
        "answered": answered,
        "counted": sum(totals.values()),
        "exclusions": [
            ExclusionFacts(criterion=code, met=met.get(code), left_out=number)
            for code, number in exclusions.items()
        ],
        "wordings": survey.version,
    }


def _shown(totals: Mapping[str, int], least: int) -> list[Source]:
    """Return the ways answers came, few ones withheld, and never one alone (it would follow)."""
    few = [source for source, number in totals.items() if 0 < number < least]
    others = sorted((n, source) for source, n in totals.items() if n and source not in few)
    if (few and sum(totals[source] for source in few) < least) or len(few) == 1:
        few += [source for _n, source in others[:1]]
    return [
        Source(source=source, answers=None if source in few else number)
        for source, number in totals.items()
        if number
    ]
