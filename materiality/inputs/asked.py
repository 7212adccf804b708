"""What was asked about a round's topics: the criteria of each dimension, and the words."""

from materiality.bundle import schema
from materiality.method.composites import IMPACT, made_of_criteria, part_code
from materiality.models import Dimension
from surveys.models import Prompt, Survey


def criteria_of(dimension: Dimension) -> list[str]:
    """Return the criteria a dimension is asked by, in the order of the questions; [""] for none."""
    found = dimension.topic_questions.order_by("question__prompt__position", "question_id")
    return list(dict.fromkeys(found.values_list("criterion", flat=True))) or [""]


def described(dimension: Dimension, criteria: list[str]) -> list[schema.Dimension]:
    """Return a dimension with the words that were used to ask, so that years can be compared."""
    whole: schema.Dimension = {
        "code": dimension.code,
        "axis": dimension.axis,
        "name": dimension.name,
    }
    composite = made_of_criteria(dimension.code, criteria)
    if composite is None:
        return [_worded(whole, dimension, "")]
    if composite["kind"] == IMPACT:
        composite["severity_rule"] = dimension.assessment.severity_rule
        composite["likelihood_rule"] = dimension.assessment.likelihood_rule
    whole["composite"] = composite
    return [whole, *(_part(dimension, criterion) for criterion in criteria)]


def _part(dimension: Dimension, criterion: str) -> schema.Dimension:
    part: schema.Dimension = {"code": part_code(dimension.code, criterion), "axis": ""}
    return _worded(part, dimension, criterion)


def _worded(row: schema.Dimension, dimension: Dimension, criterion: str) -> schema.Dimension:
    """Return the row with the words that were used to ask, and the fewest ratings shown.

    The latter only where it is not the round's: in a named survey.
    """
    survey = Survey.objects.filter(questions__topic_question__dimension=dimension).first()
    if survey is not None and not survey.is_anonymous:
        row["minimum_group"] = survey.smallest_shown
    rows = dimension.topic_questions.filter(criterion=criterion)
    prompt = Prompt.objects.filter(questions__topic_question__in=rows).first()
    return {**row, "question": prompt.text, "labels": prompt.labels} if prompt else row
