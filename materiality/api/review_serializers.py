"""Shapes of reviewing: signs, exclusions, answers that wait, what people picked and wrote."""

from typing import Any

from rest_framework import serializers

from materiality.api.serializers import TextField
from materiality.api.survey_serializers import LONGEST
from surveys.api.fields import SentSerializer
from surveys.models import Criterion, Exclusion


class SignSerializer(serializers.Serializer[Any]):
    criterion = serializers.ChoiceField(choices=Criterion.choices)
    count = serializers.IntegerField(allow_null=True, help_text="null while it may not be told.")
    is_excluded = serializers.BooleanField()


class ExclusionSerializer(serializers.ModelSerializer[Exclusion]):
    by = serializers.CharField(source="by.get_full_name", default=None)
    lifted_by = serializers.CharField(source="lifted_by.get_full_name", default=None)

    class Meta:
        model = Exclusion
        fields = [
            "id", "criterion", "reason", "by", "at", "lifted_at", "lifted_reason", "lifted_by",
        ]  # fmt: skip


class ExcludeSerializer(SentSerializer):
    criterion = serializers.ChoiceField(choices=Criterion.choices)
    reason = serializers.CharField(max_length=LONGEST)


class DecisionSerializer(SentSerializer):
    accept = serializers.BooleanField(help_text="true counts them, false leaves them out.")
    reason = serializers.CharField(max_length=LONGEST)


class OpenAnswersSerializer(serializers.Serializer[Any]):
    waiting = serializers.BooleanField(help_text="Whether a reviewer has to decide.")
    count = serializers.IntegerField(allow_null=True, help_text="null while it may not be told.")


class PickSerializer(serializers.Serializer[Any]):
    title = TextField()
    tapped = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="Of everybody.")
    shown = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True, help_text="(best - worst) / shown")


class CommentSerializer(serializers.Serializer[Any]):
    audience = serializers.CharField(
        source="group.code", default=None, help_text="null where the group may not be told."
    )
    topic = TextField(source="question.title", default=None, help_text="null: of the whole.")
    text = serializers.CharField(source="released")
