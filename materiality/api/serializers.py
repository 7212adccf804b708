"""Shapes of the API's answers. A serializer describes; it never computes or writes."""

import math
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from materiality.models import Assessment, Topic
from surveys.languages import CODES


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class TextField(serializers.Field[Any, Any, Any, Any]):
    """A text per language: {"zh-hans": "…", "en": "…"}."""

    def to_representation(self, text: Any) -> dict[str, str]:
        return dict(text)


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    organisation = TextField(source="organisation.name")
    name = TextField()
    languages = serializers.ListField(child=serializers.ChoiceField(choices=CODES))
    archived = serializers.BooleanField(source="is_archived")
    needs_second_person = serializers.BooleanField(
        source="four_eyes", help_text="Whether a second person must approve it."
    )
    method_reason = TextField(help_text="Why the method differs from the last round’s.")
    is_locked = serializers.BooleanField()

    class Meta:
        model = Assessment
        fields = [
            "id", "organisation", "year", "name", "languages", "previous", "simulated", "archived",
            "needs_second_person", "minimum_group", "maps_last_scale", "method_reason", "is_locked",
        ]  # fmt: skip


class TopicSerializer(serializers.ModelSerializer[Topic]):
    name = TextField()
    definition = TextField()
    example = TextField()
    references = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Rows of [standard, edition, code].",
    )

    class Meta:
        model = Topic
        fields = ["code", "name", "definition", "example", "category", "references"]


class PointSerializer(serializers.Serializer[Any]):
    """A topic on the matrix. Numbers are unrounded, null where undefined."""

    code = serializers.CharField()
    name = TextField()
    rank = serializers.IntegerField(allow_null=True)
    x = serializers.FloatField(allow_null=True)
    y = serializers.FloatField(allow_null=True)
    overall = serializers.FloatField(allow_null=True)
    tier = serializers.IntegerField(allow_null=True)
    suggested_tier = serializers.IntegerField(allow_null=True)
    overridden = serializers.BooleanField()
    stability = serializers.FloatField(allow_null=True)


class AxisSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = TextField()


class BoundaryField(serializers.FloatField):
    """A number that the rule's kind may not have: NaN is no JSON."""

    def to_representation(self, value: float) -> float | None:  # type: ignore[override]
        return None if math.isnan(value) else float(value)


class RuleSerializer(serializers.Serializer[Any]):
    """The rule and its boundaries; null where its kind has none (docs/bundle.md, Rules)."""

    kind = serializers.CharField()
    weight_x = serializers.FloatField()
    weight_y = serializers.FloatField()
    cut_high = BoundaryField(allow_null=True)
    cut_low = BoundaryField(allow_null=True)
    tiers = serializers.IntegerField(help_text="How many there are.")
    cuts = serializers.ListField(
        child=BoundaryField(allow_null=True), help_text="The highest first, one fewer than tiers."
    )
    axis_cuts = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class MatrixSerializer(serializers.Serializer[Any]):
    """The materiality matrix: axes, tier rule, points by rank."""

    simulated = serializers.BooleanField()
    is_locked = serializers.BooleanField()
    digest = serializers.CharField()
    x = AxisSerializer(source="axes.x")
    y = AxisSerializer(source="axes.y")
    rule = RuleSerializer()
    topics = PointSerializer(many=True)


class ChangeSerializer(serializers.Serializer[Any]):
    """One row of the change table."""

    kind = serializers.CharField()
    before = serializers.ListField(child=TextField())
    after = serializers.ListField(child=TextField())
    reason = TextField()


class ResultsSerializer(serializers.Serializer[Any]):
    """The results section of the round's bundle, as docs/bundle.md describes it."""

    digest = serializers.CharField()
    is_locked = serializers.BooleanField()
    simulated = serializers.BooleanField()
    results = serializers.JSONField(source="document.results")
