"""The longer form of the change table: every change, tier move and difference of method in a row.

The three columns of the report say what became of each topic and why; this says of what kind it
was, in which tiers the topics stood, and what changed in the method.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from materiality.document.schema import ChangeRow, Document, MethodChange, topics_before

Text = Mapping[str, str]
MOVED_TIER, METHOD_CHANGED = "moved_tier", "method_changed"


@dataclass(frozen=True)
class LongChange:
    """One row. `kind` is a kind of succession, `moved_tier` or `method_changed`.

    `tiers_before` and `tiers_after` go with `before` and `after`, None where a topic had no tier.
    `see` is the number of the row, from 1, that introduces what this one was merged into.
    `cause` says why a tier moved: scores, method or decision, or the last of the steps in `causes`
    (list, weights, answers, rule, cuts); `verdict` whether its overall score moved by more than
    chance; `restated` is last round's tier
    under this round's rule. `aspect` and the two values are of a difference in method.
    """

    kind: str
    before: tuple[Text, ...] = ()
    after: tuple[Text, ...] = ()
    reason: Text = field(default_factory=dict)
    tiers_before: tuple[int | None, ...] = ()
    tiers_after: tuple[int | None, ...] = ()
    see: int | None = None
    cause: str = ""
    causes: tuple[str, ...] = ()
    verdict: str | None = None
    restated: int | None = None
    aspect: str = ""
    value_before: Any = None
    value_after: Any = None


@dataclass(frozen=True)
class _Year:
    """Names and tiers of one year's topics, by code."""

    names: Mapping[str, Text]
    tiers: Mapping[str, int | None]

    def named(self, codes: Sequence[str]) -> tuple[Text, ...]:
        return tuple(self.names[code] for code in codes)

    def tiered(self, codes: Sequence[str]) -> tuple[int | None, ...]:
        return tuple(self.tiers.get(code) for code in codes)


def change_report(document: Document) -> tuple[LongChange, ...]:
    """Return the rows of the longer form: topics first, then tiers, then the method."""
    results = document["results"]
    old, new = _years(document)
    return (
        *_topics(results["changes"], old, new),
        *_tiers(document, old, new),
        *(_method(row) for row in results.get("method_changes", [])),
    )


def _years(document: Document) -> tuple[_Year, _Year]:
    before = topics_before(document["inputs"])
    after = document["inputs"]["topics"]
    old_tiers = {row["code"]: row.get("tier") for row in before}
    new_tiers = {row["code"]: row["tier"] for row in document["results"]["topics"]}
    names = [{row["code"]: row.get("name") or {} for row in rows} for rows in (before, after)]
    return _Year(names[0], old_tiers), _Year(names[1], new_tiers)


def _topics(rows: Sequence[ChangeRow], old: _Year, new: _Year) -> Iterator[LongChange]:
    for row in rows:
        yield LongChange(
            kind=row["kind"],
            before=old.named(row["before"]),
            after=new.named(row["after"]),
            reason=row["reason"],
            tiers_before=old.tiered(row["before"]),
            tiers_after=new.tiered(row["after"]),
            see=_row_of(rows, row) if row["kind"] == "absorbed" else None,
        )


def _row_of(rows: Sequence[ChangeRow], absorbed: ChangeRow) -> int | None:
    """Return the number of the row on which the absorbing topic stands itself, if there is one."""
    for number, row in enumerate(rows, start=1):
        if row["kind"] != "absorbed" and set(row["after"]) & set(absorbed["after"]):
            return number
    return None


def _tiers(document: Document, old: _Year, new: _Year) -> Iterator[LongChange]:
    origin = {row["after"]: row["before"] for row in document["inputs"].get("successions", [])}
    reasons = {
        row["topic"]: row.get("reason", "") for row in document["inputs"].get("decisions", [])
    }
    for row in document["results"]["tier_moves"]:
        code, reason = row["topic"], reasons.get(row["topic"], "")
        source = origin.get(code)
        before = [source] if source and source in old.names else []
        yield LongChange(
            kind=MOVED_TIER,
            before=old.named(before),
            after=new.named([code]),
            reason={"zh-hans": reason, "en": reason} if reason else {},
            tiers_before=(row["before"],),
            tiers_after=(row["after"],),
            cause=row.get("cause", ""),
            causes=tuple(row.get("causes", [])),
            verdict=row.get("verdict"),
            restated=row.get("restated"),
        )


def _method(row: MethodChange) -> LongChange:
    return LongChange(
        kind=METHOD_CHANGED,
        reason=row["reason"],
        aspect=row["aspect"],
        value_before=row["before"],
        value_after=row["after"],
    )
