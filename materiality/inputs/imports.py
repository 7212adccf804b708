"""How imported tables of answers were read, as facts of a bundle: which value became which rating.

No file, no day and no number of rows is in them: a table may hold the answers of a few.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from materiality.document.schema import ReadingRule, TableFacts
from materiality.inputs.records import Records
from materiality.method.composites import part_code
from surveys.models import AnswerTable, Survey


def imports_of(records: Records, survey: Survey) -> list[TableFacts]:
    """Return the rules by which the tables that count in a survey were read; those read alike
    once, in the order in which they came."""
    dimensions = _dimension_of_prompt(records, survey)
    tables = AnswerTable.objects.imported().filter(survey=survey).order_by("pk")
    facts: list[TableFacts] = []
    for summary in tables.values_list("summary", flat=True):
        program, rules = summary.get("program", ""), list(_rules(summary, dimensions))
        alike = [one for one in facts if (one["program"], one["rules"]) == (program, rules)]
        if alike:
            alike[0]["tables"] += 1
        elif rules:
            facts.append(TableFacts(program=program, tables=1, rules=rules))
    return facts


def _dimension_of_prompt(records: Records, survey: Survey) -> dict[str, str]:
    """Return code of a survey's prompt → code of the bundle's dimension that it asks about."""
    return {
        row.prompt.code: part_code(dimension.code, row.criterion)
        for dimension in records.dimensions_of(survey)
        for row in records.by_dimension[dimension.pk]
        if row.survey_id == survey.pk
    }


def _rules(summary: Mapping[str, Any], dimensions: Mapping[str, str]) -> Iterator[ReadingRule]:
    """Yield a rule a prompt; a table that was imported before rules were kept has none."""
    for prompt, scale in sorted(summary.get("scales", {}).items()):
        if prompt in dimensions and scale.get("source"):
            yield ReadingRule(
                dimension=dimensions[prompt],
                lowest=scale["lowest"],
                highest=scale["highest"],
                most=scale["most"],
                by=scale["source"],
                ratings=dict(sorted(scale["ratings"].items())),
            )
