"""Why set topics of a standard are not material or do not apply."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from materiality.actions import explain_set_topics
from materiality.catalogue import Entry
from materiality.models import Assessment
from materiality.report.tables import set_topics
from materiality.results import Results, TopicResult
from materiality.results.standards import DOUBLE, FINANCIAL_ONLY, IMPACT_ONLY, UNKNOWN, WITHOUT
from materiality.web.fields import ActionForm, both_languages, languages_of

RESULTS = {
    DOUBLE: _("Impact and financial effect"),
    FINANCIAL_ONLY: _("Financial effect only"),
    IMPACT_ONLY: _("Impact only"),
    UNKNOWN: _("A score is missing that could decide"),
    "neither": _("Not material"),
    "not_applicable": _("Not applicable"),
    "covered": _("Covered by another topic"),
    "missing": _("Nobody has judged it"),
}


@dataclass(frozen=True)
class SetTopic:
    """A set topic, its result, the figures behind it, and the fields for its reason."""

    entry: Entry
    verdict: Mapping[str, Any]
    topics: list[TopicResult]
    fields: list[forms.BoundField]

    @property
    def result(self) -> str:
        return str(RESULTS[self.verdict["result"]])

    @property
    def name(self) -> dict[str, str]:
        return {"zh-hans": self.entry.name_zh, "en": self.entry.name_en}

    @property
    def is_open(self) -> bool:
        """Whether a reason is still wanted."""
        return bool(self.verdict["needs_reason"])


class SetTopicsForm(ActionForm):
    """One reason in both languages for each set topic that is not material."""

    def __init__(self, data: Any = None, *, assessment: Assessment, results: Results) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="set_%s")
        self.assessment, self.results = assessment, results
        self.verdicts = set_topics.verdicts(results)
        written = {
            tuple(row["key"]): row["reason"] for row in results.inputs.get("explanations", [])
        }
        for entry, row in self.verdicts:
            if row["result"] in WITHOUT:
                self._add_fields(entry, written.get(entry.key, {}))

    def _add_fields(self, entry: Entry, written: Mapping[str, str]) -> None:
        for language, label in languages_of(self.assessment):
            self.fields[f"{entry.code}:{language}"] = forms.CharField(
                label=label,
                max_length=500,
                required=False,
                initial=written.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def rows(self) -> Iterator[SetTopic]:
        for entry, row in self.verdicts:
            names = [
                f"{entry.code}:{language}" for language, _label in languages_of(self.assessment)
            ]
            fields = [self[name] for name in names if name in self.fields]
            yield SetTopic(entry, row, [self.results.topic(c) for c in row["topics"]], fields)

    @property
    def open(self) -> int:
        return sum(row.is_open for row in self.rows)

    def save(self, *, by: Any) -> None:
        reasons = {
            entry.key: both_languages(self.cleaned_data, entry.code)
            for entry, row in self.verdicts
            if row["result"] in WITHOUT
        }
        explain_set_topics(
            assessment=self.assessment,
            reasons=reasons,
            by=by,
            expected_version=self.cleaned_data["version"],
        )
