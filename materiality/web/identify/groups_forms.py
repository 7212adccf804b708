"""Forms of the groups and panels of a round."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from materiality.actions import (
    add_groups,
    add_suggested_groups,
    describe_groups,
    merge_groups,
    remove_group,
    reorder_groups,
    split_group,
)
from materiality.catalogue.groups import suggestions
from materiality.models import Assessment, StakeholderGroup
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.languages import in_language

DIMENSIONS = (
    ("stakeholder", _("Stakeholder group: how important topics are to its people")),
    ("impact", _("Panel: how large the company’s impact is")),
)
BOTH_SIDES = (
    DIMENSIONS[0],
    ("impact", _("Panel: the impact, and the effect on the company’s finances")),
)
"""Of double materiality, where a panel judges both sides unless it is told otherwise."""
ALONE = (
    ("impact_alone", _("Panel: the impact alone, not the financial effect")),
    ("financial", _("Panel: the effect on the company’s finances alone")),
)
"""Of double materiality, where not every panel judges both sides."""
PARTS = 3
"""A group is split into this many at once, at most; a part can be split again."""


class GroupsForm(ActionForm):
    """What every form of this page begins with: the round, and a prefix that tells it apart."""

    name = ""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        sent = data if data is not None and data.get("act") == self.name else None
        super().__init__(sent, initial={"version": assessment.version}, auto_id=f"{self.name}_%s")
        self.assessment = assessment

    @property
    def about(self) -> dict[str, Any]:
        return {
            "assessment": self.assessment,
            "expected_version": self.cleaned_data["version"],
        }

    def add_names(self, key: str, initial: Any = None, *, required: bool = True) -> None:
        """Add a field a language for the name of a group."""
        for language, tongue in languages_of(self.assessment):
            self.fields[f"{key}:{language}"] = forms.CharField(
                label=_("Name · %(language)s") % {"language": tongue},
                max_length=100,
                required=required,
                initial=(initial or {}).get(language, ""),
            )

    def names(self, key: str) -> list[forms.BoundField]:
        return self.in_each_language(key)


class SuggestForm(GroupsForm):
    """Groups to start from, the usual ones ticked while the round has none."""

    name = "suggest"

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, assessment=assessment)
        codes = set(assessment.groups.values_list("code", flat=True))
        self.offered = [row for row in suggestions() if row.code not in codes]
        self.fields["codes"] = forms.MultipleChoiceField(
            choices=[(row.code, in_language(row.name)) for row in self.offered],
            initial=[row.code for row in self.offered if row.usual and not codes],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Tick at least one group.")},
        )

    def rows(self) -> Iterator[tuple[Any, bool]]:
        """Yield each suggestion, and whether it is ticked."""
        ticked = self["codes"].value() or []
        for row in self.offered:
            yield row, row.code in ticked

    def save(self, *, by: Any) -> None:
        add_suggested_groups(codes=self.cleaned_data["codes"], by=by, **self.about)


class OwnGroupForm(GroupsForm):
    """A group of one's own."""

    name = "own"

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, assessment=assessment)
        self.add_names("name")
        self.fields["dimension"] = forms.ChoiceField(
            label=_("What its people rate"),
            choices=[*BOTH_SIDES, *ALONE] if assessment.is_double else DIMENSIONS,
        )

    def save(self, *, by: Any) -> None:
        group = {"name": both_languages(self.cleaned_data, "name")}
        dimension, _mark, alone = self.cleaned_data["dimension"].partition("_")
        add_groups(groups=[group], dimension=dimension, together=not alone, by=by, **self.about)


@dataclass(frozen=True)
class ListedGroup:
    """One group of the list; without fields where it stands."""

    group: StakeholderGroup
    names: list[forms.BoundField]
    stands: bool
    topics: int | None


