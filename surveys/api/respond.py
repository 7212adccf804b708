"""Answer a survey by program: the same actions as the pages, the same refusals."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import (
    APIException,
    AuthenticationFailed,
    NotFound,
    Throttled,
)
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from surveys.actions import answer
from surveys.api.fields import SentSerializer
from surveys.errors import UnknownLink
from surveys.languages import CODES
from surveys.models import token_hash
from surveys.questionnaire import checks
from surveys.questionnaire.consent import consent_hash
from surveys.visit.rates import UNKNOWN
from surveys.visit.visits import Visit, find, unknown

KEYWORD = "Invitation"


class InvitationAuthentication(BaseAuthentication):
    """`Authorization: Invitation <token>`, the token of a personal link."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, str] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0] != KEYWORD:
            return None
        if len(words) != 2:
            raise AuthenticationFailed
        return AnonymousUser(), words[1]

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class InvitationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = InvitationAuthentication
    name = "invitationToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Invitation ` and the token of a personal link.",
        }


class TokenThrottle(SimpleRateThrottle):
    """A limit per link, not per address: an office of two hundred shares one address."""

    scope = "respond"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        ident = token_hash(str(request.auth)) if request.auth else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 1, "maximum": 5},
            {"type": "string", "enum": [checks.CANNOT_JUDGE_WORD]},
        ],
        "nullable": True,
    }
)
class RatingField(serializers.Field[Any, Any, Any, Any]):
    """Handed on as it came: the action judges every rating, in one place."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class ResponseSerializer(SentSerializer):
    submission = serializers.UUIDField(
        help_text="Made by you. Sending the same again with the same id changes nothing."
    )
    consent = serializers.RegexField(
        "^[0-9a-f]{64}$", help_text="`consent.sha256` of the questionnaire the person agreed to."
    )
    ratings = serializers.DictField(
        child=RatingField(allow_null=True),
        help_text="Every question you were asked: id → 1 to 5, `cannot_judge`, or null for blank.",
    )
    comment = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=checks.LONGEST_COMMENT
    )


class ReceiptSerializer(serializers.Serializer[Any]):
    receipt = serializers.RegexField("^[2-9A-Z]{4}-[2-9A-Z]{4}$")


class PromptSerializer(serializers.Serializer[Any]):
    code = serializers.SlugField()
    text = serializers.DictField(child=serializers.CharField())
    hint = serializers.DictField(child=serializers.CharField())
    labels = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    cannot_judge = serializers.DictField(child=serializers.CharField())


class QuestionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    title = serializers.DictField(child=serializers.CharField())
    help = serializers.DictField(child=serializers.CharField())
    prompt = PromptSerializer()


class ConsentSerializer(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=CODES)
    text = serializers.CharField()
    sha256 = serializers.CharField()


class QuestionnaireSerializer(serializers.Serializer[Any]):
    title = serializers.DictField(child=serializers.CharField())
    mode = serializers.CharField()
    simulated = serializers.BooleanField()
    is_open = serializers.BooleanField()
    closes_at = serializers.DateTimeField()
    audience = serializers.SlugField()
    consent = ConsentSerializer(many=True)
    questions = QuestionSerializer(many=True)


class HasToken(BasePermission):
    """A token was sent. Whether it opens anything, the action finds out."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.auth)


class RespondentView(APIView):
    authentication_classes = (InvitationAuthentication,)
    permission_classes = (HasToken,)
    throttle_classes = (TokenThrottle,)


class QuestionnaireView(RespondentView):
    @extend_schema(
        summary="What this invitation is asked", responses=QuestionnaireSerializer, tags=["respond"]
    )
    def get(self, request: Request) -> Response:
        if (visit := find(str(request.auth))) is None:
            raise _not_found(request)
        return Response(QuestionnaireSerializer(_questionnaire_facts(visit)).data)


class ResponsesView(RespondentView):
    @extend_schema(
        summary="Hand in a response",
        description="The last response before the survey closes counts. Repeating one is harmless.",
        request=ResponseSerializer,
        responses=ReceiptSerializer,
        tags=["respond"],
        examples=[
            OpenApiExample(
                "Three questions",
                request_only=True,
                value={
                    "submission": "0d4f2c9e-5c1e-4a53-9a3f-2f6f5a1f7f10",
                    "consent": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "ratings": {"101": 5, "102": "cannot_judge", "103": None},
                    "comment": "",
                },
            ),
            OpenApiExample("Receipt", response_only=True, value={"receipt": "7F3K-29QD"}),
        ],
    )
    def post(self, request: Request) -> Response:
        sent = ResponseSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            receipt = answer.submit(str(request.auth), **sent.validated_data)
        except UnknownLink as error:
            raise _not_found(request) from error
        return Response({"receipt": receipt})


def _not_found(request: Request) -> APIException:
    refusal = unknown(request.META.get("REMOTE_ADDR", ""))
    if isinstance(refusal, UnknownLink):
        return NotFound(str(refusal))
    return Throttled(wait=UNKNOWN.window, detail=str(refusal))


def _questionnaire_facts(visit: Visit) -> dict[str, Any]:
    survey = visit.form.survey
    return {
        "title": survey.title,
        "mode": survey.mode,
        "simulated": survey.simulated,
        "is_open": visit.is_open,
        "closes_at": survey.closes_at,
        "audience": visit.form.audience.code,
        "questions": list(visit.form.questions.values()),
        "consent": [
            {"language": code, "text": text, "sha256": consent_hash(survey.consent, code)}
            for code, text in survey.consent.items()
        ],
    }


urlpatterns = [
    path("questionnaire/", QuestionnaireView.as_view(), name="questionnaire"),
    path("responses/", ResponsesView.as_view(), name="responses"),
]
