"""Shapes of organisations, rounds and what is done to them until they are locked."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from materiality.actions.reassessments import LONGEST as REASSESSED
from materiality.actions.settings import RULE
from materiality.api.serializers import TextField
from materiality.catalogue.wording import HORIZONS, SEVERITY
from materiality.models import (
    Assessment,
    Category,
    DoubleRule,
    Engagement,
    LikelihoodRule,
    News,
    Package,
    Reassessment,
    RegisterFeeds,
    Screening,
    SeverityRule,
    StakeholderGroup,
    Succession,
    TierRule,
    Verdict,
    Webhook,
)
from materiality.models.assessments import FEWEST_TIERS, MOST_TIERS
from surveys.api.fields import DayField, SentSerializer
from surveys.languages import CODES
from surveys.models import FEWEST_POINTS, MOST_POINTS, Organisation, Role

MOST = 1000
CRITERIA = [*SEVERITY, *(f"{what}.{at}" for at in HORIZONS for what in ("magnitude", "likelihood"))]
REASON = 2000


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class WrittenText(serializers.DictField):
    """A text in the languages it is written in, at least one: {"en": "…"}."""

    def __init__(self, longest: int = 1000, *, empty: bool = False, **options: Any) -> None:
        self.may_be_empty = empty
        child = serializers.CharField(allow_blank=True, max_length=longest)
        super().__init__(child=child, **options)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        texts: dict[str, str] = super().to_internal_value(data)
        if unknown := sorted(set(texts) - set(CODES)):
            raise serializers.ValidationError(f"{unknown[0]!r}: {', '.join(CODES)}")
        if not self.may_be_empty and not any(text.strip() for text in texts.values()):
            self.fail("empty")
        return texts


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {"type": "object", "additionalProperties": {"type": "string"}},
        ]
    }
)
class SaidText(WrittenText):
    """A text by language, or a plain one: in the first language of the round. It may be empty."""

    def __init__(self, longest: int, **options: Any) -> None:
        super().__init__(longest, empty=True, **options)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str):
            return self.child.run_validation(data)
        return super().to_internal_value(data)


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    name = TextField()
    contact = TextField()

    class Meta:
        model = Organisation
        fields = ["id", "name", "contact", "languages"]


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=News.choices))

    class Meta:
        model = Webhook
        fields = ["id", "url", "kinds", "is_on"]


class MadeWebhookSerializer(WebhookSerializer):
    """With the secret that its calls are signed with: told here and on the page, for owners."""

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class SentWebhookSerializer(SentSerializer):
    url = serializers.URLField(max_length=500)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=News.choices), allow_empty=False, max_length=10
    )


class SwitchSerializer(SentSerializer):
    is_on = serializers.BooleanField()


class SentOrganisationSerializer(SentSerializer):
    """An organisation asks and reports in the languages of its name."""

    name = WrittenText(100)
    contact = WrittenText(200)


class MemberSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="user.get_full_name")
    email = serializers.CharField(source="user.email")
    role = serializers.ChoiceField(choices=Role.choices)


class SentMemberSerializer(SentSerializer):
    name = serializers.CharField(max_length=100)
    email = serializers.EmailField(max_length=150)
    role = serializers.ChoiceField(choices=Role.choices)


class StartSerializer(SentSerializer):
    organisation = serializers.IntegerField(min_value=1, max_value=2**62)
    year = serializers.CharField(max_length=20)
    preset = serializers.ChoiceField(choices=["classic", "double"], required=False)
    previous = serializers.IntegerField(
        min_value=1, max_value=2**62, required=False, help_text="The round it succeeds."
    )
    copy = serializers.BooleanField(
        default=True, help_text="Last round’s topics, groups, weights, engagement, questionnaires."
    )


class DesignSerializer(SentSerializer):
    """What the round asks, until a questionnaire is published."""

    preset = serializers.ChoiceField(choices=["classic", "double"], required=False)
    points = serializers.IntegerField(
        min_value=FEWEST_POINTS,
        max_value=MOST_POINTS,
        required=False,
        help_text="The top of the rating scale, which begins at 1.",
    )
    criteria = serializers.DictField(
        child=serializers.ListField(
            child=serializers.ChoiceField(choices=CRITERIA), max_length=len(CRITERIA)
        ),
        required=False,
        help_text="{dimension: criteria it is asked by}; none: one question.",
    )


class NamedRoundSerializer(SentSerializer):
    year = serializers.CharField(max_length=20, required=False)
    name = WrittenText(100, empty=True, required=False)
    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=CODES),
        allow_empty=False,
        max_length=len(CODES),
        required=False,
        help_text="Of those of the organisation: what is asked, mailed and printed.",
    )
    previous = serializers.IntegerField(
        min_value=1,
        max_value=2**62,
        required=False,
        allow_null=True,
        help_text="The round it succeeds, of the same or an earlier year; null: none.",
    )
    archived = serializers.BooleanField(required=False)


class PackageSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["none", *Package.State.values])


class StartedSerializer(serializers.ModelSerializer[Assessment]):
    organisation = serializers.IntegerField(source="organisation_id")
    name = TextField()
    is_locked = serializers.BooleanField()

    class Meta:
        model = Assessment
        fields = ["id", "organisation", "year", "name", "previous", "languages", "is_locked"]


class ReassessmentSerializer(serializers.ModelSerializer[Reassessment]):
    """A later year in which nothing material had changed; the last record of each year."""

    looked_at = TextField()
    reason = TextField()
    is_confirmed = serializers.SerializerMethodField(help_text="By a second person.")

    class Meta:
        model = Reassessment
        fields = [
            "id", "year", "looked_at", "reason", "people", "concluded_on", "at", "is_confirmed",
        ]  # fmt: skip

    def get_is_confirmed(self, row: Reassessment) -> bool:
        return hasattr(row, "confirmation")


class SentReassessmentSerializer(SentSerializer):
    year = serializers.CharField(max_length=REASSESSED["year"])
    looked_at = WrittenText(REASSESSED["looked_at"], help_text="In each language of the round.")
    reason = WrittenText(REASSESSED["reason"], help_text="In each language of the round.")
    people = serializers.CharField(max_length=REASSESSED["people"], help_text="Who looked at it.")
    concluded_on = DayField()


class SentTopicSerializer(SentSerializer):
    name = WrittenText(200)
    definition = WrittenText(empty=True, required=False)
    example = WrittenText(empty=True, required=False)
    category = serializers.ChoiceField(choices=Category.choices)


class AddTopicsSerializer(SentSerializer):
    """Topics of one's own, and entries of standards as “SZSE|2024|climate” or as the list shows."""

    topics = SentTopicSerializer(many=True, required=False)
    standard = serializers.ListField(
        child=serializers.ListField(
            child=serializers.CharField(max_length=50), min_length=3, max_length=3
        ),
        required=False,
        max_length=MOST,
        help_text="Rows of [standard, edition, code] of the catalogue.",
    )


