"""Mail: its words, what goes out to whom and when, and what became of it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from materiality import actions
from materiality.api import mail_serializers as shapes
from materiality.api.access import OfSurvey
from materiality.models import Access
from surveys.api.fields import NothingSerializer
from surveys.mail import delivery, recipients
from surveys.mail.emails import PLACEHOLDERS, mail_text, samples
from surveys.mail.recipients import is_live
from surveys.models import MailText, Message
from surveys.models.organisations import MAY_EDIT

Kind = Message.Kind


class MailViewSet(OfSurvey):
    """The invitation and the reminders of a survey."""

    queryset = Message.objects.none()
    lookup_url_kwarg = "kind"
    lookup_value_converter = "slug"

    @extend_schema(
        summary="What would go out, and what went out",
        responses=shapes.MailsSerializer,
    )
    def list(self, request: Request, pk: int) -> Response:
        body = {
            "is_live": is_live(self.survey.organisation),
            "test_addresses": settings.MAIL_TEST_ADDRESSES if self.runs else [],
            "is_sending": delivery.is_sending(self.survey),
            **delivery.unreachable(self.survey),
            "failures": delivery.failures(self.survey).count(),
            "delivery": delivery.delivery(self.survey),
            "mails": list(self._mails()),
        }
        return Response(shapes.MailsSerializer(body).data)

    def _mails(self) -> Iterator[dict[str, Any]]:
        if self.survey.is_sealed:
            return
        plans = {plan.kind: plan for plan in self.survey.reminder_plans.all()}
        yield from (self._mail(kind, plans.get(kind)) for kind in recipients.kinds(self.survey))

    def _mail(self, kind: Kind, plan: Any) -> dict[str, Any]:
        preview = recipients.preview(self.survey, kind)
        return {
            "kind": kind,
            "rounded": recipients.is_rounded(self.survey, kind),
            "count": preview.count,
            "held": preview.held,
            "by_audience": preview.by_audience,
            "first": preview.first if self.runs else [],
            "plan": plan,
        }

    @extend_schema(
        summary="Send a mail",
        description="To everybody who is to get it. `count` has to be the count of the preview: "
        "if it is another by now, nothing is sent.",
        request=shapes.SendSerializer,
        responses=shapes.MailedSerializer,
    )
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: int, kind: str) -> Response:
        return self._mailed(actions.send_mail, **self.sent(shapes.SendSerializer))

    @extend_schema(
        summary="Stop a mail",
        description="Takes back what has not been tried, and the plan of that reminder.",
        request=NothingSerializer,
        responses=shapes.MailedSerializer,
    )
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: int, kind: str) -> Response:
        return self._mailed(actions.stop_mail, **self.sent(NothingSerializer))

    @extend_schema(
        summary="Try refused mails again",
        request=NothingSerializer,
        responses=shapes.MailedSerializer,
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: int, kind: str) -> Response:
        return self._mailed(actions.retry_mail, **self.sent(NothingSerializer))

    @extend_schema(
        summary="Let a reminder go out by itself",
        request=shapes.PlanSerializer,
        responses=shapes.PlannedSerializer,
    )
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: int, kind: str) -> Response:
        actions.plan_reminder(kind=self._kind(), **self.sent(shapes.PlanSerializer), **self.who)
        made = self.survey.reminder_plans.get(kind=kind)
        return Response(shapes.PlannedSerializer(made).data)

    def _mailed(self, act: Callable[..., int], **values: Any) -> Response:
        kind = self._kind()
        mails = act(kind=kind, **values, **self.who)
        return Response({"mails": mails, "rounded": recipients.is_rounded(self.survey, kind)})

    def _kind(self) -> str:
        return _one_of(Kind.values, self.kwargs["kind"])


class FailureViewSet(OfSurvey):
    """Mails that were refused or perhaps went out, as far as it may be told whose they are."""

    queryset = Message.objects.none()
    serializer_class = shapes.FailureSerializer
    reads = MAY_EDIT
    notes = {"list": (Access.Kind.READ_LIST, "mail failures")}

    @extend_schema(summary="Mails that went wrong")
    def list(self, request: Request, pk: int) -> Response:
        return self.paged(delivery.failures(self.survey), shapes.FailureSerializer)


OCCASION = OpenApiParameter(
    "occasion", OpenApiTypes.STR, OpenApiParameter.PATH, enum=MailText.Occasion.values
)


class MailTextViewSet(OfSurvey):
    """What the invitation and the reminders say."""

    queryset = MailText.objects.none()
    serializer_class = shapes.MailTextSerializer
    lookup_url_kwarg = "occasion"
    lookup_value_converter = "slug"

    @extend_schema(summary="The words of a mail", parameters=[OCCASION])
    def retrieve(self, request: Request, pk: int, occasion: str) -> Response:
        return self._answer(_one_of(MailText.Occasion.values, occasion))

    @extend_schema(summary="Write a mail", request=shapes.WordsSerializer, parameters=[OCCASION])
    def update(self, request: Request, pk: int, occasion: str) -> Response:
        known = _one_of(MailText.Occasion.values, occasion)
        actions.write_mail(occasion=known, **self.sent(shapes.WordsSerializer), **self.who)
        return self._answer(known)

    def _answer(self, occasion: str) -> Response:
        subject, body = mail_text(self.survey, occasion)
        mails = {
            code: {"subject": subject, "body": body}
            for code, (subject, body) in samples(self.survey, occasion).items()
        }
        row = {
            "occasion": occasion,
            "subject": subject,
            "body": body,
            "placeholders": PLACEHOLDERS,
            "shown": mails,
        }
        return Response(shapes.MailTextSerializer(row).data)


def _one_of(known: list[str], name: str) -> str:
    if name not in known:
        raise Http404
    return name
