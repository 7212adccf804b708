"""The topics that published standards name, as frozen records read from csv files.

A code means nothing without its edition: ``403-2`` is injury data in GRI 403:2016 and hazard
identification in GRI 403:2018. So the key of an entry is (standard, edition, code), written as
one string ``GRI|2018|403-2`` where it has to be stored.

The files hold codes and short titles only. Who owns them is in ``NOTICE``; how far to trust each
is in ``Entry.source``; SASB is absent because its owner licenses use in products.
"""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]
Level = Literal["", "mandatory", "conditional", "encouraged"]
Trust = Literal["high", "medium"]
Key = tuple[str, str, str]
"""(standard, edition, code): a code means nothing without its edition."""

FOLDER = Path(__file__).parent
ENTRY_FILES = (
    "szse_2024.csv",
    "szse_2006.csv",
    "gri_standards.csv",
    "gri_disclosures.csv",
    "esrs_2023.csv",
    "esrs_2026.csv",
    "sdg.csv",
    "iso_26000.csv",
    "gbt_36000.csv",
    "hkex_2025.csv",
)


class UnknownEntry(LookupError):
    """Somebody asked for a standard, an edition or a code that the catalogue does not hold."""


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard, who owns it and on what terms its titles are shown."""

    standard: str
    title_zh: str
    title_en: str
    owner_zh: str
    owner_en: str
    rights_zh: str
    rights_en: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries come from and how far to trust them."""

    source: str
    trust: Trust
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic, disclosure, chapter, goal or issue of one edition of a standard."""

    standard: str
    edition: str
    code: str
    parent: str
    kind: str
    category: str
    section_zh: str
    section_en: str
    name_zh: str
    name_en: str
    translated: Literal["", "zh", "en"]
    effective: date
    withdrawn: date | None
    replaced_by: str
    level: Level
    note_zh: str
    note_en: str
    source: Source

    @property
    def key(self) -> tuple[str, str, str]:
        return self.standard, self.edition, self.code

    @property
    def reference(self) -> str:
        """The key as one string, for example ``GRI|2018|403-2``."""
        return "|".join(self.key)

    def name(self, language: Language) -> str:
        return self.name_zh if language == "zh" else self.name_en

    def is_withdrawn(self, on: date) -> bool:
        """Return whether the text was withdrawn or superseded on that day."""
        return self.withdrawn is not None and self.withdrawn <= on

    def is_in_force(self, on: date) -> bool:
        return self.effective <= on and not self.is_withdrawn(on)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an entry is about, in our own words; no text of the standard."""

    definition: dict[str, str]
    example: dict[str, str]


