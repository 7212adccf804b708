"""What became of last year's topics: changes as people see them, and one that is new."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from materiality.actions import SuccessionLine, explain_method, map_last_scale, succeed
from materiality.document.schema import PreviousTopic, Topic
from materiality.document.schema import Succession as SuccessionRow
from materiality.method import changes as table
from materiality.models import Assessment, Source, Succession
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.languages import Text, in_language

Kind = Succession.Kind
ONE_TO_ONE = (Kind.WIDENED, Kind.RENAMED, Kind.ABSORBED, Kind.CONTINUED)
KEEPS_IDENTITY = (Kind.RENAMED, Kind.WIDENED, Kind.MERGED, Kind.SPLIT, Kind.ADDED)
SUGGESTIONS = {
    Kind.RENAMED: _("Renamed to “%(after)s”"),
    Kind.ABSORBED: _("Merged into “%(after)s”"),
    Kind.MERGED: _("Combined as “%(after)s”"),
    Kind.SPLIT: _("“%(before)s” was split"),
}
ADDED_AFTER = _("Added in view of: %(sources)s")
MANY = 99
SIDES: Mapping[str, tuple[range, range]] = {
    Kind.ADDED: (range(1), range(1, MANY)),
    Kind.REMOVED: (range(1, MANY), range(1)),
    Kind.RENAMED: (range(1, 2), range(1, 2)),
    Kind.WIDENED: (range(1, 2), range(1, 2)),
    Kind.SPLIT: (range(1, MANY), range(2, MANY)),
    Kind.MERGED: (range(2, MANY), range(1, MANY)),
    Kind.ABSORBED: (range(1, MANY), range(1, 2)),
}
WRONG_SIDES = {
    Kind.ADDED: _("A topic that was added has none of last year: tick topics of this year only."),
    Kind.REMOVED: _("A topic that was removed has none of this year: tick last year’s only."),
    Kind.RENAMED: _("Tick one topic of last year and one of this year."),
    Kind.WIDENED: _("Tick one topic of last year and one of this year."),
    Kind.SPLIT: _("A split goes from a topic of last year to two or more of this year."),
    Kind.MERGED: _("Two or more topics of last year are combined as one of this year."),
    Kind.ABSORBED: _("Tick the topics of last year, and the one of this year that took them in."),
}


@dataclass(frozen=True)
class Move:
    """One change: some topics of last year, some of this year, what happened, and why."""

    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: Text

    def lines(self) -> list[SuccessionLine]:
        pairs = product(self.before or (None,), self.after or (None,))
        return [SuccessionLine(self.kind, before, after, self.reason) for before, after in pairs]


@dataclass(frozen=True)
class ChangeLine:
    """One change as it is edited: the texts of both sides and its fields."""

    number: int
    before: list[Text]
    after: list[Text]
    kind: forms.BoundField
    reasons: list[forms.BoundField]
    suggestion: str
    is_complete: bool
    is_said: bool
    went_elsewhere: bool = False
    """Whether last year's topic of this code went into another, and it is still on the list."""


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
        for language, label in languages_of(self.assessment):
            self.fields[f"{prefix}:{language}"] = forms.CharField(
                label=label,
                required=False,
                max_length=300,
                initial=reason.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def _add_new_line(self) -> None:
        for side, names in (("before", self.before), ("after", self.after)):
            self.fields[f"new:{side}"] = forms.MultipleChoiceField(
                choices=[(code, in_language(name)) for code, name in names.items()],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["new:kind"] = forms.ChoiceField(
            choices=[(kind, kind.label) for kind in Kind if kind != Kind.CONTINUED], required=False
        )
        self._add_reasons("new", {})

    @cached_property
    def before(self) -> dict[str, Text]:
        previous = self.assessment.previous
        topics = previous.topics.short_list() if previous else ()
        return {topic.code: topic.name for topic in topics}

    @cached_property
    def after(self) -> dict[str, Text]:
        return {topic.code: topic.name for topic in self._topics}

    @cached_property
    def _topics(self) -> list[Any]:
        return list(self.assessment.topics.short_list())

    @cached_property
    def recorded(self) -> list[SuccessionLine]:
        rows = self.assessment.successions.select_related("before", "after")
        return [
            SuccessionLine(
                row.kind,
                row.before.code if row.before else None,
                row.after.code if row.after else None,
                row.reason,
            )
            for row in rows
        ]

    @cached_property
    def changes(self) -> list[Move]:
        """What was said, then what follows from silence: topics gone, topics new."""
        rows = table.rows(
            {
                "topics": _by_name(self.after),
                "previous": {"topics": _named_before(self.before)},
                "successions": [_line(change) for change in self.recorded],
            }
        )
        return [
            Move(row["kind"], tuple(row["before"]), tuple(row["after"]), row["reason"])
            for row in rows
        ]

    @cached_property
    def unchanged(self) -> list[SuccessionLine]:
        moved = {pair for move in self.changes for pair in product(move.before, move.after)}
        return [
            change
            for change in self.recorded
            if change.kind == Kind.CONTINUED and (change.before, change.after) not in moved
        ]

    def lines(self) -> Iterator[ChangeLine]:
        pairs = {(change.before, change.after) for change in self.recorded}
        gone = {change.before for change in self.recorded if change.before != change.after}
        for number, change in enumerate(self.changes):
            reasons = self.in_each_language(str(number))
            yield ChangeLine(
                number,
                [self.before[code] for code in change.before if code in self.before],
                [self.after[code] for code in change.after if code in self.after],
                self[f"kind:{number}"],
                reasons,
                in_language(self._suggestion(change)),
                all(field.value() for field in reasons),
                any((line.before, line.after) in pairs for line in change.lines()),
                not change.before and bool(gone.intersection(change.after)),
            )

    @property
    def open_lines(self) -> list[ChangeLine]:
        """The changes that keep the table from being printed."""
        return [line for line in self.lines() if not line.is_complete]

    @property
    def new_line(self) -> dict[str, Any]:
        return {
            "before": self["new:before"],
            "kind": self["new:kind"],
            "after": self["new:after"],
            "reasons": self.in_each_language("new"),
        }

    @property
    def unchanged_names(self) -> list[Text]:
        return [self.after[change.after] for change in self.unchanged if change.after in self.after]

    @property
    def explained(self) -> int:
        """How many changes have a reason in every language of the round."""
        codes = [language for language, _label in languages_of(self.assessment)]
        number = 0
        for change in self.changes:
            number += all(change.reason.get(code, "").strip() for code in codes)
        return number

    def _suggestion(self, change: Move) -> Text:
        """Return a sentence that states the change, in both languages; empty if none is plain."""
        return {
            code: statement
            for code, _label in languages_of(self.assessment)
            if (statement := self._stated(change, code))
        }

    def _stated(self, change: Move, language: str) -> str:
        with override(language):
            if change.kind == Kind.ADDED:
                return self._added_after(change)
            sentence = SUGGESTIONS.get(Kind(change.kind))
            sides = {
                "before": _enumeration(self.before.get(code, {}) for code in change.before),
                "after": _enumeration(self.after.get(code, {}) for code in change.after),
            }
            return str(sentence) % sides if sentence else ""

    def _added_after(self, change: Move) -> str:
        """Name where a new topic came from, as it was said when it was chosen."""
        sources = {row.code: row.sources for row in self._topics}
        topics = dict.fromkeys(one for code in change.after for one in sources.get(code, []))
        names = [str(Source(code).label) for code in topics if code in Source.values]
        return str(ADDED_AFTER) % {"sources": str(_(", ")).join(names)} if names else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        new = cleaned.get("new:kind", "")
        before, after = (len(cleaned.get(f"new:{side}") or []) for side in ("before", "after"))
        if new and (before or after):
            wanted_before, wanted_after = SIDES[new]
            if before not in wanted_before or after not in wanted_after:
                self.add_error("new:kind", WRONG_SIDES[Kind(new)])
        return cleaned

    def save(self, *, by: Any, use: str = "") -> None:
        """Replace the round's changes by these; `use` is the line whose suggestion is accepted."""
        entered = self._entered()
        edited = [
            self._edited(number, change, use == str(number))
            for number, change in enumerate(self.changes)
            if not self.cleaned_data[f"remove:{number}"]
        ]
        moves = [move for move in edited if not _is_told_anew(move, entered)] + entered
        lines = [line for move in moves for line in move.lines()]
        succeed(
            assessment=self.assessment,
            changes=lines + self._still_unchanged(lines),
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    def _edited(self, number: int, change: Move, accepted: bool) -> Move:
        reason = both_languages(self.cleaned_data, str(number))
        suggestion = self._suggestion(change) if accepted else {}
        reason = {code: text or suggestion.get(code, "") for code, text in reason.items()}
        return Move(self.cleaned_data[f"kind:{number}"], change.before, change.after, reason)

    def _entered(self) -> list[Move]:
        data = self.cleaned_data
        sides = tuple(data["new:before"]), tuple(data["new:after"])
        if not any(sides):
            return []
        return [Move(data["new:kind"], *sides, both_languages(data, "new"))]

    def _still_unchanged(self, lines: list[SuccessionLine]) -> list[SuccessionLine]:
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


def _by_name(topics: Mapping[str, Text]) -> list[Topic]:
    return [{"code": code, "name": name} for code, name in topics.items()]


def _named_before(topics: Mapping[str, Text]) -> list[PreviousTopic]:
    return [{"code": code, "name": name} for code, name in topics.items()]


def _line(change: SuccessionLine) -> SuccessionRow:
    return {
        "kind": change.kind,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
    }


def _enumeration(names: Iterable[Text]) -> str:
    return str(_(", ")).join(in_language(name) for name in names)


def _is_told_anew(move: Move, entered: list[Move]) -> bool:
    """Whether a topic that came or went is now said to be something else."""
    if move.kind == Kind.REMOVED:
        return any(set(move.before) & set(one.before) for one in entered)
    identities = [one for one in entered if one.kind in KEEPS_IDENTITY]
    return move.kind == Kind.ADDED and any(set(move.after) & set(one.after) for one in identities)


def _kinds(change: Move) -> list[tuple[str, Any]]:
    """Return the kinds that a change with these sides can be."""
    sides = len(change.before), len(change.after)
    if sides == (1, 1):
        return [(kind, kind.label) for kind in dict.fromkeys([*ONE_TO_ONE, Kind(change.kind)])]
    return [
        (kind, Kind(kind).label)
        for kind, (before, after) in SIDES.items()
        if sides[0] in before and sides[1] in after
    ]


class MethodForm(ActionForm):
    """Why the method differs from the previous round's, in both languages."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="method_%s")
        self.assessment = assessment
        before = assessment.previous
        if before and before.points != assessment.points:
            self.fields["mapped"] = forms.BooleanField(
                label=_(
                    "Compare scores: map the ratings of %(before)s, 1 to %(old)d, linearly to "
                    "1 to %(new)d"
                )
                % {"before": before.year, "old": before.points, "new": assessment.points},
                required=False,
                initial=assessment.maps_last_scale,
            )
        for language, label in languages_of(self.assessment):
            self.fields[f"why:{language}"] = forms.CharField(
                label=label,
                required=False,
                max_length=500,
                initial=assessment.method_reason.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def reasons(self) -> list[forms.BoundField]:
        return self.in_each_language("why")

    @property
    def is_complete(self) -> bool:
        return all(field.value() for field in self.reasons)

    @property
    def mapping(self) -> forms.BoundField | None:
        """Whether last round's ratings are mapped to this scale, where the two differ."""
        return self["mapped"] if "mapped" in self.fields else None

    def save(self, *, by: Any) -> None:
        explain_method(
            assessment=self.assessment,
            reason=both_languages(self.cleaned_data, "why"),
            by=by,
            expected_version=self.cleaned_data["version"],
        )
        if "mapped" in self.fields:
            is_mapped = self.cleaned_data["mapped"]
            map_last_scale(assessment=self.assessment, is_mapped=is_mapped, by=by)
