"""Weights and tier decisions, as the results page asks for them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from materiality.actions import decide, undo_decision, weigh
from materiality.method.groups import group_weights
from materiality.models import Assessment
from materiality.results import Results, TopicResult, Unit
from materiality.web.fields import ActionForm, languages_of
from materiality.web.score.axes import dimensions_of, units_behind
from surveys.languages import in_language

AXES = ("y", "x")
MIDDLE, TOP = 50, 100


@dataclass(frozen=True)
class WeightRow:
    """One unit's weight: a slider and a number that are one value."""

    unit: Unit
    field: forms.BoundField
    maximum: int
    share: float | None


@dataclass(frozen=True)
class Entry:
    """A field as the table of topics writes it: looked up once, and not at each use of it."""

    name: str
    id: str
    label: str
    value: Any
    errors: Sequence[Any]


class WeightsForm(ActionForm):
    """How much each unit counts. Only the proportions matter; 1 each is shown as 50 each."""

    def __init__(self, data: Any = None, *, assessment: Assessment, results: Results) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="weight_%s")
        self.assessment, self.results = assessment, results
        self.fields["reason"] = forms.CharField(max_length=500, required=False)
        for axis in AXES:
            shown = shown_weights(results, axis)
            for unit in self._units(axis):
                self.fields[f"{axis}:{unit.code}"] = forms.FloatField(
                    label=in_language(unit.name),
                    min_value=0,
                    max_value=_maximum(unit, shown[unit.code]),
                    initial=shown[unit.code],
                )

    def _units(self, axis: str) -> tuple[Unit, ...]:
        return units_behind(self.results, axis)

    def rows(self, axis: str) -> Iterator[WeightRow]:
        units = self._units(axis)
        values = [_number(self[f"{axis}:{unit.code}"].value()) for unit in units]
        whole = sum(values)
        shown = shown_weights(self.results, axis)
        for unit, value in zip(units, values, strict=True):
            share = value / whole if whole else None
            maximum = _maximum(unit, shown[unit.code])
            yield WeightRow(unit, self[f"{axis}:{unit.code}"], maximum, share)

    @property
    def names(self) -> set[str]:
        """What the fields of the weights are called."""
        return {name for name in self.fields if ":" in name}

    @property
    def vertical(self) -> list[WeightRow]:
        return list(self.rows("y"))

    @property
    def horizontal(self) -> list[WeightRow]:
        return list(self.rows("x"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for axis in AXES:
            weights = [cleaned.get(f"{axis}:{unit.code}") for unit in self._units(axis)]
            if None not in weights and not any(weights):
                raise forms.ValidationError(_("At least one weight must be above 0."))
        return cleaned

    def by_unit(self) -> dict[str, dict[str, float]]:
        """Return {dimension: {unit: weight}} as entered, for every dimension that was asked."""
        weights = {}
        for axis in AXES:
            for dimension in dimensions_of(self.results, axis):
                weights[dimension] = {
                    unit.code: self.cleaned_data[f"{axis}:{unit.code}"]
                    for unit in self._units(axis)
                }
        return weights

    def save(self, *, by: Any) -> None:
        """Save the weights; the groups of a pooled unit share its weight equally."""
        weights = {
            (group, self.results.axes[axis]["code"]): value / len(unit.groups)
            for axis in AXES
            for unit in self._units(axis)
            for group in unit.groups
            for value in [self.cleaned_data[f"{axis}:{unit.code}"]]
        }
        self._keep_proportions(weights)
        weigh(
            assessment=self.assessment,
            weights=weights,
            reason=self.cleaned_data["reason"],
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    def _keep_proportions(self, weights: dict[tuple[str, str], float]) -> None:
        """Share the weight of a group among its parts as before, where known shares spread it.

        What the page shows of a part follows from who answered, so it is not what is saved.
        """
        wholes = self.results.inputs.get("raking") or []
        for question, rows in self.results.raking.items():
            code = question.split(".")[0]
            own = group_weights(self.results.inputs, code)
            weighted = [row["name"] for row in rows if row["state"] == "weighted"]
            for groups in (one["groups"] for one in wholes if one["name"] in weighted):
                parts = [(group, code) for group in groups if (group, code) in weights]
                whole = sum(weights[part] for part in parts)
                before = [own.get(group, 0.0) for group, _code in parts]
                for part, value in zip(parts, before, strict=True):
                    weights[part] = whole * value / sum(before) if sum(before) else weights[part]


def _number(value: Any) -> float:
    """Return a weight as typed; what is no number counts nothing in the shares."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0
    return number if math.isfinite(number) and number > 0 else 0


def _maximum(unit: Unit, shown: float) -> int:
    """Return the highest weight that can be entered: never less than the one that is shown.

    Known shares can give a part more than the whole scale, where its group has nearly all of it.
    """
    return max(TOP * len(unit.groups), math.ceil(shown))


def shown_weights(results: Results, axis: str) -> Mapping[str, float]:
    """Return each unit's weight as shown: as entered, or 50 where a round starts at 1.

    Which of the two follows from what was saved of the groups, not from what known shares made.
    """
    units, code = units_behind(results, axis), results.axes[axis]["code"]
    own = group_weights(results.inputs, code)
    entered = [
        sum(own.get(group, 0.0) for group in unit.groups) / len(unit.groups) for unit in units
    ]
    scale = MIDDLE if max(entered, default=0) <= 1 else 1
    return {unit.code: unit.weight * scale for unit in units}


class DecisionsForm(ActionForm):
    """The tier of each topic, with a reason where it differs from the suggestion."""

    def __init__(self, data: Any = None, *, assessment: Assessment, results: Results) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.results = assessment, results
        self._tiers = [(tier, assessment.tier_name(tier)) for tier in assessment.tiers]
        for topic in results.topics:
            name = in_language(topic.name)
            self.fields[f"tier:{topic.code}"] = forms.TypedChoiceField(
                label=_("Tier: %(name)s") % {"name": name},
                choices=self._choices(topic),
                coerce=int,
                empty_value=None,
                required=False,
                initial=topic.tier,
            )
            self.fields[f"reason:{topic.code}"] = forms.CharField(
                label=_("Reason: %(name)s") % {"name": name},
                max_length=500,
                required=False,
                initial=topic.reason,
            )
            for code, tongue in languages_of(assessment)[1:]:
                values = {"language": tongue, "name": name}
                self.fields[f"reason:{topic.code}:{code}"] = forms.CharField(
                    label=_("Reason in %(language)s: %(name)s") % values,
                    max_length=500,
                    required=False,
                    initial=topic.reasons.get(code, ""),
                )

    def _choices(self, topic: TopicResult) -> list[tuple[Any, Any]]:
        return self._tiers if topic.suggested_tier else [("", _("Not tiered")), *self._tiers]

    def tiers_of(self, topic: TopicResult) -> list[tuple[Any, str, bool]]:
        """Return what can be decided on a topic: value, name, and whether it is chosen now."""
        chosen = str(self[f"tier:{topic.code}"].value())  # what was sent is a text
        choices = []
        for value, name in self._choices(topic):
            choices.append((value, str(name), str(value) == chosen))
        return choices

    def entries_of(self, topic: TopicResult) -> tuple[Entry, Entry]:
        """Return the tier and the reason, which is in the first language of the round."""
        return self._entry(f"tier:{topic.code}"), self._entry(f"reason:{topic.code}")

    def translations_of(self, topic: TopicResult) -> list[Entry]:
        """Return the reason in the further languages of the round."""
        codes = self.assessment.languages[1:]
        return [self._entry(f"reason:{topic.code}:{code}") for code in codes]

    def _entry(self, name: str) -> Entry:
        field = self[name]
        errors = self.errors.get(name, ())
        return Entry(field.html_name, field.id_for_label, str(field.label), field.value(), errors)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for topic in self.results.topics:
            tier = cleaned.get(f"tier:{topic.code}")
            differs = tier is not None and tier != topic.suggested_tier
            if differs and not cleaned.get(f"reason:{topic.code}"):
                self.add_error(
                    f"reason:{topic.code}", _("Differs from the suggestion: give a reason")
                )
        return cleaned

    @transaction.atomic
    def save(self, *, by: Any) -> None:
        """Record the decisions; what follows the suggestion without a remark is no decision."""
        decide(
            assessment=self.assessment,
            decisions={topic.code: self._decision(topic) for topic in self.results.topics},
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    def _decision(self, topic: TopicResult) -> tuple[int | None, dict[str, str]]:
        values, (first, *others) = self.cleaned_data, self.assessment.languages
        tier = values[f"tier:{topic.code}"]
        reason = {first: values[f"reason:{topic.code}"]}
        reason |= {code: values[f"reason:{topic.code}:{code}"] for code in others}
        follows = tier is None or (tier == topic.suggested_tier and not any(reason.values()))
        return (None, {}) if follows else (tier, reason)


class UndoForm(ActionForm):
    """Take back the last decision, as the page showed it."""

    event = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment = assessment

    def save(self, *, by: Any) -> None:
        undo_decision(
            assessment=self.assessment,
            number=self.cleaned_data["event"],
            by=by,
            expected_version=self.cleaned_data["version"],
        )
