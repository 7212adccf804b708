"""Which files to take, how the figure is to look, and in which language."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from materiality.report.layout import Options
from materiality.report.palette import COLOUR, GREY, Palette
from materiality.templatetags.workspace import language
from materiality.web.forms.fields import LANGUAGES

PALETTES = {"colour": COLOUR, "grey": GREY}
PARTS = {
    "figure": ("matrix.svg", "matrix.pdf", "matrix.png", "matrix.html"),
    "report": ("report.pdf",),
    "section": ("section.docx",),
    "method": ("method.docx",),
    "slides": ("slides.pptx",),
    "tables": ("tables.xlsx",),
    "data": ("scores.csv", "groups.csv", "dictionary.csv", "scores.json"),
}
EVIDENCE = "bundle"  # with its counts it is for auditors, so it is never taken unasked
PART_NAMES = [
    ("figure", _("Matrix figure")),
    ("report", _("Report pages")),
    ("section", _("Report section")),
    ("method", _("Method note")),
    ("slides", _("Slides")),
    ("tables", _("Tables")),
    ("data", _("Aggregate data")),
    (EVIDENCE, _("Evidence bundle")),
]


class ExportForm(forms.Form):
    """Contents and figure options; what was never sent is as usual."""

    parts = forms.MultipleChoiceField(
        choices=PART_NAMES, required=False, widget=forms.CheckboxSelectMultiple
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

    def __init__(self, query: QueryDict, *, evidence: bool = False) -> None:
        """Offer the evidence bundle only to whom it is due."""
        super().__init__(query if "size" in query else self.usual())
        offered = [(part, label) for part, label in PART_NAMES if evidence or part != EVIDENCE]
        cast(forms.MultipleChoiceField, self.fields["parts"]).choices = offered

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
        return [(part, _formats(part.data["value"])) for part in self["parts"]]

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
        return [name for part in self.told()["parts"] for name in PARTS.get(part, ())]

    def takes_evidence(self) -> bool:
        return EVIDENCE in self.told()["parts"]


def _formats(part: str) -> str:
    if part == EVIDENCE:
        return gettext("JSON: everything a printed number rests on, to recompute it; for auditors")
    return " · ".join(dict.fromkeys(name.rsplit(".")[-1].upper() for name in PARTS[part]))
