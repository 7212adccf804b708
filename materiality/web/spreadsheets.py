"""A spreadsheet that somebody hands in, and what must be asked before it can be read."""

from base64 import b64decode, b64encode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.tables.place import Places
from surveys.tables.questions import ENCODINGS

MOST_KEPT = 1 << 20
"""Bytes of a file that a page keeps while it asks, or shows what the file would do."""


class SpreadsheetForm(forms.Form):
    """A file, or the one that was handed in before and that the page has kept."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet (XLSX or CSV)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        required=False,
    )
    carried = forms.CharField(widget=forms.HiddenInput, required=False)
    reading = forms.CharField(widget=forms.HiddenInput, required=False)
    content = b""

    def clean(self) -> None:
        file, carried = self.cleaned_data.get("file"), self.cleaned_data.get("carried")
        try:
            self.content = file.read() if file else b64decode(carried or "", validate=True)
        except ValueError:
            self.content = b""
        if not self.content:
            self.add_error("file", _("Choose a file."))

    def keep(self) -> str:
        """Return the file as the page carries it to the next step."""
        return b64encode(self.content).decode()

    def ask(self, places: Places) -> None:
        """Ask how the file is to be read."""
        self.asks = places.asks[0]
        self.choices = [
            (one, ENCODINGS.get(one, one), " · ".join(places.examples.get(one, ())))
            for one in places.choices
        ]
