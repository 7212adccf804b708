"""Run a survey by program: what the tabs of “Ask” do, with the same refusals and the same log."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from materiality import actions
from materiality.api import survey_serializers as shapes
from materiality.api.access import OfSurvey, TeamViewSet
from materiality.api.refusals import by_code
from materiality.inputs import progress, survey_progress, wording_versions
from surveys.api.fields import NothingSerializer, SureSerializer
from surveys.fieldwork.curve import daily
from surveys.fieldwork.readiness import what_is_missing
from surveys.models import Audience, Question, Survey


class SurveysViewSet(ListModelMixin, TeamViewSet):
    """Surveys of your organisations."""

    serializer_class = shapes.SurveySerializer
    queryset = Survey.objects.none()

    def get_queryset(self) -> QuerySet[Survey]:
        mine: QuerySet[Survey] = Survey.objects.visible_to(self.user)
        return mine.order_by("pk")


class SurveyViewSet(OfSurvey):
    """One survey: its settings and groups, publishing and ending it, how far it is."""

    queryset = Survey.objects.none()
    serializer_class = shapes.SurveySerializer
    lookup_value_converter = "int"

    @extend_schema(summary="One survey")
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._answer()

    @extend_schema(
        summary="Change its texts, dates and rules",
        description="Anything while it is a draft; once published, dates and reminders.",
        request=shapes.SettingsSerializer,
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        changes = self.sent(shapes.SettingsSerializer, partial=True)
        actions.set_questionnaire(changes=changes, **self.who)
        return self._answer()

    @extend_schema(summary="Delete it, if it was never published", responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        actions.discard_survey(**self.who)
        return Response(status=204)

    @extend_schema(
        summary="Publish it",
        description="From then on its questions stand, and people can answer from `opens_at`.",
        request=NothingSerializer,
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        self.sent(NothingSerializer)
        actions.open_survey(**self.who)
        return self._answer()

    @extend_schema(
        summary="Close it now and seal its answers",
        request=SureSerializer,
        responses=shapes.SealedSerializer,
    )
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        self.sent(SureSerializer)
        return Response(shapes.SealedSerializer(actions.end_survey(**self.who)).data)

    @extend_schema(
        methods=["GET"],
        summary="Whom a survey asks",
        responses=shapes.AudienceSerializer(many=True),
    )
    @extend_schema(
        methods=["POST"],
        summary="Open a running survey to a further group",
        description="What the others are asked stands. The group counts from then on with its "
        "`weight`, and the method of the report says since when it was asked.",
        request=shapes.FurtherGroupSerializer,
        responses={201: shapes.AudienceSerializer(many=True)},
    )
    @extend_schema(
        methods=["PATCH"],
        summary="Change what groups are asked, and how many answers are wanted",
        description="All groups that are named, or none. Once published, target and open link.",
        request=shapes.AudiencesSerializer,
        responses=shapes.AudienceSerializer(many=True),
    )
    @action(detail=True, methods=["get", "patch", "post"], pagination_class=None)
    def audiences(self, request: Request, pk: int) -> Response:
        if request.method == "POST":
            actions.open_to_group(**self.sent(shapes.FurtherGroupSerializer), **self.who)
        if request.method == "PATCH":
            data = self.sent(shapes.AudiencesSerializer)
            plans = self._plans(data.get("audiences", []))
            actions.set_groups(plans=plans, minimum=data.get("minimum_group"), **self.who)
        groups = self.survey.audiences.select_related("stakeholder_group")
        rows = groups.prefetch_related("questions__prompt")
        answer = shapes.AudienceSerializer(rows, many=True).data
        return Response(answer, status=201 if request.method == "POST" else 200)

    def _plans(self, plans: list[dict[str, Any]]) -> list[actions.AudiencePlan]:
        audiences = list(self.survey.audiences.all())
        chosen = by_code(audiences, [plan.pop("code") for plan in plans], "audiences")
        return [self._plan(one, plan) for one, plan in zip(chosen, plans, strict=True)]

    def _plan(self, audience: Audience, changes: dict[str, Any]) -> actions.AudiencePlan:
        codes = changes.pop("asked", None)
        if codes is None:
            return actions.AudiencePlan(audience, changes)
        prompts = by_code(self.survey.prompts.all(), codes, "asked")
        return actions.AudiencePlan(audience, changes, {prompt.pk for prompt in prompts})

    @extend_schema(
        summary="What is asked, in all its words", responses=shapes.WholeQuestionnaireSerializer
    )
    @action(detail=True)
    def questionnaire(self, request: Request, pk: int) -> Response:
        survey = self.survey
        body = {
            "version": survey.version,
            "missing": [] if survey.published_at else what_is_missing(survey),
            "prompts": survey.prompts.all(),
            "items": _items(survey.questions.select_related("prompt")),
        }
        return Response(shapes.WholeQuestionnaireSerializer(body).data)

    @extend_schema(
        summary="How many were invited and have answered",
        description="In steps of five, rounded down, while an anonymous survey is open: "
        "`answered` 0 then means under 5. Where `is_hidden`, "
        "`answered` is only the least that may be said.",
        responses=shapes.ProgressSerializer(many=True),
    )
    @action(detail=True, pagination_class=None)
    def progress(self, request: Request, pk: int) -> Response:
        rows = survey_progress(progress(self.assessment), self.survey)
        return Response(shapes.ProgressSerializer(rows, many=True).data)

    @extend_schema(
        summary="How answers came in, day by day",
        description="In steps of five; nothing once the survey is sealed.",
        responses=shapes.DaySerializer(many=True),
    )
    @action(detail=True, pagination_class=None)
    def curve(self, request: Request, pk: int) -> Response:
        return Response(shapes.DaySerializer(daily(self.survey), many=True).data)

    def _answer(self) -> Response:
        return Response(shapes.SurveySerializer(self.survey).data)


class PromptViewSet(OfSurvey):
    """The questions of a draft."""

    lookup_url_kwarg = "code"
    lookup_value_converter = "slug"

    @extend_schema(
        summary="Word a question otherwise",
        description="While it is a draft: the question, its hint, the five ratings, “cannot "
        "judge”. Ratings differ, and fit a phone: 32 letters, of which a Chinese character takes "
        "two. Once published, the scale stands and other words are a new version.",
        request=shapes.PromptSerializer,
        responses=shapes.AskedPromptSerializer,
    )
    def partial_update(self, request: Request, pk: int, code: str) -> Response:
        prompt = self.row_of(self.survey.prompts, code=code)
        words = self.sent(shapes.PromptSerializer, partial=True)
        actions.set_prompt(prompt=prompt, words=words, **self.who)
        prompt.refresh_from_db()
        return Response(shapes.AskedPromptSerializer(prompt).data)


class VersionViewSet(OfSurvey):
    """The words of a published questionnaire, version by version."""

    serializer_class = shapes.VersionSerializer

    @extend_schema(summary="How it was worded over time")
    def list(self, request: Request, pk: int) -> Response:
        return self.paged(wording_versions(self.survey), shapes.VersionSerializer)

    @extend_schema(
        summary="Word a published questionnaire otherwise",
        description="Whoever has begun keeps the words they began with. `items` by the code of "
        "their topic, `prompts` by theirs.",
        request=shapes.RewordSerializer,
    )
    def create(self, request: Request, pk: int) -> Response:
        actions.reword(**self.sent(shapes.RewordSerializer), **self.who)
        latest = wording_versions(self.survey)[-1]
        return Response(shapes.VersionSerializer(latest).data, status=201)


def _items(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Return the topics in their order, each with the prompts it is asked by."""
    items: dict[str, dict[str, Any]] = {}
    for row in questions:
        key = row.item or str(row.pk)
        words = {name: getattr(row, name) for name in ("title", "help", "example", "block")}
        item = items.setdefault(key, {"item": key, "prompts": [], **words})
        item["prompts"].append(row.prompt.code)
    return list(items.values())
