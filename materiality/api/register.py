"""The register by program: entries, where they come from, scores, and what follows for topics."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from materiality import actions
from materiality.actions.register import merged, topics_after
from materiality.actions.register_scales import Meaning, scales_version
from materiality.actions.register_scores import thresholds_version
from materiality.api import register_serializers as shapes
from materiality.api.access import EVERYBODY, TeamViewSet
from materiality.api.refusals import by_code
from materiality.inputs.register import Reading, Register
from materiality.models import Assessment, Iro, IroKind, Scope
from materiality.models.register import ASKED, LINKED
from materiality.selectors.register import (
    fates,
    progress_of,
    sees_beside,
    sees_scores,
    still_to_score,
)
from surveys.api.fields import NothingSerializer
from surveys.models.organisations import MAY_DECIDE

STATES = ("open", "closed", "all")
VERSION = OpenApiParameter("version", int, description=shapes.VERSION)
SOUGHT = [
    OpenApiParameter("topic", str, description="The code of a topic."),
    OpenApiParameter("kind", str, enum=IroKind.values),
    OpenApiParameter("state", str, enum=STATES, description="`open`, if nothing is sent."),
]


class OfRound(TeamViewSet):
    """Calls about what one round has, `pk` in their address."""

    queryset = Assessment.objects.none()
    scope = Scope.DECIDE
    assessment: Assessment

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        mine: Any = Assessment.objects.visible_to(self.user).with_role(self.user)
        assessment = mine.select_related("organisation", "snapshot").filter(pk=kwargs["pk"]).first()
        if assessment is None:
            raise Http404
        self.require_role(assessment.role)
        self.assessment = assessment
        self.organisation = assessment.organisation

    def version_asked(self) -> int | None:
        """Return the version in the address; None where none is sent."""
        version = self.request.query_params.get("version")
        if version is None:
            return None
        if not (version.isascii() and version.isdecimal() and len(version) < 10):
            raise ValidationError({"version": [_("Send the number that you read.")]})
        return int(version)


class RegisterViewSet(OfRound):
    """Impacts, risks and opportunities under the topics of a round."""

    serializer_class = shapes.IroSerializer
    lookup_url_kwarg = "code"
    lookup_value_converter = "slug"
    writes_by_action = {"scores": EVERYBODY, "consensus": MAY_DECIDE}

    def _iro(self) -> Iro:
        rows = self.assessment.iros.select_related("topic", "step", "evidence_file")
        row: Iro = get_object_or_404(rows, code=self.kwargs["code"])
        row.assessment = self.assessment
        return row

    def _with_step(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what was sent with the named stage itself in place of its code."""
        if "step" not in data:
            return data
        steps = self.assessment.chain_steps.all()
        step = by_code(steps, [data["step"]], "step")[0] if data["step"] else None
        return {**data, "step": step}

    def _answer(self, row: Iro, status: int = 200) -> Response:
        return Response(shapes.IroSerializer(row).data, status=status)

    @extend_schema(summary="Entries of the register", parameters=SOUGHT)
    def list(self, request: Request, pk: int) -> Response:
        sought = {name: request.query_params.get(name, "") for name in ("topic", "kind", "state")}
        known = {"kind": IroKind.values, "state": STATES}
        for name, values in known.items():
            if sought[name] and sought[name] not in values:
                raise ValidationError({name: [_("Send one of: %s.") % ", ".join(values)]})
        rows = self.assessment.iros.select_related("topic", "step", "evidence_file", "assessment")
        if sought["state"] != "all":
            rows = rows.filter(closed_at__isnull=sought["state"] != "closed")
        if sought["topic"]:
            rows = rows.filter(topic__code=sought["topic"].replace("\x00", ""))
        if sought["kind"]:
            rows = rows.filter(kind=sought["kind"])
        rows = rows.prefetch_related("predecessors__before", *LINKED)
        return self.paged(rows, shapes.IroSerializer)

    @extend_schema(
        summary="Add an entry to the register",
        request=shapes.DescribedIroSerializer,
        responses={201: shapes.IroSerializer},
    )
    def create(self, request: Request, pk: int) -> Response:
        data = self._with_step(self.sent(shapes.DescribedIroSerializer))
        row = actions.add_iro(assessment=self.assessment, by=self.user, **data)
        return self._answer(row, 201)

    @extend_schema(summary="An entry of the register")
    def retrieve(self, request: Request, pk: int, code: str) -> Response:
        return self._answer(self._iro())

    @extend_schema(
        summary="Change an entry of the register",
        request=shapes.ChangedIroSerializer,
        responses=shapes.IroSerializer,
    )
    def partial_update(self, request: Request, pk: int, code: str) -> Response:
        row, data = self._iro(), self._with_step(self.sent(shapes.ChangedIroSerializer))
        version = data.pop("version")
        changed = merged(row, data)
        actions.describe_iro(iro=row, by=self.user, expected_version=version, **changed)
        return self._answer(self._iro())

    @extend_schema(
        methods=["PUT"],
        summary="Close an entry, with the reason",
        request=shapes.ClosingSerializer,
        responses=shapes.IroSerializer,
    )
    @extend_schema(
        methods=["DELETE"],
        summary="Open a closed entry again",
        parameters=[VERSION],
        responses={204: None},
    )
    @action(detail=True, methods=["put", "delete"])
    def closing(self, request: Request, pk: int, code: str) -> Response:
        row = self._iro()
        if request.method == "DELETE":
            version = self.version_asked()
            actions.reopen_iro(iro=row, by=self.user, expected_version=version)
            return Response(status=204)
        data = self.sent(shapes.ClosingSerializer)
        actions.close_iro(
            iro=row, reason=data["reason"], by=self.user, expected_version=data["version"]
        )
        return self._answer(self._iro())

    @extend_schema(methods=["GET"], summary="Scores of an entry", responses=shapes.ScoresSerializer)
    @extend_schema(
        methods=["PUT"],
        summary="Score an entry",
        description="For whom it is assigned to: one's own score, with the reason.",
        request=shapes.SentScoreSerializer,
        responses=shapes.ScoresSerializer,
    )
    @action(detail=True, methods=["get", "put"], pagination_class=None)
    def scores(self, request: Request, pk: int, code: str) -> Response:
        row = self._iro()
        if request.method == "PUT":
            data = self.sent(shapes.SentScoreSerializer)
            version = data.pop("version")
            actions.score_iro(iro=row, expert=self.user, expected_version=version, **data)
        return self._scores(row)

    def _scores(self, row: Iro) -> Response:
        seen = sees_scores(self.assessment, row, self.user)
        outcome = Register(self.assessment).scored(row) if seen else None
        beside = (
            outcome.beside if outcome and sees_beside(self.assessment, row, self.user) else None
        )
        values = {
            "sheet": row.sheet.value,
            "asked": ASKED[row.sheet],
            **self._reading(row, row.is_net, outcome.counting if outcome else None),
            "beside": self._reading(row, not row.is_net, beside),
        }
        return Response(shapes.ScoresSerializer(values).data)

    def _reading(self, row: Iro, is_net: bool, reading: Reading | None) -> dict[str, Any]:
        scores = row.scores.filter(expert=self.user, sheet=row.sheet.value, is_net=is_net)
        return {
            "is_net": is_net,
            "own": scores.first(),
            "scores": [shapes.single(*line) for line in reading.lines] if reading else None,
            "consensus": reading.consensus if reading else None,
            "follows": shapes.follows(reading.scored) if reading else None,
        }

    @extend_schema(
        methods=["PUT"],
        summary="Write down what the experts agreed on",
        description="It counts instead of their median; their scores stay beside it.",
        request=shapes.AgreedScoreSerializer,
        responses=shapes.ScoresSerializer,
    )
    @extend_schema(
        methods=["DELETE"],
        summary="Take a consensus back",
        parameters=[VERSION],
        responses={204: None},
    )
    @action(detail=True, methods=["put", "delete"])
    def consensus(self, request: Request, pk: int, code: str) -> Response:
        row = self._iro()
        if request.method == "DELETE":
            version = self.version_asked()
            actions.disagree_iro(iro=row, by=self.user, expected_version=version)
            return Response(status=204)
        data = self.sent(shapes.AgreedScoreSerializer)
        version = data.pop("version")
        actions.agree_iro(iro=row, by=self.user, expected_version=version, **data)
        return self._scores(row)


