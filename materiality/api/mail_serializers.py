"""Shapes of mail: what it says, to whom it would go, what became of it."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from materiality.api.serializers import TextField
from materiality.api.survey_serializers import MOST
from surveys.api.fields import MomentField, SentSerializer, SentText
from surveys.mail.emails import LONGEST_BODY, LONGEST_SUBJECT
from surveys.models import Message, ReminderPlan

ROUNDED = "At most so many, in steps of five, where `rounded`: of a reminder of an anonymous survey"


class PlannedSerializer(serializers.ModelSerializer[ReminderPlan]):
    class Meta:
        model = ReminderPlan
        fields = ["at", "most", "done_at", "held"]


class MailSerializer(serializers.Serializer[Any]):
    """One mail of a survey. `count` is what pressing send would send, and has to be sent back."""

    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    rounded = serializers.BooleanField()
    count = serializers.IntegerField(help_text=ROUNDED)
    held = serializers.IntegerField(help_text="Not written to in test mode.")
    by_audience = serializers.DictField(child=serializers.IntegerField())
    first = serializers.ListField(
        child=serializers.EmailField(), help_text="For those who run the survey."
    )
    plan = PlannedSerializer(allow_null=True)


@extend_schema_serializer(many=False)
class MailsSerializer(serializers.Serializer[Any]):
    is_live = serializers.BooleanField(help_text="false: test mode.")
    test_addresses = serializers.ListField(child=serializers.CharField())
    is_sending = serializers.BooleanField()
    opted_out = serializers.IntegerField()
    bounced = serializers.IntegerField()
    failures = serializers.IntegerField()
    delivery = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()), help_text="Kind → state."
    )
    mails = MailSerializer(many=True, help_text="None once the survey is sealed.")


class SendSerializer(SentSerializer):
    count = serializers.IntegerField(min_value=0, max_value=MOST)
    not_before = MomentField(required=False, allow_null=True, default=None)


class PlanSerializer(SentSerializer):
    at = MomentField()
    most = serializers.IntegerField(min_value=1, max_value=MOST)


class MailedSerializer(serializers.Serializer[Any]):
    mails = serializers.IntegerField(help_text=ROUNDED)
    rounded = serializers.BooleanField()


class FailureSerializer(serializers.ModelSerializer[Message]):
    audience = serializers.SlugField(source="invitation.audience.code")
    email = serializers.EmailField(source="invitation.email")

    class Meta:
        model = Message
        fields = ["kind", "state", "error", "invitation", "audience", "email"]


class WordsSerializer(SentSerializer):
    """Subject and text in both languages; `{link}` and other placeholders are filled in."""

    subject = SentText(LONGEST_SUBJECT)
    body = SentText(LONGEST_BODY)


class ShownSerializer(serializers.Serializer[Any]):
    subject = serializers.CharField()
    body = serializers.CharField()


class MailTextSerializer(serializers.Serializer[Any]):
    occasion = serializers.CharField()
    subject = TextField()
    body = TextField()
    placeholders = serializers.ListField(child=serializers.CharField())
    shown = serializers.DictField(
        child=ShownSerializer(), help_text="As somebody will read it, by language."
    )
