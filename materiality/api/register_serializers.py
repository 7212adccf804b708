"""Shapes of the register: its entries, where they come from, who scores them and what follows."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from materiality.actions.register import LONGEST
from materiality.actions.register_scales import LONGEST_WORD, place_name
from materiality.actions.register_scores import LONGEST_REASON
from materiality.api.refusals import refuse_twice
from materiality.api.round_serializers import MOST, WrittenText
from materiality.api.serializers import TextField
from materiality.api.sheets import SheetSerializer
from materiality.inputs.register import ScoredIro, TopicVerdict
from materiality.method.register import Scored
from materiality.models import (
    Criterion,
    Horizon,
    Involvement,
    Iro,
    IroKind,
    IroScale,
    IroScore,
    IroThreshold,
    LinkKind,
    Stage,
)
from materiality.models.register import MARKS
from surveys.api.fields import SentSerializer

VERSION = "As it was read, to notice two who change it at once."
REASON = 500


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
    }
)
class LinksField(serializers.Field[Any, Any, Any, Any]):
    """Codes by kind of link: {"impact": ["IRO-004"], "dependency": []}."""

    def to_representation(self, iro: Iro) -> Any:
        codes_by_kind: dict[str, list[str]] = {kind: [] for kind in LinkKind.values}
        for link, other in iro.links:
            codes_by_kind[link.kind].append(other.code)
        return {kind: sorted(codes) for kind, codes in codes_by_kind.items()}


class SentLinksSerializer(SentSerializer):
    """Codes of the entries at the other end; a kind that is not sent stays as it is."""

    impact = serializers.ListField(
        child=serializers.SlugField(max_length=20), max_length=MOST, required=False
    )
    dependency = serializers.ListField(
        child=serializers.SlugField(max_length=20), max_length=MOST, required=False
    )


class IroSerializer(serializers.ModelSerializer[Iro]):
    """An impact, risk or opportunity of a topic."""

    topic = serializers.SlugField(source="topic.code")
    title = TextField()
    description = TextField()
    affected = TextField()
    dependency = TextField()
    mitigation = TextField()
    step = serializers.SerializerMethodField(help_text="Code of a stage of the value chain, or “”.")
    evidence_file = serializers.SerializerMethodField(help_text="The name of a file of the round.")
    before = serializers.SerializerMethodField(help_text="Codes of last round’s entries.")
    links = LinksField(source="*", help_text="Codes of entries it is linked to, by kind of link.")
    gaps = serializers.SerializerMethodField(help_text="What standards ask and nobody has said.")
    is_closed = serializers.BooleanField()
    closing_reason = TextField()

    class Meta:
        model = Iro
        fields = [
            "code", "topic", "kind", "is_actual", "title", "description", "stage", "step",
            "place", "horizon", "affected", "human_rights", "involvement", "dependency",
            "mitigation", "is_net", "evidence", "evidence_file", "before", "links", "gaps",
            "is_closed", "closing_reason", "version",
        ]  # fmt: skip

    def get_step(self, iro: Iro) -> str:
        return iro.step.code if iro.step else ""

    def get_evidence_file(self, iro: Iro) -> str:
        return iro.evidence_file.name if iro.evidence_file else ""

    def get_before(self, iro: Iro) -> list[str]:
        return sorted(line.before.code for line in iro.predecessors.all())

    def get_gaps(self, iro: Iro) -> list[str]:
        return list(iro.gaps(tuple(iro.assessment.languages)))


class DescribedIroSerializer(SentSerializer):
    """What may be said of an entry."""

    topic = serializers.SlugField(max_length=60)
    kind = serializers.ChoiceField(choices=IroKind.choices)
    is_actual = serializers.BooleanField(required=False)
    title = WrittenText(LONGEST["title"])
    description = WrittenText(LONGEST["description"], empty=True, required=False)
    stage = serializers.ChoiceField(choices=Stage.choices, required=False)
    step = serializers.SlugField(
        max_length=20,
        allow_blank=True,
        required=False,
        help_text="Code of a stage of the value chain on that side. It falls away where `stage` "
        "alone changes sides.",
    )
    place = serializers.CharField(max_length=LONGEST["place"], allow_blank=True, required=False)
    horizon = serializers.ChoiceField(choices=Horizon.choices, required=False)
    affected = WrittenText(LONGEST["affected"], empty=True, required=False)
    human_rights = serializers.BooleanField(required=False)
    involvement = serializers.ChoiceField(
        choices=[("", "–"), *Involvement.choices], required=False, allow_blank=True
    )
    dependency = WrittenText(LONGEST["dependency"], empty=True, required=False)
    mitigation = WrittenText(LONGEST["mitigation"], empty=True, required=False)
    is_net = serializers.BooleanField(required=False)
    evidence = serializers.CharField(
        max_length=LONGEST["evidence"], allow_blank=True, required=False
    )
    before = serializers.ListField(
        child=serializers.SlugField(max_length=20),
        max_length=MOST,
        required=False,
        help_text="Codes of last round’s entries that it comes from.",
    )
    links = SentLinksSerializer(
        required=False, help_text="Between an impact and a risk or opportunity."
    )


class ChangedIroSerializer(DescribedIroSerializer):
    """What changes of an entry. A text keeps the languages that are not sent."""

    topic = serializers.SlugField(max_length=60, required=False)
    kind = serializers.ChoiceField(choices=IroKind.choices, required=False)
    title = WrittenText(LONGEST["title"], required=False)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text=VERSION)


class ClosingSerializer(SentSerializer):
    reason = WrittenText(REASON)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text=VERSION)


class ChosenSerializer(SentSerializer):
    """Open entries that are meant, each with its version as it was read."""

    entries = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1),
        allow_empty=False,
        help_text="Version by code.",
    )

    def validate_entries(self, entries: dict[str, int]) -> dict[str, int]:
        if len(entries) > MOST:
            sentence = _("At most %(most)d at once.")
            raise serializers.ValidationError(sentence % {"most": MOST})
        return entries


class AlikeSerializer(ChosenSerializer):
    """What changes alike; what is not sent stays."""

    topic = serializers.SlugField(max_length=60, required=False)
    stage = serializers.ChoiceField(choices=Stage.choices, required=False)
    horizon = serializers.ChoiceField(choices=Horizon.choices, required=False)


class ClosedAlikeSerializer(ChosenSerializer):
    reason = WrittenText(REASON)


class SheetSentSerializer(SheetSerializer):
    rehearsal = serializers.BooleanField(
        default=False, help_text="Say what it would do, and do nothing."
    )


class SheetTakenSerializer(serializers.Serializer[Any]):
    """What a spreadsheet did, or would do."""

    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    columns = serializers.ListField(child=serializers.CharField(), help_text="Those understood.")
    ignored = serializers.ListField(child=serializers.CharField(), help_text="Those that are not.")


class FateSerializer(serializers.Serializer[Any]):
    """An entry of last round's register and what became of it."""

    code = serializers.CharField(source="iro.code")
    title = TextField(source="iro.title")
    goes_on_in = serializers.ListField(child=serializers.CharField())
    reason = TextField(allow_null=True, help_text="Why it does not go on.")
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=["split", "merged"]), help_text="Empty: goes on."
    )
    is_open = serializers.BooleanField(help_text="Nothing is said of it yet.")


