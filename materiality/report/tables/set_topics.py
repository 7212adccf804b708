"""The topics that SZSE 2024 sets: of each the result, and the reason where it is not material.

Printed where the round asked about both sides and has a topic, a screened one or an explanation
of this standard.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from materiality import catalogue
from materiality.catalogue import Entry
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.tables import Column, Table, double
from materiality.report.text import name_in
from materiality.report.words import say
from materiality.results import Results
from materiality.results.standards import WITHOUT
from materiality.results.standards import set_topics as judged

STANDARD, EDITION = "SZSE", "2024"
Row = Mapping[str, Any]


def entries() -> list[Entry]:
    """Return the 21 topics, in the order of the articles."""
    return [row for row in catalogue.entries(STANDARD, EDITION) if row.kind == "topic"]


def are_used(results: Results) -> bool:
    if not (double.is_asked(results) and results.views[double.VIEW].settings.get("cuts")):
        return False
    inputs = results.inputs
    named_keys = [
        *(key for row in inputs["topics"] for key in row.get("references", [])),
        *(key for row in inputs.get("screened_out", []) for key in row.get("references", [])),
        *(row["key"] for row in inputs.get("explanations", [])),
    ]
    return not {tuple(key) for key in named_keys}.isdisjoint(row.key for row in entries())


def verdicts(results: Results) -> list[tuple[Entry, Row]]:
    """Return each topic with what was found of it."""
    keys = [entry.key for entry in entries()]
    rows = judged(results.inputs, results.document["results"], keys)
    return list(zip(entries(), rows, strict=True))


def table(edition: Edition) -> Table:
    columns = [
        Column(edition.say("set_article"), 0.9),
        Column(edition.say("set_topic"), 2.0),
        Column(edition.say("set_result"), 1.5),
        Column(edition.say("set_behind"), 2.0),
        Column(edition.say("set_reason"), 3.0),
    ]
    rows = [
        [
            entry.code,
            name(entry, edition.language),
            edition.say(f"set_{row['result']}"),
            behind(edition, row),
            reason(edition, row),
        ]
        for entry, row in verdicts(edition.results)
    ]
    return Table("set_topics", edition.say("sheet_set_topics"), columns, rows)


def name(entry: Entry, language: str) -> str:
    return entry.name("zh" if language.startswith("zh") else "en")


def behind(edition: Edition, row: Row) -> str:
    """Return the round's topics behind a set topic."""
    return note.enumeration(
        (note.topic_name(edition.results.topic(code), edition.language) for code in row["topics"]),
        edition.language,
    )


def reason(edition: Edition, row: Row) -> str:
    """Return what people wrote; else what the scores say; else that there is no reason yet."""
    if row["result"] not in WITHOUT:
        return ""
    if written := name_in(row["reason"], edition.language):
        return written
    if row["needs_reason"] or not row["because"]:
        return edition.say("set_open")
    return _scores(edition.language, row["because"])


def _scores(language: str, because: Sequence[Row]) -> str:
    """Return the best score of each axis beside its boundary; a dash on a side without any."""
    fields = {axis: _best(row[axis]["score"] for row in because) for axis in "xy"}
    cuts = {f"{axis}_cut": f"{because[0][axis]['cut']:.2f}" for axis in "xy"}
    return say(language, "set_below", **fields, **cuts)


def _best(scores: Iterable[float | None]) -> str:
    known = [score for score in scores if score is not None]
    return f"{max(known):.2f}" if known else "–"
