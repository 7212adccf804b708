"""The sources of a round, their passages and codings, by program."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from materiality import actions
from materiality.actions.sources import LONGEST_PASSAGE
from materiality.api.access import TeamViewSet
from materiality.api.tokens import lacks_scope
from materiality.models import Confidentiality, Passage, SourceKind, SourceRecord
from materiality.selectors.sources import passages_read, sources_seen
from surveys.api.fields import DayField, SentSerializer

MOST_CODES = 500


class SourceSerializer(serializers.ModelSerializer[SourceRecord]):
    """A source as it may leave: of a confidential one the title only where that is allowed."""

    title = serializers.CharField(source="printed_title")
    digest = serializers.CharField(source="hash", help_text="SHA-256 of its file.")

    class Meta:
        model = SourceRecord
        fields = ("code", "kind", "title", "confidentiality", "title_leaves", "digest", "version")


class SentSourceSerializer(SentSerializer):
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=SourceKind.choices)
    dated = DayField()
    origin = serializers.CharField(required=False, allow_blank=True, max_length=200)
    language = serializers.CharField(required=False, allow_blank=True, max_length=40)
    confidentiality = serializers.ChoiceField(choices=Confidentiality.choices, required=False)
    title_leaves = serializers.BooleanField(required=False)
    digest = serializers.RegexField(
        "^[0-9a-f]{64}$", required=False, help_text="SHA-256 of a file that is kept elsewhere."
    )


class ChangedSourceSerializer(SentSourceSerializer):
    """What changes of a source; what is not sent stays."""

    title = serializers.CharField(max_length=200, required=False)
    kind = serializers.ChoiceField(choices=SourceKind.choices, required=False)
    dated = DayField(required=False)
    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text="Of the source as it was read."
    )


class PassageSerializer(serializers.ModelSerializer[Passage]):
    """A passage; `text` is what of it may leave."""

    text = serializers.CharField(source="printed")

    class Meta:
        model = Passage
        fields = ("code", "text", "version")


class ReadPassageSerializer(serializers.Serializer[Any]):
    """A passage as its reader may see it; null: not by program, this role or this token."""

    code = serializers.CharField()
    text = serializers.CharField(
        allow_null=True,
        help_text="Null for viewers, for tokens that may not decide, and of a confidential "
        "source for all.",
    )
    place = serializers.CharField(allow_null=True, help_text="As `text`.")
    released = serializers.CharField(help_text="What of it may leave.")
    version = serializers.IntegerField()


class SentPassageSerializer(SentSerializer):
    text = serializers.CharField(max_length=LONGEST_PASSAGE)
    place = serializers.CharField(required=False, allow_blank=True, max_length=100)
    released = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_PASSAGE,
        help_text="What of it may leave, without what names somebody.",
    )


class SentCodingSerializer(SentSerializer):
    """What you find a passage to be about: codes; empty lists: none of them."""

    topics = serializers.ListField(child=serializers.CharField(), max_length=MOST_CODES)
    entries = serializers.ListField(child=serializers.CharField(), max_length=MOST_CODES)


class SourceActions(TeamViewSet):
    """What a round rests on. Mixed into the viewset of rounds."""

    @extend_schema(
        methods=["GET"],
        summary="Sources with passages and codings",
        description=(
            "As `inputs.sources` of a bundle (docs/bundle.md), what of them may leave; each record "
            "with its `version`. Of a passage that you may code, `codings` come once you have."
        ),
        responses=OpenApiTypes.OBJECT,
    )
    @extend_schema(
        methods=["POST"],
        summary="Record a source",
        request=SentSourceSerializer,
        responses={201: SourceSerializer},
    )
    @action(detail=True, methods=["get", "post"])
    def sources(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "GET":
            return Response(sources_seen(assessment, self.user))
        data = self.sent(SentSourceSerializer)
        row = actions.add_source(assessment=assessment, by=self.user, **data)
        return Response(SourceSerializer(row).data, status=201)

    @extend_schema(
        summary="Change a source", request=ChangedSourceSerializer, responses=SourceSerializer
    )
    @action(detail=True, methods=["patch"], url_path="sources/<slug:code>")
    def source(self, request: Request, pk: int, code: str) -> Response:
        row = self._source(code)
        data = self.sent(ChangedSourceSerializer)
        version = data.pop("version")
        actions.describe_source(source=row, by=self.user, expected_version=version, **data)
        return Response(SourceSerializer(row).data)

    @extend_schema(
        methods=["GET"],
        summary="Passages of a source",
        description="Their text for who may code them; of a confidential source, for nobody.",
        responses=ReadPassageSerializer(many=True),
    )
    @extend_schema(
        methods=["POST"],
        summary="Mark a passage of a source",
        request=SentPassageSerializer,
        responses={201: PassageSerializer},
    )
    @action(
        detail=True,
        methods=["get", "post"],
        url_path="sources/<slug:code>/passages",
        pagination_class=None,
    )
    def source_passages(self, request: Request, pk: int, code: str) -> Response:
        row = self._source(code)
        if request.method == "GET":
            for_coding = not lacks_scope(request, self.scope)
            rows = passages_read(self.get_object(), row, for_coding=for_coding)
            return Response(ReadPassageSerializer(rows, many=True).data)
        data = self.sent(SentPassageSerializer)
        passage = actions.add_passage(source=row, by=self.user, **data)
        return Response(PassageSerializer(passage).data, status=201)

    @extend_schema(
        summary="Code a passage",
        description="Takes the place of what you coded before.",
        request=SentCodingSerializer,
        responses=PassageSerializer,
    )
    @action(detail=True, methods=["put"], url_path="passages/<slug:code>/coding")
    def coding(self, request: Request, pk: int, code: str) -> Response:
        assessment: Any = self.get_object()
        passage = get_object_or_404(assessment.passages.select_related("source"), code=code)
        data = self.sent(SentCodingSerializer)
        actions.code_passage(
            passage=passage, topics=data["topics"], iros=data["entries"], by=self.user
        )
        return Response(PassageSerializer(passage).data)

    def _source(self, code: str) -> SourceRecord:
        assessment: Any = self.get_object()
        row: SourceRecord = get_object_or_404(
            assessment.source_records.select_related("file"), code=code
        )
        return row