class RegisterLinesViewSet(OfRound):
    """What became of last round's register."""

    pagination_class = None

    @extend_schema(
        summary="What became of last round’s entries", responses=shapes.FateSerializer(many=True)
    )
    def list(self, request: Request, pk: int) -> Response:
        rows = fates(self.assessment, topics_after(self.assessment))
        return Response(shapes.FateSerializer(rows, many=True).data)

    @extend_schema(
        summary="Take over last round’s entries that nothing is said of",
        description="Those whose topic does not go on stay, for people to decide.",
        request=NothingSerializer,
        responses=shapes.TakenOverSerializer,
    )
    @action(detail=False, methods=["post"])
    def carried(self, request: Request, pk: int) -> Response:
        self.sent(NothingSerializer)
        return Response({"codes": actions.carry_iros(assessment=self.assessment, by=self.user)})

    @extend_schema(
        summary="Say of last round’s entries that they do not go on",
        request=shapes.EndedSerializer,
        responses=shapes.FateSerializer(many=True),
    )
    @action(detail=False, methods=["post"])
    def ended(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.EndedSerializer)
        actions.end_iros(assessment=self.assessment, by=self.user, **data)
        return self.list(request, pk)

    @extend_schema(
        summary="Take back that last round’s entries do not go on",
        request=shapes.CodesSerializer,
        responses=shapes.FateSerializer(many=True),
    )
    @action(detail=False, methods=["post"])
    def resumed(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.CodesSerializer)
        ended = self.assessment.iro_lines.filter(after=None).select_related("before")
        by_code([line.before for line in ended], data["codes"], "codes")
        actions.resume_iros(assessment=self.assessment, by=self.user, **data)
        return self.list(request, pk)


