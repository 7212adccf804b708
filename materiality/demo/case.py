"""The published case, read from the csv files of this folder as frozen records."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent
TOPIC_FILES = {2019: "topics_2019.csv", 2020: "topics.csv"}
CHANGE_FILES = {2020: "changes.csv"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def by_language(self) -> dict[str, str]:
        return {"zh-hans": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class CaseTopic:
    """A topic as the questionnaire shows it and as the printed figure places it.

    ``x`` and ``y`` lie between 0 and 1: ``estimated`` from the printed figure, or ``assumed`` for
    a year whose figure is not at hand. Printed tiers were colours only, so a tier is inferred.
    """

    code: str
    name: Text
    category: str
    subject: str
    definition: Text
    example: Text
    x: float
    y: float
    coordinates: Literal["estimated", "assumed"]
    list_order: int | None
    inferred_tier: str
    references: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """A stakeholder group with its expectations and channels in printed order."""

    code: str
    name: Text
    expectations: tuple[Text, ...]
    channels: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class CaseChange:
    """One row of the printed table of changes.

    ``before`` and ``after`` are topic codes, with "" for none. In an absorbed row ``after`` names
    the topic that took it in, although the table prints a slash there.
    """

    before: str
    after: str
    kind: Literal["widened", "added", "absorbed"]
    printed_before: Text
    printed_after: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class Case:
    """One year of the company's materiality assessment."""

    year: int
    company: Text
    ticker: str
    report: Text
    x_axis: Text
    y_axis: Text
    topics: tuple[CaseTopic, ...]
    groups: tuple[CaseGroup, ...]
    changes: tuple[CaseChange, ...]

    def topic(self, code: str) -> CaseTopic:
        return next(topic for topic in self.topics if topic.code == code)


@cache
def case(year: int) -> Case:
    """Return the case of a year, 2019 or 2020."""
    years = {int(row["year"]): row for row in rows("cases.csv")}
    if year not in years:
        numbers = ", ".join(map(str, years))
        raise LookupError(f"There is no case for {year}; there are {numbers}. Choose one of these.")
    row = years[year]
    return Case(
        year=year,
        company=text_of(row, "company"),
        ticker=row["ticker"],
        report=text_of(row, "report"),
        x_axis=text_of(row, "x_axis"),
        y_axis=text_of(row, "y_axis"),
        topics=tuple(_topic(topic) for topic in rows(TOPIC_FILES[year])),
        groups=tuple(_group(group) for group in rows("groups.csv")),
        changes=tuple(_change(change) for change in rows(CHANGE_FILES.get(year))),
    )


def rows(name: str | None) -> Iterator[dict[str, str]]:
    """Yield the lines of a file of this folder; nothing where there is no file."""
    if name is None:
        return
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def text_of(row: dict[str, str], column: str) -> Text:
    """Return a text from its two columns, as “name_zh” and “name_en”."""
    return Text(row[f"{column}_zh"], row[f"{column}_en"])


def _topic(row: dict[str, str]) -> CaseTopic:
    return CaseTopic(
        code=row["code"],
        name=text_of(row, "name"),
        category=row["category"],
        subject=row["subject"],
        definition=text_of(row, "definition"),
        example=text_of(row, "example"),
        x=float(row["x"]),
        y=float(row["y"]),
        coordinates=row["coordinates"],  # type: ignore[arg-type]
        list_order=int(row["list_order"]) if row["list_order"] else None,
        inferred_tier=row["inferred_tier"],
        references=_references(row["references"]),
    )


def _references(cell: str) -> tuple[tuple[str, str, str], ...]:
    parts = (reference.split("|") for reference in cell.split("; ") if reference)
    return tuple((standard, edition, code) for standard, edition, code in parts)


def _group(row: dict[str, str]) -> CaseGroup:
    lines = [line for line in rows("engagement.csv") if line["group"] == row["code"]]
    of_kind = {
        kind: tuple(text_of(line, "text") for line in lines if line["kind"] == kind)
        for kind in ("expectation", "channel")
    }
    return CaseGroup(row["code"], text_of(row, "name"), of_kind["expectation"], of_kind["channel"])


def _change(row: dict[str, str]) -> CaseChange:
    return CaseChange(
        before=row["before"],
        after=row["after"],
        kind=row["kind"],  # type: ignore[arg-type]
        printed_before=text_of(row, "before"),
        printed_after=text_of(row, "after"),
        reason=text_of(row, "reason"),
    )
