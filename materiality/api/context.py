"""The context of a round and its value chain, by program."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from materiality import actions
from materiality.actions.context import (
    LONGEST,
    LONGEST_NAME,
    LONGEST_PLACES,
    LONGEST_RELATION,
    MOST_STEPS,
    USUAL_LENGTH,
    merged_context,
)
from materiality.api.access import TeamViewSet
from materiality.api.round_serializers import WrittenText
from materiality.api.serializers import TextField
from materiality.catalogue.frameworks import frameworks
from materiality.models import Approach, Assessment, ChainStep, RoundContext, Stage
from materiality.models.context import MOST_YEARS
from surveys.api.fields import DayField, SentSerializer

VERSION = "Of the context as it was read, 0 at first; the value chain counts in it too."


def _text(longest: int = USUAL_LENGTH) -> WrittenText:
    return WrittenText(longest, empty=True, required=False)


def _day() -> DayField:
    return DayField(required=False, allow_null=True)


def _years() -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_YEARS
    )


class ContextSerializer(serializers.ModelSerializer[RoundContext]):
    """What a round is about. `version` counts changes; 0 where nothing was said yet."""

    entity = TextField()
    scope = TextField()
    due_diligence = TextField()
    horizons_reason = TextField()
    approver = TextField()
    standards = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = RoundContext
        fields = (
            *("entity", "scope", "as_annual_report", "period_start", "period_end", "standards"),
            *("approach", "due_diligence", "short_years", "medium_years", "horizons_reason"),
            *("approver", "approved_on", "last_revision", "next_revision", "version"),
        )


class SentContextSerializer(SentSerializer):
    """What changes of a context. A text keeps the languages that are not sent."""

    entity = _text()
    scope = _text()
    as_annual_report = serializers.BooleanField(required=False, allow_null=True)
    period_start = _day()
    period_end = _day()
    standards = serializers.ListField(
        child=serializers.ChoiceField(choices=list(frameworks())), required=False, max_length=50
    )
    approach = serializers.ChoiceField(
        choices=["", *Approach.values], required=False, allow_blank=True
    )
    due_diligence = _text()
    short_years = _years()
    medium_years = _years()
    horizons_reason = _text(LONGEST["horizons_reason"])
    approver = _text(LONGEST["approver"])
    approved_on = _day()
    last_revision = _day()
    next_revision = _day()
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text=VERSION)


class StepSerializer(serializers.ModelSerializer[ChainStep]):
    name = TextField()
    relation = TextField()

    class Meta:
        model = ChainStep
        fields = ("code", "side", "name", "places", "relation")


class SentStepSerializer(SentSerializer):
    code = serializers.SlugField(
        required=False, allow_blank=True, max_length=20, help_text="Of a stage that is there."
    )
    side = serializers.ChoiceField(choices=Stage.choices)
    name = WrittenText(LONGEST_NAME)
    places = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_PLACES)
    relation = _text(LONGEST_RELATION)


class ChainSerializer(serializers.Serializer[Any]):
    steps = StepSerializer(many=True)
    version = serializers.IntegerField()


class SentChainSerializer(SentSerializer):
    """All stages, from the first to the last; those that are not named any more are taken out."""

    steps = serializers.ListField(child=SentStepSerializer(), max_length=MOST_STEPS)
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text=VERSION)


class ContextActions(TeamViewSet):
    """What a round is about. Mixed into the viewset of rounds."""

    @extend_schema(methods=["GET"], summary="What a round is about", responses=ContextSerializer)
    @extend_schema(
        methods=["PATCH"],
        summary="Say what a round is about",
        description="Horizons other than those of ESRS (1 and 5 years) need a reason.",
        request=SentContextSerializer,
        responses=ContextSerializer,
    )
    @action(detail=True, methods=["get", "patch"])
    def context(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "PATCH":
            data = self.sent(SentContextSerializer)
            version = data.pop("version")
            fields = merged_context(assessment, data)
            actions.set_context(
                assessment=assessment, by=self.user, expected_version=version, **fields
            )
        return Response(ContextSerializer(_context_of(assessment)).data)

    @extend_schema(methods=["GET"], summary="The value chain", responses=ChainSerializer)
    @extend_schema(
        methods=["PUT"],
        summary="Describe the value chain",
        description="Entries of the register that lie in a stage keep it from being taken out.",
        request=SentChainSerializer,
        responses=ChainSerializer,
    )
    @action(detail=True, methods=["get", "put"], url_path="value-chain")
    def value_chain(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "PUT":
            data = self.sent(SentChainSerializer)
            actions.set_chain(
                assessment=assessment,
                steps=[actions.StepRow(**step) for step in data["steps"]],
                by=self.user,
                expected_version=data["version"],
            )
        chain = {
            "steps": assessment.chain_steps.all(),
            "version": _context_of(assessment).version,
        }
        return Response(ChainSerializer(chain).data)

    @extend_schema(
        summary="Begin with last round's context",
        description="Days stay behind; what this round says already stays.",
        request=None,
        responses=ContextSerializer,
    )
    @action(detail=True, methods=["post"], url_path="context/last-round")
    def carry_context(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        actions.carry_context(assessment=assessment, by=self.user)
        return Response(ContextSerializer(_context_of(assessment)).data)


def _context_of(assessment: Assessment) -> RoundContext:
    row = RoundContext.objects.filter(assessment=assessment).first()
    return row or RoundContext(assessment=assessment, version=0)
