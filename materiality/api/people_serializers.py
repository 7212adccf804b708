"""Shapes of the people who are asked, and of the answers they give on paper or elsewhere."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from materiality.api.survey_serializers import MOST_AT_ONCE
from surveys.api.fields import SentSerializer
from surveys.api.respond import RatingField
from surveys.languages import CODES
from surveys.models import Invitation
from surveys.questionnaire.checks import LONGEST_COMMENT


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """Who is asked. Whether they answered is not told."""

    audience = serializers.SlugField(source="audience.code")

    class Meta:
        model = Invitation
        fields = ["id", "audience", "name", "email", "subgroup", "language", "source", "reach"]


class PersonSerializer(SentSerializer):
    audience = serializers.CharField(max_length=100)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True, default="")
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    subgroup = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    language = serializers.ChoiceField(
        choices=CODES, required=False, default=str, help_text="Left out: the survey’s first."
    )


class PeopleSerializer(SentSerializer):
    people = PersonSerializer(many=True, allow_empty=False, max_length=MOST_AT_ONCE)  # type: ignore[call-arg]


class AddressSerializer(SentSerializer):
    """Who somebody is; what is left out stays."""

    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    subgroup = serializers.CharField(max_length=100, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        values = {name: getattr(self.instance, name) for name in ("name", "email", "subgroup")}
        whole = values | attrs
        if not (whole["name"] or whole["email"]):
            raise serializers.ValidationError(_("Give a name or a mail address."))
        return whole


class InvitedSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    known = serializers.IntegerField()


class ErasedSerializer(serializers.Serializer[Any]):
    surveys = serializers.IntegerField(help_text="From how many surveys somebody was erased.")


class KeptMailSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    state = serializers.CharField()
    sent_at = serializers.CharField(allow_null=True)


class KeptDataSerializer(serializers.Serializer[Any]):
    """What is kept under an address in one survey; the answers where it is named."""

    survey = serializers.DictField()
    mode = serializers.CharField()
    kept_until = serializers.CharField()
    audience = serializers.DictField()
    mails = KeptMailSerializer(many=True)
    name = serializers.CharField()
    email = serializers.CharField()
    subgroup = serializers.CharField()
    language = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    reach = serializers.CharField()
    state = serializers.CharField(required=False)
    answers = serializers.ListField(child=serializers.DictField(), required=False)
    comment = serializers.CharField(required=False, allow_null=True)


class RowErrorSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    value = serializers.CharField()
    reason = serializers.CharField()


class RowErrorsSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    problems = RowErrorSerializer(many=True, required=False)


class PeopleFileSerializer(SentSerializer):
    file = serializers.FileField(allow_empty_file=True)
    audience = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of everybody in the file.",
    )
    mapping = serializers.CharField(
        max_length=200_000,
        required=False,
        allow_blank=True,
        default="",
        help_text="JSON: what you say of the file. `columns`: heading or “#3” → email, name, "
        "first_name, last_name, audience, subgroup, language, state, or “” to leave it out; "
        "`groups`, `languages`, `states`: value → what it means (states: open, bounced, "
        "opted_out); `encoding`, `delimiter`, `sheet`, `headings`.",
    )
    rehearsal = serializers.BooleanField(
        required=False, default=False, help_text="true: read it, add nobody."
    )


class MovedSerializer(serializers.Serializer[Any]):
    who = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class ChangesSerializer(serializers.Serializer[Any]):
    """What changes beside last round’s list; of those moved or gone, the first are named."""

    new = serializers.IntegerField()
    same = serializers.IntegerField()
    moved_count = serializers.IntegerField()
    moved = MovedSerializer(many=True)
    gone_count = serializers.IntegerField()
    gone = serializers.ListField(child=serializers.CharField())


class AddedListSerializer(serializers.Serializer[Any]):
    """What became of the rows. `to_add` are those that can be added, `added` those that were."""

    rehearsal = serializers.BooleanField()
    added = serializers.IntegerField()
    to_add = serializers.IntegerField()
    known = serializers.IntegerField(help_text="On the list already.")
    without_mail = serializers.IntegerField(help_text="They get a link to be handed over.")
    not_written_to = serializers.IntegerField(help_text="Opted out, or their mail came back.")
    columns = serializers.DictField(child=serializers.CharField())
    first = serializers.IntegerField(help_text="Row at which the people begin.")
    problem_count = serializers.IntegerField()
    problems = RowErrorSerializer(many=True)
    changes = ChangesSerializer(allow_null=True)


class ListQuestionSerializer(serializers.Serializer[Any]):
    step = serializers.CharField()
    value = serializers.CharField()
    count = serializers.IntegerField()
    choices = serializers.ListField(child=serializers.CharField())
    examples = serializers.DictField(required=False)
    sentence = serializers.CharField()


class UnclearListSerializer(serializers.Serializer[Any]):
    """Why nobody was added: `questions` to answer in the mapping."""

    code = serializers.CharField()
    detail = serializers.CharField()
    questions = ListQuestionSerializer(many=True, required=False)
    header = serializers.ListField(child=serializers.CharField(), required=False)


class LinksSerializer(SentSerializer):
    audience = serializers.CharField(max_length=100)
    count = serializers.IntegerField(min_value=1, max_value=MOST_AT_ONCE, default=1)
    language = serializers.ChoiceField(
        choices=CODES, default=str, help_text="Left out: the survey’s first."
    )


class MadeLinksSerializer(serializers.Serializer[Any]):
    links = serializers.ListField(child=serializers.URLField())


class HandOutSerializer(SentSerializer):
    audience = serializers.CharField(
        max_length=100, default="", allow_blank=True, help_text="All groups if it is left out."
    )


class HandedOutSerializer(serializers.Serializer[Any]):
    """Somebody's link."""

    invitation = serializers.IntegerField(source="person.pk")
    audience = serializers.SlugField(source="person.audience.code")
    name = serializers.CharField(source="person.name")
    email = serializers.CharField(source="person.email")
    subgroup = serializers.CharField(source="person.subgroup")
    language = serializers.CharField(source="person.language")
    address = serializers.URLField()
    code = serializers.CharField(help_text="For a letter: easier to type.")


class EntrySerializer(SentSerializer):
    """An interview, or a paper form."""

    audience = serializers.CharField(max_length=100)
    submission = serializers.UUIDField(help_text="Made by you, as of a respondent’s answer.")
    ratings = serializers.DictField(child=RatingField(allow_null=True))
    comment = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_COMMENT)
    name = serializers.CharField(
        default="", allow_blank=True, max_length=200, help_text="Whose; of a named survey."
    )
    agreed = serializers.BooleanField(
        help_text="true: this person was told how the answers are used, and agreed."
    )

    def validate_agreed(self, agreed: bool) -> bool:
        if not agreed:
            raise serializers.ValidationError(
                _("Enter answers only of people who were told how they are used, and agreed.")
            )
        return agreed
