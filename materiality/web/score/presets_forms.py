"""What the matrix shows, until people have been asked, and what its tiers are called."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from materiality.actions import (
    fix_plan,
    set_preset,
    set_scale,
    set_tier_names,
    stamp_plan,
)
from materiality.errors import NoTimeStamp
from materiality.models import Assessment
from materiality.selectors.rounds import preset_of
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.models import FEWEST_POINTS, MOST_POINTS


class PresetForm(ActionForm):
    """The classic matrix, or double materiality."""

    preset = forms.ChoiceField(
        label=gettext_lazy("What the matrix shows"),
        choices=[
            ("classic", gettext_lazy("Importance to stakeholders × impact")),
            ("double", gettext_lazy("Double materiality: impact × financial effect")),
        ],
    )

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        initial = {"version": assessment.version, "preset": preset_of(assessment)}
        super().__init__(data, initial=initial, auto_id="preset_%s")
        self.assessment = assessment

    def save(self, *, by: Any) -> None:
        set_preset(
            assessment=self.assessment,
            preset=self.cleaned_data["preset"],
            by=by,
            expected_version=self.cleaned_data["version"],
        )


class ScaleForm(ActionForm):
    """How many points the rating scale has."""

    points = forms.TypedChoiceField(
        label=gettext_lazy("Points of the rating scale"),
        choices=[(number, f"1–{number}") for number in range(FEWEST_POINTS, MOST_POINTS + 1)],
        coerce=int,
        help_text=gettext_lazy(
            "The same for every questionnaire of the round. With another number the two ends keep "
            "their words; words for each rating are written with the questionnaire."
        ),
    )

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        initial = {"version": assessment.version, "points": assessment.points}
        super().__init__(data, initial=initial, auto_id="scale_%s")
        self.assessment = assessment

    def save(self, *, by: Any) -> None:
        set_scale(
            assessment=self.assessment,
            points=self.cleaned_data["points"],
            by=by,
            expected_version=self.cleaned_data["version"],
        )


class TiersForm(ActionForm):
    """A name a tier in each language of the round; empty is the usual one."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="tiers_%s")
        self.assessment = assessment
        for tier in assessment.tiers:
            own = assessment.tier_names[tier - 1] if assessment.tier_names else {}
            usual = _usual_names(assessment, tier)
            for language, tongue in languages_of(assessment):
                values = {"tier": tier, "language": tongue}
                self.fields[f"tier{tier}:{language}"] = forms.CharField(
                    label=_("Tier %(tier)d · %(language)s") % values,
                    max_length=40,
                    required=False,
                    initial=own.get(language, ""),
                    widget=forms.TextInput({"placeholder": usual[language], "lang": language}),
                )

    def save(self, *, by: Any) -> None:
        set_tier_names(
            assessment=self.assessment,
            names=[
                both_languages(self.cleaned_data, f"tier{tier}") for tier in self.assessment.tiers
            ],
            by=by,
            expected_version=self.cleaned_data["version"],
        )


def _usual_names(assessment: Assessment, tier: int) -> dict[str, str]:
    """Return what the tier is called in each language if the round does not name it."""
    names = {}
    for language in assessment.languages:
        with override(language):
            names[language] = assessment.usual_tier_name(tier)
    return names


class PlanForm(ActionForm):
    """Fix rule, weights, tiers and tests as they are, before the answers are known."""

    without_stamp = ""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="plan_%s")
        self.assessment = assessment

    def save(self, *, by: Any) -> None:
        version = self.cleaned_data["version"]
        fix_plan(assessment=self.assessment, by=by, expected_version=version)
        self.without_stamp = self._why_not_stamped(by)

    def _why_not_stamped(self, by: Any) -> str:
        """Have the plan stamped where a service is set; what was fixed stands if that fails."""
        if not settings.TIMESTAMP_URL:
            return ""
        try:
            stamp_plan(assessment=self.assessment, by=by)
        except NoTimeStamp as refusal:
            return str(refusal)
        return ""
