"""Run a survey by program: what the tabs of “Ask” do, with the same refusals and the same log."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.viewsets import ReadOnlyModelViewSet

from materiality.actions import hand_out, invite_people
from materiality.actions.importing import import_answers
from materiality.api import survey_serializers as shapes
from materiality.models import Assessment
from materiality.results import progress, released_comments
from surveys.actions.answer_tables import check, forget, name_columns, take_table
from surveys.actions.invite import Person, invite
from surveys.errors import Conflict
from surveys.links import personal_link
from surveys.models import AnswerTable, Audience, Invitation, Survey
from surveys.people import FIELDS, Checked, check_people
from surveys.tables import Table, on_disk


class TeamThrottle(UserRateThrottle):
    scope = "team"


class SurveyViewSet(ReadOnlyModelViewSet[Survey]):
    """Surveys of your organisations. Owners and editors invite people and import answers."""

    serializer_class = shapes.SurveySerializer
    queryset = Survey.objects.none()
    lookup_value_converter = "int"
    throttle_classes = (TeamThrottle,)

    def get_queryset(self) -> QuerySet[Survey]:
        mine: QuerySet[Survey] = Survey.objects.visible_to(self.request.user)
        return mine.order_by("pk")

    @extend_schema(summary="Whom a survey asks", responses=shapes.AudienceSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def audiences(self, request: Request, pk: Any = None) -> Response:
        found = self.get_object().audiences.prefetch_related("questions")
        return Response(shapes.AudienceSerializer(found, many=True).data)

    @extend_schema(
        summary="How many were invited and have answered",
        description="In steps of five, rounded down, while an anonymous survey is open: "
        "`answered` 0 then means under 5. Where `is_hidden`, "
        "`answered` is only the least that may be said.",
        responses=shapes.ProgressSerializer(many=True),
    )
    @action(detail=True, pagination_class=None)
    def progress(self, request: Request, pk: Any = None) -> Response:
        survey = self.get_object()
        rows = [
            row
            for row in progress(self._round(survey))
            if row.group.audience and row.group.audience.survey_id == survey.pk
        ]
        return Response(shapes.ProgressSerializer(rows, many=True).data)

    @extend_schema(
        methods=["GET"],
        summary="Who is on the list",
        responses=shapes.InvitationSerializer(many=True),
    )
    @extend_schema(
        methods=["POST"],
        summary="Put people on the list",
        description="Up to 1000 at once: all or none. Who is on it already is not added again. "
        "Nobody is written to before somebody sends the mail.",
        request=shapes.PeopleSerializer,
        responses={200: shapes.InvitedSerializer, 400: shapes.RowErrorsSerializer},
        examples=[
            OpenApiExample(
                "Two people",
                request_only=True,
                value={
                    "people": [
                        {"audience": "customers", "email": "li@example.com", "name": "李雷"},
                        {"audience": "employees", "email": "ann@example.com", "language": "en"},
                    ]
                },
            ),
            OpenApiExample("Added", response_only=True, value={"added": 2, "known": 0}),
        ],
    )
    @action(detail=True, methods=["get", "post"])
    def invitations(self, request: Request, pk: Any = None) -> Response:
        survey = self._editable()
        if request.method == "POST":
            return self._invited(request, survey)
        people = Invitation.objects.filter(audience__survey=survey).select_related("audience")
        page = self.paginate_queryset(people.exclude(name="", email="").order_by("pk"))
        return self.get_paginated_response(shapes.InvitationSerializer(page, many=True).data)

    def _invited(self, request: Request, survey: Survey) -> Response:
        sent = shapes.PeopleSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        checked = _checked(survey, sent.validated_data["people"])
        if checked.errors:
            errors = [
                {"row": e.row - 2, "value": e.value, "reason": e.reason} for e in checked.errors
            ]
            return Response({"code": "unusable_rows", "problems": errors}, status=400)
        added = invite_people(
            assessment=self._round(survey), survey=survey, people=checked.people, by=_user(request)
        )
        known = checked.known + len(checked.people) - added
        return Response({"added": added, "known": known})

    @extend_schema(
        summary="Make links to hand over",
        description="For paper, a kiosk, or your own program to answer with. Each is shown once.",
        request=shapes.LinksSerializer,
        responses=shapes.MadeLinksSerializer,
    )
    @action(detail=True, methods=["post"])
    def links(self, request: Request, pk: Any = None) -> Response:
        survey = self._editable()
        sent = shapes.LinksSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = sent.validated_data
        audience = _audience(survey, told["audience"])
        made = invite(audience, [Person(language=told["language"])] * told["count"])
        hand_out(assessment=self._round(survey), survey=survey, links=len(made), by=_user(request))
        return Response({"links": [personal_link(token) for _invitation, token in made]})

    @extend_schema(
        summary="Import a table of answers",
        description="CSV or XLSX, as the Import tab reads it: columns are matched by their "
        "headings and by what was said of them before. All rows are imported or none.",
        request={"multipart/form-data": shapes.AnswersFileSerializer},
        responses={200: shapes.ImportedSerializer, 400: shapes.RowErrorsSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser, JSONParser])
    def answers(self, request: Request, pk: Any = None) -> Response:
        survey = self._editable()
        sent = shapes.AnswersFileSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        everybody = sent.validated_data["audience"]
        audience = _audience(survey, everybody) if everybody else None
        table = _read(survey, sent.validated_data["file"], audience, request)
        if table.problem_count:
            told = {"code": "unusable_rows", "problems": table.problems}
            forget(table)
            return Response(told, status=400)
        moved = import_answers(assessment=self._round(survey), table=table, by=_user(request))
        told = {"imported": moved, "known": table.known, "unfinished": table.unfinished}
        return Response(told)

    @extend_schema(
        summary="What people wrote, as a reader let it out",
        description="Only comments that somebody read and released, with what names people "
        "taken out. The order means nothing.",
        responses=shapes.CommentSerializer(many=True),
    )
    @action(detail=True)
    def comments(self, request: Request, pk: Any = None) -> Response:
        found = released_comments(self.get_object())
        page = self.paginate_queryset(found)  # type: ignore[arg-type]
        return self.get_paginated_response(shapes.CommentSerializer(page, many=True).data)

    def _editable(self) -> Survey:
        """Return the survey, where this person may run it and it is not over."""
        survey = self.get_object()
        if not Survey.objects.editable_by(self.request.user).filter(pk=survey.pk).exists():
            raise PermissionDenied
        if survey.is_sealed and self.request.method != "GET":
            raise Conflict(_("This survey is sealed already."))
        return survey

    def _round(self, survey: Survey) -> Assessment:
        found: Assessment | None = Assessment.objects.filter(surveys=survey).first()
        if found is None:
            raise Http404
        return found


def _user(request: Request) -> Any:
    return request.user


def _audience(survey: Survey, code: str) -> Audience:
    found: Audience | None = survey.audiences.filter(code=code).first()
    if found is None:
        raise Conflict(_("There is no such group."))
    return found


def _checked(survey: Survey, people: list[dict[str, str]]) -> Checked:
    rows = [[person[name] for name in FIELDS] for person in people]
    columns = {name: at for at, name in enumerate(FIELDS)}
    return check_people(survey, Table(list(FIELDS), rows), columns)


def _read(survey: Survey, upload: Any, audience: Audience | None, request: Request) -> AnswerTable:
    with on_disk(upload) as content:
        table = take_table(survey, content, upload.name, _user(request))
    meanings = {int(at): meaning for at, meaning in table.meanings.items()}
    name_columns(table, meanings=meanings, audience=audience)
    check(table)
    return table
