"""A whole round by program: what the pages of “Identify”, “Score” and “Decide” do."""

from contextlib import suppress
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError as InvalidSheet
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from materiality import actions, tasks
from materiality.actions import topic_sheets
from materiality.actions.groups import LINES
from materiality.actions.lastyear import ask_again
from materiality.actions.settings import rule_of
from materiality.actions.topic_tables import TopicRow, describe_topics
from materiality.api import round_serializers as shapes
from materiality.api.access import EVERYBODY, TeamViewSet
from materiality.api.refusals import by_code, row_numbered
from materiality.api.serializers import TopicSerializer
from materiality.api.sheets import SheetSerializer, table_in, workbook_answer
from materiality.catalogue import UnknownEntry
from materiality.errors import NoTimeStamp, ScoresFirst
from materiality.inputs import plan_in_force, registration_of
from materiality.locking import snapshots
from materiality.models import Assessment, Package, Scope, StakeholderGroup, Topic, Webhook
from materiality.report.files import order
from materiality.selectors.register import still_to_score
from materiality.selectors.rounds import preset_of
from surveys.api.fields import NothingSerializer, SureSerializer
from surveys.models import Membership, Organisation, Role
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT, organisation_of_token

OWNER = (Role.OWNER,)
IMPACTS = ("actual", "human_rights")
ENGAGEMENT = ("expectations", "channels", "how_chosen", "frequency")


