"""Which round a round follows, or last year's topics where no round was held here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from materiality.actions import enter_last_list, follow
from materiality.models import Assessment
from materiality.selectors.rounds import may_precede
from materiality.web.fields import ActionForm, languages_of, offer

EXAMPLE = {"zh-hans": "用户隐私保护", "en": "User privacy"}


class BeforeForm(ActionForm):
    """The round that this one succeeds, if that was not said when it was started."""

    previous = forms.ModelChoiceField(
        Assessment.objects.none(), label=_("Last year’s assessment"), empty_label=None
    )

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="before_%s")
        self.assessment = assessment
        offer(self, "previous", may_precede(assessment))

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

    @property
    def example(self) -> str:
        """A line as it may be entered, in the languages of the round."""
        return " | ".join(EXAMPLE.get(code, EXAMPLE["en"]) for code in self.assessment.languages)

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
        data = self.cleaned_data
        enter_last_list(assessment=self.assessment, year=data["year"], names=data["lines"], by=by)


def _line_format(assessment: Assessment) -> str:
    return " | ".join(name for _code, name in languages_of(assessment))
