"""Starting a round."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from materiality.actions import carry_over, enter_last_list, follow, start_round
from materiality.actions.lastyear import ask_again
from materiality.actions.rounds import preset_of
from materiality.models import Assessment
from materiality.web.fields import ActionForm, languages_of, offer
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
        rounds = Assessment.objects.filter(organisation=organisation, deleted_at=None)
        unsucceeded = rounds.filter(next=None).select_related("organisation")
        last = unsucceeded.first()
        self.initial.update(year=str(timezone.localdate().year), preset="classic")
        if last is None:
            del self.fields["previous"], self.fields["copy"]
            return
        offer(self, "previous", unsucceeded)
        self.initial["previous"] = last
        self.initial["preset"] = preset_of(last)
        if last.year.isdecimal():
            self.initial["year"] = str(int(last.year) + 1)

    @transaction.atomic
    def start(self, *, by: Any) -> Assessment:
        told = self.cleaned_data
        previous = told.get("previous")
        assessment = start_round(
            organisation=self.organisation,
            year=told["year"],
            previous=previous,
            preset=told["preset"] or None,
            by=by,
        )
        if previous and told["copy"]:
            carry_over(assessment=assessment, by=by)
            ask_again(assessment=assessment, by=by)
        return assessment


class BeforeForm(ActionForm):
    """The round that this one succeeds, if that was not said when it was started."""

    previous = forms.ModelChoiceField(
        Assessment.objects.none(), label=_("Last year’s assessment"), empty_label=None
    )

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="before_%s")
        self.assessment = assessment
        others = Assessment.objects.filter(
            organisation=assessment.organisation_id, next=None, deleted_at=None
        )
        offered = others.exclude(pk=assessment.pk).select_related("organisation")
        offer(self, "previous", offered)

    def save(self, *, by: Any) -> None:
        follow(
            assessment=self.assessment,
            previous=self.cleaned_data["previous"],
            by=by,
            expected_version=self.cleaned_data["version"],
        )


class LastListForm(ActionForm):
    """Last year's topics as they were printed, for a year that was not assessed here."""

    year = forms.CharField(label=_("Year"), max_length=20)
    lines = forms.CharField(
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono"}),
    )

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="list_%s")
        self.assessment = assessment
        wanted = {"languages": _line_format(assessment)}
        self.fields["lines"].label = _("Topics, one a line: %(languages)s") % wanted

    def clean_lines(self) -> list[dict[str, str]]:
        rows = enumerate(self.cleaned_data["lines"].splitlines(), start=1)
        return [self._names(number, row) for number, row in rows if row.strip(" |\t")]

    def _names(self, number: int, row: str) -> dict[str, str]:
        """Read a topic's name in each language of the round."""
        codes = self.assessment.languages
        parts = [part.strip() for part in row.replace("\t", "|").split("|")]
        if len(parts) != len(codes) or not all(parts):
            raise forms.ValidationError(
                _("Line %(number)d: write the topic as %(languages)s."),
                params={"number": number, "languages": _line_format(self.assessment)},
            )
        return dict(zip(codes, parts, strict=True))

    def save(self, *, by: Any) -> None:
        told = self.cleaned_data
        enter_last_list(assessment=self.assessment, year=told["year"], names=told["lines"], by=by)


def _line_format(assessment: Assessment) -> str:
    return " | ".join(name for _code, name in languages_of(assessment))