class DescribedTopicSerializer(SentSerializer):
    name = WrittenText(80, required=False)
    definition = WrittenText(400, empty=True, required=False)
    example = WrittenText(400, empty=True, required=False)
    category = serializers.ChoiceField(choices=Category.choices, required=False)


class DescribeTopicsSerializer(SentSerializer):
    topics = serializers.DictField(
        child=DescribedTopicSerializer(), help_text="By the code of the topic."
    )
    reason = serializers.CharField(
        max_length=500, allow_blank=True, required=False, help_text="Once people have answered."
    )


class TopicSheetTakenSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    changed = serializers.IntegerField()


class PresetSerializer(SentSerializer):
    preset = serializers.ChoiceField(choices=["classic", "double"])


class GroupSerializer(serializers.ModelSerializer[StakeholderGroup]):
    name = TextField()
    kind = serializers.CharField(help_text="`stakeholders` or `panel`.")
    weights = serializers.SerializerMethodField(help_text="By dimension.")
    expectations = serializers.SerializerMethodField()
    channels = serializers.SerializerMethodField()
    how_chosen = TextField()
    frequency = TextField()

    class Meta:
        model = StakeholderGroup
        fields = [
            "code", "name", "kind", "chosen_topics", "weights", "expectations", "channels",
            "how_chosen", "frequency",
        ]  # fmt: skip

    def get_weights(self, group: StakeholderGroup) -> dict[str, float]:
        return {row.dimension.code: row.value for row in group.weights.all()}

    def get_expectations(self, group: StakeholderGroup) -> list[dict[str, str]]:
        return lines_of(group, Engagement.Kind.EXPECTATION)

    def get_channels(self, group: StakeholderGroup) -> list[dict[str, str]]:
        return lines_of(group, Engagement.Kind.CHANNEL)


def lines_of(group: StakeholderGroup, kind: str) -> list[dict[str, str]]:
    """Return what a group expects, or how it is heard: a text a line."""
    return [dict(line.text) for line in group.engagements.all() if line.kind == kind]


class SentGroupSerializer(SentSerializer):
    name = WrittenText(100)
    code = serializers.SlugField(max_length=50, required=False)
    expectations = serializers.ListField(child=WrittenText(300), required=False, max_length=50)
    channels = serializers.ListField(child=WrittenText(300), required=False, max_length=50)


class AddGroupsSerializer(SentSerializer):
    dimension = serializers.ChoiceField(
        choices=["stakeholder", "impact", "financial"],
        default="stakeholder",
        help_text="`impact` counts on the financial effect too, where the round asks about it.",
    )
    together = serializers.BooleanField(
        required=False, help_text="False: `impact` without the financial effect."
    )
    groups = SentGroupSerializer(many=True, required=False)
    suggested = serializers.ListField(
        child=serializers.SlugField(), required=False, max_length=MOST
    )


class DescribeGroupSerializer(SentSerializer):
    name = WrittenText(100, required=False)
    chosen_topics = serializers.ListField(
        child=serializers.SlugField(), required=False, max_length=MOST
    )
    expectations = serializers.ListField(child=WrittenText(300), required=False, max_length=50)
    channels = serializers.ListField(child=WrittenText(300), required=False, max_length=50)
    how_chosen = WrittenText(300, empty=True, required=False)
    frequency = WrittenText(300, empty=True, required=False)


