"""Whom to let in, and what they may do."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.models import Role


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("Mail address"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.VIEWER)


class RoleForm(forms.Form):
    member = forms.IntegerField()
    role = forms.ChoiceField(
        choices=[*Role.choices, ("", pgettext_lazy("member", "Remove"))], required=False
    )
