"""The longer form of the change table: kinds, tiers, causes and the method, in the reader's words.

The table a report prints has three columns. GRI 3-2-b, 102-49, SZSE Art. 6 and ESRS SBM-3 also ask
what kind of change it was, and whether topics or the method moved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.models import RegisterFeeds, TierRule
from materiality.results import LongChange, Results, Text
from surveys.languages import in_language

ASPECTS = {
    "method_version": gettext_lazy("Version of the method"),
    "dimensions": gettext_lazy("What was asked about"),
    "scale": gettext_lazy("Rating scale"),
    "rule": gettext_lazy("Tier rule"),
    "axis_weights": gettext_lazy("Weights of the axes"),
    "tiers": gettext_lazy("Number of tiers"),
    "cuts": gettext_lazy("Boundaries between tiers"),
    "groups": gettext_lazy("Groups that were asked"),
    "weights": gettext_lazy("Weights of the groups"),
    "raking": gettext_lazy("Known shares inside a group"),
    "register": gettext_lazy("What the axes rest on"),
    "minimum_group": gettext_lazy("Smallest group shown alone"),
}
CAUSES = {
    "scores": gettext_lazy("because of its scores"),
    "method": gettext_lazy("because the method changed"),
    "list": gettext_lazy("because other groups or topics were compared"),
    "weights": gettext_lazy("because groups weigh otherwise"),
    "answers": gettext_lazy("because of other answers"),
    "rule": gettext_lazy("because of another rule"),
    "cuts": gettext_lazy("because of other boundaries"),
    "decision": gettext_lazy("by decision"),
}
NOISE = {
    "within_noise": gettext_lazy("the score did not move by more than chance"),
    "cannot_tell": gettext_lazy("whether the score moved cannot be told"),
}
WORDS = {
    "high": gettext_lazy("upper"),
    "low": gettext_lazy("lower"),
    "x": gettext_lazy("horizontal"),
    "y": gettext_lazy("vertical"),
    "points": gettext_lazy("points"),
    "kind": gettext_lazy("rule"),
    **{rule.value: rule.label for rule in TierRule},
    **{feeds.value: feeds.label for feeds in RegisterFeeds},
}


@dataclass(frozen=True)
class LongRow:
    """One row: topics with their tiers, or an aspect of the method with both its values."""

    change: LongChange
    before: list[tuple[str, int | None]]
    after: list[tuple[str, int | None]]
    about: str
    note: str


def rows(results: Results) -> list[LongRow]:
    """Return every row of the longer form, in the order of the report."""
    names = _names(results)
    return [_row(change, names) for change in results.change_report]


def _row(change: LongChange, names: Mapping[str, str]) -> LongRow:
    if change.aspect:
        about = str(ASPECTS.get(change.aspect, change.aspect))
        before, after = (in_words(v, names) for v in (change.value_before, change.value_after))
        return LongRow(change, [(before, None)], [(after, None)], about, "")
    return LongRow(
        change,
        _with_tiers(change.before, change.tiers_before),
        _with_tiers(change.after, change.tiers_after),
        "",
        _note(change),
    )


def _with_tiers(
    topics: Sequence[Text], tiers: Sequence[int | None]
) -> list[tuple[str, int | None]]:
    return [(in_language(name), tier) for name, tier in zip(topics, tiers, strict=True)]


def _note(change: LongChange) -> str:
    if change.see:
        return _("its new home stands on row %(number)d") % {"number": change.see}
    codes = [change.cause] if change.cause == "decision" else change.causes or [change.cause]
    causes = [str(CAUSES[code]) for code in codes if code in CAUSES]
    if change.cause != "decision" and change.verdict in NOISE:
        causes.append(str(NOISE[change.verdict]))
    return _("; ").join(causes)


def _names(results: Results) -> dict[str, str]:
    rows = [*results.inputs["groups"], *results.inputs["dimensions"]]
    names = {row["code"]: in_language(row.get("name")) or row["code"] for row in rows}
    return {**{key: str(word) for key, word in WORDS.items()}, **names}


def in_words(value: Any, names: Mapping[str, str]) -> str:
    """Write a value of the method in words; what has no name stays as it is.

    >>> said({"high": 4.05, "low": 3.4}, {"high": "upper", "low": "lower"})
    'upper 4.05, lower 3.4'
    """
    if isinstance(value, Mapping):
        parts = [f"{names.get(key, key)} {in_words(part, names)}" for key, part in value.items()]
        return _(", ").join(parts)
    if isinstance(value, list):
        return _(", ").join(in_words(part, names) for part in value)
    if isinstance(value, float):
        return f"{value:.3g}"
    return names.get(value, value) if isinstance(value, str) else str(value)
