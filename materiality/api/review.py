"""Review sealed answers: signs of carelessness, leaving out by sign, answers that wait."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from materiality import actions
from materiality.api import review_serializers as shapes
from materiality.api.access import OfSurvey
from materiality.inputs import pick_counts, released_comments, sign_counts, sign_rows
from materiality.models import Access
from surveys.api.fields import NothingSerializer
from surveys.models import Criterion, Exclusion
from surveys.models.organisations import MAY_DECIDE


class ExclusionViewSet(OfSurvey):
    """Answers that are left out by a sign, never by person."""

    queryset = Exclusion.objects.none()
    serializer_class = shapes.ExclusionSerializer
    writes = MAY_DECIDE
    after_seal = ("create", "lift")
    lookup_url_kwarg = "exclusion"
    lookup_value_converter = "int"

    @extend_schema(summary="What was left out, and taken in again")
    def list(self, request: Request, pk: int) -> Response:
        past = self.survey.exclusions.select_related("by", "lifted_by").order_by("-pk")
        return self.paged(past, shapes.ExclusionSerializer)

    @extend_schema(summary="Leave answers out by a sign", request=shapes.ExcludeSerializer)
    def create(self, request: Request, pk: int) -> Response:
        rule = actions.exclude_answers(**self.sent(shapes.ExcludeSerializer), **self.who)
        return Response(shapes.ExclusionSerializer(rule).data, status=201)

    @extend_schema(summary="Count answers again", request=NothingSerializer)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: int, exclusion: int) -> Response:
        self.sent(NothingSerializer)
        rule = self.row_of(self.survey.exclusions, pk=exclusion)
        actions.include_answers(assessment=self.assessment, exclusion=rule, by=self.user)
        rule.refresh_from_db()
        return Response(shapes.ExclusionSerializer(rule).data)


class ReviewViewSet(OfSurvey):
    """What there is to review of a survey."""

    writes = MAY_DECIDE
    after_seal = ("open_answers",)
    notes = {"comments": (Access.Kind.DOWNLOAD, "comments")}

    @extend_schema(
        summary="How many answers show which sign",
        description="Nothing before the seal.",
        responses=shapes.SignSerializer(many=True),
    )
    @action(detail=False, pagination_class=None)
    def signs(self, request: Request, pk: int) -> Response:
        standing = self.survey.exclusions.filter(lifted_at=None)
        rows = sign_rows(self.survey, set(standing.values_list("criterion", flat=True)))
        return Response(shapes.SignSerializer(rows, many=True).data)

    @extend_schema(
        methods=["GET"],
        summary="Answers by open link that wait",
        responses=shapes.OpenAnswersSerializer,
    )
    @extend_schema(
        methods=["POST"],
        summary="Count them, or leave them out",
        request=shapes.DecisionSerializer,
        responses=shapes.OpenAnswersSerializer,
    )
    @action(detail=False, methods=["get", "post"], url_path="open-answers")
    def open_answers(self, request: Request, pk: int) -> Response:
        if request.method == "POST":
            actions.decide_open_answers(**self.sent(shapes.DecisionSerializer), **self.who)
        sealed = self.survey.is_sealed
        body = {
            "waiting": sealed and Exclusion.objects.waiting(self.survey) is not None,
            "count": sign_counts(self.survey)[Criterion.OPEN_LINK] if sealed else None,
        }
        return Response(shapes.OpenAnswersSerializer(body).data)

    @extend_schema(
        summary="Which topics people picked",
        description="Nothing before the seal.",
        responses=shapes.PickSerializer(many=True),
    )
    @action(detail=False, pagination_class=None)
    def picks(self, request: Request, pk: int) -> Response:
        return Response(shapes.PickSerializer(pick_counts(self.survey), many=True).data)

    @extend_schema(
        summary="What people wrote, as a reader let it out",
        description="Only comments that somebody read and released, with what names people "
        "taken out. The order means nothing; nothing before the seal.",
        responses=shapes.CommentSerializer(many=True),
    )
    @action(detail=False)
    def comments(self, request: Request, pk: int) -> Response:
        return self.paged(released_comments(self.survey), shapes.CommentSerializer)
