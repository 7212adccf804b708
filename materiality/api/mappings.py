"""What a program says of a table: the mapping it sends, and the questions it gets back."""

import json
from dataclasses import fields, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from surveys.models import AnswerTable
from surveys.questionnaire.wording import plain
from surveys.tables.columns import COUNTS
from surveys.tables.plan import LEFT_OUT, OTHERS, REPLACES, SAME, Plan, TableOptions
from surveys.tables.questions import asked_of
from surveys.tables.reading import places_of
from surveys.tables.scales import LONGEST

NAMES = {one.name for one in fields(TableOptions)}
TEXTS = ("encoding", "delimiter", "sheet", "everybody", "since", "until", "identity",
         "short_rows", "hidden_rows")  # fmt: skip


def mapping_from(text: str, everybody: str) -> TableOptions:
    """Return what was sent as JSON. Columns are told by their headings, or as “#3”.

    :raises ValidationError: it is no mapping.
    """
    try:
        value = json.loads(text) if text else {}
    except ValueError as error:
        raise ValidationError({"mapping": [_("This is no JSON.")]}) from error
    if not isinstance(value, dict) or set(value) - NAMES:
        known = ", ".join(sorted(NAMES))
        raise ValidationError(
            {"mapping": [_("A mapping is an object with these names: %s.") % known]}
        )
    if everybody:
        value["everybody"] = everybody
    _require_shapes(value)
    return TableOptions.from_json(value)


def _require_shapes(mapping: dict[str, Any]) -> None:
    checks: dict[str, Any] = dict.fromkeys(TEXTS, _is_text)
    checks |= {
        "headings": _are_numbers,
        "rows_left_out": _are_numbers,
        "columns": _are_texts,
        "groups": _are_texts,
        "scales": _are_scales,
        "ratings": lambda value: _are_nested(value, _is_rating),
        "counts": lambda value: _are_nested(value, lambda one: isinstance(one, bool)),
        "of": lambda value: value is None or isinstance(value, int),
    }
    for name, value in mapping.items():
        if not checks[name](value):
            raise ValidationError({"mapping": [_("“%s” is not in the shape it needs.") % name]})
    if mapping.get("identity", "") not in ("", OTHERS, SAME, REPLACES):
        raise ValidationError({"mapping": [_("“%s” is not in the shape it needs.") % "identity"]})


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_numbers(value: Any) -> bool:
    return value is None or (
        isinstance(value, list)
        and all(isinstance(one, int) and not isinstance(one, bool) and one > 0 for one in value)
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _is_rating(value: Any) -> bool:
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and value in (*range(LONGEST + 1), 255)
    )


def _are_nested(value: Any, check: Any) -> bool:
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        return False
    return all(check(leaf) for inner in value.values() for leaf in inner.values())


def _are_scales(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_scale, value.values()))


def _is_scale(value: Any) -> bool:
    """Return whether a value has two whole ends, tells which is most, and 2 to 11 points."""
    if not isinstance(value, dict) or set(value) != {"lowest", "highest", "most"}:
        return False
    if not all(isinstance(number, int) for number in value.values()):
        return False
    lowest, highest = value["lowest"], value["highest"]
    return value["most"] in (lowest, highest) and 2 <= highest - lowest + 1 <= 11


def columns_by_heading(options: TableOptions, header: list[str]) -> TableOptions:
    """Return the options with columns named by their place.

    :raises ValidationError: there is no such heading, or two.
    """
    columns = {_place(name, header): meaning for name, meaning in options.columns.items()}
    counts = {
        _place(name, header): {plain(value): yes for value, yes in values.items()}
        for name, values in options.counts.items()
    }
    columns |= {at: COUNTS for at in counts if at not in columns}
    ratings = {
        prompt: {plain(value): rating for value, rating in values.items()}
        for prompt, values in options.ratings.items()
    }
    groups = {plain(value): code or LEFT_OUT for value, code in options.groups.items()}
    return replace(options, columns=columns, counts=counts, ratings=ratings, groups=groups)


def _place(name: str, header: list[str]) -> str:
    if name.startswith("#") and name[1:].isdigit() and 0 < int(name[1:]) <= len(header):
        return str(int(name[1:]) - 1)
    places = [at for at, heading in enumerate(header) if heading == name]
    places = places or [at for at, heading in enumerate(header) if plain(heading) == plain(name)]
    if len(places) != 1:
        sentence = _("“%(name)s” is the heading of %(count)d columns. Write #1, #2 and so on.")
        raise ValidationError({"mapping": [sentence % {"name": name, "count": len(places)}]})
    return str(places[0])


def unclear_table(table: AnswerTable, plan: Plan) -> Response:
    """Refuse a table of which something must be said first, with the questions and all guesses."""
    detail = ngettext(
        "%d thing must be said of this table. Nothing was imported.",
        "%d things must be said of this table. Nothing was imported.",
        len(plan.questions),
    )
    places = places_of(table)
    body = {
        "code": "unclear_table",
        "detail": detail % len(plan.questions),
        "questions": asked_of(plan),
        "header": plan.header,
        "columns": {f"#{at + 1}": meaning for at, meaning in plan.columns.items()},
        "columns_left_out": {f"#{at + 1}": heading for at, heading in plan.left_out.items()},
        "ratings": {prompt: ratings.ratings for prompt, ratings in plan.ratings.items()},
        "groups": plan.groups,
        "file": {
            "encoding": plan.place.encoding,
            "delimiter": plan.place.delimiter,
            "sheet": plan.place.sheet,
            "headings": list(plan.place.headings),
            "choices": places.choices,
        },
    }
    return Response(body, status=400)


def unclear_people(table: AnswerTable) -> Response:
    """Refuse a table whose people may have been imported before."""
    sentence = _(
        "Rows of this table stand in an earlier import, but differ from it. Send `identity`: "
        "“others”, “same” or “replaces”, and `of`: the number of that import. Nothing was imported."
    )
    body = {
        "code": "unclear_people",
        "detail": sentence,
        "questions": [
            {"step": "people", "key": str(table.summary["asks"]), "value": "", "count": 0,
             "proposal": "", "is_remembered": False, "sentence": sentence}
        ],
        "people": table.summary["people"],
    }  # fmt: skip
    return Response(body, status=400)
