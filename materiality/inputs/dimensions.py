"""What was asked about a round's topics: the criteria of each dimension, and the words."""

from materiality.document import schema
from materiality.inputs.records import Records
from materiality.method.composites import IMPACT, made_of_criteria, part_code
from materiality.models import Dimension


def descriptions(
    records: Records, dimension: Dimension, criteria: list[str]
) -> list[schema.Dimension]:
    """Return a dimension with the words that were used to ask, so that years can be compared."""
    whole: schema.Dimension = {
        "code": dimension.code,
        "axis": dimension.axis,
        "name": dimension.name,
    }
    composite = made_of_criteria(dimension.code, criteria)
    if composite is None:
        return [_with_wording(records, whole, dimension, "")]
    if composite["kind"] == IMPACT:
        composite["severity_rule"] = dimension.assessment.severity_rule
        composite["likelihood_rule"] = dimension.assessment.likelihood_rule
    whole["composite"] = composite
    return [whole, *(_part(records, dimension, criterion) for criterion in criteria)]


def _part(records: Records, dimension: Dimension, criterion: str) -> schema.Dimension:
    part: schema.Dimension = {"code": part_code(dimension.code, criterion), "axis": ""}
    return _with_wording(records, part, dimension, criterion)


def _with_wording(
    records: Records, row: schema.Dimension, dimension: Dimension, criterion: str
) -> schema.Dimension:
    """Return the row with the words that were used to ask, and the fewest ratings shown.

    The latter only where it is not the round's: in a named survey.
    """
    survey = records.survey_of(dimension)
    if survey is not None and not survey.is_anonymous:
        row["minimum_group"] = survey.smallest_shown
    prompts = [one.prompt for one in records.questions(dimension, criterion)]
    if not prompts:
        return row
    prompt = min(prompts, key=lambda one: (one.position, one.pk))
    return {**row, "question": prompt.text, "labels": prompt.labels}
