"""Starting a round, and the wording of a topic."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from materiality.actions import carry_over, describe_topic, start_round
from materiality.models import Assessment, Topic
from materiality.web.forms.fields import LANGUAGES, ActionForm, both_languages
from surveys.models import Organisation


class NewRoundForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Company"), empty_label=None
    )
    year = forms.CharField(label=_("Year"), max_length=20)
    previous = forms.ModelChoiceField(
        Assessment.objects.none(),
        label=_("Previous assessment"),
        required=False,
        empty_label=_("None"),
    )
    copy = forms.BooleanField(
        label=_("Copy last year’s topics, groups and weights"), required=False, initial=True
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = Organisation.objects.editable_by(user)  # type: ignore[attr-defined]
        unsucceeded = Assessment.objects.editable_by(user).filter(next=None)
        self.fields["previous"].queryset = unsucceeded.select_related("organisation")  # type: ignore[attr-defined]
        self.initial["previous"] = unsucceeded.first()

    @transaction.atomic
    def start(self, *, by: Any) -> Assessment:
        told = self.cleaned_data
        assessment = start_round(
            organisation=told["organisation"],
            year=told["year"],
            previous=told["previous"],
            by=by,
        )
        if told["previous"] and told["copy"]:
            carry_over(assessment=assessment)
        return assessment


class TopicForm(ActionForm):
    """Name and definition of a topic, in both languages."""

    def __init__(self, data: Any = None, *, topic: Topic) -> None:
        super().__init__(data, initial={"version": topic.assessment.version})
        self.topic, self.assessment = topic, topic.assessment
        for language, label in LANGUAGES:
            self.fields[f"name:{language}"] = forms.CharField(
                label=label, max_length=80, initial=topic.name.get(language, "")
            )
            self.fields[f"definition:{language}"] = forms.CharField(
                label=label,
                max_length=400,
                required=False,
                initial=topic.definition.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def names(self) -> list[forms.BoundField]:
        return [self[f"name:{language}"] for language, _label in LANGUAGES]

    @property
    def definitions(self) -> list[forms.BoundField]:
        return [self[f"definition:{language}"] for language, _label in LANGUAGES]

    def disable(self) -> None:
        for field in self.fields.values():
            field.disabled = True

    def save(self, *, by: Any) -> None:
        describe_topic(
            topic=self.topic,
            name=both_languages(self.cleaned_data, "name"),
            definition=both_languages(self.cleaned_data, "definition"),
            by=by,
            expected_version=self.cleaned_data["version"],
        )
