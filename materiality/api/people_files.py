"""A list of people as a file: the mapping that is sent with it, and what is not understood."""

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from materiality import actions
from materiality.api import people_serializers as shapes
from materiality.api.access import OfSurvey
from materiality.api.refusals import by_code
from materiality.selectors.rounds import survey_before
from surveys.models import Audience, Invitation, Survey
from surveys.people.columns import COLUMNS, find_list, guess_columns
from surveys.people.earlier import changes_since, listed_people
from surveys.people.rows import Checked, check_people
from surveys.questionnaire.wording import plain
from surveys.tables.place import Places
from surveys.tables.plan import TableOptions
from surveys.tables.target import questionnaire_of
from surveys.tables.upload import Table, on_disk
from surveys.tables.whole import table_at

NAMES = ("encoding", "delimiter", "sheet", "headings", "columns", "groups", "languages", "states")
MOST_ROWS = 20_000
MOST_PROBLEMS = 200
Mapping = dict[str, Any]


class PeopleFileViewSet(OfSurvey):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        summary="Put the people of a file on the list",
        description="Read as the page of lists does: encoding, sheet, headings, columns, then what "
        "values mean. `mapping` is what you say of it; what cannot be known is refused with the "
        "questions. Rows that cannot be used are named, the others are added; with `rehearsal` "
        "nobody is. Nobody is written to before somebody sends the mail.",
        request={"multipart/form-data": shapes.PeopleFileSerializer},
        responses={200: shapes.AddedListSerializer, 400: shapes.UnclearListSerializer},
    )
    def create(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.PeopleFileSerializer)
        mapping = mapping_from(data["mapping"])
        everybody = self._everybody(data["audience"])
        with on_disk(data["file"]) as file:
            places = find_list(file, _options(mapping), questionnaire_of(self.survey).group_of)
            if places.asks:
                return unclear(list(map(_questions_of_file(places), places.asks)))
            table = table_at(file, places.place)
        if len(table.rows) > MOST_ROWS:
            sentence = _("A file by program holds at most %d rows. Send it in parts.")
            raise ValidationError({"file": [sentence % MOST_ROWS]})
        columns = columns_of(table, mapping)
        if questions := _questions_of_columns(columns, everybody):
            return unclear(questions, table)
        checked = check_people(self.survey, table, columns, everybody, _values(mapping))
        if any(checked.unknown.values()):
            return unclear(_questions_of_values(self.survey, checked), table)
        return self._added(table, columns, checked, is_rehearsal=data["rehearsal"])

    def _everybody(self, code: str) -> Audience | None:
        return by_code(self.survey.audiences.all(), [code], "audience")[0] if code else None

    def _added(
        self, table: Table, columns: dict[str, int], checked: Checked, *, is_rehearsal: bool
    ) -> Response:
        before = survey_before(self.assessment, self.survey)
        changes = before and changes_since(before, checked, listed_people(self.survey))
        added = 0 if is_rehearsal else actions.invite_people(people=checked.people, **self.who)
        summary = {
            "rehearsal": is_rehearsal,
            "added": added,
            "to_add": len(checked.people),
            "known": checked.known,
            "without_mail": sum(not one.email for _group, one in checked.people),
            "not_written_to": sum(
                one.reach != Invitation.Reach.OPEN for _group, one in checked.people
            ),
            "columns": {field: table.header[at] or f"#{at + 1}" for field, at in columns.items()},
            "first": table.first,
            "problem_count": len(checked.errors),
            "problems": checked.errors[:MOST_PROBLEMS],
            "changes": changes,
        }
        return Response(shapes.AddedListSerializer(summary).data)


def mapping_from(text: str) -> Mapping:
    """Return what was sent as JSON.

    :raises ValidationError: it is no mapping.
    """
    try:
        mapping = json.loads(text) if text else {}
    except ValueError as error:
        raise ValidationError({"mapping": [_("This is no JSON.")]}) from error
    if not isinstance(mapping, dict) or set(mapping) - set(NAMES):
        sentence = _("A mapping is an object with these names: %s.")
        raise ValidationError({"mapping": [sentence % ", ".join(NAMES)]})
    for name, value in mapping.items():
        if not _is_shaped(name, value):
            sentence = _("“%s” is not in the shape it needs.")
            raise ValidationError({"mapping": [sentence % name]})
    return mapping