class ListForm(GroupsForm):
    """The names of all groups, and their order."""

    name = "list"

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, assessment=assessment)
        self.move = data.get("move", "") if self.is_bound else ""
        groups = assessment.groups.select_related("audience__survey")
        self.groups = list(groups.order_by("position", "pk"))
        for group in self.groups:
            if not stands(group):
                self.add_names(group.code, group.name, required=False)

    def rows(self) -> Iterator[ListedGroup]:
        for group in self.groups:
            yield ListedGroup(
                group,
                [] if stands(group) else self.names(group.code),
                stands(group),
                len(group.chosen_topics) or None,
            )

    def save(self, *, by: Any) -> None:
        about = self.about
        groups = {
            group.code: {"name": {**group.name, **both_languages(self.cleaned_data, group.code)}}
            for group in self.groups
            if not stands(group)
        }
        describe_groups(groups=groups, by=by, **about)
        if self.move:
            moved = self._moved([group.code for group in self.groups])
            reorder_groups(assessment=self.assessment, codes=moved, by=by)

    def _moved(self, codes: list[str]) -> list[str]:
        """Return the order with one group moved: "up:media" or "down:media"."""
        way, _colon, code = self.move.partition(":")
        if code not in codes:
            return codes
        at = codes.index(code)
        to = at - 1 if way == "up" else at + 1
        if 0 <= to < len(codes):
            codes[at], codes[to] = codes[to], codes[at]
        return codes


class MergeForm(GroupsForm):
    """Several groups that are to be one."""

    name = "merge"

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, assessment=assessment)
        groups = assessment.groups.select_related("audience__survey").order_by("position", "pk")
        self.offered = [group for group in groups if not stands(group)]
        self.fields["groups"] = forms.MultipleChoiceField(
            label=_("Groups to merge"),
            choices=[(group.code, str(group)) for group in self.offered],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose two groups or more to merge.")},
        )
        self.add_names("name")

    def save(self, *, by: Any) -> None:
        name = both_languages(self.cleaned_data, "name")
        merge_groups(groups=self.cleaned_data["groups"], name=name, by=by, **self.about)


class ChosenTopicsForm(GroupsForm):
    """Whether one group is asked about all topics, or about which."""

    name = "topics"

    def __init__(self, data: Any = None, *, group: StakeholderGroup) -> None:
        super().__init__(data, assessment=group.assessment)
        self.group = group
        topics = group.assessment.topics.short_list()
        codes = [topic.code for topic in topics]
        self.fields["topics"] = forms.MultipleChoiceField(
            label=_("Topics it is asked about"),
            choices=[(topic.code, str(topic)) for topic in topics],
            initial=[code for code in codes if code in group.chosen_topics] or codes,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Tick at least one topic.")},
        )

    def save(self, *, by: Any) -> None:
        chosen = {"chosen_topics": self.cleaned_data["topics"]}
        describe_groups(groups={self.group.code: chosen}, by=by, **self.about)


class SplitForm(GroupsForm):
    """What one group is split into."""

    name = "split"

    def __init__(self, data: Any = None, *, group: StakeholderGroup) -> None:
        super().__init__(data, assessment=group.assessment)
        self.group = group
        for number in range(PARTS):
            self.add_names(f"part{number}", required=number < 2)

    def parts(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        for number in range(PARTS):
            yield number + 1, self.names(f"part{number}")

    def save(self, *, by: Any) -> None:
        names = [both_languages(self.cleaned_data, f"part{number}") for number in range(PARTS)]
        written = [name for name in names if any(name.values())]
        split_group(group=self.group.code, names=written, by=by, **self.about)


class RemoveGroupForm(GroupsForm):
    """Take one group off the list."""

    name = "remove"

    def __init__(self, data: Any = None, *, group: StakeholderGroup) -> None:
        super().__init__(data, assessment=group.assessment)
        self.group = group

    def save(self, *, by: Any) -> None:
        remove_group(group=self.group.code, by=by, **self.about)


def stands(group: StakeholderGroup) -> bool:
    """Tell whether the questionnaire of a group is published."""
    return group.audience is not None and group.audience.survey.published_at is not None
