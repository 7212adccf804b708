"""Which files to take, how the figure is to look, and in which language."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from materiality.report.layout import Options
from materiality.report.palette import COLOUR, GREY, Palette
from materiality.templatetags.workspace import language
from materiality.web.forms.fields import LANGUAGES

PALETTES = {"colour": COLOUR, "grey": GREY}
PARTS = {
    "figure": ("matrix.svg", "matrix.pdf", "matrix.png"),
    "tables": ("tables.xlsx",),
    "section": ("section.docx",),
    "data": ("scores.csv", "scores.json"),
}


class ExportForm(forms.Form):
    """Contents and figure options; what was never sent is as usual."""

    parts = forms.MultipleChoiceField(
        choices=[
            ("figure", _("Matrix figure")),
            ("tables", _("Tables")),
            ("section", _("Report section")),
            ("data", _("Aggregate data")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    size = forms.ChoiceField(
        label=_("Size"), choices=[("half", _("Half page")), ("full", _("Full page"))]
    )
    palette = forms.ChoiceField(
        label=_("Colour"), choices=[("colour", _("In colour")), ("grey", _("Greyscale"))]
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
            "parts": list(PARTS),
            "language": language(),
            "size": "half",
            "palette": "colour",
            "labels": "names",
            "note": True,
            "boundaries": True,
        }

    @property
    def contents(self) -> list[tuple[Any, str]]:
        """Each part with the formats it comes in."""
        return [
            (part, " · ".join(name.rsplit(".")[-1].upper() for name in PARTS[part.data["value"]]))
            for part in self["parts"]
        ]

    @property
    def choices(self) -> list[forms.BoundField]:
        return [self[name] for name in ("language", "size", "palette", "labels")]

    @property
    def switches(self) -> list[forms.BoundField]:
        return [self[name] for name in ("note", "boundaries", "tails")]

    def told(self) -> dict[str, Any]:
        """Return what was chosen; a form that was tampered with is read as the usual one."""
        return self.cleaned_data if self.is_valid() else self.usual() | {"tails": False}

    def options(self) -> Options:
        told = self.told()
        return Options(
            size=told["size"],
            labels="auto" if told["labels"] == "names" else "numbers",
            tails=told["tails"],
            note=told["note"],
            boundaries=told["boundaries"],
        )

    def colours(self) -> Palette:
        return PALETTES[self.told()["palette"]]

    def chosen_files(self) -> list[str]:
        return [name for part in self.told()["parts"] for name in PARTS[part]]
