"""Which files to take, how the figure is to look, and in which language."""

from functools import cached_property
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from materiality.inputs import quotes_of
from materiality.models import ReportLook
from materiality.report.files import order, package
from materiality.results.quotes import Quotes
from materiality.templatetags.workspace import language
from materiality.web.fields import languages_of

PART_NAMES = [
    ("figure", _("Matrix figure")),
    ("report", _("Report pages")),
    ("section", _("Report section")),
    ("method", _("Method note")),
    ("slides", _("Slides")),
    ("tables", _("Tables")),
    ("data", _("Aggregate data")),
    (order.BUNDLE, _("Evidence bundle")),
]
SIZES = [
    ("half", _("Half page")),
    ("full", _("Full page")),
    ("column", _("Single column")),
    ("square", _("Square")),
]
PALETTES = [("colour", _("In colour")), ("grey", _("Greyscale"))]
QUOTING = {"report", "section"}
COMPANY = ("company", _("Company colours"))


class ExportForm(forms.Form):
    """Contents and figure options; what was never sent is as usual."""

    parts = forms.MultipleChoiceField(
        choices=PART_NAMES, required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(
        label=_("Language"),
    )
    size = forms.ChoiceField(label=_("Size"), choices=SIZES)
    palette = forms.ChoiceField(label=_("Colour"), choices=PALETTES)
    labels = forms.ChoiceField(
        label=_("Labels"), choices=[("names", _("Names")), ("numbers", _("Numbers"))]
    )
    note = forms.BooleanField(label=_("Source note"), required=False)
    boundaries = forms.BooleanField(label=_("Tier boundaries"), required=False)
    tails = forms.BooleanField(label=_("Last year’s positions"), required=False)
    ellipses = forms.BooleanField(label=_("95% confidence regions"), required=False)
    categories = forms.BooleanField(label=_("E, S, G beside each name"), required=False)

    def __init__(self, query: QueryDict, *, look: ReportLook, evidence: bool = False) -> None:
        """Offer the company's colours where there are some, the bundle only to whom it is due."""
        self.look = look
        super().__init__(self._complete(query) if "size" in query else self.usual())
        offered = [row for row in PART_NAMES if evidence or row[0] != order.BUNDLE]
        cast(forms.MultipleChoiceField, self.fields["parts"]).choices = offered
        palettes = [*PALETTES, COMPANY] if look.colours else PALETTES
        cast(forms.ChoiceField, self.fields["palette"]).choices = palettes
        spoken = languages_of(look.assessment)
        cast(forms.ChoiceField, self.fields["language"]).choices = spoken

    def _complete(self, query: QueryDict) -> QueryDict:
        """Add the language that was not asked for: a round of one language has no choice."""
        data = query.copy()
        data.setdefault("language", self._usual_language())
        return data

    def usual(self) -> dict[str, Any]:
        return {
            "parts": list(package.PARTS),
            "language": self._usual_language(),
            "size": "half",
            "palette": "company" if self.look.colours else "colour",
            "labels": "names",
            "note": True,
            "boundaries": True,
            "tails": False,
            "ellipses": False,
            "categories": False,
        }

    def _usual_language(self) -> str:
        """Return the reader's language, if the round is reported in it."""
        spoken = self.look.assessment.languages
        return language() if language() in spoken else str(spoken[0])

    @property
    def contents(self) -> list[tuple[Any, str]]:
        """Each part with the formats it comes in."""
        return [(part, self._formats(part.data["value"])) for part in self["parts"]]

    def _formats(self, part: str) -> str:
        if part == order.BUNDLE:
            return gettext(
                "JSON: everything a printed number rests on, to recompute it; for auditors"
            )
        formats = [name.rsplit(".")[-1].upper() for name in package.of_parts([part])]
        kinds = " · ".join(dict.fromkeys(formats))
        names = {"section": self.look.template_name, "slides": self.look.slides_name}
        own = names.get(part, "")
        return f"{kinds} · {own}" if own else kinds

    @property
    def choices(self) -> list[forms.BoundField]:
        names = ("language", "size", "palette", "labels")
        alone = len(self.look.assessment.languages) == 1
        return [self[name] for name in (names[1:] if alone else names)]

    @property
    def switches(self) -> list[forms.BoundField]:
        return [self[name] for name in ("note", "boundaries", "tails", "ellipses", "categories")]

    def selection(self) -> dict[str, Any]:
        """Return what was chosen; a form that was tampered with is read as the usual one."""
        return self.cleaned_data if self.is_valid() else self.usual()

    def order(self) -> dict[str, Any]:
        """Return what to make: the choices, and of the report's look what they need."""
        data, look = self.selection(), self.look
        chosen = ("parts", "size", "palette", "labels", *order.SWITCHES)
        of_size = {at: row for at, row in look.moved.items() if at.endswith(f":{data['size']}")}
        return {
            **{name: data[name] for name in chosen},
            "colours": look.colours if data["palette"] == "company" else [],
            "axis_titles": look.axis_titles,
            "moved": of_size,
            "template": look.template_digest if "section" in data["parts"] else "",
            "slides": look.slides_digest if "slides" in data["parts"] else "",
            "quotes": self.quotes.digest if QUOTING & {*data["parts"]} else "",
        }

    @cached_property
    def quotes(self) -> Quotes:
        """What of the comments is printed."""
        return quotes_of(self.look.assessment, self.look.quotes)

    def query(self) -> str:
        """Return the choices as the address of the page has them."""
        data = self.selection()
        sent = QueryDict(mutable=True)
        sent.setlist("parts", data["parts"])
        for name in ("language", "size", "palette", "labels"):
            sent[name] = data[name]
        for name in order.SWITCHES:
            if data[name]:
                sent[name] = "on"
        return sent.urlencode()
