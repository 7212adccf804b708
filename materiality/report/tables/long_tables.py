"""The longer tables of workbook and method note: every change with its cause, the long list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from materiality.report.edition import Edition
from materiality.report.sentences import naming, note
from materiality.report.sentences.method_note import dimension_name, scale_since
from materiality.report.tables import Cell, Column, Table, cause
from materiality.report.text import name_in, number, plain
from materiality.report.words import WORDS, say
from materiality.results import LongChange, ScreenedOut, Text

NONE = "/"


def change_report(edition: Edition) -> Table:
    """Every change of a topic, of a tier and of the method, with its cause and reason."""
    columns = [
        Column(edition.say("change_kind"), 1.4),
        Column(edition.wording("changes_before"), 2.0),
        Column(edition.say("tier_before"), 1.3),
        Column(edition.wording("changes_after"), 2.0),
        Column(edition.say("tier_after"), 1.3),
        Column(edition.say("changes_reason"), 3.0),
    ]
    rows = [
        _method(edition, row) if row.kind == "method_changed" else _change(edition, row)
        for row in edition.results.change_report
    ]
    return Table("change_report", edition.say("sheet_change_report"), columns, rows)


def _change(edition: Edition, row: LongChange) -> list[Cell]:
    parts = [row.reason.get(edition.language, "")]
    if row.cause:
        parts.insert(0, cause(edition, row))
    if row.see:
        parts.append(edition.say("change_see", row=row.see))
    return [
        edition.say(f"kind_{row.kind}"),
        _names(row.before, edition.language),
        _listed(edition, (naming.tier_name_before(edition, t) for t in row.tiers_before if t)),
        _names(row.after, edition.language),
        _listed(edition, (naming.tier_name(edition, t) for t in row.tiers_after if t)),
        plain(edition.say("semicolon").join(text for text in parts if text)),
    ]


def _names(names: Sequence[Text], language: str) -> str:
    return say(language, "semicolon").join(name_in(name, language, "–") for name in names) or NONE


def _listed(edition: Edition, names: Iterable[str]) -> str:
    return note.enumeration(names, edition.language)


def _method(edition: Edition, row: LongChange) -> list[Cell]:
    key = f"aspect_{row.aspect}"
    aspect = edition.say(key) if key in WORDS[edition.language] else plain(row.aspect)
    before, after = (_setting(edition, value) for value in (row.value_before, row.value_after))
    text = f"{aspect}{edition.say('colon')}{row.reason.get(edition.language, '')}"
    if row.aspect == "scale":
        text = edition.say("semicolon").join([text, *scale_since(edition)])
    return [edition.say("kind_method_changed"), before, "", after, "", plain(text)]


def _setting(edition: Edition, value: Any) -> str:
    """Return a setting of the method in words: names for codes, two decimals for numbers."""
    if isinstance(value, Mapping):
        rows = (
            f"{_name_of(edition, str(key))} {_setting(edition, inner)}"
            for key, inner in value.items()
            if inner is not None
        )
        return note.enumeration(rows, edition.language)
    if isinstance(value, list | tuple):
        return note.enumeration((_setting(edition, inner) for inner in value), edition.language)
    if isinstance(value, float):
        return number(value)
    return "–" if value is None else _name_of(edition, plain(value))


def _name_of(edition: Edition, code: str) -> str:
    """Return what is called by this code: a group, a dimension, a rule, or the code itself."""
    groups = {
        group.code: name_in(group.name, edition.language, group.code)
        for group in edition.results.groups
    }
    if code in groups:
        return groups[code]
    if any(row["code"] == code for row in edition.results.inputs["dimensions"]):
        return dimension_name(edition, code)
    return (
        edition.say(f"rule_name_{code}") if f"rule_name_{code}" in WORDS[edition.language] else code
    )


def screened_out(edition: Edition) -> Table:
    """What was considered and not asked about, and why."""
    columns = [
        Column(edition.say("topic"), 2.4),
        Column(edition.say("category"), 1.2),
        Column(edition.say("screening_kind"), 1.6),
        Column(edition.say("reason"), 4.0),
    ]
    rows = [_screening(row, edition.language) for row in edition.results.screened_out]
    return Table("screened_out", edition.say("sheet_screened_out"), columns, rows)


def _screening(row: ScreenedOut, language: str) -> list[Cell]:
    category, kind = f"category_{row.category}", f"screening_{row.kind}"
    words = WORDS[language]
    return [
        name_in(row.name, language, row.code),
        say(language, category) if category in words else plain(row.category),
        say(language, kind) if kind in words else plain(row.kind),
        name_in(row.reason, language),
    ]
