"""The form of the scale: what each number means, a line a number, and money bands."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from materiality import actions
from materiality.actions.register_scales import Meaning, scales_version
from materiality.models import Assessment, Criterion, Horizon
from materiality.web.fields import ActionForm, languages_of

BANDS = ("", *Horizon.values)
MAGNITUDE = Criterion.MAGNITUDE.value
AMOUNT = re.compile(r"[-+]?(\d+|\d{1,3}([,，\s]\d{3})+)(\.\d+)?(e[-+]?\d+)?", re.IGNORECASE)
"""A number as people write it: 1000, 1,000, 1 000.5; or as a form shows a very large one, 1e+15."""


class ScaleForm(ActionForm):
    """A text box a criterion and language, a line a number; limits of money bands a horizon."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        rows = list(assessment.iro_scales.select_related("by"))
        super().__init__(data, initial={"version": scales_version(rows)})
        self.assessment = assessment
        self.there = {(row.criterion, row.horizon): row for row in rows}
        for criterion in Criterion.values:
            row = self.there.get((criterion, ""))
            for language, label in languages_of(assessment):
                lines = [text.get(language, "") for text in row.words] if row else []
                self.fields[f"{criterion}:{language}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=3000,
                    initial="\n".join(lines),
                    widget=forms.Textarea(attrs={"rows": min(assessment.points, 7)}),
                )
        currencies = [row.currency for row in rows if row.currency]
        self.fields["currency"] = forms.CharField(
            label=_("Currency"),
            required=False,
            max_length=3,
            initial=currencies[0] if currencies else "",
            help_text=_("Three letters, such as CNY."),
        )
        for horizon in BANDS:
            row = self.there.get((MAGNITUDE, horizon))
            label = str(Horizon(horizon).label) if horizon else _("All horizons")
            self.fields[f"limits:{horizon}"] = forms.CharField(
                label=label,
                required=False,
                max_length=400,
                initial="; ".join(f"{limit:.15g}" for limit in row.limits) if row else "",
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    @property
    def criteria(self) -> list[tuple[str, list[forms.BoundField], Any]]:
        """Return each criterion: its name, its fields, and what is kept of it."""
        return [
            (
                str(Criterion(code).label),
                self.in_each_language(code),
                self.there.get((code, "")),
            )
            for code in Criterion.values
        ]

    @property
    def limits(self) -> list[forms.BoundField]:
        return [self[f"limits:{horizon}"] for horizon in BANDS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for horizon in BANDS:
            name = f"limits:{horizon}"
            try:
                data[name] = _numbers(data.get(name, ""))
            except ValueError as wrong:
                self.add_error(name, _no_amount(str(wrong)))
        return data

    def save(self, *, by: Any) -> None:
        meanings = {(code, ""): Meaning(self._words(code)) for code in Criterion.values}
        currency = self.cleaned_data["currency"].strip().upper()
        for horizon in BANDS:
            limits = self.cleaned_data[f"limits:{horizon}"]
            words = self._words(MAGNITUDE) if not horizon else ()
            needs_currency = limits or (currency and not horizon and not self._any_limits)
            meanings[MAGNITUDE, horizon] = Meaning(
                words, currency if needs_currency else "", limits
            )
        actions.set_iro_scales(
            assessment=self.assessment,
            meanings=meanings,
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    @property
    def _any_limits(self) -> bool:
        return any(self.cleaned_data[f"limits:{horizon}"] for horizon in BANDS)

    def _words(self, criterion: str) -> list[dict[str, str]]:
        """Return a text a line; a language with fewer lines lacks the last ones."""
        codes = self.assessment.languages
        lines = {code: self.cleaned_data[f"{criterion}:{code}"].splitlines() for code in codes}
        most = max(len(own) for own in lines.values())
        texts = [
            {code: own[at].strip() for code, own in lines.items() if at < len(own)}
            for at in range(most)
        ]
        while texts and not any(texts[-1].values()):
            texts.pop()
        return texts

    def field_of(self, name: str) -> str:
        """Return where a fault of a criterion, or of its money bands, is said."""
        criterion, _dot, horizon = name.partition(".")
        first = f"{criterion}:{self.assessment.languages[0]}"
        has_limits = self.cleaned_data.get(f"limits:{horizon}") or self.cleaned_data.get("currency")
        is_banded = criterion == MAGNITUDE and has_limits
        return f"limits:{horizon}" if horizon or is_banded else first

    def version_now(self) -> int:
        return scales_version(self.assessment.iro_scales.all())


def _numbers(text: str) -> list[float]:
    """Return the amounts of a line: “1,000; 5,000” or “1000；5000”.

    A comma or space stands between thousands alone: in “1,5” it could be a decimal point, in
    “1000，5000” it could separate two amounts.

    :raises ValueError: a part is no number; it is named.
    """
    amounts = []
    for part in text.replace("；", ";").split(";"):
        written = part.strip()
        if not written:
            continue
        if not AMOUNT.fullmatch(written):
            raise ValueError(written[:30])
        amounts.append(float(re.sub(r"[,，\s]", "", written)))
    return amounts


def _no_amount(written: str) -> str:
    if "," in written or "，" in written:
        sentence = _(
            "“%s”: write decimals with a point, commas between thousands alone, and “;” between "
            "two amounts."
        )
    else:
        sentence = _("“%s” is no amount. Write numbers alone, with “;” between them.")
    return sentence % written
