"""The engagement table: per group and language, one line an entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from materiality.actions import describe_engagement, lastyear
from materiality.method.engagement import GroupDifference
from materiality.models import Assessment, Engagement, StakeholderGroup
from materiality.results import Results, TopicResult
from materiality.web.fields import ActionForm, both_languages, languages_of

KINDS = (Engagement.Kind.EXPECTATION, Engagement.Kind.CHANNEL)
TEXTS = ("how_chosen", "frequency")


@dataclass(frozen=True)
class EngagementRow:
    """One group's line of the table."""

    group: StakeholderGroup
    responses: int | None
    raised: list[TopicResult]
    suggested: list[TopicResult]
    how_chosen: list[forms.BoundField]
    expectations: list[forms.BoundField]
    channels: list[forms.BoundField]
    frequency: list[forms.BoundField]
    difference: GroupDifference | None


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
                for language, label in languages_of(self.assessment):
                    self.fields[f"{group.code}:{kind}:{language}"] = forms.CharField(
                        required=False,
                        label=label,
                        initial="\n".join(text.get(language, "") for text in _lines(group, kind)),
                        widget=forms.Textarea(attrs={"rows": max(3, len(_lines(group, kind)))}),
                    )
            self._add_texts(group)

    def _add_texts(self, group: StakeholderGroup) -> None:
        for name in TEXTS:
            for language, label in languages_of(self.assessment):
                self.fields[f"{group.code}:{name}:{language}"] = forms.CharField(
                    required=False,
                    label=label,
                    max_length=300,
                    initial=getattr(group, name).get(language, ""),
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def rows(self) -> Iterator[EngagementRow]:
        for group in self.groups:
            raised = self._raised_by(group)
            expected = [text for line in _lines(group, KINDS[0]) for text in line.values()]
            yield EngagementRow(
                group,
                self._unit_responses(group),
                raised,
                [topic for topic in raised if not set(topic.name.values()) & set(expected)],
                how_chosen=self._both(group, "how_chosen"),
                expectations=self._both(group, Engagement.Kind.EXPECTATION),
                channels=self._both(group, Engagement.Kind.CHANNEL),
                frequency=self._both(group, "frequency"),
                difference=self._differences.get(group.code),
            )

    def _both(self, group: StakeholderGroup, name: str) -> list[forms.BoundField]:
        return self.in_each_language(f"{group.code}:{name}")

    @cached_property
    def _differences(self) -> dict[str, GroupDifference]:
        """Return what differs from last year, group by group."""
        lines = lastyear.engagement(self.assessment)
        return {row.code: row for row in lines if row.state != "same"}

    @property
    def gone(self) -> list[StakeholderGroup]:
        """Last year's groups that this round does not engage."""
        previous = self.assessment.previous
        codes = [code for code, row in self._differences.items() if row.state == "gone"]
        return list(previous.groups.filter(code__in=codes)) if previous and codes else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for group in self.groups:
            for kind in KINDS:
                self._require_pairs(cleaned, f"{group.code}:{kind}")
        return cleaned

    def _require_pairs(self, cleaned: dict[str, Any], name: str) -> None:
        """Require as many lines in every language: line by line they say the same."""
        (first, spoken), *others = languages_of(self.assessment)
        lines = len(_split(cleaned.get(f"{name}:{first}", "")))
        for language, other in others:
            count = len(_split(cleaned.get(f"{name}:{language}", "")))
            if count != lines:
                values = {"one": spoken, "lines": lines, "other": other, "count": count}
                sentence = _(
                    "%(one)s has %(lines)d lines and %(other)s %(count)d: write both, line by line."
                )
                self.add_error(f"{name}:{language}", sentence % values)

    @transaction.atomic
    def save(self, *, by: Any, use: str = "") -> None:
        """Replace what is said of the groups that were changed; each counts the version up by one.

        `use` adds a topic that a group raised to its expectations: "employees:privacy".
        """
        version = self.cleaned_data["version"]
        for group in self.groups:
            expectations, channels = (self._texts(group, kind) for kind in KINDS)
            expectations += self._taken(group, use)
            texts = {
                name: both_languages(self.cleaned_data, f"{group.code}:{name}") for name in TEXTS
            }
            if [expectations, channels, texts] == _now(group):
                continue
            describe_engagement(
                group=group,
                expectations=expectations,
                channels=channels,
                by=by,
                expected_version=version,
                **texts,
            )
            version = None if version is None else version + 1

    def _taken(self, group: StakeholderGroup, use: str) -> list[dict[str, str]]:
        code, _colon, topic = use.partition(":")
        raised = self._raised_by(group) if code == group.code else []
        return [dict(one.name) for one in raised if one.code == topic]

    def _texts(self, group: StakeholderGroup, kind: str) -> list[dict[str, str]]:
        codes = self.assessment.languages
        columns = [_split(self.cleaned_data[f"{group.code}:{kind}:{code}"]) for code in codes]
        return [dict(zip(codes, line, strict=True)) for line in zip(*columns, strict=True)]

    def _raised_by(self, group: StakeholderGroup) -> list[TopicResult]:
        """Return the topics that the group, or the unit it was pooled in, rated highest."""
        return list(self.results.raised_by(group.code)) if self.results else []

    def _unit_responses(self, group: StakeholderGroup) -> int | None:
        groups = self.results.groups if self.results else ()
        return next((row.responses for row in groups if row.code == group.code), None)


def _lines(group: StakeholderGroup, kind: str) -> list[dict[str, str]]:
    return [line.text for line in group.engagements.all() if line.kind == kind]


def _now(group: StakeholderGroup) -> list[Any]:
    codes = group.assessment.languages
    texts = {name: {code: getattr(group, name).get(code, "") for code in codes} for name in TEXTS}
    return [*(_lines(group, kind) for kind in KINDS), texts]


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
