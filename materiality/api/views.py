"""Rounds: what the pages show of them, their topics' words, and building their questionnaires."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from materiality.actions import describe_topic, remove_topic
from materiality.actions.drafting import draft_survey
from materiality.api.context import ContextActions
from materiality.api.refusals import by_code
from materiality.api.rounds import RoundActions
from materiality.api.serializers import (
    AssessmentSerializer,
    ChangeSerializer,
    MatrixSerializer,
    ResultsSerializer,
    TopicSerializer,
)
from materiality.api.sources import SourceActions
from materiality.api.survey_serializers import (
    BuildSerializer,
    SurveySerializer,
    TopicWordsSerializer,
)
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.selectors.register import still_to_score


class AssessmentViewSet(
    ListModelMixin, RetrieveModelMixin, RoundActions, ContextActions, SourceActions
):
    """Rounds of your organisations, and what followed from them."""

    serializer_class = AssessmentSerializer
    queryset = Assessment.objects.none()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Assessment]:
        mine: Any = Assessment.objects.visible_to(self.user).with_role(self.user)
        return mine.select_related("organisation", "snapshot")  # type: ignore[no-any-return]

    def get_object(self) -> Any:
        assessment: Any = super().get_object()
        self.require_role(assessment.role)
        self.organisation = assessment.organisation
        return assessment

    @extend_schema(
        methods=["PATCH"],
        summary="Describe a topic",
        description="Questionnaires that are not published yet are worded alike.",
        request=TopicWordsSerializer,
        responses=TopicSerializer,
    )
    @extend_schema(
        methods=["DELETE"],
        summary="Remove a topic that was entered by mistake",
        description="One that was considered is screened out instead.",
        responses={204: None},
    )
    @action(detail=True, methods=["patch", "delete"], url_path="topics/<slug:code>")
    def topic(self, request: Request, pk: int, code: str) -> Response:
        assessment = self.get_object()
        row = get_object_or_404(assessment.topics, code=code)
        if request.method == "DELETE":
            remove_topic(assessment=assessment, topic=code, by=self.user)
            return Response(status=204)
        describe_topic(topic=row, by=self.user, **self.sent(TopicWordsSerializer, partial=True))
        return Response(TopicSerializer(row).data)

    @extend_schema(
        methods=["GET"], summary="Surveys of a round", responses=SurveySerializer(many=True)
    )
    @extend_schema(
        methods=["POST"],
        summary="Build a questionnaire",
        description="On a dimension, with the usual words and dates, to be changed until it is "
        "published.",
        request=BuildSerializer,
        responses={201: SurveySerializer},
    )
    @action(detail=True, methods=["get", "post"])
    def surveys(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "GET":
            return self.paged(assessment.surveys.order_by("pk"), SurveySerializer)
        code = self.sent(BuildSerializer)["dimension"]
        [dimension] = by_code(assessment.dimensions.unasked(), [code], "dimension")
        survey = draft_survey(assessment=assessment, dimension=dimension, by=self.user)
        return Response(SurveySerializer(survey).data, status=201)

    @extend_schema(responses=ResultsSerializer, summary="Results of a round")
    @action(detail=True)
    def results(self, request: Request, pk: Any = None) -> Response:
        assessment = self.get_object()
        content = ResultsSerializer(results_for(assessment)).data
        if still_to_score(assessment, self.user):
            content["results"] = {
                k: part for k, part in content["results"].items() if k != "register"
            }
        return Response(content)

    @extend_schema(responses=MatrixSerializer, summary="Matrix of a round")
    @action(detail=True)
    def matrix(self, request: Request, pk: Any = None) -> Response:
        return Response(MatrixSerializer(results_for(self.get_object())).data)

    @extend_schema(responses=ChangeSerializer(many=True), summary="Changes since the last round")
    @action(detail=True, pagination_class=None)
    def changes(self, request: Request, pk: Any = None) -> Response:
        return Response(ChangeSerializer(results_for(self.get_object()).changes, many=True).data)
