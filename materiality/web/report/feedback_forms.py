"""What those who answered are told beside the numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.actions import give_feedback
from materiality.models import Assessment, Feedback
from materiality.web.fields import both_languages, languages_of

LONGEST = 2000


class FeedbackForm(forms.Form):
    """What the company will do, in each language, and where its report is."""

    report = forms.URLField(
        label=gettext_lazy("Address of the report, once it is out"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput({"class": "in1", "placeholder": "https://"}),
    )

    def __init__(
        self, data: Any = None, *, assessment: Assessment, feedback: Feedback | None
    ) -> None:
        super().__init__(data, auto_id="feedback_%s")
        self.assessment = assessment
        self.fields["report"].initial = feedback.report if feedback else ""
        names = []
        for code, language in languages_of(assessment):
            name = f"next_steps:{code}"
            names.append(name)
            self.fields[name] = forms.CharField(
                label=_("What you will do, one step a line · %(language)s")
                % {"language": language},
                max_length=LONGEST,
                initial=feedback.next_steps.get(code, "") if feedback else "",
                widget=forms.Textarea({"rows": 4, "lang": code}),
            )
        self.order_fields([*names, "report"])

    def save(self, *, by: Any) -> None:
        give_feedback(
            assessment=self.assessment,
            next_steps=both_languages(self.cleaned_data, "next_steps"),
            report=self.cleaned_data["report"],
            by=by,
        )
