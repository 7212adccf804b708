"""What became of last year's topics: lines as people see them, and one that is new."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from materiality.actions import Change, succeed
from materiality.models import Assessment, Succession
from materiality.web.forms.fields import LANGUAGES, ActionForm, both_languages
from surveys.languages import Text, in_language

Kind = Succession.Kind
BOTH_SIDES = (Kind.WIDENED, Kind.RENAMED, Kind.ABSORBED, Kind.MERGED, Kind.SPLIT, Kind.CONTINUED)
KEEPS_IDENTITY = (Kind.RENAMED, Kind.WIDENED, Kind.MERGED, Kind.SPLIT, Kind.ADDED)
SUGGESTIONS = {
    Kind.RENAMED: _("Renamed to “%(after)s”"),
    Kind.ABSORBED: _("Merged into “%(after)s”"),
    Kind.MERGED: _("Combined as “%(after)s”"),
    Kind.SPLIT: _("“%(before)s” was split"),
}


@dataclass(frozen=True)
class Line:
    """One change as it is edited: the texts of both sides and its fields."""

    number: int
    before: Text | None
    after: Text | None
    kind: forms.BoundField
    reasons: list[forms.BoundField]
    suggestion: str
    is_complete: bool


class ChangesForm(ActionForm):
    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment = assessment
        for number, change in enumerate(self.changes):
            self.fields[f"kind:{number}"] = forms.ChoiceField(
                choices=_kinds(change), initial=change.kind
            )
            self.fields[f"remove:{number}"] = forms.BooleanField(required=False)
            self._add_reasons(str(number), change.reason)
        self._add_new_line()

    def _add_reasons(self, prefix: str, reason: Text) -> None:
        for language, label in LANGUAGES:
            self.fields[f"{prefix}:{language}"] = forms.CharField(
                label=label,
                required=False,
                max_length=300,
                initial=reason.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def _add_new_line(self) -> None:
        none = [("", _("None"))]
        for side, names in (("before", self.before), ("after", self.after)):
            choices = none + [(code, in_language(name)) for code, name in names.items()]
            self.fields[f"new:{side}"] = forms.ChoiceField(choices=choices, required=False)
        self.fields["new:kind"] = forms.ChoiceField(
            choices=[(kind, kind.label) for kind in Kind if kind != Kind.CONTINUED], required=False
        )
        self._add_reasons("new", {})

    @cached_property
    def before(self) -> dict[str, Text]:
        previous = self.assessment.previous
        return {topic.code: topic.name for topic in previous.topics.all()} if previous else {}

    @cached_property
    def after(self) -> dict[str, Text]:
        return {topic.code: topic.name for topic in self.assessment.topics.all()}

    @cached_property
    def recorded(self) -> list[Change]:
        rows = self.assessment.successions.select_related("before", "after")
        return [
            Change(
                row.kind,
                row.before.code if row.before else None,
                row.after.code if row.after else None,
                row.reason,
            )
            for row in rows
        ]

    @cached_property
    def unchanged(self) -> list[Change]:
        return [change for change in self.recorded if change.kind == Kind.CONTINUED]

    @cached_property
    def changes(self) -> list[Change]:
        """What was said, then what follows from silence: topics gone, topics new."""
        said = [change for change in self.recorded if change.kind != Kind.CONTINUED]
        spoken_before = {change.before for change in self.recorded}
        spoken_after = {change.after for change in self.recorded}
        gone = [
            Change(Kind.REMOVED, code, None, {})
            for code in self.before
            if code not in spoken_before
        ]
        new = [
            Change(Kind.ADDED, None, code, {}) for code in self.after if code not in spoken_after
        ]
        return said + gone + new

    def lines(self) -> Iterator[Line]:
        for number, change in enumerate(self.changes):
            reasons = [self[f"{number}:{language}"] for language, _label in LANGUAGES]
            yield Line(
                number,
                self.before.get(change.before or ""),
                self.after.get(change.after or ""),
                self[f"kind:{number}"],
                reasons,
                in_language(self._suggestion(change)),
                all(field.value() for field in reasons),
            )

    @property
    def new_line(self) -> dict[str, Any]:
        return {
            "before": self["new:before"],
            "kind": self["new:kind"],
            "after": self["new:after"],
            "reasons": [self[f"new:{language}"] for language, _label in LANGUAGES],
        }

    @property
    def unchanged_names(self) -> list[Text]:
        return [self.after[change.after] for change in self.unchanged if change.after in self.after]

    @property
    def explained(self) -> int:
        return sum(
            all(change.reason.get(language, "").strip() for language, _label in LANGUAGES)
            for change in self.changes
        )

    def _suggestion(self, change: Change) -> Text:
        """Return a sentence that states the change, in both languages; empty if none is plain."""
        sentence = SUGGESTIONS.get(Kind(change.kind))
        if sentence is None:
            return {}
        return {language: self._in(language, str, sentence, change) for language, _l in LANGUAGES}

    def _in(self, language: str, write: Any, sentence: Any, change: Change) -> str:
        with override(language):
            return str(
                write(sentence)
                % {
                    "before": in_language(self.before.get(change.before or "")),
                    "after": in_language(self.after.get(change.after or "")),
                }
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self._has_new(cleaned):
            wanted = {
                Kind.ADDED.value: (False, True),
                Kind.REMOVED.value: (True, False),
            }.get(cleaned.get("new:kind", ""), (True, True))
            sides = bool(cleaned.get("new:before")), bool(cleaned.get("new:after"))
            if sides != wanted:
                self.add_error("new:kind", _sides_message(wanted))
        return cleaned

    def _has_new(self, cleaned: Mapping[str, Any]) -> bool:
        return bool(cleaned.get("new:before") or cleaned.get("new:after"))

    def save(self, *, by: Any, use: str = "") -> None:
        """Replace the round's lines by these; `use` is the line whose suggestion is accepted."""
        lines = [
            self._edited(number, change, use == str(number))
            for number, change in enumerate(self.changes)
            if not self.cleaned_data[f"remove:{number}"]
        ]
        lines += self._entered()
        succeed(
            assessment=self.assessment,
            changes=lines + self._still_unchanged(lines),
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    def _edited(self, number: int, change: Change, accepted: bool) -> Change:
        reason = both_languages(self.cleaned_data, str(number))
        suggestion = self._suggestion(change) if accepted else {}
        reason = {code: text or suggestion.get(code, "") for code, text in reason.items()}
        return Change(self.cleaned_data[f"kind:{number}"], change.before, change.after, reason)

    def _entered(self) -> list[Change]:
        told = self.cleaned_data
        if not self._has_new(told):
            return []
        sides = (told["new:before"] or None, told["new:after"] or None)
        return [Change(told["new:kind"], *sides, both_languages(told, "new"))]

    def _still_unchanged(self, lines: list[Change]) -> list[Change]:
        """A topic that a new line speaks of is no longer unchanged."""
        told_before = {line.before for line in lines}
        told_after = {line.after for line in lines if line.kind in KEEPS_IDENTITY}
        pairs = {(line.before, line.after) for line in lines}
        return [
            line
            for line in self.unchanged
            if line.before not in told_before
            and line.after not in told_after
            and (line.before, line.after) not in pairs
        ]


def _kinds(change: Change) -> list[tuple[str, Any]]:
    """Return the kinds that a line with these sides can be."""
    if change.before is None:
        return [(Kind.ADDED.value, Kind.ADDED.label)]
    if change.after is None:
        return [(Kind.REMOVED.value, Kind.REMOVED.label)]
    return [(kind.value, kind.label) for kind in BOTH_SIDES]


def _sides_message(wanted: tuple[bool, bool]) -> Any:
    return {
        (False, True): _("A topic that was added has no topic of last year: choose “None” there."),
        (True, False): _(
            "A topic that was removed has no topic of this year: choose “None” there."
        ),
        (True, True): _("Choose a topic of last year and one of this year."),
    }[wanted]