def _is_shaped(name: str, value: Any) -> bool:
    if name in ("encoding", "delimiter", "sheet"):
        return isinstance(value, str)
    if name == "headings":
        return isinstance(value, list) and all(type(one) is int and one > 0 for one in value)
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _options(mapping: Mapping) -> TableOptions:
    headings = mapping.get("headings")
    return TableOptions(
        encoding=mapping.get("encoding", ""),
        delimiter=mapping.get("delimiter", ""),
        sheet=mapping.get("sheet", ""),
        headings=None if headings is None else tuple(headings),
    )


def _values(mapping: Mapping) -> dict[str, dict[str, str]]:
    """Return what values mean: part → value, as it is compared → meaning."""
    values = {}
    for part in ("groups", "languages", "states"):
        meanings = mapping.get(part, {})
        values[part] = {plain(value): meaning for value, meaning in meanings.items()}
    return values


def columns_of(table: Table, mapping: Mapping) -> dict[str, int]:
    """Return field → column: the guess, and what the mapping says by heading or as “#3”.

    :raises ValidationError: there is no such heading, or field.
    """
    columns = guess_columns(table.header, table.rows)
    for name, field in mapping.get("columns", {}).items():
        at = _place(name, table.header)
        columns = {other: one for other, one in columns.items() if one != at}
        if field and field not in COLUMNS:
            sentence = _("A column can hold: %s.") % ", ".join(COLUMNS)
            raise ValidationError({"mapping": [sentence]})
        if field:
            columns[field] = at
    return columns


def _place(name: str, header: list[str]) -> int:
    if name.startswith("#") and name[1:].isdigit() and 0 < int(name[1:]) <= len(header):
        return int(name[1:]) - 1
    places = [at for at, heading in enumerate(header) if plain(heading) == plain(name)]
    if len(places) != 1:
        sentence = _("“%(name)s” is the heading of %(count)d columns. Write #1, #2 and so on.")
        raise ValidationError({"mapping": [sentence % {"name": name, "count": len(places)}]})
    return places[0]


# ---- what is not understood ----


def unclear(questions: list[dict[str, Any]], table: Table | None = None) -> Response:
    """Refuse a file of which something must be said first, with the questions and the headings."""
    detail = ngettext(
        "%d thing must be said of this list. Nobody was added.",
        "%d things must be said of this list. Nobody was added.",
        len(questions),
    )
    body = {
        "code": "unclear_list",
        "detail": detail % len(questions),
        "questions": questions,
        "header": table.header if table else [],
    }
    return Response(body, status=400)


def _question(step: str, sentence: str, **more: Any) -> dict[str, Any]:
    return {"step": step, "value": "", "count": 0, "choices": [], "sentence": sentence} | more


def _questions_of_file(places: Places) -> Any:
    sentences = {
        "encoding": _("The file does not tell its encoding. Choose the one that reads right."),
        "sheet": _("More than one sheet may hold the list. Choose the sheet."),
    }
    examples = {"encoding": places.examples}
    return lambda step: _question(
        step, sentences[step], choices=places.choices, examples=examples.get(step, {})
    )


def _questions_of_columns(
    columns: dict[str, int], everybody: Audience | None
) -> list[dict[str, Any]]:
    questions = []
    if not {"email", "name", "first_name", "last_name"} & set(columns):
        sentence = _("Choose the column of the mail addresses or of the names.")
        questions.append(_question("columns", sentence, choices=["email", "name"]))
    if everybody is None and "audience" not in columns:
        sentence = _("Choose the group, or the column that names it.")
        questions.append(_question("columns", sentence, choices=["audience"]))
    return questions


def _questions_of_values(survey: Survey, checked: Checked) -> list[dict[str, Any]]:
    sentences = {
        "groups": _("“%s” is no group of this survey."),
        "languages": _("“%s” is no language of this survey."),
        "states": _("“%s”: say whether such people may be written to."),
    }
    choices = {
        "groups": [one.code for one in survey.audiences.all()],
        "languages": list(survey.codes),
        "states": list(Invitation.Reach.values),
    }
    return [
        _question(part, sentences[part] % value, value=value, count=count, choices=choices[part])
        for part, values in checked.unknown.items()
        for value, count in values.items()
    ]
