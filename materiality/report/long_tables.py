"""The longer tables of workbook and method note: every change with its cause, the long list."""

from collections.abc import Mapping, Sequence
from typing import Any

from materiality.report import note
from materiality.report.tables import Cell, Column, Table, cause, dimension_name
from materiality.report.text import named, number, plain
from materiality.report.words import WORDS, say
from materiality.results import LongChange, Results, ScreenedOut, Text

NONE = "/"


def change_report(results: Results, language: str) -> Table:
    """Every change of a topic, of a tier and of the method, with its cause and reason."""
    columns = [
        Column(say(language, "change_kind"), 1.4),
        Column(note.wording(results, language, "changes_before"), 2.0),
        Column(say(language, "tier_before"), 1.3),
        Column(note.wording(results, language, "changes_after"), 2.0),
        Column(say(language, "tier_after"), 1.3),
        Column(say(language, "changes_reason"), 3.0),
    ]
    rows = [
        _method(results, language, row)
        if row.kind == "method_changed"
        else _change(results, language, row)
        for row in results.change_report
    ]
    return Table("change_report", say(language, "sheet_change_report"), columns, rows)


def _change(results: Results, language: str, row: LongChange) -> list[Cell]:
    said = [row.reason.get(language, "")]
    if row.cause:
        before = row.tiers_before[0] if row.tiers_before else None
        said.insert(0, cause(results, language, row.cause, before, row.restated))
    if row.see:
        said.append(say(language, "change_see", row=row.see))
    return [
        say(language, f"kind_{row.kind}"),
        _names(row.before, language),
        _tiers(results, language, row.tiers_before),
        _names(row.after, language),
        _tiers(results, language, row.tiers_after),
        plain(say(language, "semicolon").join(text for text in said if text)),
    ]


def _names(names: Sequence[Text], language: str) -> str:
    return say(language, "semicolon").join(named(name, language, "–") for name in names) or NONE


def _tiers(results: Results, language: str, tiers: Sequence[int | None]) -> str:
    return note.listed(
        (note.tier_name(results, language, tier) for tier in tiers if tier), language
    )


def _method(results: Results, language: str, row: LongChange) -> list[Cell]:
    key = f"aspect_{row.aspect}"
    aspect = say(language, key) if key in WORDS[language] else plain(row.aspect)
    before, after = (
        _setting(results, language, value) for value in (row.value_before, row.value_after)
    )
    said = f"{aspect}{say(language, 'colon')}{row.reason.get(language, '')}"
    return [say(language, "kind_method_changed"), before, "", after, "", plain(said)]


def _setting(results: Results, language: str, value: Any) -> str:
    """Return a setting of the method in words: names for codes, two decimals for numbers."""
    if isinstance(value, Mapping):
        rows = (
            f"{_called(results, language, str(key))} {_setting(results, language, inner)}"
            for key, inner in value.items()
            if inner is not None
        )
        return note.listed(rows, language)
    if isinstance(value, list | tuple):
        return note.listed((_setting(results, language, inner) for inner in value), language)
    if isinstance(value, float):
        return number(value)
    return "–" if value is None else _called(results, language, plain(value))


def _called(results: Results, language: str, code: str) -> str:
    """Return what is called by this code: a group, a dimension, a rule, or the code itself."""
    groups = {group.code: named(group.name, language, group.code) for group in results.groups}
    if code in groups:
        return groups[code]
    if any(row["code"] == code for row in results.inputs["dimensions"]):
        return dimension_name(results, language, code)
    return say(language, f"rule_name_{code}") if f"rule_name_{code}" in WORDS[language] else code


def screened_out(results: Results, language: str) -> Table:
    """What was considered and not asked about, and why."""
    columns = [
        Column(say(language, "topic"), 2.4),
        Column(say(language, "category"), 1.2),
        Column(say(language, "screening_kind"), 1.6),
        Column(say(language, "reason"), 4.0),
    ]
    rows = [_screened(row, language) for row in results.screened_out]
    return Table("screened_out", say(language, "sheet_screened_out"), columns, rows)


def _screened(row: ScreenedOut, language: str) -> list[Cell]:
    category, kind = f"category_{row.category}", f"screening_{row.kind}"
    words = WORDS[language]
    return [
        named(row.name, language, row.code),
        say(language, category) if category in words else plain(row.category),
        say(language, kind) if kind in words else plain(row.kind),
        named(row.reason, language),
    ]