class ScreeningSerializer(SentSerializer):
    """Why a topic of the long list is not asked about."""

    kind = serializers.ChoiceField(choices=Screening.choices)
    reason = WrittenText(500)


class ImpactsSerializer(serializers.Serializer[Any]):
    """Codes of topics, all of them at once."""

    actual = serializers.ListField(
        child=serializers.SlugField(), max_length=MOST, help_text="Whose impact has happened."
    )
    human_rights = serializers.ListField(
        child=serializers.SlugField(), max_length=MOST, help_text="Whose impact harms human rights."
    )


class SentImpactsSerializer(ImpactsSerializer, SentSerializer):
    reason = serializers.CharField(max_length=REASON, allow_blank=True, default="")


class OrderSerializer(SentSerializer):
    codes = serializers.ListField(child=serializers.SlugField(), max_length=MOST)


class MergeSerializer(SentSerializer):
    groups = serializers.ListField(child=serializers.SlugField(), max_length=MOST)
    name = WrittenText(100)


class SplitSerializer(SentSerializer):
    names = serializers.ListField(child=WrittenText(100), max_length=20)


class WeightsSerializer(SentSerializer):
    weights = serializers.DictField(
        child=serializers.DictField(child=serializers.FloatField(min_value=0, max_value=1e9)),
        help_text="{dimension: {group: weight}}; others stay.",
    )
    reason = serializers.CharField(max_length=REASON, allow_blank=True, required=False)


class KnownCategorySerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=40)
    share = serializers.FloatField(
        min_value=0, max_value=100, allow_null=True, help_text="Per cent; null: not known."
    )
    groups = serializers.ListField(child=serializers.SlugField(), help_text="Codes.")


class KnownMarginSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=40)
    categories = KnownCategorySerializer(many=True)


class KnownGroupSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    groups = serializers.ListField(child=serializers.SlugField(), help_text="Codes of its parts.")
    margins = KnownMarginSerializer(many=True)


class KnownSharesSerializer(SentSerializer):
    """Groups that are asked in parts, and what is known of all their people."""

    known_shares = KnownGroupSerializer(many=True)
    reason = serializers.CharField(max_length=REASON, allow_blank=True, required=False)


class SentRuleSerializer(SentSerializer):
    """Any of the settings of the rule (docs/bundle.md, Rules)."""

    tier_rule = serializers.ChoiceField(choices=TierRule.choices)
    double_rule = serializers.ChoiceField(choices=DoubleRule.choices)
    severity_rule = serializers.ChoiceField(choices=SeverityRule.choices)
    likelihood_rule = serializers.ChoiceField(choices=LikelihoodRule.choices)
    register_feeds = serializers.ChoiceField(
        choices=RegisterFeeds.choices,
        help_text="Until the register has open entries, the survey alone counts, whatever is set.",
    )
    tier_count = serializers.IntegerField(min_value=FEWEST_TIERS, max_value=MOST_TIERS)
    tier_names = serializers.ListField(
        child=WrittenText(40, empty=True),
        max_length=MOST_TIERS,
        help_text="One text a tier, the highest first; an empty list or text: the usual names.",
    )
    reason = serializers.CharField(max_length=REASON, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        written: dict[str, Any] = super().get_fields()
        numbers = [name for name in RULE if name not in written]
        for name in numbers:
            written[name] = serializers.FloatField(min_value=-1e6, max_value=1e6)
        return written


class TierDecisionSerializer(SentSerializer):
    tier = serializers.IntegerField(
        min_value=1, max_value=5, allow_null=True, help_text="null: the suggestion stands."
    )
    reason = SaidText(500, default=dict)


class DecisionsSerializer(SentSerializer):
    decisions = serializers.DictField(child=TierDecisionSerializer())


class SuccessionSerializer(SentSerializer):
    kind = serializers.RegexField(
        f"^({'|'.join(Succession.Kind.values)})$", help_text=", ".join(Succession.Kind.values)
    )
    before = serializers.SlugField(max_length=60, allow_null=True)
    after = serializers.SlugField(max_length=60, allow_null=True)
    reason = WrittenText(500, empty=True, default=dict)


class SuccessionsSerializer(SentSerializer):
    changes = SuccessionSerializer(many=True)


class MethodReasonSerializer(SentSerializer):
    reason = WrittenText(2000)
    maps_last_scale = serializers.BooleanField(
        required=False,
        help_text="Compare with a round on another scale by mapping its ratings linearly.",
    )


class VerdictSerializer(SentSerializer):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    digest = serializers.CharField(max_length=100, help_text="Of the results that were looked at.")
    comment = SaidText(1000, default=dict)


class SecondPersonSerializer(SentSerializer):
    is_needed = serializers.BooleanField()
    reason = serializers.CharField(max_length=REASON, allow_blank=True, default="")
