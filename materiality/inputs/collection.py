"""How each survey of a round was held, as facts of its bundle: mode, ways, numbers, exclusions."""

from collections.abc import Mapping

from django.utils import timezone

from materiality.document.schema import ExclusionFacts, LaterGroup, Source, SurveyFacts, TableFacts
from materiality.inputs.groups import Invited
from materiality.inputs.imports import imports_of
from materiality.inputs.origins import counts_of
from materiality.inputs.records import Records
from surveys import answers
from surveys.models import Survey

SOURCES = (answers.PERSONAL, *answers.ORIGINS)


def surveys_of(
    records: Records, dimensions: Mapping[str, list[str]], invited: Mapping[int, Invited]
) -> list[SurveyFacts]:
    """Return the facts of every sealed survey of a round.

    :param dimensions: the codes of a bundle's dimensions per code of the round's dimension.
    :param invited: who got a personal link, per key of a group.
    """
    rows = []
    for survey in records.surveys:
        if survey.is_sealed:
            own_dimensions = records.dimensions_of(survey)
            codes = [code for row in own_dimensions for code in dimensions.get(row.code, [])]
            each = [invited[group.pk] for group in records.groups_in(survey)]
            people, reached = sum(one.people for one in each), sum(one.reached for one in each)
            facts = _facts(survey, codes, Invited(people, reached))
            if rules := _rules_of_tables(records, survey, facts):
                facts["imports"] = rules
            rows.append(facts)
    return rows


def _rules_of_tables(records: Records, survey: Survey, facts: SurveyFacts) -> list[TableFacts]:
    """Return how imported tables were read; nothing is asked of a survey without any."""
    ways = {row["source"] for row in facts["sources"]}
    return imports_of(records, survey) if "imported" in ways else []


def _facts(survey: Survey, dimensions: list[str], invited: Invited) -> SurveyFacts:
    origins, exclusions, met, answered, late = counts_of(survey)
    least = survey.smallest_shown
    totals = {source: sum(row[source] for row in origins.values()) for source in SOURCES}
    facts: SurveyFacts = {
        "code": survey.slug,
        "dimensions": dimensions,
        "mode": survey.mode,
        "opened": survey.opens_at.date().isoformat(),
        "closed": survey.closes_at.date().isoformat(),
        "sources": _disclosed(totals, least),
        "invited": invited.people,
        "reached": invited.reached,
        "answered": answered,
        "counted": sum(totals.values()),
        "exclusions": [
            ExclusionFacts(criterion=code, met=met.get(code), left_out=number)
            for code, number in exclusions.items()
        ],
        "wordings": survey.version,
    }
    if late:
        facts["after_reminder"] = late
    if later := _later(survey):
        facts["later"] = later
    return facts


def _later(survey: Survey) -> list[LaterGroup]:
    """Return the groups that joined after publication, and since when they were asked."""
    return [
        {"group": row.code, "asked_from": timezone.localdate(row.asked_from).isoformat()}
        for row in survey.audiences.all()
        if row.is_later
    ]


def _disclosed(totals: Mapping[str, int], least: int) -> list[Source]:
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
