"""Whom to let in, what they may do, and the organisation they act for."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from materiality.actions import describe_organisation
from materiality.errors import RoundLocked
from materiality.models import Assessment
from materiality.templatetags.workspace import person
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.models import Role

ORGANISATION = {
    "name": (_("Name"), 100),
    "contact": (_("Contact for questions"), 200),
}


class ColleagueForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    email = forms.EmailField(label=_("Mail address"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.VIEWER)


class NameForm(forms.Form):
    """What the product, its log and its files call the person who is signed in."""

    own_name = forms.CharField(label=_("Your name, as it is printed"), max_length=100)

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data, initial={"own_name": person(user) if has_name(user) else ""})


def has_name(user: Any) -> bool:
    return bool(user.first_name or user.last_name)


class RoleForm(forms.Form):
    member = forms.IntegerField()
    role = forms.ChoiceField(
        choices=[*Role.choices, ("", pgettext_lazy("member", "Remove"))], required=False
    )


class OrganisationForm(ActionForm):
    """What the organisation is called and whom respondents may ask, in both languages."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment = assessment
        for name, (label, most) in ORGANISATION.items():
            texts = getattr(assessment.organisation, name)
            for language, tongue in languages_of(assessment.organisation):
                values = {"what": label, "language": tongue, "most": most}
                self.fields[f"{name}:{language}"] = forms.CharField(
                    label=f"{label} · {tongue}",
                    max_length=most,
                    initial=texts.get(language, ""),
                    error_messages={
                        "required": gettext("“%(what)s” is empty in %(language)s. Write it.")
                        % values,
                        "max_length": gettext(
                            "“%(what)s” is too long in %(language)s; at most %(most)d characters."
                        )
                        % values,
                    },
                )

    @property
    def pairs(self) -> list[list[forms.BoundField]]:
        codes = self.assessment.organisation.languages
        rows = []
        for name in ORGANISATION:
            rows.append([self[f"{name}:{code}"] for code in codes])
        return rows

    def save(self, *, by: Any) -> None:
        if self.assessment.is_locked:
            raise RoundLocked
        describe_organisation(
            organisation=self.assessment.organisation,
            seen=self.assessment,
            by=by,
            expected_version=self.cleaned_data["version"],
            **{name: both_languages(self.cleaned_data, name) for name in ORGANISATION},
        )