class EndedSerializer(SentSerializer):
    """Entries of last round's register that do not go on."""

    codes = serializers.ListField(child=serializers.SlugField(max_length=20), max_length=MOST)
    reason = WrittenText(REASON)


class CodesSerializer(SentSerializer):
    codes = serializers.ListField(
        child=serializers.SlugField(max_length=20), max_length=MOST, allow_empty=False
    )


class TakenOverSerializer(serializers.Serializer[Any]):
    codes = serializers.ListField(child=serializers.CharField())


class ExpertProgressSerializer(serializers.Serializer[Any]):
    """How far an expert is; only open entries count."""

    expert = serializers.EmailField(source="expert.email")
    name = serializers.CharField(source="expert.get_full_name")
    asked = serializers.IntegerField(source="assigned")
    scored = serializers.IntegerField()


class AssignmentSerializer(SentSerializer):
    """Who scores which entries, or no longer."""

    experts = serializers.ListField(
        child=serializers.EmailField(max_length=150), max_length=MOST, help_text="Their addresses."
    )
    entries = serializers.ListField(
        child=serializers.SlugField(max_length=20), max_length=MOST, help_text="Codes."
    )
    take_away = serializers.BooleanField(
        default=False, help_text="Ask no longer; what was scored stays and counts."
    )


