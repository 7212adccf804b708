"""From a stored table to its plan: what was looked at, what was said, and what follows."""

from typing import Any

from surveys.models import AnswerTable
from surveys.tables.columns import known_names
from surveys.tables.place import Place, Places, find_place
from surveys.tables.plan import Plan, TableOptions, propose
from surveys.tables.target import Target, questionnaire_of
from surveys.tables.words import TOTALS


def places_of(table: AnswerTable, target: Target | None = None) -> Places:
    """Return where the table stands in its file.

    :param target: what the survey asks, where it was read already.
    """
    questionnaire = target or questionnaire_of(table.survey)
    options = TableOptions.from_json(table.options)
    return find_place(table.look, options, known_names(questionnaire), questionnaire.data_words)


def source_of(place: Place) -> dict[str, Any]:
    """Return what the reader needs to know of a table of answers."""
    return {**place.source, "totals": sorted(TOTALS)}


def plan_of(table: AnswerTable, target: Target | None = None) -> Plan:
    """Return how a table would be read now, and what is still to be said.

    :param target: what the survey asks, where it was read already.
    """
    target = target or questionnaire_of(table.survey)
    places = places_of(table, target)
    options = TableOptions.from_json(table.options)
    before = _options_of_last_import(table, list(places.place.header))
    return propose(target, places, table.tally, options, before)


def _options_of_last_import(table: AnswerTable, header: list[str]) -> TableOptions | None:
    """Return the options of the last import from the same source into this survey, or None.

    A source is known by its headings. It only proposes.
    """
    before = AnswerTable.objects.filter(survey=table.survey, state__in=AnswerTable.DONE)
    for one in before.order_by("-pk").values("summary", "options"):
        if one["summary"].get("place_header") == header:
            return TableOptions.from_json(one["options"])
    return None
