"""Read what the pages show. Everything a person sees here is theirs through `visible_to`."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from materiality.api.serializers import (
    AssessmentSerializer,
    ChangeSerializer,
    MatrixSerializer,
    ResultsSerializer,
    TopicSerializer,
)
from materiality.models import Assessment
from materiality.snapshots import results_for


class AssessmentViewSet(ReadOnlyModelViewSet[Assessment]):
    """Rounds of your organisations, and what followed from them."""

    serializer_class = AssessmentSerializer
    queryset = Assessment.objects.none()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Assessment]:
        mine = Assessment.objects.visible_to(self.request.user)
        return mine.select_related("organisation", "snapshot")

    @extend_schema(responses=TopicSerializer(many=True), summary="Topics of a round")
    @action(detail=True, pagination_class=None)
    def topics(self, request: Request, pk: Any = None) -> Response:
        return Response(TopicSerializer(self.get_object().topics.all(), many=True).data)

    @extend_schema(responses=ResultsSerializer, summary="Results of a round")
    @action(detail=True)
    def results(self, request: Request, pk: Any = None) -> Response:
        return Response(ResultsSerializer(results_for(self.get_object())).data)

    @extend_schema(responses=MatrixSerializer, summary="Matrix of a round")
    @action(detail=True)
    def matrix(self, request: Request, pk: Any = None) -> Response:
        return Response(MatrixSerializer(results_for(self.get_object())).data)

    @extend_schema(responses=ChangeSerializer(many=True), summary="Changes since the last round")
    @action(detail=True, pagination_class=None)
    def changes(self, request: Request, pk: Any = None) -> Response:
        return Response(ChangeSerializer(results_for(self.get_object()).changes, many=True).data)
