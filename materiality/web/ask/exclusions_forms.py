"""Leaving sealed answers out, with a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import Criterion


class ExclusionForm(forms.Form):
    criterion = forms.ChoiceField(label=_("Answers that show"), choices=Criterion.choices)
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
