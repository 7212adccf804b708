"""Shapes of reviewing: signs, exclusions, answers that wait, what people picked and wrote."""

from typing import Any

from rest_framework import serializers

from materiality.api.serializers import TextField
from materiality.api.survey_serializers import LONGEST
from materiality.inputs import Picked
from surveys.api.fields import SentSerializer
from surveys.kinds import KINDS, Balance, Count, Measure, Share
from surveys.models import Criterion, Exclusion


class SignSerializer(serializers.Serializer[Any]):
    criterion = serializers.ChoiceField(choices=Criterion.choices)
    count = serializers.IntegerField(allow_null=True, help_text="null while it may not be told.")
    is_excluded = serializers.BooleanField()


class ExclusionSerializer(serializers.ModelSerializer[Exclusion]):
    by = serializers.CharField(source="by.get_full_name", default=None, allow_null=True)
    lifted_by = serializers.CharField(
        source="lifted_by.get_full_name", default=None, allow_null=True
    )

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
    """A topic, and of each kind of question its measures."""

    title = TextField()

    def get_fields(self) -> dict[str, Any]:
        figures = {measure.name: _figure(measure) for kind in KINDS for measure in kind.measures}
        return super().get_fields() | figures

    def to_representation(self, instance: Picked) -> dict[str, Any]:
        """A survey that does not ask a kind counts nothing of it."""
        figures: dict[str, Any] = {}
        for kind in KINDS:
            for measure in kind.measures:
                nothing = 0 if isinstance(measure, Count) else None
                figures[measure.name] = instance.figures.get(measure.name, nothing)
        return {"title": instance.title, **figures}


def _figure(measure: Measure) -> serializers.Field[Any, Any, Any, Any]:
    if isinstance(measure, Count):
        return serializers.IntegerField()
    of = "Of everybody." if isinstance(measure, Share) else _formula(measure)
    return serializers.FloatField(allow_null=True, help_text=of)


def _formula(measure: Measure) -> str:
    assert isinstance(measure, Balance)
    return f"({measure.plus} - {measure.minus}) / ({' + '.join(measure.of)})"


class CommentSerializer(serializers.Serializer[Any]):
    audience = serializers.CharField(
        source="group.code", default=None, help_text="null where the group may not be told."
    )
    topic = TextField(source="question.title", default=None, help_text="null: of the whole.")
    text = serializers.CharField(source="released")
