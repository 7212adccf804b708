"""What was asked about a round's topics: the criteria of each dimension, and the words."""

from typing import Any

from materiality.method.composites import IMPACT, made_of_criteria, part_code
from materiality.models import Dimension
from surveys.models import Prompt, Survey

IMPACT_RULES = ("severity_rule", "likelihood_rule")


def criteria_of(dimension: Dimension) -> list[str]:
    """Return the criteria a dimension is asked by, in the order of the questions; [""] for none."""
    found = dimension.topic_questions.order_by("question__prompt__position", "question_id")
    return list(dict.fromkeys(found.values_list("criterion", flat=True))) or [""]


def described(dimension: Dimension, criteria: list[str]) -> list[dict[str, Any]]:
    """Return a dimension with the words that were used to ask, so that years can be compared."""
    whole = {"code": dimension.code, "axis": dimension.axis, "name": dimension.name}
    least = _minimum_of(dimension)
    composite = made_of_criteria(dimension.code, criteria)
    if composite is None:
        return [whole | _wording(dimension, "") | least]
    if composite["kind"] == IMPACT:
        composite |= {name: getattr(dimension.assessment, name) for name in IMPACT_RULES}
    parts = [
        {
            "code": part_code(dimension.code, criterion),
            "axis": "",
            **_wording(dimension, criterion),
            **least,
        }
        for criterion in criteria
    ]
    return [whole | {"composite": composite}, *parts]


def _minimum_of(dimension: Dimension) -> dict[str, int]:
    """Return the fewest ratings a figure rests on, where it is not the round's: a named survey."""
    survey = Survey.objects.filter(questions__topic_question__dimension=dimension).first()
    if survey is None or survey.is_anonymous:
        return {}
    return {"minimum_group": survey.smallest_shown}


def _wording(dimension: Dimension, criterion: str) -> dict[str, Any]:
    rows = dimension.topic_questions.filter(criterion=criterion)
    prompt = Prompt.objects.filter(questions__topic_question__in=rows).first()
    return {"question": prompt.text, "labels": prompt.labels} if prompt else {}
