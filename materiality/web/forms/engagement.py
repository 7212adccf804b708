"""The engagement table: per group and language, one line an entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from materiality.actions import describe_engagement
from materiality.bundle import Results, TopicResult, UnitScore
from materiality.models import Assessment, Engagement, StakeholderGroup
from materiality.web.axes import asked
from materiality.web.forms.fields import LANGUAGES, ActionForm

KINDS = (Engagement.Kind.EXPECTATION, Engagement.Kind.CHANNEL)
HIGHEST = 3


@dataclass(frozen=True)
class Row:
    """One group's line of the table."""

    group: StakeholderGroup
    responses: int | None
    rated_highest: list[TopicResult]
    expectations: list[forms.BoundField]
    channels: list[forms.BoundField]


class EngagementForm(ActionForm):
    def __init__(
        self, data: Any = None, *, assessment: Assessment, results: Results | None
    ) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.results = assessment, results
        stakeholders = assessment.groups.filter(kind=StakeholderGroup.Kind.STAKEHOLDERS)
        self.groups = list(stakeholders.prefetch_related("engagements"))
        for group in self.groups:
            for kind in KINDS:
                for language, label in LANGUAGES:
                    self.fields[f"{group.code}:{kind}:{language}"] = forms.CharField(
                        required=False,
                        label=label,
                        initial="\n".join(text.get(language, "") for text in _lines(group, kind)),
                        widget=forms.Textarea(attrs={"rows": max(3, len(_lines(group, kind)))}),
                    )

    def rows(self) -> Iterator[Row]:
        for group in self.groups:
            expectations, channels = (
                [self[f"{group.code}:{kind}:{language}"] for language, _label in LANGUAGES]
                for kind in KINDS
            )
            responses = self._unit_responses(group)
            yield Row(group, responses, self._rated_highest(group), expectations, channels)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for group in self.groups:
            for kind in KINDS:
                zh, en = (
                    _split(cleaned.get(f"{group.code}:{kind}:{language}", ""))
                    for language, _label in LANGUAGES
                )
                if len(zh) != len(en):
                    self.add_error(
                        f"{group.code}:{kind}:en",
                        _("Chinese has %(zh)d lines and English %(en)d: write both, line by line.")
                        % {"zh": len(zh), "en": len(en)},
                    )
        return cleaned

    @transaction.atomic
    def save(self, *, by: Any) -> None:
        """Replace the lines of the groups that were changed; each counts the version up by one."""
        version = self.cleaned_data["version"]
        for group in self.groups:
            expectations, channels = (self._texts(group, kind) for kind in KINDS)
            if [expectations, channels] == [_lines(group, kind) for kind in KINDS]:
                continue
            describe_engagement(
                group=group,
                expectations=expectations,
                channels=channels,
                by=by,
                expected_version=version,
            )
            version = None if version is None else version + 1

    def _texts(self, group: StakeholderGroup, kind: str) -> list[dict[str, str]]:
        columns = [
            _split(self.cleaned_data[f"{group.code}:{kind}:{language}"])
            for language, _label in LANGUAGES
        ]
        return [{"zh-hans": zh, "en": en} for zh, en in zip(columns[0], columns[1], strict=True)]

    def _scores_of(self, group: StakeholderGroup) -> list[tuple[UnitScore, TopicResult]]:
        """Return the group's own means by topic; none where it is disclosed only in a pool."""
        if self.results is None:
            return []
        dimension = asked(self.results, "y")[0]
        return [
            (row, topic)
            for topic in self.results.topics
            for row in topic.scores[dimension].units
            if row.unit.groups == (group.code,) and row.mean is not None
        ]

    def _rated_highest(self, group: StakeholderGroup) -> list[TopicResult]:
        found = sorted(self._scores_of(group), key=lambda pair: -(pair[0].mean or 0))
        return [topic for _row, topic in found[:HIGHEST]]

    def _unit_responses(self, group: StakeholderGroup) -> int | None:
        found = self.results.groups if self.results else ()
        return next((row.responses for row in found if row.code == group.code), None)


def _lines(group: StakeholderGroup, kind: str) -> list[dict[str, str]]:
    return [line.text for line in group.engagements.all() if line.kind == kind]


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
