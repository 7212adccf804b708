"""The forms of the assessment: who is asked, the sheet of an entry, the thresholds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from materiality import actions
from materiality.actions.register_scores import LONGEST_REASON, thresholds_version
from materiality.models import Assessment, Horizon, Iro, IroKind, IroScore, IroThreshold
from materiality.models.register import ASKED
from materiality.selectors.register import meanings_of
from materiality.templatetags.workspace import person
from materiality.web.fields import ActionForm, both_languages, languages_of

CANNOT = "0"
QUESTIONS = {
    "scale": lambda: (_("Scale"), _("How grave or how beneficial is it for those affected?")),
    "scope": lambda: (_("Scope"), _("How widespread is it: people, area, amount?")),
    "irremediability": lambda: (_("Irremediability"), _("How hard is it to put right?")),
    "likelihood": lambda: (_("Likelihood"), _("How likely is it to happen?")),
}


def question(mark: str) -> tuple[str, str]:
    """Return what a mark is called, and the question it answers."""
    if mark in QUESTIONS:
        return QUESTIONS[mark]()
    what, _line, horizon = mark.partition("_")
    values = {"horizon": str(Horizon(horizon).label)}
    if what == "magnitude":
        title = _("Magnitude, %(horizon)s") % values
        return title, _("How large is the effect on profit, cash flow or access to finance?")
    return _("Likelihood, %(horizon)s") % values, _("How likely is it to happen in that time?")


class ScoreForm(ActionForm):
    """The sheet of an entry: a number a criterion, and why."""

    prefix_of_ids = "s_%s"

    def __init__(
        self,
        data: Any = None,
        *,
        iro: Iro,
        there: IroScore | None,
        expert: User | None = None,
        is_net: bool | None = None,
        prefix: str | None = None,
    ) -> None:
        initial = {"version": there.version if there else 0}
        self.is_net = iro.is_net if is_net is None else is_net
        super().__init__(data, initial=initial, auto_id=self.prefix_of_ids, prefix=prefix)
        self.iro, self.assessment, self.expert = iro, iro.assessment, expert
        marks = [(str(n), str(n)) for n in range(1, self.assessment.points + 1)]
        is_same_sheet = there is not None and there.sheet == iro.sheet
        for mark in ASKED[iro.sheet]:
            title, _text = question(mark)
            self.fields[mark] = forms.ChoiceField(
                label=title,
                choices=[*marks, (CANNOT, _("cannot tell"))],
                widget=forms.RadioSelect,
                initial=str(getattr(there, mark) or CANNOT) if is_same_sheet else None,
            )
        self.fields["reason"] = forms.CharField(
            label=_("Why"),
            max_length=LONGEST_REASON,
            initial=there.reason if there else "",
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("What you base it on: facts, cases, documents."),
        )

    @property
    def marks(self) -> list[tuple[forms.BoundField, str, list[str]]]:
        """Return the fields of the sheet, each with its question and what its numbers mean."""
        criteria = ASKED[self.iro.sheet]
        return [(self[mark], question(mark)[1], self.meanings.get(mark, [])) for mark in criteria]

    @property
    def is_given(self) -> bool:
        """Whether something was entered that is not there yet."""
        return any(name != "version" for name in self.changed_data)

    @cached_property
    def meanings(self) -> dict[str, list[str]]:
        return meanings_of(self.assessment)

    def given(self) -> dict[str, int | None]:
        data = self.cleaned_data
        return {mark: int(data[mark]) or None for mark in ASKED[self.iro.sheet]}

    def save(self, *, by: Any) -> None:
        actions.score_iro(
            iro=self.iro,
            expert=by,
            marks=self.given(),
            reason=self.cleaned_data["reason"],
            is_net=self.is_net,
            expected_version=self.cleaned_data["version"],
        )

    def version_now(self) -> int:
        current = self.iro.scores.filter(expert=self.expert, is_net=self.is_net).first()
        return current.version if current else 0


def save_together(sheets: Sequence[ScoreForm], *, by: User) -> bool:
    """Save all sheets or none, and tell whether that was done: what is refused is said on each."""
    valid = [sheet.is_valid() for sheet in sheets]
    if not all(valid):
        return False
    with transaction.atomic():
        acted = [sheet.act(by=by) for sheet in sheets]
        if not all(acted):
            transaction.set_rollback(True)
    return all(acted)


class ConsensusForm(ScoreForm):
    """What the experts agreed on, beside their single scores."""

    prefix_of_ids = "c_%s"

    def save(self, *, by: Any) -> None:
        actions.agree_iro(
            iro=self.iro,
            marks=self.given(),
            reason=self.cleaned_data["reason"],
            by=by,
            expected_version=self.cleaned_data["version"],
        )


class AssignForm(ActionForm):
    """Experts and the topics whose open entries they score; `take` asks them no longer."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment = assessment
        self.fields["experts"] = forms.MultipleChoiceField(
            label=_("Experts who score"),
            choices=[(str(one.pk), self._named(one)) for one in self.members],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["topics"] = forms.MultipleChoiceField(
            label=_("All open entries of these topics"),
            choices=[(topic, name) for topic, name in self.choosable],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["kinds"] = forms.MultipleChoiceField(
            label=_("Only these kinds; none: all"),
            choices=IroKind.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def _named(self, one: User) -> str:
        if one.pk in self.left:
            return _("%(name)s (has left)") % {"name": person(one)}
        return person(one)

    @cached_property
    def members(self) -> Sequence[User]:
        """Return who can be asked, and after them who is asked still though they have left."""
        rows = self.assessment.organisation.memberships.select_related("user")
        there = [row.user for row in rows.order_by("pk")]
        assigned = User.objects.filter(iro_assignments__iro__assessment=self.assessment)
        left = assigned.exclude(pk__in=[one.pk for one in there]).distinct().order_by("pk")
        self.left = {one.pk for one in left}
        return [*there, *left]

    @cached_property
    def choosable(self) -> list[tuple[str, str]]:
        rows = self.assessment.topics.filter(iros__closed_at=None, iros__isnull=False)
        return [(topic.code, str(topic)) for topic in rows.distinct()]

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        rows = self.assessment.iros.open().filter(topic__code__in=data["topics"])
        if data["kinds"]:
            rows = rows.filter(kind__in=data["kinds"])
        experts = [one for one in self.members if str(one.pk) in data["experts"]]
        verb = actions.unassign_iros if "take" in self.data else actions.assign_iros
        self.count = verb(
            assessment=self.assessment,
            codes=list(rows.values_list("code", flat=True)),
            experts=experts,
            by=by,
        )


class ThresholdForm(ActionForm):
    """From which value on entries of each kind are material, and why there."""

    def __init__(
        self, data: Any = None, *, assessment: Assessment, there: dict[str, IroThreshold]
    ) -> None:
        version = thresholds_version(there.values())
        super().__init__(data, initial={"version": version}, auto_id="t_%s")
        self.assessment, self.there = assessment, there
        for kind in IroKind:
            row = there.get(kind.value)
            self.fields[kind.value] = forms.FloatField(
                label=str(kind.label),
                required=False,
                initial=row.value if row else None,
                widget=forms.NumberInput(attrs={"step": "0.1", "min": "0.1", "class": "in1"}),
            )
            for code, tongue in languages_of(assessment):
                self.fields[f"{kind.value}.why:{code}"] = forms.CharField(
                    label=tongue,
                    required=False,
                    max_length=500,
                    initial=row.reason.get(code, "") if row else "",
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def rows(self) -> list[tuple[forms.BoundField, list[forms.BoundField], IroThreshold | None]]:
        return [
            (self[kind], self.in_each_language(f"{kind}.why"), self.there.get(kind))
            for kind in IroKind.values
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for kind in IroKind.values:
            if data.get(kind) is None:
                if kind in self.there and kind not in self.errors:
                    self.add_error(kind, _("A threshold that was set is moved, not taken away."))
                continue
            for code, _tongue in languages_of(self.assessment):
                if not data.get(f"{kind}.why:{code}", "").strip():
                    self.add_error(f"{kind}.why:{code}", _("Write why the threshold is there."))
        return data

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        values = {
            kind: (data[kind], both_languages(data, f"{kind}.why"))
            for kind in IroKind.values
            if data[kind] is not None
        }
        actions.set_iro_thresholds(
            assessment=self.assessment,
            values=values,
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    def version_now(self) -> int:
        return thresholds_version(self.assessment.iro_thresholds.all())