class OrganisationViewSet(ListModelMixin, TeamViewSet):
    """The organisations you belong to, and the people of each."""

    serializer_class = shapes.OrganisationSerializer
    queryset = Organisation.objects.none()
    lookup_value_converter = "int"
    writes = OWNER
    scope = Scope.OWN

    def get_queryset(self) -> Any:
        mine: Any = Organisation.objects.visible_to(self.user).with_role(self.user)
        return mine.order_by("pk")

    def get_object(self) -> Any:
        organisation: Any = super().get_object()
        self.require_role(organisation.role)
        self.organisation = organisation
        return organisation

    @extend_schema(
        summary="Make an organisation",
        description="Whoever owns one may make another.",
        request=shapes.SentOrganisationSerializer,
        responses={201: shapes.OrganisationSerializer},
    )
    def create(self, request: Request) -> Response:
        owned = Membership.objects.of(self.user).filter(role=Role.OWNER)
        is_whole = organisation_of_token(self.user) is None
        self.require_role(Role.OWNER if is_whole and owned.exists() else Role.VIEWER)
        data = self.sent(shapes.SentOrganisationSerializer)
        organisation = actions.found_organisation(by=self.user, **data)
        self.organisation = organisation
        return Response(shapes.OrganisationSerializer(organisation).data, status=201)

    @extend_schema(
        summary="Rename an organisation",
        request=shapes.SentOrganisationSerializer,
        responses=shapes.OrganisationSerializer,
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        organisation = self.get_object()
        data = self.sent(shapes.SentOrganisationSerializer, partial=True)
        texts = {"name": organisation.name, "contact": organisation.contact, **data}
        actions.describe_organisation(organisation=organisation, by=self.user, **texts)
        return Response(shapes.OrganisationSerializer(self.get_queryset().get(pk=pk)).data)

    @extend_schema(methods=["GET"], summary="People", responses=shapes.MemberSerializer(many=True))
    @extend_schema(
        methods=["POST"],
        summary="Invite a person",
        description="A new account signs in by mail: ask for a password on the sign-in page.",
        request=shapes.SentMemberSerializer,
        responses={201: shapes.MemberSerializer},
    )
    @action(detail=True, methods=["get", "post"])
    def members(self, request: Request, pk: int) -> Response:
        organisation = self.get_object()
        rows = organisation.memberships.select_related("user").order_by("pk")
        if request.method == "GET":
            return self.paged(rows, shapes.MemberSerializer)
        data = self.sent(shapes.SentMemberSerializer)
        person, _is_new = actions.admit(organisation=organisation, by=self.user, **data)
        membership = rows.filter(user=person).first()
        if membership is None:
            raise ValidationError(
                {"email": [_("This person has an account already: invite them on the page.")]}
            )
        return Response(shapes.MemberSerializer(membership).data, status=201)


class WebhookViewSet(TeamViewSet):
    """What other programs are told by itself; for owners. Calls are as Standard Webhooks says."""

    queryset = Webhook.objects.none()
    serializer_class = shapes.WebhookSerializer
    lookup_url_kwarg = "webhook"
    lookup_value_converter = "int"
    reads = writes = OWNER
    scope = Scope.OWN

    def _organisation(self) -> Organisation:
        mine: Any = Organisation.objects.visible_to(self.user).with_role(self.user)
        organisation: Any = get_object_or_404(mine, pk=self.kwargs["pk"])
        self.require_role(organisation.role)
        self.organisation = organisation
        return cast(Organisation, organisation)

    def _webhook(self) -> Webhook:
        rows = self._organisation().webhooks.all()
        return get_object_or_404(rows, pk=self.kwargs["webhook"])

    @extend_schema(summary="Webhooks of an organisation")
    def list(self, request: Request, pk: int) -> Response:
        return self.paged(self._organisation().webhooks.order_by("pk"), shapes.WebhookSerializer)

    @extend_schema(
        summary="Add a webhook",
        description="It tells nothing before it is turned on.",
        request=shapes.SentWebhookSerializer,
        responses={201: shapes.MadeWebhookSerializer},
    )
    def create(self, request: Request, pk: int) -> Response:
        organisation = self._organisation()
        data = self.sent(shapes.SentWebhookSerializer)
        webhook = actions.add_webhook(organisation=organisation, by=self.user, **data)
        return Response(shapes.MadeWebhookSerializer(webhook).data, status=201)

    @extend_schema(summary="Turn a webhook on or off", request=shapes.SwitchSerializer)
    def partial_update(self, request: Request, pk: int, webhook: int) -> Response:
        hook = self._webhook()
        actions.turn_webhook(
            webhook=hook, on=self.sent(shapes.SwitchSerializer)["is_on"], by=self.user
        )
        return Response(shapes.WebhookSerializer(self._webhook()).data)

    @extend_schema(summary="Remove a webhook", responses={204: None})
    def destroy(self, request: Request, pk: int, webhook: int) -> Response:
        actions.remove_webhook(webhook=self._webhook(), by=self.user)
        return Response(status=204)


class RoundActions(TeamViewSet):
    """What is done to a round, from its start to its lock. Mixed into the viewset of rounds."""

    writes_by_action = {
        "weights": MAY_DECIDE,
        "known_shares": MAY_DECIDE,
        "rule": MAY_DECIDE,
        "plan": MAY_DECIDE,
        "coding": MAY_DECIDE,
        "decisions": MAY_DECIDE,
        "impacts": MAY_DECIDE,
        "approvals": MAY_DECIDE,
        "reassessments": MAY_DECIDE,
        "confirmation": MAY_DECIDE,
        "make_files": EVERYBODY,
        "second_person": OWNER,
        "lock": OWNER,
        "destroy": OWNER,
    }
    scope = Scope.DECIDE
    scope_by_action = {"second_person": Scope.OWN, "lock": Scope.OWN, "destroy": Scope.OWN}

    def _answer(self, assessment: Assessment, status: int = 200) -> Response:
        fresh = Assessment.objects.get(pk=assessment.pk)
        return Response(shapes.StartedSerializer(fresh).data, status=status)

    @extend_schema(
        summary="Start a round",
        request=shapes.StartSerializer,
        responses={201: shapes.StartedSerializer},
    )
    @transaction.atomic
    def create(self, request: Request) -> Response:
        edits = Membership.objects.of(self.user).filter(role__in=MAY_EDIT)
        self.require_role(Role.EDITOR if edits.exists() else Role.VIEWER)
        data = self.sent(shapes.StartSerializer)
        mine: Any = Organisation.objects.visible_to(self.user).with_role(self.user)
        organisation = mine.filter(pk=data["organisation"]).first()
        if organisation is None:
            raise ValidationError({"organisation": [_("No organisation of yours. Choose one.")]})
        self.require_role(organisation.role)
        self.organisation = organisation
        previous = self._previous(data.get("previous"))
        assessment = actions.start_round(
            organisation=organisation,
            year=data["year"],
            preset=data.get("preset"),
            previous=previous,
            by=self.user,
        )
        if previous and data["copy"]:
            actions.carry_over(assessment=assessment, by=self.user)
            ask_again(assessment=assessment, by=self.user)
        return self._answer(assessment, 201)

    def _previous(self, key: int | None) -> Assessment | None:
        if key is None:
            return None
        previous: Assessment | None = (
            Assessment.objects.editable_by(self.user).filter(pk=key).first()
        )
        if previous is None:
            raise ValidationError({"previous": [_("No round of yours. Choose one.")]})
        return previous

    @extend_schema(
        summary="Name a round, correct its year, say its languages, archive it",
        request=shapes.NamedRoundSerializer,
        responses=shapes.StartedSerializer,
    )
    @transaction.atomic
    def partial_update(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        data = self.sent(shapes.NamedRoundSerializer)
        if "archived" in data:
            self._require_owner(assessment)
            actions.archive_round(
                assessment=assessment, archived=data.pop("archived"), by=self.user
            )
        before = data.pop("previous", assessment.previous_id)
        if data:
            actions.describe_round(assessment=assessment, by=self.user, **data)
        if before != assessment.previous_id:
            previous = self._previous(before)
            actions.follow(assessment=assessment, previous=previous, by=self.user)
        return self._answer(assessment)

    @extend_schema(methods=["GET"], summary="What a round asks", responses=shapes.DesignSerializer)
    @extend_schema(
        methods=["PATCH"],
        summary="Choose preset, rating scale and criteria",
        description="Until a questionnaire is published. Another preset deletes the drafts.",
        request=shapes.DesignSerializer,
        responses=shapes.DesignSerializer,
    )
    @action(detail=True, methods=["get", "patch"])
    @transaction.atomic
    def design(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "PATCH":
            data = self.sent(shapes.DesignSerializer, partial=True)
            if "preset" in data:
                actions.set_preset(assessment=assessment, preset=data["preset"], by=self.user)
            if "points" in data:
                actions.set_scale(assessment=assessment, points=data["points"], by=self.user)
            if "criteria" in data:
                actions.set_criteria(assessment=assessment, criteria=data["criteria"], by=self.user)
        fresh = Assessment.objects.get(pk=assessment.pk)
        criteria = {row.code: row.criteria for row in fresh.dimensions.all()}
        design = {"preset": preset_of(fresh), "points": fresh.points, "criteria": criteria}
        return Response(design)

    def _require_owner(self, row: Any) -> None:
        if row.role not in OWNER:
            self.permission_denied(self.request)

    @extend_schema(summary="Delete a draft round")
    def destroy(self, request: Request, pk: int) -> Response:
        actions.delete_round(assessment=self.get_object(), by=self.user)
        return Response(status=204)

    # ---- topics and groups ----

    @extend_schema(
        methods=["GET"], summary="Topics of a round", responses=TopicSerializer(many=True)
    )
    @extend_schema(
        methods=["POST"],
        summary="Add topics",
        request=shapes.AddTopicsSerializer,
        responses={201: TopicSerializer(many=True)},
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    @transaction.atomic
    def topics(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "GET":
            return Response(TopicSerializer(assessment.topics.all(), many=True).data)
        data = self.sent(shapes.AddTopicsSerializer)
        added: list[Topic] = []
        try:
            keys = [(one[0], one[1], one[2]) for one in data.get("standard", [])]
            added += actions.add_topics_from_catalogue(
                assessment=assessment, keys=keys, by=self.user
            )
        except UnknownEntry as unknown:
            raise ValidationError({"standard": [str(unknown)]}) from unknown
        for fields in data.get("topics", []):
            added.append(actions.add_topic(assessment=assessment, by=self.user, **fields))
        return Response(TopicSerializer(added, many=True).data, status=201)

    @extend_schema(
        summary="Describe many topics at once",
        description="All of them or none. A text keeps the languages that are not sent.",
        request=shapes.DescribeTopicsSerializer,
        responses=TopicSerializer(many=True),
    )
    @action(detail=True, methods=["patch"], url_path="topics-table", pagination_class=None)
    def describe_many(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.DescribeTopicsSerializer)
        rows = [TopicRow(code, fields) for code, fields in data["topics"].items()]
        reason = data.get("reason", "")
        describe_topics(assessment=assessment, rows=rows, reason=reason, by=self.user)
        return Response(TopicSerializer(assessment.topics.all(), many=True).data)

    @extend_schema(
        methods=["GET"],
        summary="The list of topics as a spreadsheet",
        responses={(200, topic_sheets.XLSX): OpenApiTypes.BINARY},
    )
    @extend_schema(
        methods=["POST"],
        summary="Add and describe topics by a spreadsheet",
        description="XLSX or CSV with the headings that the sheet here has: all of it or nothing.",
        request={"multipart/form-data": SheetSerializer},
        responses=shapes.TopicSheetTakenSerializer,
    )
    @action(
        detail=True,
        methods=["get", "post"],
        url_path="topics-sheet",
        pagination_class=None,
        parser_classes=[MultiPartParser],
    )
    def topic_sheet(self, request: Request, pk: int) -> HttpResponse:
        assessment = self.get_object()
        if request.method == "GET":
            content = topic_sheets.workbook(assessment, get_language() or assessment.languages[0])
            return workbook_answer(content, f"topics-{pk}.xlsx")
        table = table_in(
            self.sent(SheetSerializer),
            known=topic_sheets.known_headings(),
            listed=topic_sheets.listed_names(assessment),
        )
        try:
            rows = topic_sheets.read_topics(table, assessment)
        except InvalidSheet as error:
            raise ValidationError({"file": error.messages}) from error
        added, changed = describe_topics(assessment=assessment, rows=rows, by=self.user)
        return Response({"added": added, "changed": changed})

    @extend_schema(
        summary="Put the topics in order",
        description="All that are asked about, each once.",
        request=shapes.OrderSerializer,
        responses=TopicSerializer(many=True),
    )
    @action(detail=True, methods=["put"], url_path="topics-order", pagination_class=None)
    def topic_order(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.OrderSerializer)
        actions.reorder(assessment=assessment, codes=data["codes"], by=self.user)
        return Response(TopicSerializer(assessment.topics.all(), many=True).data)

    @extend_schema(
        methods=["PUT"],
        summary="Screen a topic out, with the reason",
        request=shapes.ScreeningSerializer,
        responses=shapes.ScreeningSerializer,
    )
    @extend_schema(methods=["DELETE"], summary="Take a topic back", responses={204: None})
    @action(detail=True, methods=["put", "delete"], url_path="topics/<slug:code>/screening")
    def screening(self, request: Request, pk: int, code: str) -> Response:
        assessment = self.get_object()
        get_object_or_404(assessment.topics, code=code)
        if request.method == "DELETE":
            actions.take_back(assessment=assessment, topic=code, by=self.user)
            return Response(status=204)
        data = self.sent(shapes.ScreeningSerializer)
        actions.screen_out(assessment=assessment, topic=code, by=self.user, **data)
        return Response(data)

    @extend_schema(
        methods=["GET"],
        summary="Which impacts have happened or harm human rights",
        responses=shapes.ImpactsSerializer,
    )
    @extend_schema(
        methods=["PUT"],
        summary="Say which impacts have happened or harm human rights",
        description="Once there are results, with a reason.",
        request=shapes.SentImpactsSerializer,
        responses=shapes.ImpactsSerializer,
    )
    @action(detail=True, methods=["get", "put"], pagination_class=None)
    def impacts(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "PUT":
            data = self.sent(shapes.SentImpactsSerializer)
            for kind in IMPACTS:
                by_code(assessment.topics.all(), data[kind], kind)
            actions.judge_impacts(assessment=assessment, by=self.user, **data)
        rows = assessment.topics.order_by("position", "pk")
        codes = {}
        for kind in IMPACTS:
            codes[kind] = [row.code for row in rows if getattr(row, kind)]
        return Response(codes)

    @extend_schema(
        methods=["GET"],
        summary="Later years in which nothing material had changed",
        responses=shapes.ReassessmentSerializer(many=True),
    )
    @extend_schema(
        methods=["POST"],
        summary="Record that nothing material has changed in a later year",
        description="Of the last locked round. It is never changed: a newer record of the same "
        "year takes its place.",
        request=shapes.SentReassessmentSerializer,
        responses={201: shapes.ReassessmentSerializer},
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def reassessments(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "GET":
            rows = assessment.reassessments.standing()
            return Response(shapes.ReassessmentSerializer(rows, many=True).data)
        data = self.sent(shapes.SentReassessmentSerializer)
        row = actions.reassess(assessment=assessment, by=self.user, **data)
        return Response(shapes.ReassessmentSerializer(row).data, status=201)

    @extend_schema(
        summary="Stand for a record that somebody else made",
        description="A second time changes nothing.",
        request=NothingSerializer,
        responses=shapes.ReassessmentSerializer,
    )
    @action(detail=True, methods=["put"], url_path="reassessments/<int:number>/confirmation")
    def confirmation(self, request: Request, pk: int, number: int) -> Response:
        row = row_numbered(self.get_object().reassessments.all(), number)
        self.sent(NothingSerializer)
        actions.confirm_reassessment(reassessment=row, by=self.user)
        return Response(shapes.ReassessmentSerializer(row).data)

    @extend_schema(
        summary="Choose what the matrix shows",
        description="`classic` or `double`, until a questionnaire is published. Drafts of "
        "questionnaires are deleted.",
        request=shapes.PresetSerializer,
        responses=shapes.StartedSerializer,
    )
    @action(detail=True, methods=["put"])
    def preset(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.PresetSerializer)
        actions.set_preset(assessment=assessment, by=self.user, **data)
        return self._answer(assessment)

    @extend_schema(
        methods=["GET"], summary="Groups and panels", responses=shapes.GroupSerializer(many=True)
    )
    @extend_schema(
        methods=["POST"],
        summary="Add groups or panels",
        description="Of one's own, or suggested ones by their code.",
        request=shapes.AddGroupsSerializer,
        responses={201: shapes.GroupSerializer(many=True)},
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    @transaction.atomic
    def groups(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "POST":
            data = self.sent(shapes.AddGroupsSerializer)
            about = {"assessment": assessment, "by": self.user}
            if own := data.get("groups"):
                rated = {"dimension": data["dimension"], "together": data.get("together", True)}
                actions.add_groups(groups=own, **rated, **about)
            if suggested := data.get("suggested"):
                actions.add_suggested_groups(codes=suggested, **about)
        return self._groups(assessment, 201 if request.method == "POST" else 200)

    def _groups(self, assessment: Assessment, status: int = 200) -> Response:
        rows = assessment.groups.prefetch_related("weights__dimension", "engagements").order_by(
            "position", "pk"
        )
        return Response(shapes.GroupSerializer(rows, many=True).data, status=status)

    @extend_schema(
        methods=["PATCH"],
        summary="Rename a group, choose its topics, describe its engagement",
        request=shapes.DescribeGroupSerializer,
        responses=shapes.GroupSerializer(many=True),
    )
    @extend_schema(methods=["DELETE"], summary="Remove a group", responses={204: None})
    @action(
        detail=True,
        methods=["patch", "delete"],
        url_path="groups/<slug:code>",
        pagination_class=None,
    )
    @transaction.atomic
    def group(self, request: Request, pk: int, code: str) -> Response:
        assessment = self.get_object()
        group: StakeholderGroup = get_object_or_404(assessment.groups, code=code)
        if request.method == "DELETE":
            actions.remove_group(assessment=assessment, group=code, by=self.user)
            return Response(status=204)
        data = self.sent(shapes.DescribeGroupSerializer)
        engaged = {name: data.pop(name) for name in ENGAGEMENT if name in data}
        if engaged:
            lines = {name: shapes.lines_of(group, kind) for name, kind in LINES.items()}
            actions.describe_engagement(group=group, by=self.user, **{**lines, **engaged})
        if data:
            actions.describe_groups(assessment=assessment, groups={code: data}, by=self.user)
        return self._groups(assessment)

    @extend_schema(
        summary="Split a group",
        request=shapes.SplitSerializer,
        responses=shapes.GroupSerializer(many=True),
    )
    @action(
        detail=True, methods=["post"], url_path="groups/<slug:code>/split", pagination_class=None
    )
    def split(self, request: Request, pk: int, code: str) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.SplitSerializer)
        get_object_or_404(assessment.groups, code=code)
        actions.split_group(assessment=assessment, group=code, by=self.user, **data)
        return self._groups(assessment)

    @extend_schema(
        summary="Merge groups",
        request=shapes.MergeSerializer,
        responses=shapes.GroupSerializer(many=True),
    )
    @action(detail=True, methods=["post"], url_path="groups-merged", pagination_class=None)
    def merge(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.MergeSerializer)
        actions.merge_groups(assessment=assessment, by=self.user, **data)
        return self._groups(assessment)

    @extend_schema(
        summary="Put the groups in order",
        request=shapes.OrderSerializer,
        responses=shapes.GroupSerializer(many=True),
    )
    @action(detail=True, methods=["put"], url_path="groups-order", pagination_class=None)
    def group_order(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.OrderSerializer)
        actions.reorder_groups(assessment=assessment, by=self.user, **data)
        return self._groups(assessment)

    # ---- weights, rule, decisions ----

    @extend_schema(
        methods=["GET"],
        summary="What was fixed before the answers",
        description="As `inputs.registration` of a bundle (docs/bundle.md).",
        responses=OpenApiTypes.OBJECT,
    )
    @extend_schema(
        methods=["POST"],
        summary="Fix rule, weights, tiers and tests",
        description="Before answers are sealed or imported. Time-stamped where a service is set.",
        request=None,
        responses={201: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["get", "post"])
    def plan(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "GET":
            return Response(registration_of(assessment, plan_in_force(assessment)))
        actions.fix_plan(assessment=assessment, by=self.user)
        if settings.TIMESTAMP_URL:
            with suppress(NoTimeStamp):  # what was fixed stands; `stamp` tells that it has none
                actions.stamp_plan(assessment=assessment, by=self.user)
        return Response(registration_of(assessment, plan_in_force(assessment)), status=201)

    @extend_schema(
        summary="Weigh the groups",
        description="Once there are results, with a reason.",
        request=shapes.WeightsSerializer,
        responses=shapes.GroupSerializer(many=True),
    )
    @action(detail=True, methods=["patch"], pagination_class=None)
    def weights(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.WeightsSerializer)
        weights = {
            (group, dimension): value
            for dimension, row in data["weights"].items()
            for group, value in row.items()
        }
        reason = data.get("reason", "")
        actions.weigh(assessment=assessment, weights=weights, reason=reason, by=self.user)
        return self._groups(assessment)

    @extend_schema(
        methods=["GET"], summary="Known shares inside groups", responses=OpenApiTypes.OBJECT
    )
    @extend_schema(
        methods=["PUT"],
        summary="Set known shares inside groups",
        description="All at once. Parts stand once answers are sealed; shares can still change. "
        "Once there are results, with a reason.",
        request=shapes.KnownSharesSerializer,
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True, methods=["get", "put"], url_path="known-shares")
    def known_shares(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "PUT":
            data = self.sent(shapes.KnownSharesSerializer)
            actions.set_known_shares(
                assessment=assessment,
                shares=data["known_shares"],
                reason=data.get("reason", ""),
                by=self.user,
            )
        return Response({"known_shares": assessment.known_shares})

    @extend_schema(methods=["GET"], summary="The rule", responses=OpenApiTypes.OBJECT)
    @extend_schema(
        methods=["PATCH"],
        summary="Set the rule",
        description="Once there are results, with a reason.",
        request=shapes.SentRuleSerializer,
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True, methods=["get", "patch"])
    def rule(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        if request.method == "PATCH":
            data = self.sent(shapes.SentRuleSerializer, partial=True)
            actions.set_rule(assessment=assessment, by=self.user, **data)
        return Response(rule_of(Assessment.objects.get(pk=assessment.pk)))

    @extend_schema(
        summary="Decide tiers",
        description="A tier that differs from the suggestion needs a reason.",
        request=shapes.DecisionsSerializer,
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True, methods=["patch"])
    @transaction.atomic  # whoever is refused the results has decided nothing
    def decisions(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.DecisionsSerializer)
        chosen = {code: (row["tier"], row["reason"]) for code, row in data["decisions"].items()}
        actions.decide(assessment=assessment, decisions=chosen, by=self.user)
        results = snapshots.results_for(assessment)
        return Response({topic.code: topic.tier for topic in results.topics})

    @extend_schema(
        summary="Explain the changes of topics",
        description="All lines at once: they take the place of those before.",
        request=shapes.SuccessionsSerializer,
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True, methods=["put"])
    def successions(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.SuccessionsSerializer)
        lines = [actions.SuccessionLine(**row) for row in data["changes"]]
        actions.succeed(assessment=assessment, changes=lines, by=self.user)
        return Response({"changes": len(lines)})

    @extend_schema(
        summary="Explain the change of method since the last round",
        request=shapes.MethodReasonSerializer,
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True, methods=["put"], url_path="method-reason")
    @transaction.atomic
    def method_reason(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.MethodReasonSerializer)
        actions.explain_method(assessment=assessment, reason=data["reason"], by=self.user)
        if "maps_last_scale" in data:
            is_mapped = data["maps_last_scale"]
            actions.map_last_scale(assessment=assessment, is_mapped=is_mapped, by=self.user)
        return Response(data)

    # ---- approval, lock, files ----

    @extend_schema(
        summary="Approve, or ask for changes",
        description="`digest` is that of the results that were looked at.",
        request=shapes.VerdictSerializer,
        responses={201: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["post"])
    def approvals(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.VerdictSerializer)
        approval = actions.approve(assessment=assessment, by=self.user, **data)
        return Response({"verdict": approval.verdict, "digest": approval.digest}, status=201)

    @extend_schema(
        summary="Set whether a second person must approve",
        request=shapes.SecondPersonSerializer,
        responses=shapes.StartedSerializer,
    )
    @action(detail=True, methods=["put"], url_path="second-person")
    def second_person(self, request: Request, pk: int) -> Response:
        assessment, data = self.get_object(), self.sent(shapes.SecondPersonSerializer)
        actions.require_approval(
            assessment=assessment, required=data["is_needed"], reason=data["reason"], by=self.user
        )
        return self._answer(assessment)

    @extend_schema(
        summary="Lock the round", request=SureSerializer, responses=shapes.StartedSerializer
    )
    @action(detail=True, methods=["post"])
    def lock(self, request: Request, pk: int) -> Response:
        assessment = self.get_object()
        self.sent(SureSerializer)
        snapshots.lock(assessment=assessment, by=self.user)
        return self._answer(assessment)

    @extend_schema(
        summary="The files of the report, as one ZIP",
        description="202 as long as they are being made; ask for them first by POST.",
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            202: shapes.PackageSerializer,
        },
    )
    @action(detail=True, pagination_class=None)
    def files(self, request: Request, pk: int) -> HttpResponse:
        results = snapshots.results_to_print(self._scored_first())
        package = Package.objects.filter(key=order.key(results, order.USUAL)).first()
        if package is None or package.content is None:
            state = package.state if package else "none"
            return Response({"state": state}, status=202, headers={"Retry-After": "2"})
        answer = HttpResponse(bytes(package.content), content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="round-{pk}.zip"'
        return answer

    @extend_schema(
        summary="Have the files of the report made",
        description="A worker makes them; the same round gives the same files once.",
        request=None,
        responses={202: shapes.PackageSerializer},
    )
    @files.mapping.post
    def make_files(self, request: Request, pk: int) -> Response:
        assessment = self._scored_first()
        key = order.key(snapshots.results_to_print(assessment), order.USUAL)
        package = actions.ask_for_package(
            assessment=assessment, key=key, order=dict(order.USUAL), again=True
        )
        if not package.is_ready:
            tasks.make_package.enqueue(package.pk)
        return Response({"state": package.state}, status=202)

    def _scored_first(self) -> Assessment:
        """Return the round, to whom its files can be given: they hold what experts say.

        :raises ScoresFirst: this person has entries to score, independently of others.
        """
        assessment: Assessment = self.get_object()
        if still_to_score(assessment, self.user):
            raise ScoresFirst
        return assessment
