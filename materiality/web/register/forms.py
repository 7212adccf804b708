"""The forms of the register: an entry, closing it, a table to take in, what did not go on."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from materiality import actions
from materiality.actions.register import FIELDS, LONGEST, TEXTS, before_of, origins
from materiality.actions.register_links import field_of, linked
from materiality.actions.topic_sheets import written_codes
from materiality.models import (
    Assessment,
    ChainStep,
    EvidenceFile,
    Horizon,
    Involvement,
    Iro,
    IroKind,
    LinkKind,
    Stage,
)
from materiality.models.context import CHAIN
from materiality.web.fields import ActionForm, both_languages, languages_of
from materiality.web.register.linking import Candidates
from materiality.web.spreadsheets import MOST_KEPT, SpreadsheetForm

NEW = Iro(kind=IroKind.NEGATIVE)
LONGEST_CODES = 22_000
"""The most characters of a list of codes: room for the 1,000 that a call may send."""
ROWS = {"title": 2, "description": 4, "affected": 2, "dependency": 2, "mitigation": 3}


FLAGS = ("is_actual", "human_rights", "is_net")


def _yes_or_no(label: str, no: str, yes: str, *, initial: bool) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", no), ("1", yes)],
        required=False,
        initial="1" if initial else "",
    )


class IroForm(ActionForm):
    """An entry of the register, its texts in each language of the round."""

    def __init__(
        self,
        data: Any = None,
        *,
        assessment: Assessment,
        iro: Iro | None = None,
        start: dict[str, Any] | None = None,
    ) -> None:
        version = iro.version if iro else assessment.version
        super().__init__(data, initial={"version": version, **(start or {})})
        self.assessment, self.iro = assessment, iro
        shown = iro or NEW
        self._add_what(shown)
        self._add_where(shown)
        self._add_mitigation(shown)
        self._add_links(iro)
        if self.last_codes or origins(shown):
            self.fields["before"] = forms.CharField(
                label=_("Comes from last round’s entries"),
                required=False,
                max_length=LONGEST_CODES,
                initial="; ".join(origins(shown)),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                help_text=_("Codes, several with “;”. One in two entries was split."),
            )

    def _add_what(self, shown: Iro) -> None:
        topics = [(t.code, str(t)) for t in self.assessment.topics.short_list()]
        own = shown.topic.code if shown.topic_id else ""
        if own and own not in dict(topics):
            topics.append((own, str(shown.topic)))
        self.fields["topic"] = forms.ChoiceField(
            label=_("Topic"), choices=[("", "–"), *topics], initial=own
        )
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), choices=IroKind.choices, initial=shown.kind
        )
        self.fields["is_actual"] = _yes_or_no(
            _("Actual or potential"),
            _("Potential: it may happen"),
            _("Actual: it has happened"),
            initial=shown.is_actual,
        )
        for part in TEXTS:
            for language, label in languages_of(self.assessment):
                self.fields[f"{part}:{language}"] = forms.CharField(
                    label=label,
                    max_length=LONGEST[part],
                    required=part == "title",
                    initial=getattr(shown, part).get(language, ""),
                    widget=forms.Textarea(attrs={"rows": ROWS[part]}),
                )

    def _add_where(self, shown: Iro) -> None:
        self.fields["stage"] = forms.ChoiceField(
            label=_("Value-chain stage"), choices=self._stages(), initial=_stage_of(shown)
        )
        self.fields["place"] = forms.CharField(
            label=_("Place"),
            required=False,
            max_length=LONGEST["place"],
            initial=shown.place,
            help_text=_("Site, region or country."),
        )
        self.fields["horizon"] = forms.ChoiceField(
            label=_("Horizon"), choices=Horizon.choices, initial=shown.horizon
        )
        self.fields["involvement"] = forms.ChoiceField(
            label=_("Involvement"),
            choices=[("", "–"), *Involvement.choices],
            required=False,
            initial=shown.involvement,
            help_text=_("Of impacts: how the company is involved."),
        )
        self.fields["human_rights"] = _yes_or_no(
            _("Human rights"),
            _("No"),
            _("Yes: likelihood never lowers its severity"),
            initial=shown.human_rights,
        )

    def _add_links(self, iro: Iro | None) -> None:
        own = linked(iro) if iro else {}
        labels = {
            LinkKind.IMPACT: (
                _("Gives rise to, or arises from"),
                _("Link one more: a risk of this impact, or an impact behind this risk"),
            ),
            LinkKind.DEPENDENCY: (
                _("Linked by a dependency"),
                _("Link one more: the risk depends on what the impact acts on"),
            ),
        }
        for kind, (label, more) in labels.items():
            name = field_of(kind)
            codes = {*own.get(kind, ()), *self._sent(name)}
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=self.candidates.names(codes),
                initial=own.get(kind, []),
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"more_{name}"] = forms.CharField(
                label=more,
                required=False,
                max_length=LONGEST_CODES,
                widget=forms.TextInput(attrs={"autocomplete": "off", "list": "entries"}),
                help_text=_(
                    "Begin to write its title and choose it; or write its number, several with “;”."
                ),
            )

    def _sent(self, name: str) -> list[str]:
        return self.data.getlist(name) if self.is_bound else []  # type: ignore[attr-defined]

    @cached_property
    def candidates(self) -> Candidates:
        return Candidates(self.assessment, self.iro)

    @property
    def ties(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return by kind of link the entries to untick, and the field that names one more."""
        names = [field_of(kind) for kind in LinkKind.values]
        return [(self[name], self[f"more_{name}"]) for name in names]

    def clean(self) -> dict[str, Any]:
        """Add the entries that were named to those that are ticked."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_impact = Iro(kind=data.get("kind", IroKind.NEGATIVE)).is_impact
        for kind in LinkKind.values:
            name = field_of(kind)
            try:
                more = self.candidates.named(data.get(f"more_{name}", ""), is_impact=is_impact)
            except forms.ValidationError as error:
                self.add_error(f"more_{name}", error)
                continue
            data[name] = list(dict.fromkeys([*data.get(name, []), *more]))
        return data

    def _add_mitigation(self, shown: Iro) -> None:
        self.fields["is_net"] = _yes_or_no(
            _("Assessed"),
            _("Gross: before mitigation"),
            _("Net: after mitigation shown to work"),
            initial=shown.is_net,
        )
        self.fields["evidence"] = forms.CharField(
            label=_("Evidence"),
            required=False,
            max_length=LONGEST["evidence"],
            initial=shown.evidence,
            help_text=_("Document and page that show that mitigation works."),
        )
        files = [(str(file.pk), str(file)) for file in self.files_of_round]
        self.fields["evidence_file"] = forms.ChoiceField(
            label=_("File of the round"),
            choices=[("", "–"), *files],
            required=False,
            initial=str(shown.evidence_file_id or ""),
        )

    @cached_property
    def steps(self) -> dict[str, ChainStep]:
        """Return the named stages of the value chain, by the value that chooses each."""
        return {f"{row.side}:{row.code}": row for row in self.assessment.chain_steps.all()}

    def _stages(self) -> list[Any]:
        """Return the sides of the value chain to choose from, each with its named stages."""
        if not self.steps:
            return list(Stage.choices)
        groups = []
        for side in CHAIN:
            unnamed = (side.value, _("%(side)s: no stage named") % {"side": side.label})
            named = [(key, str(row)) for key, row in self.steps.items() if row.side == side]
            groups.append((side.label, [unnamed, *named]))
        return groups

    @cached_property
    def files_of_round(self) -> list[EvidenceFile]:
        return list(self.assessment.evidence_files.all())

    @cached_property
    def last_codes(self) -> list[tuple[str, str]]:
        """Return code and title of last round's open entries."""
        return [(row.code, str(row)) for row in before_of(self.assessment)]

    @property
    def texts(self) -> dict[str, list[forms.BoundField]]:
        return {part: self.in_each_language(part) for part in TEXTS}

    def _described(self) -> dict[str, Any]:
        data = self.cleaned_data
        texts = {part: both_languages(data, part) for part in TEXTS}
        file = next((f for f in self.files_of_round if str(f.pk) == data["evidence_file"]), None)
        apart = (*TEXTS, "evidence_file", "step")
        plain = {name: data[name] for name in FIELDS if name not in apart}
        plain |= {name: bool(data[name]) for name in FLAGS}
        plain["step"] = self.steps.get(data["stage"])
        plain["stage"] = data["stage"].partition(":")[0]
        before = written_codes(data["before"]) if "before" in data else None
        return {
            **plain,
            **texts,
            "evidence_file": file,
            "topic": data["topic"],
            "before": before,
            "links": {kind: data[field_of(kind)] for kind in LinkKind.values},
        }

    def save(self, *, by: Any) -> None:
        described = self._described()
        if self.iro is None:
            described["before"] = described["before"] or ()
            self.iro = actions.add_iro(assessment=self.assessment, by=by, **described)
            return
        if described["topic"] == self.iro.topic.code:
            described["topic"] = None
        version = self.cleaned_data["version"]
        actions.describe_iro(iro=self.iro, by=by, expected_version=version, **described)

    def field_of(self, name: str) -> str | None:
        """Return where a fault is said: of what is looked for by words, at the words."""
        if f"more_{name}" in self.fields:
            return f"more_{name}"
        return super().field_of("stage" if name == "step" else name)

    def version_now(self) -> int:
        return version_of(self.iro) if self.iro else super().version_now()