class RemindedSerializer(SentSerializer):
    experts = serializers.ListField(
        child=serializers.EmailField(max_length=150),
        max_length=MOST,
        allow_empty=False,
        help_text="Their addresses.",
    )


class RemindersSerializer(serializers.Serializer[Any]):
    """Whom a mail reached, and whose mail the server did not take: these can be sent again."""

    sent = serializers.ListField(child=serializers.EmailField())
    unsent = serializers.ListField(child=serializers.EmailField())


class AssignedSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="Assignments that are new, or were taken away.")


class MarksField(serializers.DictField):
    """A mark per criterion of the entry's sheet; null: cannot tell."""

    def __init__(self, **options: Any) -> None:
        child = serializers.IntegerField(min_value=-100, max_value=100, allow_null=True)
        super().__init__(child=child, help_text=f"Of {', '.join(MARKS)}.", **options)


class ScoreSerializer(serializers.Serializer[IroScore]):
    marks = MarksField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    version = serializers.IntegerField()


class SingleScoreSerializer(ScoreSerializer):
    expert = serializers.EmailField(source="expert.email")
    name = serializers.CharField(source="expert.get_full_name")
    value = serializers.FloatField(allow_null=True)


class FollowsSerializer(serializers.Serializer[Any]):
    """What follows for an entry from its scores."""

    value = serializers.FloatField(allow_null=True)
    by_consensus = serializers.BooleanField()
    spread = serializers.FloatField(allow_null=True)
    is_material = serializers.BooleanField(allow_null=True, help_text="null: not known yet.")
    is_disputed = serializers.BooleanField()
    carried_by = serializers.ListField(child=serializers.CharField())


class ReadingSerializer(serializers.Serializer[Any]):
    """Scores of one reading of an entry: before mitigation, or after (`is_net`)."""

    is_net = serializers.BooleanField()
    own = ScoreSerializer(allow_null=True)
    scores = SingleScoreSerializer(many=True, allow_null=True)
    consensus = ScoreSerializer(allow_null=True)
    follows = FollowsSerializer(allow_null=True)


class ScoresSerializer(ReadingSerializer):
    """Scores of an entry as it is now: of the reading that counts, and of the other beside it.

    What others say is told to an expert after their own score: until then it is null.
    """

    sheet = serializers.CharField()
    asked = serializers.ListField(child=serializers.CharField(), help_text="Criteria to score.")
    beside = ReadingSerializer(help_text="It is shown and does not count.")


class AgreedScoreSerializer(SentSerializer):
    marks = MarksField()
    reason = serializers.CharField(max_length=LONGEST_REASON)
    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text=f"{VERSION} 0: there was none."
    )


class SentScoreSerializer(AgreedScoreSerializer):
    is_net = serializers.BooleanField(
        required=False, help_text="Gross (false) or net (true); not sent: what counts."
    )


class ThresholdSerializer(serializers.ModelSerializer[IroThreshold]):
    reason = TextField()

    class Meta:
        model = IroThreshold
        fields = ["kind", "value", "reason", "at", "scores_before"]


@extend_schema_serializer(many=False)
class ThresholdsSerializer(serializers.Serializer[Any]):
    thresholds = ThresholdSerializer(many=True)
    version = serializers.IntegerField()


class SentThresholdSerializer(SentSerializer):
    kind = serializers.ChoiceField(choices=IroKind.choices)
    value = serializers.FloatField(min_value=0, max_value=100)
    reason = WrittenText(REASON)


