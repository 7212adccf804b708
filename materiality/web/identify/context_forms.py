"""The forms of a round's context and of its value chain."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality import actions
from materiality.actions.context import (
    DAYS,
    FIELDS,
    LONGEST,
    LONGEST_NAME,
    LONGEST_PLACES,
    LONGEST_RELATION,
    MOST_STEPS,
    TEXTS,
    USUAL_LENGTH,
)
from materiality.catalogue.frameworks import frameworks
from materiality.models import Approach, Assessment, ChainStep, RoundContext
from materiality.models.context import CHAIN, MEDIUM_YEARS, MOST_YEARS, SHORT_YEARS
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.languages import in_language

ROWS = {"entity": 3, "scope": 3, "due_diligence": 4, "horizons_reason": 2, "approver": 1}
SAME = {"": None, "yes": True, "no": False}
FREE_ROWS = 3
"""Empty stages that the form of the value chain offers."""


def version_of(assessment: Assessment) -> int:
    """Return the version of a round's context, 0 where there is none yet."""
    row = RoundContext.objects.filter(assessment=assessment).first()
    return row.version if row else 0


class ContextForm(ActionForm):
    """What standards ask about a round as a whole, its texts in each language of the round."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        row = RoundContext.objects.filter(assessment=assessment).first()
        shown = row or RoundContext(version=0)
        super().__init__(data, initial={"version": shown.version})
        self.assessment = assessment
        for name in TEXTS:
            self._add_text(name, getattr(shown, name))
        for name, label in _days().items():
            self.fields[name] = forms.DateField(
                label=label,
                required=False,
                initial=getattr(shown, name),
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
        self._add_choices(shown)
        self._add_horizons(shown)

    def _add_text(self, name: str, text: dict[str, str]) -> None:
        for language, label in languages_of(self.assessment):
            self.fields[f"{name}:{language}"] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST.get(name, USUAL_LENGTH),
                initial=text.get(language, ""),
                widget=forms.Textarea(attrs={"rows": ROWS[name]}),
            )

    def _add_choices(self, shown: RoundContext) -> None:
        same = next(key for key, value in SAME.items() if value is shown.as_annual_report)
        self.fields["as_annual_report"] = forms.ChoiceField(
            label=_("Entity and period"),
            required=False,
            initial=same,
            choices=[
                ("", "–"),
                ("yes", _("As in the annual report")),
                ("no", _("Other than in the annual report")),
            ],
        )
        self.fields["approach"] = forms.ChoiceField(
            label=_("Where the assessment starts"),
            required=False,
            initial=shown.approach,
            choices=[("", "–"), *Approach.choices],
        )
        self.fields["standards"] = forms.MultipleChoiceField(
            label=_("Standards followed"),
            required=False,
            initial=shown.standards,
            choices=[
                (key, f"{in_language(row.title)} · {row.edition}")
                for key, row in frameworks().items()
            ],
            widget=forms.CheckboxSelectMultiple,
        )

    def _add_horizons(self, shown: RoundContext) -> None:
        """Add the horizons. Those of ESRS are offered in the empty field, not filled in: a report
        that says whose horizons it follows says what somebody chose."""
        labels = {
            "short_years": (_("Short term, up to … years"), SHORT_YEARS),
            "medium_years": (_("Medium term, up to … years"), MEDIUM_YEARS),
        }
        for name, (label, usual) in labels.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                required=False,
                min_value=1,
                max_value=MOST_YEARS,
                initial=getattr(shown, name),
                widget=forms.NumberInput(attrs={"placeholder": f"ESRS: {usual}"}),
            )

    @property
    def texts(self) -> dict[str, list[forms.BoundField]]:
        return {name: self.in_each_language(name) for name in TEXTS}

    def disable(self) -> None:
        super().disable()
        for name in ("short_years", "medium_years"):  # who only reads is offered nothing
            self.fields[name].widget.attrs.pop("placeholder")

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        fields = {name: data[name] for name in FIELDS if name not in TEXTS}
        fields["as_annual_report"] = SAME[data["as_annual_report"]]
        fields |= {name: both_languages(data, name) for name in TEXTS}
        actions.set_context(
            assessment=self.assessment, by=by, expected_version=data["version"], **fields
        )

    def version_now(self) -> int:
        return version_of(self.assessment)


def _days() -> dict[str, str]:
    labels = {
        "period_start": _("First day of the period"),
        "period_end": _("Last day of the period"),
        "approved_on": _("Approved on"),
        "last_revision": _("Last revised on"),
        "next_revision": _("Next revision planned for"),
    }
    return {name: labels[name] for name in DAYS}


class ChainForm(ActionForm):
    """Every stage of the value chain, and some empty rows for more."""

    count = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=MOST_STEPS + FREE_ROWS
    )

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        steps: list[ChainStep | None] = list(assessment.chain_steps.all())
        shown = steps + [None] * FREE_ROWS
        start = {"version": version_of(assessment), "count": len(shown)}
        super().__init__(data, initial=start, auto_id="chain_%s")
        self.assessment = assessment
        self.numbers = range(self._count(data, len(shown)))
        for at in self.numbers:
            self._add_row(at, shown[at] if at < len(shown) else None)

    @staticmethod
    def _count(data: Any, shown: int) -> int:
        """Return how many rows were sent, or are shown where none were."""
        sent = str(data.get("count", "")) if data else ""
        return min(int(sent), MOST_STEPS + FREE_ROWS) if sent.isdecimal() else shown

    def _add_row(self, at: int, step: ChainStep | None) -> None:
        self.fields[f"{at}-code"] = forms.CharField(
            required=False, max_length=20, widget=forms.HiddenInput, initial=step and step.code
        )
        self.fields[f"{at}-order"] = forms.IntegerField(
            label=_("Order"), required=False, min_value=0, max_value=999, initial=at + 1
        )
        self.fields[f"{at}-side"] = forms.ChoiceField(
            label=_("Side"),
            choices=[(side.value, side.label) for side in CHAIN],
            initial=step.side if step else CHAIN[0],
        )
        for language, label in languages_of(self.assessment):
            self.fields[f"{at}-name:{language}"] = forms.CharField(
                label=_("Name · %(language)s") % {"language": label},
                required=False,
                max_length=LONGEST_NAME,
                initial=step.name.get(language, "") if step else "",
            )
        self.fields[f"{at}-places"] = forms.CharField(
            label=_("Places"),
            required=False,
            max_length=LONGEST_PLACES,
            initial=step.places if step else "",
        )
        for language, label in languages_of(self.assessment):
            self.fields[f"{at}-relation:{language}"] = forms.CharField(
                label=_("Relation · %(language)s") % {"language": label},
                required=False,
                max_length=LONGEST_RELATION,
                initial=step.relation.get(language, "") if step else "",
            )
        if step:
            self.fields[f"{at}-gone"] = forms.BooleanField(
                label=_("Take this stage out"), required=False
            )

    @property
    def rows(self) -> Iterator[tuple[list[forms.BoundField], list[forms.BoundField]]]:
        """Yield the fields of each stage: what it is, and more about it."""
        for at in self.numbers:
            fields = [self[name] for name in self.fields if name.startswith(f"{at}-")]
            places = fields.index(self[f"{at}-places"])
            yield fields[:places], fields[places:]

    def save(self, *, by: Any) -> None:
        steps = [self._step(at) for at in self.filled]
        actions.set_chain(
            assessment=self.assessment,
            steps=steps,
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    @cached_property
    def filled(self) -> list[int]:
        """The rows that are stages, in the order they were given; a fault takes no row away."""
        filled = [at for at in self.numbers if self._is_filled(at)]
        return sorted(filled, key=lambda at: (self._order(at), at))

    def _is_filled(self, at: int) -> bool:
        """Tell whether a row is a stage: it says something, and is not to go."""
        if self.cleaned_data.get(f"{at}-gone"):
            return False
        parts = ("code", "places", "name:", "relation:")
        names = [f"{at}-{part}" for part in parts]
        filled = [name for name, value in self.cleaned_data.items() if value]
        return any(name.startswith(tuple(names)) for name in filled)

    def _order(self, at: int) -> int:
        order = self.cleaned_data[f"{at}-order"]
        return at + 1 if order is None else order

    def _step(self, at: int) -> actions.StepRow:
        data = self.cleaned_data
        return actions.StepRow(
            side=data[f"{at}-side"],
            name=both_languages(data, f"{at}-name"),
            places=data[f"{at}-places"],
            relation=both_languages(data, f"{at}-relation"),
            code=data[f"{at}-code"],
        )

    def field_of(self, name: str) -> str | None:
        """Return where a fault is said: of a stage at its name, of the whole chain at the top."""
        if not name.isdecimal():
            return None
        return super().field_of(f"{self.filled[int(name)]}-name")

    def version_now(self) -> int:
        return version_of(self.assessment)


def saved_steps(count: int) -> str:
    """Return what is said once a value chain was saved."""
    return ngettext("%(count)d stage saved.", "%(count)d stages saved.", count) % {"count": count}