def version_of(iro: Iro) -> int:
    """Return the version of an entry that is there now; each counts its own changes."""
    return Iro.objects.get(pk=iro.pk).version


def _stage_of(iro: Iro) -> str:
    """Return the value that chooses the stage an entry lies in."""
    return f"{iro.stage}:{iro.step.code}" if iro.step else iro.stage


class CloseForm(ActionForm):
    """Close an entry with a reason in each language; or open it again."""

    def __init__(self, data: Any = None, *, iro: Iro) -> None:
        super().__init__(data, initial={"version": iro.version}, auto_id="close_%s")
        self.iro, self.assessment = iro, iro.assessment
        if not iro.is_closed:
            for language, label in languages_of(self.assessment):
                self.fields[f"why:{language}"] = forms.CharField(
                    label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
                )

    @property
    def reasons(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("why:")]

    def save(self, *, by: Any) -> None:
        version = self.cleaned_data["version"]
        if self.iro.is_closed:
            actions.reopen_iro(iro=self.iro, by=by, expected_version=version)
            return
        reason = both_languages(self.cleaned_data, "why")
        actions.close_iro(iro=self.iro, reason=reason, by=by, expected_version=version)

    def version_now(self) -> int:
        return version_of(self.iro)


class TableForm(SpreadsheetForm):
    """A spreadsheet to take in; the page keeps it while it shows what it would do."""

    def clean(self) -> None:
        super().clean()
        if len(self.content) > MOST_KEPT:
            self.add_error("file", _("The file is larger than 1 MB. Take rows or pictures out."))


class EndForm(ActionForm):
    """Entries of last round's register that do not go on, and why; or take that back."""

    def __init__(self, data: Any = None, *, assessment: Assessment, codes: Sequence[str]) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="end_%s")
        self.assessment = assessment
        self.fields["codes"] = forms.MultipleChoiceField(
            choices=[(code, code) for code in codes],
            required=False,
            label=_("Entries"),
            widget=forms.CheckboxSelectMultiple,
        )
        for language, label in languages_of(assessment):
            self.fields[f"why:{language}"] = forms.CharField(
                label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
            )

    @property
    def reasons(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("why:")]

    @property
    def chosen(self) -> list[str]:
        return list(self["codes"].value() or ())

    def save(self, *, by: Any) -> None:
        actions.end_iros(
            assessment=self.assessment,
            codes=self.cleaned_data["codes"],
            reason=both_languages(self.cleaned_data, "why"),
            by=by,
        )
