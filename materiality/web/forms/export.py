"""How the figure is to look, and in which language."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from materiality.templatetags.workspace import language
from materiality.web.forms.fields import LANGUAGES


class ExportForm(forms.Form):
    """Options of the figure; what was never sent is as usual."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    size = forms.ChoiceField(
        label=_("Size"), choices=[("half", _("Half page")), ("full", _("Full page"))]
    )
    palette = forms.ChoiceField(
        label=_("Colour"), choices=[("colour", _("Colour")), ("grey", _("Greyscale"))]
    )
    labels = forms.ChoiceField(
        label=_("Labels"), choices=[("names", _("Names")), ("numbers", _("Numbers"))]
    )
    note = forms.BooleanField(label=_("Source note"), required=False)
    boundaries = forms.BooleanField(label=_("Tier boundaries"), required=False)
    tails = forms.BooleanField(label=_("Last year’s positions"), required=False)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query if "size" in query else self.usual())

    @staticmethod
    def usual() -> dict[str, Any]:
        return {
            "language": language(),
            "size": "half",
            "palette": "colour",
            "labels": "names",
            "note": True,
            "boundaries": True,
        }
