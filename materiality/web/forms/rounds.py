"""Starting a round."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from materiality.actions import carry_over, start_round
from materiality.models import Assessment
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
