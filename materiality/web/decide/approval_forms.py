"""A second person's verdict, and whether one is needed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from materiality.actions import approve, require_approval
from materiality.models import Assessment
from materiality.models.approvals import Verdict
from materiality.web.fields import ActionForm, both_languages, languages_of


class ApprovalForm(ActionForm):
    """Approve the results as they are, or say what has to change."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=71)
    verdict = forms.ChoiceField(choices=Verdict.choices)

    def __init__(self, data: Any = None, *, assessment: Assessment, digest: str = "") -> None:
        version = assessment.version
        super().__init__(
            data, initial={"version": version, "digest": digest}, auto_id="approval_%s"
        )
        self.assessment = assessment
        tongues = languages_of(assessment)
        for code, tongue in tongues:
            label = _("Comment · %(language)s") % {"language": tongue}
            self.fields[f"comment:{code}"] = forms.CharField(
                label=label if len(tongues) > 1 else _("Comment"),
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )

    def comments(self) -> list[forms.BoundField]:
        return self.in_each_language("comment")

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        approve(
            assessment=self.assessment,
            by=by,
            verdict=data["verdict"],
            comment=both_languages(data, "comment"),
            digest=data["digest"],
            expected_version=data["version"],
        )


class SecondPersonForm(ActionForm):
    """Whether a second person has to approve before the round is locked."""

    required = forms.BooleanField(
        label=_("A second person approves before the round is locked."), required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        now = {"version": assessment.version, "required": assessment.four_eyes}
        super().__init__(data, initial=now, auto_id="second_%s")
        self.assessment = assessment

    def save(self, *, by: Any) -> None:
        require_approval(
            assessment=self.assessment,
            required=self.cleaned_data["required"],
            by=by,
            reason=self.cleaned_data["reason"],
            expected_version=self.cleaned_data["version"],
        )