class RegisterExpertsViewSet(OfRound):
    """Who is asked to score entries, and how far they are."""

    pagination_class = None

    @extend_schema(
        summary="Experts and how far they are", responses=shapes.ExpertProgressSerializer(many=True)
    )
    def list(self, request: Request, pk: int) -> Response:
        return Response(
            shapes.ExpertProgressSerializer(progress_of(self.assessment), many=True).data
        )

    @extend_schema(
        summary="Assign entries to experts, or take them away",
        request=shapes.AssignmentSerializer,
        responses={200: shapes.AssignedSerializer},
    )
    def create(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.AssignmentSerializer)
        rows = by_code(self.assessment.iros.open(), data["entries"], "entries")
        verb = actions.unassign_iros if data["take_away"] else actions.assign_iros
        count = verb(
            assessment=self.assessment,
            codes=[row.code for row in rows],
            experts=self._people(data["experts"]),
            by=self.user,
        )
        return Response({"count": count})

    @extend_schema(
        summary="Remind experts by mail of what waits for their score",
        description="Each in the language they last signed in in. Nobody gets two within three "
        "days.",
        request=shapes.RemindedSerializer,
        responses=shapes.RemindersSerializer,
    )
    @action(detail=False, methods=["post"])
    def reminders(self, request: Request, pk: int) -> Response:
        experts = self._people(self.sent(shapes.RemindedSerializer)["experts"])
        reminders = actions.write_to_iro_experts(
            assessment=self.assessment, experts=experts, by=self.user
        )
        addresses = {
            "sent": [expert.email for expert in reminders.sent],
            "unsent": [expert.email for expert in reminders.unsent],
        }
        return Response(shapes.RemindersSerializer(addresses).data)

    def _people(self, addresses: Sequence[str]) -> Sequence[User]:
        """Return who is meant: people of the organisation, and who is asked still and has left."""
        members = User.objects.filter(memberships__organisation=self.assessment.organisation)
        assigned = User.objects.filter(iro_assignments__iro__assessment=self.assessment)
        known = {one.email.casefold(): one for one in (*assigned.distinct(), *members)}
        people = []
        for address in addresses:
            person = known.get(address.casefold())
            if person is None:
                sentence = _("Nobody of the organisation has the address %(address)s.")
                raise ValidationError({"experts": [sentence % {"address": address}]})
            people.append(person)
        return people


class RegisterThresholdsViewSet(OfRound):
    """From which value on entries of a kind are material."""

    pagination_class = None
    writes = MAY_DECIDE

    @extend_schema(summary="Thresholds of the register", responses=shapes.ThresholdsSerializer)
    def list(self, request: Request, pk: int) -> Response:
        rows = list(self.assessment.iro_thresholds.all())
        values = {"thresholds": rows, "version": thresholds_version(rows)}
        return Response(shapes.ThresholdsSerializer(values).data)

    @extend_schema(
        summary="Set thresholds of the register",
        description="Before scores are known: it is told of each how many were. Kinds that are not "
        "named stay.",
        request=shapes.SentThresholdsSerializer,
        responses=shapes.ThresholdsSerializer,
    )
    def set_some(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.SentThresholdsSerializer)
        values = {row["kind"]: (row["value"], row["reason"]) for row in data["thresholds"]}
        actions.set_iro_thresholds(
            assessment=self.assessment,
            values=values,
            by=self.user,
            expected_version=data["version"],
        )
        return self.list(request, pk)


class RegisterScalesViewSet(OfRound):
    """What the numbers mean that entries are scored by."""

    pagination_class = None
    writes = MAY_DECIDE

    @extend_schema(summary="What the numbers mean", responses=shapes.MeaningsSerializer)
    def list(self, request: Request, pk: int) -> Response:
        rows = list(self.assessment.iro_scales.all())
        values = {"scales": rows, "version": scales_version(rows)}
        return Response(shapes.MeaningsSerializer(values).data)

    @extend_schema(
        summary="Say what the numbers mean",
        description="In words, or of the financial magnitude in money bands. Criteria that are not "
        "named stay.",
        request=shapes.SentMeaningsSerializer,
        responses=shapes.MeaningsSerializer,
    )
    def set_some(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.SentMeaningsSerializer)
        meanings = {
            (row.pop("criterion"), row.pop("horizon")): Meaning(**row) for row in data["scales"]
        }
        actions.set_iro_scales(
            assessment=self.assessment,
            meanings=meanings,
            by=self.user,
            expected_version=data["version"],
        )
        return self.list(request, pk)


class RegisterVerdictsViewSet(OfRound):
    """What follows for topics and entries."""

    pagination_class = None

    @extend_schema(
        summary="What follows for topics and entries", responses=shapes.VerdictsSerializer
    )
    def list(self, request: Request, pk: int) -> Response:
        waiting = still_to_score(self.assessment, self.user)
        register = Register(self.assessment)
        values = {
            "waiting": waiting,
            "topics": [] if waiting else register.topics,
            "entries": [] if waiting else [shapes.verdict(row) for row in register.sure_entries],
        }
        return Response(shapes.VerdictsSerializer(values).data)