class SentThresholdsSerializer(SentSerializer):
    """Kinds that are not named stay."""

    thresholds = SentThresholdSerializer(many=True, allow_empty=False)
    version = serializers.IntegerField(min_value=0, max_value=2**32, help_text=VERSION)

    def validate_thresholds(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        refuse_twice(row["kind"] for row in rows)
        return rows


class MeaningSerializer(serializers.ModelSerializer[IroScale]):
    words = serializers.ListField(child=TextField(), help_text="A text a number, from 1 on.")
    limits = serializers.ListField(child=serializers.FloatField())

    class Meta:
        model = IroScale
        fields = ["criterion", "horizon", "words", "currency", "limits", "at", "scores_before"]


@extend_schema_serializer(many=False)
class MeaningsSerializer(serializers.Serializer[Any]):
    scales = MeaningSerializer(many=True)
    version = serializers.IntegerField()


class SentMeaningSerializer(SentSerializer):
    """What the numbers of a criterion mean; without words and limits it is taken away."""

    criterion = serializers.ChoiceField(choices=Criterion.choices)
    horizon = serializers.ChoiceField(
        choices=[("", "–"), *Horizon.choices], allow_blank=True, default=""
    )
    words = serializers.ListField(child=WrittenText(LONGEST_WORD), max_length=11, required=False)
    currency = serializers.CharField(max_length=3, allow_blank=True, required=False)
    limits = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1e15),
        max_length=10,
        required=False,
        help_text="Of money bands, ascending; each reaches to under the next limit.",
    )


class SentMeaningsSerializer(SentSerializer):
    """Criteria that are not named stay."""

    scales = SentMeaningSerializer(many=True, allow_empty=False)
    version = serializers.IntegerField(min_value=0, max_value=2**32, help_text=VERSION)

    def validate_scales(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        refuse_twice(place_name((row["criterion"], row["horizon"])) for row in rows)
        return rows


PROBABILITY = "Of being material, 0 to 1; null: `probability_missing` says why."


class TopicVerdictSerializer(serializers.Serializer[TopicVerdict]):
    topic = serializers.CharField(source="topic.code")
    is_material = serializers.BooleanField(source="outcome.is_material", allow_null=True)
    basis = serializers.CharField(source="outcome.basis", help_text="both, impact, financial or ''")
    entries = serializers.IntegerField(source="outcome.entries")
    unscored = serializers.IntegerField(source="outcome.unscored")
    worst = serializers.SerializerMethodField(help_text="By kind the entry that counts.")
    probability = serializers.FloatField(
        allow_null=True, help_text="Of any entry being material, 0 to 1; null: not given."
    )
    probability_missing = serializers.CharField(help_text="entries (one of them has none) or ''")

    def get_worst(self, verdict: TopicVerdict) -> dict[str, str]:
        return {kind: row.entry.code for kind, row in verdict.outcome.worst.items()}


class IroVerdictSerializer(FollowsSerializer):
    code = serializers.CharField()
    probability = serializers.FloatField(allow_null=True, help_text=PROBABILITY)
    probability_missing = serializers.CharField(
        help_text="few (fewer than three experts scored it), consensus, threshold (none for its "
        "kind) or ''"
    )


@extend_schema_serializer(many=False)
class VerdictsSerializer(serializers.Serializer[Any]):
    """What follows for topics and entries; an expert is told after scoring what waits for them."""

    waiting = serializers.IntegerField(help_text="Entries that wait for your own score.")
    topics = TopicVerdictSerializer(many=True)
    entries = IroVerdictSerializer(many=True)


def follows(scored: Scored) -> dict[str, Any]:
    """Return what follows for an entry, as `FollowsSerializer` tells it."""
    return {
        "code": scored.entry.code,
        "value": scored.value,
        "by_consensus": scored.by_consensus,
        "spread": scored.spread,
        "is_material": scored.is_material,
        "is_disputed": scored.is_disputed,
        "carried_by": list(scored.carried_by),
    }


def verdict(row: ScoredIro) -> dict[str, Any]:
    """Return what follows for an entry beside all others, as `IroVerdictSerializer` tells it."""
    return {
        **follows(row.scored),
        "probability": row.probability,
        "probability_missing": row.probability_missing,
    }


def single(score: IroScore, value: float | None) -> dict[str, Any]:
    """Return a single score with what it comes to, as `SingleScoreSerializer` tells it."""
    values = {name: getattr(score, name) for name in ("expert", "marks", "reason", "at", "version")}
    return {**values, "value": value}