def rows_of(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@cache
def _sources() -> dict[str, Source]:
    return {row["source"]: Source(**row) for row in rows_of("sources.csv")}  # type: ignore[arg-type]


def _entry(row: dict[str, str]) -> Entry:
    withdrawn = row["withdrawn"]
    typed = {
        "effective": date.fromisoformat(row["effective"]),
        "withdrawn": date.fromisoformat(withdrawn) if withdrawn else None,
        "source": _sources()[row["source"]],
    }
    return Entry(**{**row, **typed})  # type: ignore[arg-type]


@cache
def load() -> tuple[Entry, ...]:
    """Return every entry, file by file, in the order in which its standard prints it."""
    return tuple(_entry(row) for name in ENTRY_FILES for row in rows_of(name))


@cache
def _explanations() -> dict[Key, Explanation]:
    """Return what entries are about; under the edition "*" where every edition means the same."""
    return {
        (row["standard"], row["edition"], row["code"]): Explanation(
            {"zh-hans": row["definition_zh"], "en": row["definition_en"]},
            {"zh-hans": row["example_zh"], "en": row["example_en"]},
        )
        for row in rows_of("explained.csv")
    }


def explanation_of(entry: Entry) -> Explanation | None:
    """Return what an entry is about; None where nobody has written it yet.

    >>> explanation_of(find("SZSE", "2024", "Art.35")).example["en"]
    'More efficient equipment, solar panels on roofs'
    """
    explanation = _explanations()
    return explanation.get(entry.key) or explanation.get((entry.standard, "*", entry.code))


@cache
def standards() -> tuple[Standard, ...]:
    """Return the standards of the catalogue, each with its owner and rights."""
    return tuple(Standard(**row) for row in rows_of("standards.csv"))


def editions(standard: str) -> tuple[str, ...]:
    """Return the editions of a standard, newest first."""
    names = {entry.edition for entry in load() if entry.standard == standard}
    if not names:
        listing = ", ".join(known.standard for known in standards())
        raise UnknownEntry(
            f"The catalogue holds no standard {standard!r}; it holds {listing}. "
            "Choose one of these, or enter the topic as one of your own."
        )
    return tuple(sorted(names, reverse=True))


def entries(standard: str | None = None, edition: str | None = None) -> tuple[Entry, ...]:
    """Return the entries of a standard, of one of its editions, or all of them.

    >>> [entry.name_en for entry in entries("SZSE", "2024")][:2]
    ['Climate change response', 'Pollutant discharge']
    """
    if standard is None:
        if edition is not None:
            raise ValueError(f"An edition needs its standard: got edition {edition!r} alone.")
        return load()
    editions_of_standard = editions(standard)
    if edition is not None and edition not in editions_of_standard:
        raise UnknownEntry(
            f"{standard} has no edition {edition!r} in the catalogue; "
            f"it has {', '.join(editions_of_standard)}. Choose one of these."
        )
    return tuple(e for e in load() if e.standard == standard and edition in (None, e.edition))


def same_code(standard: str, code: str) -> tuple[Entry, ...]:
    """Return every edition's meaning of a code, oldest first.

    >>> [entry.edition for entry in same_code("GRI", "403-2")]
    ['2016', '2018']
    """
    matches = (entry for entry in entries(standard) if entry.code == code)
    return tuple(sorted(matches, key=lambda entry: entry.edition))


@cache
def _by_key() -> dict[tuple[str, str, str], Entry]:
    return {entry.key: entry for entry in load()}


def find(standard: str, edition: str, code: str) -> Entry:
    """Return one entry, or raise ``UnknownEntry`` saying where the code does exist.

    >>> find("GRI", "2018", "403-2").name_en
    'Hazard identification, risk assessment, and incident investigation'
    """
    entry = _by_key().get((standard, edition, code))
    if entry is None:
        raise UnknownEntry(_why_missing(standard, edition, code))
    return entry


def find_reference(reference: str) -> Entry:
    """Return the entry of a stored reference such as ``GRI|2018|403-2``."""
    parts = reference.split("|")
    if len(parts) != 3:
        raise UnknownEntry(
            f"A reference is written standard|edition|code, but got {reference!r}. "
            "Write it like GRI|2018|403-2."
        )
    return find(*parts)


def spelling(key: Key) -> str:
    """Return a key as people write it.

    >>> spelling(("GRI", "2016", "403-2")), spelling(("GRI", "", "403-2"))
    ('GRI 403-2 (2016)', 'GRI 403-2')
    """
    standard, edition, code = key
    return f"{standard} {code} ({edition})" if edition else f"{standard} {code}"


def key_of(text: str) -> Key:
    """Return the key that people mean by a code as they write it; parts not written are empty.

    An edition that is the only one with this code need not be written.

    Full-width letters, digits and brackets are the same ones; a space may be missing.

    >>> key_of("GRI 403-2 (2018)"), key_of("iso 26000 6.2（2010）"), key_of("SDG 5")
    (('GRI', '2018', '403-2'), ('ISO 26000', '2010', '6.2'), ('SDG', '2015', '5'))
    >>> key_of("ＧＲＩ４１６－１（２０１６）"), key_of("GRI416-1（2016）")
    (('GRI', '2016', '416-1'), ('GRI', '2016', '416-1'))
    """
    head, _, edition = unicodedata.normalize("NFKC", text).partition("(")
    words = " ".join(head.split())
    known = sorted((row.standard for row in standards()), key=len, reverse=True)
    standard = next((one for one in known if _begins_with(words, one)), "")
    if not standard:
        standard, _, code = words.rpartition(" ")
        return standard, edition.strip(" )"), code
    code = words[len(standard) :].strip()
    only = [entry.edition for entry in same_code(standard, code)]
    name = edition.strip(" )") or (only[0] if len(only) == 1 else "")
    return standard, name, code


def _begins_with(words: str, standard: str) -> bool:
    """Tell whether a code names this standard; its digits may follow without a space."""
    if not words.lower().startswith(standard.lower()):
        return False
    following = words[len(standard) :][:1]
    return following.isspace() or (following.isdigit() and standard[-1].isalpha())


def _why_missing(standard: str, edition: str, code: str) -> str:
    elsewhere = [entry.edition for entry in same_code(standard, code)]
    if elsewhere:
        return (
            f"{standard} {code!r} has no edition {edition!r}; "
            f"it is in {', '.join(elsewhere)}. Name one of these editions."
        )
    entries(standard, edition)
    return (
        f"{standard} {edition} has no code {code!r}. "
        f"Look the code up with entries({standard!r}, {edition!r}), or enter a topic of your own."
    )
