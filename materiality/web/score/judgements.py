"""Work weights out from judgements; the results page tries them, and saves them with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.inputs.judgements import (
    MOST_PAIRED,
    Judged,
    by_best_worst,
    by_pairs,
    pairs,
)
from materiality.models import Assessment
from materiality.results import Results, Unit
from materiality.web.access import assessment_page, show
from materiality.web.finding import results_or_none
from materiality.web.score.axes import raters_of, units_behind
from materiality.web.score.results_forms import shown_weights
from surveys.languages import in_language

SCALE = (9, 7, 5, 3, 1)


def _times(first: str, second: str) -> list[tuple[str, str]]:
    """Return the answers to “which matters more, and how much?”, from the first to the second."""
    words = {3: _("somewhat"), 5: _("clearly"), 7: _("much"), 9: _("very much")}
    more = _("%(name)s, %(much)s (%(times)d)")
    return [
        *(
            (str(times), more % {"name": first, "much": words[times], "times": times})
            for times in SCALE[:-1]
        ),
        ("1", _("Both alike (1)")),
        *(
            (f"1/{times}", more % {"name": second, "much": words[times], "times": times})
            for times in reversed(SCALE[:-1])
        ),
    ]


def _number(text: str) -> float:
    over, _slash, under = text.partition("/")
    return float(over) / float(under or 1)


class PairsForm(forms.Form):
    """Every pair of groups once: which matters more, and how much."""

    def __init__(self, data: Any, *, units: Sequence[Unit]) -> None:
        super().__init__(data, auto_id="pair_%s")
        self.names = {unit.code: in_language(unit.name) for unit in units}
        for first, second in pairs(list(self.names)):
            self.fields[f"{first}~{second}"] = forms.ChoiceField(
                label=f"{self.names[first]} · {self.names[second]}",
                choices=_times(self.names[first], self.names[second]),
                initial="1",
            )

    def judged(self) -> Judged:
        data = self.cleaned_data
        values = {pair: _number(data[f"{pair[0]}~{pair[1]}"]) for pair in pairs(list(self.names))}
        return by_pairs(list(self.names), values)


class BestWorstForm(forms.Form):
    """The most and the least important group, and how far each other is from both."""

    def __init__(self, data: Any, *, units: Sequence[Unit]) -> None:
        super().__init__(data, auto_id="bw_%s")
        self.names = {unit.code: in_language(unit.name) for unit in units}
        choices = list(self.names.items())
        self.fields["best"] = forms.ChoiceField(
            label=_("Matters most"), choices=choices, initial=choices[0][0]
        )
        self.fields["worst"] = forms.ChoiceField(
            label=_("Matters least"), choices=choices, initial=choices[-1][0]
        )
        for code, name in choices:
            for which, label in (
                ("b", _("How many times the first matters more than: %(name)s")),
                ("w", _("How many times it matters more than the last: %(name)s")),
            ):
                self.fields[f"{which}~{code}"] = forms.IntegerField(
                    label=label % {"name": name}, min_value=1, max_value=9, initial=1
                )

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [(name, self[f"b~{code}"], self[f"w~{code}"]) for code, name in self.names.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        best, worst = data.get("best"), data.get("worst")
        if best == worst:
            self.add_error("worst", _("Choose two different groups."))
        elif best and worst and not self.errors and data[f"b~{worst}"] != data[f"w~{best}"]:
            sentence = _("The most against the least is judged twice; write the same number twice.")
            self.add_error(f"b~{worst}", sentence)
        return data

    def judged(self) -> Judged:
        data = self.cleaned_data
        best, worst = data["best"], data["worst"]
        to_others = {code: float(data[f"b~{code}"]) for code in self.names} | {best: 1.0}
        to_worst = {code: float(data[f"w~{code}"]) for code in self.names} | {worst: 1.0}
        return by_best_worst(list(self.names), best, worst, to_others, to_worst)


@dataclass(frozen=True)
class Worked:
    """Weights that were worked out: (group, share) each, and the address that tries them."""

    judged: Judged
    shares: list[tuple[str, float]]
    query: str


class JudgementsPage:
    """One axis, one way of judging, and what follows from the judgements in the address."""

    def __init__(self, results: Results, query: Any) -> None:
        self.results = results
        self.axis = "x" if query.get("axis") == "x" else "y"
        self.units = [unit for unit in units_behind(results, self.axis) if unit.answered]
        self.can_pair = len(self.units) <= MOST_PAIRED
        wants_best = query.get("by") == "best-worst" or not self.can_pair
        self.by = "best-worst" if wants_best else "pairs"
        make = BestWorstForm if wants_best else PairsForm
        self.form = make(query if "judge" in query else None, units=self.units)

    @property
    def axes(self) -> list[tuple[str, str]]:
        """Return the axes with more than one group to weigh."""
        raters = []
        for axis in "yx":
            if sum(unit.answered for unit in units_behind(self.results, axis)) > 1:
                raters.append((axis, raters_of(self.results, axis)))
        return raters

    @cached_property
    def worked(self) -> Worked | None:
        if len(self.units) < 2 or not self.form.is_bound or not self.form.is_valid():
            return None
        judged = self.form.judged()
        names = [in_language(unit.name) for unit in self.units]
        return Worked(judged, list(zip(names, judged.shares, strict=True)), self._query(judged))

    def _query(self, judged: Judged) -> str:
        """Return the weights as the results page takes them; the other axis keeps its own."""
        weights = {
            f"{axis}:{code}": value
            for axis in "yx"
            for code, value in shown_weights(self.results, axis).items()
        }
        new = zip(self.units, judged.points, strict=True)
        return urlencode(weights | {f"{self.axis}:{unit.code}": value for unit, value in new})


@assessment_page()
def judgements(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Work weights out from judgements; the address holds them, nothing is saved."""
    results = results_or_none(assessment)
    if results is None:
        return redirect("materiality:results", pk=assessment.pk)
    page = JudgementsPage(results, request.GET)
    return show(request, assessment, "judgements", judging=page, form=page.form)
