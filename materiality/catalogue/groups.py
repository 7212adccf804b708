"""Stakeholder groups and panels to start from, as frozen records read from `groups.csv`.

The first six are those most Chinese reports name; expectations and channels are a start to be
written over, in the words of such reports, not taken from any one of them.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "groups.csv"
Text = dict[str, str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A group to start from. `dimension`: what its people rate; `usual`: most companies have it."""

    code: str
    dimension: str
    usual: bool
    name: Text
    expectations: Sequence[Text]
    channels: Sequence[Text]


@cache
def suggestions() -> tuple[Suggestion, ...]:
    """Return every suggested group, the usual ones first, panels last."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_suggestion(row) for row in csv.DictReader(lines))


def _suggestion(row: dict[str, str]) -> Suggestion:
    return Suggestion(
        code=row["code"],
        dimension=row["dimension"],
        usual=row["usual"] == "yes",
        name={"zh-hans": row["name_zh"], "en": row["name_en"]},
        expectations=_lines(row, "expectations"),
        channels=_lines(row, "channels"),
    )


def _lines(row: dict[str, str], name: str) -> list[Text]:
    chinese, english = row[f"{name}_zh"].split("|"), row[f"{name}_en"].split("|")
    pairs = zip(chinese, english, strict=True)
    return [{"zh-hans": zh, "en": en} for zh, en in pairs if zh]
