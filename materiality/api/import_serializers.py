"""Shapes of tables of answers: the file with its mapping, and what an import does or did."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from materiality.api.people_serializers import RowErrorSerializer
from surveys.api.fields import SentSerializer
from surveys.models import AnswerTable


class AnswersFileSerializer(SentSerializer):
    file = serializers.FileField(allow_empty_file=True)
    audience = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of everybody in the table.",
    )
    mapping = serializers.CharField(
        max_length=200_000,
        required=False,
        allow_blank=True,
        default="",
        help_text="JSON: what you say of the table. `columns`: heading or “#3” → “prompt:topic”, "
        "“row”, “counts”, “group”, “comment”, “day”, or “” to leave it out; `ratings`: prompt → "
        "value → 1–5, 0 blank, 255 cannot judge; `scales`: prompt → lowest, highest, most; "
        "`counts`: heading → value → true or false; `groups`: value → group, or “” to leave its "
        "rows out; `everybody`; `encoding`, `delimiter`, `sheet`, `headings`; `rows_left_out`; "
        "`hidden_rows` (count, leave); `short_rows` (blank); "
        "`since`, `until`; `identity` (others, same, replaces) with `of`.",
    )
    rehearsal = serializers.BooleanField(
        required=False, default=False, help_text="true: read it, import nothing."
    )


class ImportedSerializer(serializers.Serializer[Any]):
    rehearsal = serializers.BooleanField()
    imported = serializers.IntegerField()
    known = serializers.IntegerField()
    unfinished = serializers.IntegerField(help_text="Rows that were left out.")
    summary = serializers.DictField(help_text="Everything that the page shows before an import.")

    def get_fields(self) -> dict[str, Any]:
        number = serializers.IntegerField(allow_null=True, help_text="To look at or take back.")
        return {"import": number, **super().get_fields()}


@extend_schema_serializer(component_name="TableQuestion")
class QuestionSerializer(serializers.Serializer[Any]):
    step = serializers.CharField()
    key = serializers.CharField(help_text="Column from 0, prompt or import it is about.")
    value = serializers.CharField()
    count = serializers.IntegerField()
    proposal = serializers.CharField()
    is_remembered = serializers.BooleanField()
    sentence = serializers.CharField()


class UnclearTableSerializer(serializers.Serializer[Any]):
    """Why nothing was imported: `questions` to answer in the mapping, or rows with `problems`."""

    code = serializers.CharField()
    detail = serializers.CharField()
    questions = QuestionSerializer(many=True, required=False)
    problems = RowErrorSerializer(many=True, required=False)


class ImportSerializer(serializers.ModelSerializer[AnswerTable]):
    by = serializers.CharField(source="by.username", default="")

    class Meta:
        model = AnswerTable
        fields = ["id", "name", "state", "at", "by", "digest", "imported", "replaces"]


class ImportWithSummarySerializer(ImportSerializer):
    summary = serializers.DictField()

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "summary"]


class TakenBackSerializer(serializers.Serializer[Any]):
    taken_back = serializers.IntegerField()
