"""Shapes of what is said about surveys."""

from typing import Any

from rest_framework import serializers

from materiality.api.serializers import TextField
from surveys.languages import CODES
from surveys.models import Audience, Invitation, Survey

MOST_AT_ONCE = 1000


class SurveySerializer(serializers.ModelSerializer[Survey]):
    title = TextField()
    is_open = serializers.BooleanField()
    is_sealed = serializers.BooleanField()

    class Meta:
        model = Survey
        fields = [
            "id", "slug", "title", "mode", "opens_at", "closes_at", "published_at",
            "minimum_group", "simulated", "is_open", "is_sealed",
        ]  # fmt: skip


class AudienceSerializer(serializers.ModelSerializer[Audience]):
    name = TextField()
    questions = serializers.SerializerMethodField(help_text="How many ratings it is asked for.")

    class Meta:
        model = Audience
        fields = ["code", "name", "target", "open_link", "questions"]

    def get_questions(self, audience: Audience) -> int:
        return len(audience.questions.all())


class ProgressSerializer(serializers.Serializer[Any]):
    audience = serializers.SlugField(source="group.audience.code")
    invited = serializers.IntegerField()
    answered = serializers.IntegerField()
    is_hidden = serializers.BooleanField()
    target = serializers.IntegerField()


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """Who is asked. Whether they answered is not told."""

    audience = serializers.SlugField(source="audience.code")

    class Meta:
        model = Invitation
        fields = ["id", "audience", "name", "email", "subgroup", "language", "source", "reach"]


class PersonSerializer(serializers.Serializer[Any]):
    audience = serializers.CharField(max_length=100)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True, default="")
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    subgroup = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    language = serializers.ChoiceField(choices=CODES, required=False, default=CODES[0])


class PeopleSerializer(serializers.Serializer[Any]):
    people = PersonSerializer(many=True, allow_empty=False, max_length=MOST_AT_ONCE)  # type: ignore[call-arg]


class InvitedSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    known = serializers.IntegerField()


class RowErrorSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    value = serializers.CharField()
    reason = serializers.CharField()


class RowErrorsSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    problems = RowErrorSerializer(many=True)


class LinksSerializer(serializers.Serializer[Any]):
    audience = serializers.CharField(max_length=100)
    count = serializers.IntegerField(min_value=1, max_value=MOST_AT_ONCE, default=1)
    language = serializers.ChoiceField(choices=CODES, default=CODES[0])


class MadeLinksSerializer(serializers.Serializer[Any]):
    links = serializers.ListField(child=serializers.URLField())


class AnswersFileSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)
    audience = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of everybody in the table.",
    )


class ImportedSerializer(serializers.Serializer[Any]):
    imported = serializers.IntegerField()
    known = serializers.IntegerField()
    unfinished = serializers.IntegerField()


class CommentSerializer(serializers.Serializer[Any]):
    audience = serializers.CharField(
        source="group.code", default=None, help_text="None where the group is too small to tell."
    )
    topic = serializers.JSONField(
        source="question.title", default=None, help_text="In both languages; none: of the whole."
    )
    text = serializers.CharField(source="released")
