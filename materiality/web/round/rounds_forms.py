"""Starting a round."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from materiality.actions import carry_over, start_round
from materiality.actions.lastyear import ask_again
from materiality.models import Assessment, Reassessment
from materiality.selectors.rounds import preset_of, unsucceeded
from materiality.web.fields import offer
from surveys.models import Organisation


class NewRoundForm(forms.Form):
    """A round of one organisation; without an earlier one there is nothing to copy."""

    year = forms.CharField(label=_("Year the report is about"), max_length=20)
    preset = forms.ChoiceField(
        label=_("What the matrix shows"),
        choices=[
            ("classic", _("Importance to stakeholders × impact")),
            ("double", _("Double materiality: impact × financial effect")),
        ],
        required=False,
    )
    previous = forms.ModelChoiceField(
        Assessment.objects.none(),
        label=_("Previous assessment"),
        required=False,
        empty_label=_("None"),
    )
    copy = forms.BooleanField(
        label=_("Copy last year’s topics, groups, weights, engagement and questionnaires"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisation = organisation
        rounds = unsucceeded(organisation.pk)
        last = rounds.first()
        self.initial.update(year=str(timezone.localdate().year), preset="classic")
        if last is None:
            del self.fields["previous"], self.fields["copy"]
            return
        offer(self, "previous", rounds)
        self.initial["previous"] = last
        self.initial["preset"] = preset_of(last)
        if last.year.isdecimal():
            self.initial["year"] = self._next_year(last)

    def _next_year(self, last: Assessment) -> str:
        """Return the first year after the last round that was not found unchanged."""
        unchanged = {row.year for row in last.reassessments.standing() if row.holds}
        year = int(last.year) + 1
        while str(year) in unchanged:
            year += 1
        return str(year)

    @property
    def unchanged(self) -> Reassessment | None:
        """The conclusion that nothing had changed in the year that was entered, if there is one."""
        rows = Reassessment.objects.filter(
            assessment__organisation=self.organisation, year=self.cleaned_data["year"]
        )
        return next((row for row in rows.standing() if row.holds), None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        previous, year = data.get("previous"), data.get("year", "")
        if previous and previous.is_after(year):
            sentence = _("%(year)s is later than %(own)s. Choose an earlier round.")
            values = {"year": previous.year, "own": year}
            self.add_error("previous", forms.ValidationError(sentence, params=values))
        return data

    @transaction.atomic
    def start(self, *, by: Any) -> Assessment:
        data = self.cleaned_data
        previous = data.get("previous")
        assessment = start_round(
            organisation=self.organisation,
            year=data["year"],
            previous=previous,
            preset=data["preset"] or None,
            by=by,
        )
        if previous and data["copy"]:
            carry_over(assessment=assessment, by=by)
            ask_again(assessment=assessment, by=by)
        return assessment
