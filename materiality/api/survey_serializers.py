"""Shapes of a survey: its settings, groups, questions and versions, and of how far it is."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from materiality.api.round_serializers import WrittenText
from materiality.api.serializers import TextField
from materiality.inputs import WordingVersion
from materiality.models import Category
from surveys.api.fields import DayField, MomentField, SentInBoth, SentSerializer, SentText, in_both
from surveys.languages import CODES, in_order
from surveys.models import (
    FEWEST_POINTS,
    KINDS,
    MOST_POINTS,
    PROMPT_TEXTS,
    QUESTION_TEXTS,
    Audience,
    Mode,
    Survey,
)
from surveys.people.links import open_link
from surveys.questionnaire.prompts import WIDEST

MOST = 1_000_000
MOST_AT_ONCE = 1000
LONGEST = 1000


class SurveySerializer(serializers.ModelSerializer[Survey]):
    title = TextField()
    headline = TextField()
    lead = TextField()
    after = TextField(help_text="What happens next, one step a line.")
    state = serializers.ChoiceField(choices=["draft", "planned", "open", "over", "sealed"])
    is_open = serializers.BooleanField()
    is_sealed = serializers.BooleanField()

    class Meta:
        model = Survey
        fields = [
            "id", "slug", "title", "headline", "lead", "after", "mode", "languages", "state",
            "opens_at", "closes_at", "published_at", "keep_until", "minimum_group", "page_size",
            "most_ratings", *KINDS, "topic_comments", "last_comment",
            "feedback", "open_answers_wait", "most_reminders", "reminder_gap", "version",
            "simulated", "is_open", "is_sealed",
        ]  # fmt: skip


class SurveyLanguagesField(serializers.ListField):
    """One or more languages, in the order in which the product lists them."""

    child = serializers.ChoiceField(choices=CODES)

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty=False, max_length=len(CODES), **options)

    def to_internal_value(self, data: Any) -> list[str]:
        return in_order(super().to_internal_value(data))


class SettingsSerializer(SentSerializer):
    """Anything while it is a draft; once published, dates and reminders."""

    title = SentText(200)
    headline = SentText(200)
    lead = SentText()
    after = SentText()
    mode = serializers.ChoiceField(choices=Mode.choices)
    languages = SurveyLanguagesField()
    opens_at = MomentField()
    closes_at = MomentField()
    keep_until = DayField()
    page_size = serializers.IntegerField(min_value=1, max_value=40)
    most_ratings = serializers.IntegerField(min_value=5, max_value=40)
    topic_comments = serializers.BooleanField()
    last_comment = serializers.BooleanField()
    feedback = serializers.BooleanField()
    open_answers_wait = serializers.BooleanField()
    most_reminders = serializers.IntegerField(min_value=0, max_value=2)
    reminder_gap = serializers.IntegerField(min_value=1, max_value=60)

    def get_fields(self) -> dict[str, Any]:
        """A switch a kind of question, beside what is written above."""
        return super().get_fields() | {kind: serializers.BooleanField() for kind in KINDS}


class BuildSerializer(SentSerializer):
    dimension = serializers.SlugField(help_text="`stakeholder`, `impact`, `financial`: see docs.")


class TopicWordsSerializer(SentSerializer):
    name = SentText(200)
    definition = SentText()
    example = SentText()
    category = serializers.ChoiceField(choices=Category.choices)
    reason = serializers.CharField(max_length=LONGEST, allow_blank=True)


class AudienceSerializer(serializers.ModelSerializer[Audience]):
    name = TextField()
    you_are = TextField()
    questions = serializers.SerializerMethodField(help_text="How many ratings it is asked for.")
    asked = serializers.SerializerMethodField(help_text="Codes of the prompts it is asked.")
    address = serializers.SerializerMethodField(help_text="Where anyone may answer.")
    is_later = serializers.BooleanField(help_text="Whether it was added once published.")
    head_count = serializers.IntegerField(
        source="stakeholder_group.head_count", allow_null=True, help_text="People of the group."
    )

    class Meta:
        model = Audience
        fields = [
            "code", "name", "you_are", "target", "open_link", "address", "questions", "asked",
            "asked_from", "is_later", "head_count",
        ]  # fmt: skip

    def get_questions(self, audience: Audience) -> int:
        return audience.survey.asked_of_one(len(audience.questions.all()))

    def get_asked(self, audience: Audience) -> list[str]:
        prompts = {question.prompt for question in audience.questions.all()}
        return [one.code for one in sorted(prompts, key=lambda one: (one.position, one.pk))]

    def get_address(self, audience: Audience) -> str | None:
        return open_link(audience) if audience.open_link else None


class AudiencePlanSerializer(SentSerializer):
    code = serializers.SlugField()
    target = serializers.IntegerField(min_value=0, max_value=MOST, required=False)
    open_link = serializers.BooleanField(required=False)
    you_are = SentText(200, required=False)
    head_count = serializers.IntegerField(
        min_value=1,
        max_value=10**9,
        required=False,
        allow_null=True,
        help_text="How many people the group has; null: nobody knows.",
    )
    asked = serializers.ListField(
        child=serializers.SlugField(), required=False, max_length=50, help_text="Codes of prompts."
    )


class AudiencesSerializer(SentSerializer):
    audiences = AudiencePlanSerializer(many=True, required=False, max_length=100)  # type: ignore[call-arg]
    minimum_group = serializers.IntegerField(min_value=3, max_value=50, required=False)

    def validate_audiences(self, plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({plan["code"] for plan in plans}) < len(plans):
            raise serializers.ValidationError(_("A group is named twice."))
        return plans


class FurtherGroupSerializer(SentSerializer):
    """A group that a running survey is opened to: what it rates, about what, how much it counts."""

    name = WrittenText(100)
    dimension = serializers.SlugField(help_text="One that the survey asks about.")
    weight = serializers.FloatField(
        min_value=0, max_value=1e9, help_text="Beside those of the others; above 0."
    )
    code = serializers.SlugField(max_length=50, required=False)
    chosen_topics = serializers.ListField(
        child=serializers.SlugField(), required=False, max_length=MOST_AT_ONCE,
        help_text="Codes of topics; without, all.",
    )  # fmt: skip
    target = serializers.IntegerField(min_value=0, max_value=MOST, required=False)
    open_link = serializers.BooleanField(required=False)


class AskedPromptSerializer(serializers.Serializer[Any]):
    code = serializers.SlugField()
    text = TextField()
    hint = TextField()
    labels = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    cannot_judge = TextField()


@extend_schema_field(
    in_both(
        {
            "type": "array",
            "items": {"type": "string"},
            "minItems": FEWEST_POINTS,
            "maxItems": MOST_POINTS,
        },
    )
)
class ScaleField(SentInBoth):
    """A word a rating and language, lowest first; all but the ends empty to word these alone, all
    empty where the survey does not open."""

    def __init__(self, **options: Any) -> None:
        word = serializers.CharField(allow_blank=True, max_length=WIDEST["labels"])
        words = serializers.ListField(child=word, min_length=FEWEST_POINTS, max_length=MOST_POINTS)
        super().__init__(child=words, **options)


class PromptSerializer(SentSerializer):
    """Any of a question's words, while it is a draft."""

    text = SentText(WIDEST["text"])
    hint = SentText(WIDEST["hint"])
    labels = ScaleField()
    cannot_judge = SentText(WIDEST["cannot_judge"])


class AskedItemSerializer(serializers.Serializer[Any]):
    item = serializers.CharField(help_text="The topic’s code.")
    title = TextField()
    help = TextField()
    example = TextField()
    block = serializers.CharField()
    prompts = serializers.ListField(child=serializers.SlugField())


class WholeQuestionnaireSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="What keeps a draft from being published."
    )
    prompts = AskedPromptSerializer(many=True)
    items = AskedItemSerializer(many=True)


class _Words(SentSerializer):
    """Any of some texts, each in both languages."""

    names: tuple[str, ...] = ()

    def get_fields(self) -> dict[str, Any]:
        return {name: SentText(required=False) for name in self.names}


class ItemWordsSerializer(_Words):
    names = QUESTION_TEXTS


class PromptWordsSerializer(_Words):
    names = PROMPT_TEXTS


class RewordSerializer(SentSerializer):
    reason = serializers.CharField(max_length=LONGEST)
    items = serializers.DictField(child=ItemWordsSerializer(), required=False)
    prompts = serializers.DictField(child=PromptWordsSerializer(), required=False)


class ChangedTextSerializer(serializers.Serializer[Any]):
    before = TextField()
    after = TextField()


class VersionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(source="version.number")
    at = serializers.DateTimeField(source="version.at")
    by = serializers.CharField(source="version.by.get_full_name", default=None, allow_null=True)
    reason = serializers.CharField(source="version.reason")
    digest = serializers.CharField(source="version.digest")
    changes = serializers.SerializerMethodField()
    answers = serializers.IntegerField(
        allow_null=True, help_text="null while that may not be told."
    )
    together = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="The versions that `answers` counts, where each alone would be too few.",
    )

    @extend_schema_field(ChangedTextSerializer(many=True))
    def get_changes(self, version: WordingVersion) -> list[dict[str, Any]]:
        return [{"before": before, "after": after} for before, after in version.changes]


class ProgressSerializer(serializers.Serializer[Any]):
    audience = serializers.SlugField(source="progress.group.audience.code")
    invited = serializers.IntegerField(source="progress.invited")
    answered = serializers.IntegerField(source="progress.answered")
    is_hidden = serializers.BooleanField(source="progress.is_hidden")
    target = serializers.IntegerField(source="progress.target")
    started = serializers.IntegerField(allow_null=True)
    declined = serializers.IntegerField(allow_null=True)
    bounced = serializers.IntegerField(source="exact.bounced")
    response_rate = serializers.FloatField(allow_null=True, help_text="Of invited people alone.")


class DaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    answered = serializers.IntegerField(help_text="Until its end, in steps of five.")
    invited = serializers.BooleanField(help_text="Whether invitations went out.")
    reminded = serializers.BooleanField()


class SealedSerializer(serializers.Serializer[Any]):
    respondents = serializers.IntegerField()
    digest = serializers.CharField()
